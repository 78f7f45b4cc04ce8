/// An open Parquet file: its columns and where their values lie. Everything that the footer says is checked here against the
/// file and itself.
struct ParquetFile: Sendable {
  /// Rows that one byte of a file can stand for; more is made to fill memory.
  private static let rowsPerByte = 1 << 16

  let path: String
  let source: any ByteSource
  /// Where the footer begins, and values end.
  let footerStart: Int
  let groups: [FileMetadata.RowGroup]
  let rows: Int
  /// What wrote the file, in its own words.
  let writer: String?
  /// All columns that a table can have.
  let columns: [ParquetColumn]
  /// Those that none can have, with the reason.
  let unread: [(name: String, reason: String)]
  let renamed: [(from: String, to: String)]

  /// Opens a file and reads its footer.
  init(_ path: String) throws(SourceError) {
    self.path = path
    source = try FileBytes.open(path)
    if source.count == 0 { throw .empty(path: path) }
    let (start, footer) = try ParquetFile.footer(source, path)
    footerStart = start
    let place = ParquetPlace(path: path)
    do throws(ParquetFault) {
      let metadata = try footer.withUnsafeBufferPointer { (bytes) throws(ParquetFault) in
        try FileMetadata(UnsafeRawBufferPointer(bytes))
      }
      if metadata.isEncrypted { throw ParquetFile.encrypted }
      var columns = try ParquetColumns(metadata.schema)
      try ParquetFile.check(metadata, columns, source.count)
      columns.settle(metadata.groups)
      (groups, rows, writer) = (metadata.groups, metadata.rows, metadata.writer)
      (self.columns, unread, renamed) = (columns.columns, columns.unread, columns.renamed)
    } catch {
      throw place.error(error)
    }
  }

  private static let encrypted = ParquetFault.unsupported(
    "encrypted columns", advice: "write a copy of it without encryption")

  /// The bytes of the footer and where they begin.
  private static func footer(_ source: any ByteSource, _ path: String) throws(SourceError) -> (Int, [UInt8]) {
    func damaged(_ place: String, _ found: String) -> SourceError {
      .damaged(path: path, format: "Parquet", place: place, found: found)
    }
    let head = try source.bytes(0..<4)
    if head == Array("PARE".utf8) { throw ParquetPlace(path: path).error(encrypted) }
    guard head == Array("PAR1".utf8) else { throw damaged("its beginning", "is not the mark PAR1") }
    guard source.count >= 12 else { throw damaged("it", "ends after \(source.count) bytes") }
    let end = try source.bytes((source.count - 8)..<source.count)
    guard end.count == 8, end[4...].elementsEqual(head) else {
      throw damaged("its end", "is not the mark PAR1: it is cut short, or still being written")
    }
    let size = end[0..<4].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard size <= source.count - 12 else { throw damaged("its footer", "is said to be longer than the file") }
    let start = source.count - 8 - size
    let footer = try source.bytes(start..<(start + size))
    guard footer.count == size else { throw damaged("its footer", "cannot be read to its end") }
    return (start, footer)
  }

  private static func check(_ metadata: FileMetadata, _ columns: ParquetColumns, _ bytes: Int) throws(ParquetFault) {
    var rows = 0
    for (number, group) in metadata.groups.enumerated() {
      guard group.columns.count == columns.types.count else {
        throw .damaged("lists \(group.columns.count) columns in row group \(number + 1), not \(columns.types.count)")
      }
      let (sum, isFar) = rows.addingReportingOverflow(group.rows)
      if isFar { throw .damaged("announces more rows than there are numbers") }
      rows = sum
      for column in columns.columns {
        let chunk = group.columns[column.position]
        guard chunk.type == column.physical else {
          throw .damaged("has another type for column `\(column.name)` in row group \(number + 1)")
        }
        guard chunk.values == group.rows else {
          throw .damaged("announces \(chunk.values) values of column `\(column.name)` for \(group.rows) rows")
        }
        if chunk.isEncrypted { throw encrypted }
        if chunk.isElsewhere {
          throw .unsupported("columns in other files", advice: "load those files, or write all into one")
        }
      }
    }
    guard rows == metadata.rows else {
      throw .damaged("announces \(metadata.rows) rows, but its row groups hold \(rows)")
    }
    guard rows / rowsPerByte <= bytes else { throw .damaged("announces \(rows) rows in \(bytes) bytes") }
  }

  /// The columns that were asked for, in that order; all when none were named. Throws when a column or one that is to have a
  /// type is none, or cannot be read.
  func selected(_ options: CSVOptions) throws(SourceError) -> [ParquetColumn] {
    let names = columns.map(\.name)
    for name in (options.columns ?? []) + options.types.keys.sorted() where !names.contains(name) {
      guard let (_, reason) = unread.first(where: { $0.name == name }) else { continue }
      throw .unsupported(
        path: path, feature: "column `\(name)`, which holds \(reason)", advice: "leave it out, or write it flat")
    }
    return try ColumnNames.wanted(names, options, path: path).map { columns[$0] }
  }

  /// What the load card says of the file, some columns of it being read.
  func report(_ selected: [ParquetColumn], noTexts: [String], rows: Int) -> LoadReport {
    var report = LoadReport()
    report.path = path
    report.bytes = source.count
    report.rows = rows
    report.columns = selected.count
    report.format = "Parquet"
    report.renamed = renamed.filter { pair in selected.contains { $0.name == pair.to } }
    report.details.append(("row groups", "\(groups.count)"))
    let codecs = Set(groups.flatMap { group in selected.map { group.columns[$0.position].codec } })
    let names = codecs.sorted().map { ParquetCodec(rawValue: $0)?.name ?? "codec \($0)" }
    if !names.isEmpty { report.details.append(("compression", names.joined(separator: ", "))) }
    if let writer, !writer.isEmpty {
      report.details.append(("written by", String(writer.prefix { $0 != "(" }.prefix(60)).trimmedBlanks))
    }
    let utc = selected.filter(\.isUTC).map(\.name)
    if !utc.isEmpty { report.details.append(("times in UTC", utc.joined(separator: ", "))) }
    let out = unread.map { "\($0.name) (\($0.reason))" } + noTexts.map { "\($0) (bytes that are no text)" }
    if !out.isEmpty { report.details.append(("left out", out.joined(separator: ", "))) }
    return report
  }
}

extension String {
  fileprivate var trimmedBlanks: String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
