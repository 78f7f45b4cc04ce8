import Columnar
import Query

/// Counts rows.
struct CountCommand: RelationalCommand {
  static let spec = CommandSpec(
    "count",
    summary: "Counts the rows, in all or for each group.",
    doc: "With `by` the most frequent group comes first, and `share` is its part of all rows.",
    clauses: [ClauseSpec(.by, .expressions, count: 1...100, placeholder: "KEY", doc: "One row for each value.")],
    output: [
      OutputColumn("KEY", "The columns of `by`."), OutputColumn("count", "The number of rows."),
      OutputColumn("share", "The part of all rows."),
    ],
    chart: "bars with one key",
    examples: [
      Example("Counts the rows of each country.", "sales | count by country"),
      Example("Counts all rows.", "sales | count"),
    ],
    searchWords: ["frequency", "number", "rows", "table", "histogram"],
    synonyms: [
      .init("tabulate", "Stata"), .init("value_counts", "pandas"), .init("tally", "dplyr"), .init("freq", "SAS"),
    ])

  let output: TableInfo?
  let defaultChart: ChartRequest?
  private let step: PlanStep

  init(checking arguments: Arguments) throws(Diagnostic) {
    let keys = try arguments.items(.by)
    try ColumnNames.refuseRepeated(keys, verb: "count")
    if let taken = keys.first(where: { $0.name == "count" || $0.name == "share" }) {
      throw .columnTwice(taken.name, verb: "count", at: taken.range)
    }
    let named = keys.map(\.named)
    step = { plan in
      let counted = LogicalPlan.aggregate(plan, keys: named, [NamedAggregate("count", .count)])
      guard !named.isEmpty else { return counted }
      let shared = LogicalPlan.window(
        counted, [NamedWindow("share", .share, [.column("count")])], partition: [], order: [])
      return .sort(
        shared, [SortKey(.column("count"), descending: true)] + named.map { SortKey(.column($0.name)) })
    }
    output = try arguments.output(of: step)
    defaultChart = keys.count == 1 ? ChartRequest(.bar, x: ["count"], y: named.map(\.name)) : nil
  }

  func extend(_ plan: LogicalPlan, label: String) -> LogicalPlan { step(plan) }
}
