/// Arrow's own format between processes, as a file (Feather 2) or as a stream.
enum ArrowFormat: TableFormat {
  static let name = "Arrow"
  static let endings = [".arrow", ".feather", ".ipc", ".arrows"]

  static func recognises(_ source: String, head: [UInt8]) -> Bool {
    if head.starts(with: ArrowFile.mark) || head.starts(with: ArrowFile.oldMark) { return true }
    let name = source.lowercased()
    guard endings.contains(where: { name.hasSuffix($0) }) else { return false }
    // A stream begins with the length of its schema, since 2019 with a mark before it.
    return head.starts(with: [0xff, 0xff, 0xff, 0xff]) || (head.count > 8 && head[3] == 0)
  }

  static func read(
    _ source: String, _ options: SourceOptions, _ cancellation: Cancellation
  ) throws -> [SourceTable] {
    let watch = Stopwatch()
    let scan = try ArrowScan(source)
    var report = scan.report
    let names = scan.schema.names
    let wanted = try ColumnNames.wanted(names, options.text, path: source).map { names[$0] }
    let read =
      try options.text.rows.map { try scan.table(wanted, first: $0, cancellation) } ?? scan.table(wanted, cancellation)
    let table = try ColumnCast(path: source, options: options.text).table(read)
    for (field, column) in zip(table.schema.fields, table.columns) where column.missingCount > 0 {
      report.missing.append((field.name, column.missingCount))
    }
    (report.rows, report.columns, report.seconds) = (table.rowCount, table.columns.count, watch.seconds)
    return [SourceTable(table: table, report: report)]
  }

  static func scan(
    _ source: String, _ options: SourceOptions, _ cancellation: Cancellation
  ) throws -> (any ReportedScan)? {
    guard options.text.rows == nil, options.text.columns == nil, !ColumnCast.isNeeded(options.text) else { return nil }
    return try ArrowScan(source)
  }
}
