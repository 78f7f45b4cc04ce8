import Columnar

/// Reads delimited text files for `load`.
package struct FileTableLoader: TableLoader {
  /// Files below this are read before they can be looked at; larger ones only as far as a pipeline needs.
  private let scannedBytes: Int

  /// A loader of files; `scannedBytes` is the size from which a pipeline reads only what it needs.
  package init(scannedBytes: Int = 32 << 20) { self.scannedBytes = scannedBytes }

  package func completions(of path: String) -> [String] { FileSet.completions(of: path) }

  package func load(_ request: LoadRequest, cancellation: Cancellation) throws -> [LoadedTable] {
    do {
      let options = try LoadOptions.csv(request)
      let files = try FileSet.files(matching: request.source)
      let parts = try files.map { try CSVReader(path: $0, options: options, cancellation: cancellation).read() }
      guard parts.count > 1, let first = parts.first else {
        return parts.map {
          LoadedTable(name: FileSet.tableName(of: $0.report.path), table: $0.table, report: [$0.report])
        }
      }
      // Files with the same columns are parts of one table; otherwise each is a table of its own.
      let isOneTable = parts.allSatisfy { $0.table.schema.names == first.table.schema.names }
      guard isOneTable else {
        return parts.map {
          LoadedTable(name: FileSet.tableName(of: $0.report.path), table: $0.table, report: [$0.report])
        }
      }
      let joined = try join(parts)
      return [
        LoadedTable(name: name(of: request.source, first.report.path), table: joined, report: parts.map(\.report))
      ]
    } catch let error as SourceError {
      throw Diagnostic.source(error, at: request.range)
    }
  }

  package func scan(_ request: LoadRequest, cancellation: Cancellation) throws -> ScannedTable? {
    do {
      let options = try LoadOptions.csv(request)
      let files = try FileSet.files(matching: request.source)
      guard files.count == 1, let path = files.first,
        let scan = try CSVReader(path: path, options: options, cancellation: cancellation).scan(),
        scan.bytes >= scannedBytes
      else { return nil }
      return ScannedTable(name: FileSet.tableName(of: path), scan: scan)
    } catch let error as SourceError {
      throw Diagnostic.source(error, at: request.range)
    }
  }

  private func join(_ parts: [(table: Table, report: LoadReport)]) throws -> Table {
    guard let first = parts.first else { return .empty }
    var pairs: [(Field, Column)] = []
    for (position, field) in first.table.schema.fields.enumerated() {
      guard let column = Column.concatenated(parts.map { $0.table.columns[position] }) else {
        let other = parts.first { $0.table.columns[position].type != field.type }?.report.path ?? ""
        throw SourceError.differentColumns(path: first.report.path, other: other)
      }
      pairs.append((Field(field.name, column.type, measure: field.measure), column))
    }
    return Table(pairs)
  }

  /// Parts of one table are named by their folder: `sales/2011-*.csv` is `sales`.
  private func name(of pattern: String, _ first: String) -> String {
    let folders = pattern.split(separator: "/").dropLast()
    guard let folder = folders.last, folder != "." else { return FileSet.tableName(of: first) }
    return FileSet.tableName(of: String(folder))
  }
}
