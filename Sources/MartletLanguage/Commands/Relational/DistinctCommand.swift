import Columnar
import Query

/// Keeps one row of each combination of values.
struct DistinctCommand: RelationalCommand {
  static let spec = CommandSpec(
    "distinct",
    summary: "Keeps the first row of each combination of values.",
    doc: "With columns, only these come out; without, whole rows are compared.",
    subject: SubjectSpec(
      .columns(.any), 0...100_000, placeholder: "COLUMN", doc: "The columns to compare.", default: "all columns"),
    examples: [Example("Lists the countries.", "sales | distinct country")],
    searchWords: ["unique", "deduplicate", "duplicates", "different"],
    synonyms: [.init("unique", "R"), .init("dedup", "SPL"), .init("uniq", "Unix")])

  let output: TableInfo?
  private let columns: [String]

  init(checking arguments: Arguments) throws(Diagnostic) {
    columns = try arguments.columns().compactMap { item in if case .column(let name) = item.expr { name } else { nil } }
    output = try arguments.output { [columns] plan in DistinctCommand.step(plan, columns) }
  }

  private static func step(_ plan: LogicalPlan, _ columns: [String]) -> LogicalPlan {
    columns.isEmpty
      ? .distinct(plan, []) : .distinct(.project(plan, columns.map { NamedExpr($0, .column($0)) }), columns)
  }

  func extend(_ plan: LogicalPlan, label: String) -> LogicalPlan { DistinctCommand.step(plan, columns) }
}
