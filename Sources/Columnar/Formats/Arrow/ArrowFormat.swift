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
    var table =
      try options.text.rows.map { try scan.table(wanted, first: $0, cancellation) } ?? scan.table(wanted, cancellation)
    if !options.text.types.isEmpty { table = try cast(table, source, options.text) }
    for (field, column) in zip(table.schema.fields, table.columns) where column.missingCount > 0 {
      report.missing.append((field.name, column.missingCount))
    }
    (report.rows, report.columns, report.seconds) = (table.rowCount, table.columns.count, watch.seconds)
    return [SourceTable(table: table, report: report)]
  }

  static func scan(
    _ source: String, _ options: SourceOptions, _ cancellation: Cancellation
  ) throws -> (any ReportedScan)? {
    guard options.text.rows == nil, options.text.columns == nil, options.text.types.isEmpty else { return nil }
    return try ArrowScan(source)
  }

  private static func cast(_ table: Table, _ path: String, _ options: CSVOptions) throws(SourceError) -> Table {
    let cast = ColumnCast(path: path, options: options) { $0 + 1 }
    var pairs: [(Field, Column)] = []
    for (field, column) in zip(table.schema.fields, table.columns) {
      guard let type = options.types[field.name], type != column.type else {
        pairs.append((field, column))
        continue
      }
      let made = try cast.column(column, field.name, type) { CellAssembly.shown(column) }
      pairs.append((Field(field.name, made.type), made))
    }
    return Table(pairs)
  }
}
