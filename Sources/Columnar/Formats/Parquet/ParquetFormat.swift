/// Apache Parquet: columns, packed, in groups of rows.
public enum ParquetFormat: WritableFormat {
  /// What a reader calls it.
  public static let name = "Parquet"
  /// The endings of its files' names.
  public static let endings = [".parquet", ".pq"]

  /// By its mark; a file that has only the name of one is read as such too, so that what is wrong with it is said.
  public static func recognises(_ source: String, head: [UInt8]) -> Bool {
    if head.starts(with: Array("PAR1".utf8)) || head.starts(with: Array("PARE".utf8)) { return true }
    let name = source.lowercased()
    return endings.contains { name.hasSuffix($0) }
  }

  /// Reads the columns and rows that the options name.
  public static func read(
    _ source: String, _ options: SourceOptions, _ cancellation: Cancellation
  ) throws -> [SourceTable] {
    let began = ContinuousClock.now
    let file = try ParquetFile(source)
    let selected = try file.selected(options.text)
    let cast = ColumnCast(path: source, options: options.text)
    var noTexts: [String] = []
    while true {
      let columns = selected.filter { !noTexts.contains($0.name) }
      let scan = ParquetScan(file, columns, noTexts: noTexts, rows: options.text.rows)
      do {
        let table = try cast.table(scan.table(columns.map(\.name), cancellation))
        var report = scan.report
        report.missing = zip(table.schema.names, table.columns).compactMap { name, column in
          column.missingCount > 0 ? (name, column.missingCount) : nil
        }
        report.seconds = (ContinuousClock.now - began) / .seconds(1)
        return [SourceTable(table: table, report: report)]
      } catch let none as ColumnChunkReader.NoText {
        // Only reading shows whether bytes that are not declared as text are some.
        noTexts.append(try omitted(none.column, file, options))
      }
    }
  }

  /// The rows are read when somebody asks for them.
  public static func scan(
    _ source: String, _ options: SourceOptions, _ cancellation: Cancellation
  ) throws -> (any ReportedScan)? {
    // Other types than the file's, and words for missing values, are given to whole columns.
    guard !ColumnCast.isNeeded(options.text) else { return nil }
    let file = try ParquetFile(source)
    let selected = try file.selected(options.text)
    var noTexts: [String] = []
    for column in selected where column.meaning == .text(isDeclared: false) {
      do {
        _ = try ParquetScan(file, [column], noTexts: [], rows: 1000).table([column.name], cancellation)
      } catch let none as ColumnChunkReader.NoText {
        noTexts.append(try omitted(none.column, file, options))
      }
    }
    return ParquetScan(
      file, selected.filter { !noTexts.contains($0.name) }, noTexts: noTexts, rows: options.text.rows)
  }

  /// Writes all rows, packed with zstd, with bounds and counts of missing values for each row group; periods become the days
  /// that they begin with.
  public static func write(_ table: Table, to path: String, _ cancellation: Cancellation) throws {
    try ParquetWriter.write(table, to: path, cancellation)
  }

  /// The same in row groups of so many rows, for tests of what happens between them.
  package static func write(_ table: Table, to path: String, groupRows: Int) throws {
    try ParquetWriter.write(table, to: path, Cancellation(), groupRows: groupRows)
  }

  /// A column of bytes that are no text: left out, unless it was asked for.
  private static func omitted(
    _ column: String, _ file: ParquetFile, _ options: SourceOptions
  ) throws(SourceError) -> String {
    guard options.text.columns == nil else {
      throw .unsupported(
        path: file.path, feature: "column `\(column)`, whose bytes are no text", advice: "leave it out")
    }
    return column
  }
}
