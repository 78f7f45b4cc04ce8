import Columnar

/// Reads files and databases for `load`.
package struct FileTableLoader: TableLoader {
  /// Files below this are read before they can be looked at; larger ones only as far as a pipeline needs.
  private let scannedBytes: Int

  /// A loader of files; `scannedBytes` is the size from which a pipeline reads only what it needs.
  package init(scannedBytes: Int = 32 << 20) { self.scannedBytes = scannedBytes }

  package func completions(of path: String) -> [String] { FileSet.completions(of: path) }

  package func load(_ request: LoadRequest, cancellation: Cancellation) throws -> [LoadedTable] {
    do {
      let options = try LoadOptions.all(request)
      let files = try files(request.source)
      let parts = try files.flatMap { try read($0, options, cancellation) }
      guard parts.count > 1, let first = parts.first else { return parts.map(loaded) }
      // Files with the same columns are parts of one table; otherwise each is a table of its own.
      let isOneTable = files.count > 1 && parts.allSatisfy { $0.table.schema.names == first.table.schema.names }
      guard isOneTable else { return parts.map(loaded) }
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
      let options = try LoadOptions.all(request)
      let files = try files(request.source)
      guard let path = files.first else { return nil }
      var scans: [any ReportedScan] = []
      for file in files {
        guard let scan = try scan(file, options, cancellation) else { return nil }
        scans.append(scan)
      }
      guard scans.reduce(0, { $0 + bytes($1.report) }) >= scannedBytes else { return nil }
      if scans.count == 1 { return ScannedTable(name: FileSet.tableName(of: path), scan: scans[0]) }
      // Files that are no parts of one table are read whole, and say so.
      return ManyFilesScan(scans).map { ScannedTable(name: name(of: request.source, path), scan: $0) }
    } catch let error as SourceError {
      throw Diagnostic.source(error, at: request.range)
    }
  }

  /// The files that a path or pattern means; an address stands for itself.
  private func files(_ source: String) throws(SourceError) -> [String] {
    SourceAddress.isAddress(source) ? [source] : try FileSet.files(matching: source)
  }

  private func read(
    _ path: String, _ options: SourceOptions, _ cancellation: Cancellation
  ) throws -> [SourceTable] {
    if let format = TableFormats.format(of: path) { return try format.read(path, options, cancellation) }
    let (table, report) = try CSVReader(path: path, options: options.text, cancellation: cancellation).read()
    return [SourceTable(table: table, report: report)]
  }

  private func scan(
    _ path: String, _ options: SourceOptions, _ cancellation: Cancellation
  ) throws -> (any ReportedScan)? {
    if let format = TableFormats.format(of: path) { return try format.scan(path, options, cancellation) }
    return try CSVReader(path: path, options: options.text, cancellation: cancellation).scan()
  }

  /// Bytes that a file would have as plain text: what is packed is a few times larger, and a format of columns, which are
  /// packed each by itself, more so.
  private func bytes(_ report: LoadReport) -> Int {
    if report.format != nil { return report.bytes * 8 }
    return report.compression == nil ? report.bytes : report.bytes * 4
  }

  private func loaded(_ part: SourceTable) -> LoadedTable {
    let name = part.name.map(FileSet.tableName) ?? FileSet.tableName(of: part.report.path)
    return LoadedTable(name: name, table: part.table, report: [part.report])
  }

  private func join(_ parts: [SourceTable]) throws -> Table {
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
