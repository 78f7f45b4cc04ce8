import Columnar
import Query

/// Orders the rows.
struct SortCommand: RelationalCommand {
  static let spec = CommandSpec(
    "sort",
    summary: "Orders the rows by columns or expressions.",
    doc: "Ascending unless `desc` follows. Missing values come last in both directions; ties keep their order.",
    subject: SubjectSpec(
      .expressions, placeholder: "COLUMN", doc: "What to order by; `desc` puts the greatest first.", sorts: true),
    examples: [
      Example("Shows the largest sales first.", "sales | sort amount desc | take 5"),
      Example("Orders by two columns.", "customers | sort country, customer desc | take 5"),
    ],
    searchWords: ["order", "arrange", "rank"],
    synonyms: [
      .init("order", "SQL"), .init("arrange", "dplyr"), .init("orderby", "LINQ"), .init("sort_values", "pandas"),
      .init("gsort", "Stata"), .init("order_by", "SQL"),
    ])

  let output: TableInfo?
  private let keys: [SortKey]

  init(checking arguments: Arguments) throws(Diagnostic) {
    keys = try arguments.expressions().map { SortKey($0.expr, descending: $0.descending) }
    output = try arguments.output { [keys] plan in .sort(plan, keys) }
  }

  var keepsDefaultChart: Bool { true }

  func extend(_ plan: LogicalPlan, label: String) -> LogicalPlan { .sort(plan, keys) }
}
