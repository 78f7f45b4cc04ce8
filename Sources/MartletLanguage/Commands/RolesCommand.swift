import Columnar
import Query

/// `roles`: which column plays which role, and how that is known.
package struct RolesCommand: Command {
  package static let spec = CommandSpec(
    "roles", summary: "Shows or sets which column plays which role.",
    doc: """
      Roles make commands short: `growth amount per month` works on every table whose amount and date are known. They are \
      inferred from names and types; `roles date=order_date` sets one for a table of the session.
      """,
    options: Role.allCases.map { role in
      OptionSpec(role.rawValue, .column(.any), doc: "The column that is the \(role.words).")
    },
    output: [
      OutputColumn("role", "The role."), OutputColumn("column", "The column, or formula, that plays it."),
      OutputColumn("how", "set or inferred."), OutputColumn("sample", "A value."),
    ],
    examples: [
      Example("Which columns does Martlet take for what?", "sales | roles"),
      Example("Say which date counts.", "sales | roles date=date"),
    ],
    searchWords: ["meaning", "columns", "semantic"])

  private let info: TableInfo
  /// Whether roles are set for a table of the session, and not only shown.
  private let setsRoles: Bool
  package let output: TableInfo?

  /// The rest of the cell sees the roles that are set here.
  package var effects: [SessionEffect] { setsRoles ? [.define(info.name, info)] : [] }

  package init(checking arguments: Arguments) throws(Diagnostic) {
    var info = arguments.table
    for role in Role.allCases {
      if let item = arguments.column(role.rawValue) { info.setRoles[role] = item.name }
    }
    self.info = info
    setsRoles = info.setRoles != arguments.table.setRoles && arguments.scope.tables[info.name] != nil
    output = TableInfo(name: info.name, schema: Self.schema)
  }

  private static let schema = Schema([
    Field("role", .text), Field("column", .text), Field("how", .text), Field("sample", .text),
  ])

  package func run(_ flow: Flow, _ context: CommandContext) throws -> Flow {
    let table = try context.run(flow.relation.plan)
    var rows: [[String?]] = []
    for role in Role.allCases {
      switch RoleInference.binding(role, in: info, currency: context.settings.currency) {
      case .none: continue
      case .tie(let columns): rows.append([role.words, columns.joined(separator: " or "), "undecided", nil])
      case .found(let binding):
        var sample: String?
        if case .column(let name) = binding.expr, let column = table[name] {
          sample = (0..<min(column.count, 1000)).first { !column.isMissing($0) }.map { ValueText.plain(column[$0]) }
        }
        rows.append([role.words, binding.name, binding.origin.rawValue, sample])
      }
    }
    // Set roles belong to the table of the session that the pipeline began with.
    if case .table = flow.relation.plan, let known = context.session.table(info.name), setsRoles {
      context.define(info, known.table, origin: known.origin)
    }
    var next = flow
    next.presentation.changeRows()
    let result = Table(
      schema: Self.schema, columns: Self.schema.fields.indices.map { place in .text(rows.map { $0[place] }) })
    next.relation = Relation(.table(result, name: info.name), TableInfo(name: info.name, schema: Self.schema))
    return next
  }
}
