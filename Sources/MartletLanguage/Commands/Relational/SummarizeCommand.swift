import Columnar
import Query

/// Aggregates rows to one row a group.
struct SummarizeCommand: RelationalCommand {
  static let spec = CommandSpec(
    "summarize", aliases: ["summarise"],
    summary: "Aggregates the rows to one row for each group.",
    doc: """
      `by` groups by columns or expressions, `per` by calendar period in the data's own clock (weeks start on Monday); \
      `per` makes a column named `period`. Missing values are skipped by aggregates, and a missing key is a group of its \
      own. The rows come out in the order of the keys. Window functions such as `share` and `growth` look at the groups.
      """,
    subject: SubjectSpec(
      .measures, placeholder: "NAME = AGGREGATE", doc: "The new column and its aggregate.", defines: true),
    clauses: [
      ClauseSpec(.by, .expressions, count: 1...100, placeholder: "KEY", doc: "One row for each value."),
      ClauseSpec(.per, placeholder: "GRAIN", doc: "One row for each day, week, month, quarter or year."),
    ],
    options: [OptionSpec("date", .column(.date), doc: "The date that `per` goes by.")],
    output: [
      OutputColumn("KEY", "The columns of `by`."), OutputColumn("period", "The period of `per`."),
      OutputColumn("NAME", "The aggregates."),
    ],
    chart: "a line with `per`, otherwise bars of one key",
    examples: [
      Example(
        "Totals by country.", "sales | summarize revenue = sum(amount), orders = count_distinct(invoice) by country"),
      Example(
        "Revenue and its growth per month.",
        "sales | summarize revenue = sum(amount), change = growth(sum(amount)) per month"),
      Example("One total.", "sales | summarize total = sum(amount), buyers = count_distinct(customer)"),
    ],
    searchWords: ["aggregate", "group", "total", "pivot", "sum", "average", "mean"],
    synonyms: [
      .init("group_by", "dplyr"), .init("collapse", "Stata"), .init("aggregate", "PRQL"), .init("groupby", "pandas"),
      .init("group", "SQL"), .init("stats", "SPL"), .init("agg", "polars"), .init("rollup", "SQL"),
    ])

  let output: TableInfo?
  let defaultChart: ChartRequest?
  private let step: PlanStep
  private let periods: (grain: Grain, date: Expr)?

  init(checking arguments: Arguments) throws(Diagnostic) {
    let keys = try arguments.items(.by)
    let measures = try arguments.measures(arguments.syntax.items, keys: keys)
    var named = keys.map(\.named)
    var periods: (grain: Grain, date: Expr)?
    if let per = arguments.per {
      let date = try arguments.role(.date)
      named.append(arguments.periodKey(per, of: date))
      periods = (per.grain, date.expr)
    }
    self.periods = periods
    var seen = Set<String>()
    for name in named.map(\.name) + measures.map(\.name) where !seen.insert(name).inserted {
      let range = measures.first { $0.name == name }?.range ?? keys.first { $0.name == name }?.range ?? arguments.range
      throw .columnTwice(name, verb: "summarize", at: range)
    }
    let isPeriodic = arguments.per != nil
    step = { [named] plan in
      let result = plan.measured(by: named, measures, isPeriodic: isPeriodic)
      return named.isEmpty ? result : .sort(result, named.map { SortKey(.column($0.name)) })
    }
    output = try arguments.output(of: step)
    defaultChart = SummarizeCommand.chart(keys, measures, isPeriodic: isPeriodic)
  }

  /// A line over the periods, or bars of the groups. Measures in the unit of the first share its axis.
  private static func chart(_ keys: [ResolvedItem], _ measures: [ResolvedMeasure], isPeriodic: Bool) -> ChartRequest? {
    guard let first = measures.first, first.field.type.isNumeric, keys.count <= 1 else { return nil }
    let alike = measures.filter { $0.field.type.isNumeric && $0.field.measure == first.field.measure }.prefix(4)
    let names = keys.isEmpty ? alike.map(\.name) : [first.name]
    if isPeriodic { return ChartRequest(.line, x: ["period"], y: names, color: keys.first?.name) }
    return keys.first.map { ChartRequest(.bar, x: [first.name], y: [$0.name]) }
  }

  func prepare(_ input: Relation, _ context: CommandContext) {
    guard let periods else { return }
    context.noteLater { try PeriodNotes.incomplete(periods.grain, periods.date, input, context) }
  }

  func extend(_ plan: LogicalPlan, label: String) -> LogicalPlan { step(plan) }
}
