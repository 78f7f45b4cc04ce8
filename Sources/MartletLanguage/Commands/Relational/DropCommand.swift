import Columnar
import Query

/// Leaves out the named columns.
struct DropCommand: RelationalCommand {
  static let spec = CommandSpec(
    "drop",
    summary: "Leaves out the named columns.",
    subject: SubjectSpec(.columns(.any), placeholder: "COLUMN", doc: "A column to leave out."),
    examples: [Example("Leaves out two columns.", "sales | drop country, price | take 5")],
    searchWords: ["remove", "delete", "columns", "without"],
    synonyms: [.init("project-away", "KQL"), .init("remove", "pandas")])

  let output: TableInfo?
  private let kept: [NamedExpr]

  init(checking arguments: Arguments) throws(Diagnostic) {
    let dropped = Set(
      try arguments.columns().compactMap { item -> String? in
        if case .column(let name) = item.expr { name } else { nil }
      })
    kept = arguments.table.schema.fields.filter { !dropped.contains($0.name) }.map {
      NamedExpr($0.name, .column($0.name))
    }
    guard !kept.isEmpty else { throw .nothingLeft("drop", at: arguments.range) }
    output = try arguments.output { [kept] plan in .project(plan, kept) }
  }

  func extend(_ plan: LogicalPlan, label: String) -> LogicalPlan { .project(plan, kept) }
}
