import Columnar
import Query

/// Keeps the rows with the greatest values.
struct TopCommand: RelationalCommand {
  static let spec = CommandSpec(
    "top",
    summary: "Keeps the N rows with the greatest values.",
    doc: "`by EXPR asc` keeps the least ones. The rows come out in that order; ties keep their order.",
    subject: SubjectSpec(.constants, 0...1, placeholder: "N", doc: "How many rows.", default: "10"),
    clauses: [
      ClauseSpec(
        .by, .expressions, count: 1...100, required: true, placeholder: "EXPR", doc: "What the rows are ranked by.")
    ],
    examples: [
      Example("Shows the five largest sales.", "sales | top 5 by amount"),
      Example("Shows the five cheapest products.", "products | top 5 by price asc"),
    ],
    searchWords: ["largest", "best", "highest", "most"],
    synonyms: [
      .init("nlargest", "pandas"), .init("slice_max", "dplyr"), .init("top_n", "dplyr"), .init("best", "PRQL"),
    ])

  let output: TableInfo?
  private let keys: [SortKey]
  private let count: Int

  init(checking arguments: Arguments) throws(Diagnostic) {
    count = try RowCount.read(try arguments.constants().first, at: arguments)
    let items = arguments.clause(.by)?.items ?? []
    keys = zip(try arguments.items(.by), items).map { SortKey($0.expr, descending: $1.descending ?? true) }
    output = try arguments.output { [keys] plan in .sort(plan, keys) }
  }

  var keepsDefaultChart: Bool { true }

  func extend(_ plan: LogicalPlan, label: String) -> LogicalPlan { .limit(.sort(plan, keys), count) }
}
