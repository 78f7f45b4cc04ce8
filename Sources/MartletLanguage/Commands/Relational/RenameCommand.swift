import Columnar
import Query

/// Gives columns other names.
struct RenameCommand: RelationalCommand {
  static let spec = CommandSpec(
    "rename",
    summary: "Gives columns other names: `rename NEW = OLD`.",
    subject: SubjectSpec(
      .columns(.any), placeholder: "NEW = OLD", doc: "The new name, and the column that gets it.", defines: true),
    examples: [Example("Renames two columns.", "sales | rename buyer = customer, country_name = country | take 5")],
    searchWords: ["name", "alias", "columns"],
    synonyms: [.init("project-rename", "KQL")])

  let output: TableInfo?
  private let items: [NamedExpr]

  init(checking arguments: Arguments) throws(Diagnostic) {
    var names: [String: String] = [:]
    for item in try arguments.columns() {
      guard item.isNamed, case .column(let old) = item.expr else { throw .renameNeedsName(at: item.range) }
      names[old] = item.name
    }
    let fields = arguments.table.schema.fields
    items = fields.map { NamedExpr(names[$0.name] ?? $0.name, .column($0.name), format: $0.format) }
    var seen: Set<String> = []
    for item in items where !seen.insert(item.name).inserted {
      throw .columnTwice(item.name, verb: "rename", at: arguments.range)
    }
    var info = try arguments.output { [items] plan in .project(plan, items) }
    for (role, column) in arguments.table.setRoles { if let new = names[column] { info.setRoles[role] = new } }
    output = info
  }

  func extend(_ plan: LogicalPlan, label: String) -> LogicalPlan { .project(plan, items) }
}
