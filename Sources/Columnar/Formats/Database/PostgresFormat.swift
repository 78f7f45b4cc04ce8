/// PostgreSQL servers: a table or a query's answer, copied in binary within a transaction that can only read.
public enum PostgresFormat: TableFormat {
  /// What a reader calls it.
  public static let name = "PostgreSQL"
  /// Servers have addresses, not files.
  public static let endings: [String] = []

  /// An address `postgres://user@host:5432/database`.
  public static func recognises(_ source: String, head: [UInt8]) -> Bool {
    let start = source.prefix(16).lowercased()
    return start.hasPrefix("postgres://") || start.hasPrefix("postgresql://")
  }

  /// Reads one table, or what a query gives.
  public static func read(
    _ source: String, _ options: SourceOptions, _ cancellation: Cancellation
  ) throws -> [SourceTable] {
    let clock = ContinuousClock()
    let began = clock.now
    let connection = try PostgresConnection(source, cancellation)
    let shown = DatabaseTable(path: connection.shown, options: options.text)
    if options.query != nil, options.table != nil {
      throw SourceError.database(
        path: shown.path, why: "table= and query= both say what to read", advice: "leave one of them out")
    }
    var report = LoadReport()
    report.path = shown.path
    report.format = "\(name) \(connection.version)"
    // One state of the database for all that is asked.
    try connection.run("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    // What types without a form of their own look like must not depend on the server's habits.
    try connection.run("SET LOCAL datestyle = ISO; SET LOCAL timezone = 'UTC'; SET LOCAL intervalstyle = postgres")
    let query: String
    let table: Name?
    if let asked = options.query {
      query = trimmed(asked)
      table = nil
      let line = query.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      report.details.append(("query", SourceAddress.redacted(String(line.prefix(120)))))
    } else {
      let chosen = try choose(options.table, connection)
      query = "SELECT * FROM \(chosen.quoted)"
      table = chosen
      report.details.append(("table", chosen.plain))
    }
    let described = try connection.describe(query)
    if described.isEmpty {
      throw SourceError.database(
        path: shown.path, why: "the query is refused: it gives no table", advice: "query= takes one select")
    }
    let names: [String]
    (names, report.renamed) = ColumnNames.unique(described.map(\.name))
    var columns: [PostgresColumn] = []
    var list: [String] = []
    for place in try ColumnNames.wanted(names, options.text, path: shown.path) {
      let given = described[place]
      guard let type = PostgresType(given.type, modifier: given.modifier) else {
        report.details.append(("left out", "\(names[place]): binary data"))
        continue
      }
      columns.append(PostgresColumn(names[place], type))
      list.append("c\(place)" + (type.cast.map { "::\($0)" } ?? ""))
    }
    let copy = PostgresCopy(columns)
    let budget = options.text.memory ?? MemoryBudget.available
    let aliases = described.indices.map { "c\($0)" }.joined(separator: ", ")
    let limit = options.text.rows.map { " LIMIT \(max(0, $0))" } ?? ""
    do {
      try connection.copy(
        "COPY (SELECT \(list.joined(separator: ", ")) FROM (\(query)\n) AS q(\(aliases))\(limit)) TO STDOUT (FORMAT binary)"
      ) { piece in
        try copy.take(piece)
        guard copy.rows & 0xffff == 0 else { return }
        let taken = columns.reduce(0) { $0 + $1.values.bytes }
        try MemoryBudget.check(shown.path, taken: taken, rows: copy.rows, of: budget)
      }
    } catch let damage as PostgresCopy.Damage {
      throw SourceError.damaged(path: shown.path, format: "copy", place: "the stream of rows:", found: damage.why)
    }
    guard copy.isWhole else {
      throw SourceError.damaged(path: shown.path, format: "copy", place: "the stream of rows", found: "ends too early")
    }
    report.bytes = copy.bytes
    let made = shown.table(try finish(columns, shown, &report), rows: copy.rows, &report)
    report.seconds = (clock.now - began) / .seconds(1)
    return [SourceTable(name: table?.table ?? connection.database, table: made, report: report)]
  }

  private static func finish(
    _ columns: [PostgresColumn], _ shown: DatabaseTable, _ report: inout LoadReport
  ) throws -> [(name: String, column: Column)] {
    let inUTC = columns.filter { $0.wire == .timestampInUTC }.map(\.name)
    if !inUTC.isEmpty { report.details.append(("in UTC", inUTC.joined(separator: ", "))) }
    let cast = ColumnCast(path: shown.path, options: shown.options)
    return try columns.map { column in
      if column.beyond > 0 {
        report.details.append(("infinite in \(column.name)", "\(column.beyond), missing"))
      }
      let isText = column.values.form == .text && column.values.texts.count > 0
      let texts = isText ? try shown.texts(column.name)(column.values) : TextDictionary([""])
      return (column.name, try cast.given(column.values.finish { _ in texts }, column.name))
    }
  }

  /// A query without the semicolon at its end.
  private static func trimmed(_ query: String) -> String {
    String(query.reversed().drop { $0 == ";" || $0.isWhitespace }.reversed())
  }

  // MARK: Tables

  /// A table with its schema.
  private struct Name {
    var schema: String
    var table: String

    var plain: String { "\(schema).\(table)" }
    var quoted: String {
      [schema, table].map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: ".")
    }
  }

  /// Tables and views that the user may see, those that a bare name means first.
  private static let tables = """
    SELECT s, t FROM (
      SELECT table_schema::text AS s, table_name::text AS t FROM information_schema.tables
      UNION SELECT schemaname::text, matviewname::text FROM pg_matviews) AS all_tables
    WHERE s NOT IN ('pg_catalog', 'information_schema') AND s NOT LIKE 'pg\\_toast%' AND s NOT LIKE 'pg\\_temp%'
    ORDER BY coalesce(array_position(current_schemas(false)::text[], s), 1000000), s, t
    """

  /// The table of this name, with or without its schema; without a name the only one there is. Throws `chooseTable`.
  private static func choose(_ given: String?, _ connection: PostgresConnection) throws -> Name {
    let all = try connection.texts(tables).compactMap { $0.count == 2 ? Name(schema: $0[0], table: $0[1]) : nil }
    guard let given else {
      if all.count == 1 { return all[0] }
      throw SourceError.chooseTable(path: connection.shown, option: "table", given: nil, names: all.map(\.plain))
    }
    if let exact = all.first(where: { $0.plain == given }) ?? all.first(where: { $0.table == given }) { return exact }
    let lower = given.lowercased()
    let alike = all.filter { $0.plain.lowercased() == lower || $0.table.lowercased() == lower }
    if alike.count == 1 { return alike[0] }
    throw SourceError.chooseTable(path: connection.shown, option: "table", given: given, names: all.map(\.plain))
  }
}
