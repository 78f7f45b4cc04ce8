/// SQLite databases: files of tables and views, read by the library itself and never written to.
public enum SQLiteFormat: TableFormat {
  /// What a reader calls it.
  public static let name = "SQLite database"
  /// The endings of its files' names.
  public static let endings = [".sqlite", ".sqlite3", ".db"]

  /// A file that begins as all databases of SQLite do, or an address `sqlite:shop.db`.
  public static func recognises(_ source: String, head: [UInt8]) -> Bool {
    source.lowercased().hasPrefix("sqlite:") || head.starts(with: Array("SQLite format 3\0".utf8))
  }

  /// Reads one table, or what a query gives.
  public static func read(
    _ source: String, _ options: SourceOptions, _ cancellation: Cancellation
  ) throws -> [SourceTable] {
    let clock = ContinuousClock()
    let began = clock.now
    let path = path(source)
    var report = LoadReport()
    report.path = path
    report.bytes = try FileBytes.open(path).count
    report.format = name
    if report.bytes == 0 { throw SourceError.empty(path: path) }
    let connection = try SQLiteConnection(path, cancellation)
    let shown = DatabaseTable(path: path, options: options.text)
    let table: String?
    if let query = options.query {
      if options.table != nil {
        throw SourceError.database(
          path: path, why: "table= and query= both say what to read", advice: "leave one of them out")
      }
      table = nil
      report.details.append(
        ("query", String(query.split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(120))))
    } else {
      let chosen = try choose(options.table, try connection.tables(), path)
      table = chosen
      report.details.append(("table", chosen))
    }
    let whole = try connection.statement(options.query ?? "SELECT * FROM \(quoted(table ?? ""))")
    let own = whole.names
    let names: [String]
    (names, report.renamed) = ColumnNames.unique(own)
    let wanted = try ColumnNames.wanted(names, options.text, path: shown.path)
    // Of a table only the wanted columns are asked for; a query's answer is read as far as it is wanted.
    let isNarrower = table != nil && (options.text.columns != nil || options.text.rows != nil)
    var statement = whole
    if isNarrower, let table {
      let list = wanted.map { quoted(own[$0]) }.joined(separator: ", ")
      let limit = options.text.rows.map { " LIMIT \(max(0, $0))" } ?? ""
      statement = try connection.statement("SELECT \(list) FROM \(quoted(table))\(limit)")
    }
    var columns: [SQLiteColumn] = []
    var texts = Set(options.text.types.filter { $0.value == .text }.keys)
    var rows = 0
    repeat {
      columns = wanted.enumerated().map { position, place in
        SQLiteColumn(
          statement, Int32(truncatingIfNeeded: isNarrower ? position : place), name: names[place],
          isText: texts.contains(names[place]))
      }
      rows = try read(connection, statement, columns, shown, options.text.rows ?? .max, cancellation)
      texts.formUnion(columns.filter(\.mustReread).map(\.name))
    } while columns.contains(where: \.mustReread)
    let kept = try finish(columns, shown, &report)
    let made = shown.table(kept, rows: rows, &report)
    report.seconds = (clock.now - began) / .seconds(1)
    return [SourceTable(name: table, table: made, report: report)]
  }

  /// The path behind an address.
  static func path(_ source: String) -> String {
    guard source.lowercased().hasPrefix("sqlite:") else { return source }
    let rest = source.dropFirst("sqlite:".count)
    return FileSet.expandingHome(String(rest.hasPrefix("//") ? rest.dropFirst(2) : rest))
  }

  /// The table of this name, in any case of letters; without a name the only one there is. Throws `chooseTable`.
  private static func choose(_ given: String?, _ names: [String], _ path: String) throws(SourceError) -> String {
    if let given {
      if names.contains(given) { return given }
      let alike = names.filter { $0.lowercased() == given.lowercased() }
      if alike.count == 1 { return alike[0] }
    } else if names.count == 1 {
      return names[0]
    }
    throw .chooseTable(path: path, option: "table", given: given, names: names)
  }

  /// A name as SQL has it, whatever signs it holds.
  private static func quoted(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }

  private static func read(
    _ connection: SQLiteConnection, _ statement: SQLiteStatement, _ columns: [SQLiteColumn], _ shown: DatabaseTable,
    _ limit: Int, _ cancellation: Cancellation
  ) throws -> Int {
    statement.reset()
    let budget = shown.options.memory ?? MemoryBudget.available
    var rows = 0
    while rows < limit, try connection.step(statement) {
      for column in columns { column.append(statement) }
      rows += 1
      guard rows & 0xffff == 0 else { continue }
      try cancellation.check()
      try MemoryBudget.check(shown.path, taken: columns.reduce(0) { $0 + $1.bytes }, rows: rows, of: budget)
      for column in columns where column.isFull {
        throw SourceError.tooManyTexts(path: shown.path, column: column.name)
      }
    }
    return rows
  }

  /// The finished columns, with what their declared types say of numbers and texts.
  private static func finish(
    _ columns: [SQLiteColumn], _ shown: DatabaseTable, _ report: inout LoadReport
  ) throws -> [(name: String, column: Column)] {
    let cast = ColumnCast(path: shown.path, options: shown.options)
    var kept: [(name: String, column: Column)] = []
    for column in columns {
      if column.isBinary {
        report.details.append(("left out", "\(column.name): binary data"))
        continue
      }
      if column.infinite > 0 { report.details.append(("infinite in \(column.name)", "\(column.infinite), missing")) }
      var values = try column.finish(shown.texts(column.name))
      if shown.options.types[column.name] == nil {
        if column.isTemporal, let dates = StoredDates.fromNumbers(values) {
          report.details.append(("dates in \(column.name)", dates.unit))
          values = dates.column
        } else if column.declaration.contains("BOOL"), let truth = truth(values) {
          values = truth
        } else if let dates = StoredDates.fromTexts(values) {
          values = dates
        }
      }
      kept.append((column.name, try cast.given(values, column.name)))
    }
    return kept
  }

  /// Zeros and ones as truth values; nil when there are other numbers.
  private static func truth(_ column: Column) -> Column? {
    guard case .integer(let values) = column.storage else { return nil }
    let isTruth = values.indices.allSatisfy { column.isMissing($0) || values[$0] == 0 || values[$0] == 1 }
    return isTruth ? Column(.boolean(values.map { $0 == 1 }), validity: column.validity) : nil
  }
}
