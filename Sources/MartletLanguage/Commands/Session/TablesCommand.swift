import Columnar
import Query

/// Lists the tables of the session.
struct TablesCommand: Command {
  static let spec = CommandSpec(
    "tables",
    summary: "Lists the tables of the session.",
    input: .none,
    output: [
      OutputColumn("table", "Its name."), OutputColumn("rows", "The number of rows."),
      OutputColumn("columns", "The number of columns."), OutputColumn("source", "The file, or the line that made it."),
      OutputColumn("current", "Whether a leading command means it."),
    ],
    examples: [Example("Lists the tables.", "tables")],
    searchWords: ["list", "catalog", "show tables", "ls"])

  let output: TableInfo?

  init(checking arguments: Arguments) throws(Diagnostic) {
    output = TableInfo(name: "tables", schema: TablesCommand.schema)
  }

  private static let schema = Schema([
    Field("table", .text), Field("rows", .integer, measure: .count), Field("columns", .integer, measure: .count),
    Field("source", .text), Field("current", .boolean),
  ])

  func run(_ flow: Flow, _ context: CommandContext) throws -> Flow {
    let tables = context.session.tables
    let used = context.session.usedTable
    let table = Table(
      schema: TablesCommand.schema,
      columns: [
        .text(tables.map(\.info.name)), .integer(tables.map { Int64($0.table.rowCount) }),
        .integer(tables.map { Int64($0.table.columns.count) }), .text(tables.map(\.origin)),
        .boolean(tables.map { $0.info.name == used }),
      ])
    var next = flow
    next.relation = Relation(.table(table, name: "tables"), TableInfo(name: "tables", schema: table.schema))
    next.presentation.rows = Int.max
    return next
  }
}
