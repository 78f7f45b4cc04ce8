import Analytics
import Charts
import Columnar
import Query

/// `churn`: who has not ordered for longer than a limit.
package struct ChurnCommand: AnalysisCommand {
  package static let spec = CommandSpec(
    "churn", summary: "Finds customers who have not ordered for longer than a limit.",
    doc: """
      Works on transactions and on what `segment` makes. Without `after` the limit is the 90th percentile of the days \
      between a customer's orders. `by` splits the rates by a column: of the customers' table behind `segment`, else of the \
      transactions, where each customer has the value of the latest row. `per` looks back from the end of each period. Rates \
      have the Wilson interval at 95 %.
      """,
    clauses: [
      ClauseSpec(.after, placeholder: "DAYS", doc: "How long is too long.", default: "the 90th percentile of gaps"),
      ClauseSpec(.by, .expressions, placeholder: "G", doc: "A column that splits the rates."),
      ClauseSpec(.per, placeholder: "UNIT", doc: "The rate at the end of each period."),
    ],
    options: [
      OptionSpec("date", .column(.date), doc: "The date column."),
      OptionSpec("as_of", .date, doc: "The day to count from; by default the day after the last date."),
    ],
    output: [
      OutputColumn("customer", "The customer."), OutputColumn("last_date", "The day of the last order."),
      OutputColumn("recency_days", "Days from the last order to as_of."), OutputColumn("amount", "Sum of amounts."),
      OutputColumn("churned", "Whether recency_days exceeds the limit."),
      OutputColumn("G", "The group, when `by` is used."),
    ],
    chart: "Bars of the rates with their 95 % intervals; without `by`, a histogram of recency_days.",
    examples: [
      Example("How many customers are gone, by segment?", "sales | segment spend | churn after 90 days by segment"),
      Example("The rate at the end of each month.", "sales | churn after 90 days per month"),
    ],
    searchWords: ["attrition", "lost customers", "inactive"])

  private let arguments: Arguments
  private let source: CustomerTable
  private let group: ResolvedItem?
  private let limit: Int?
  private let grain: Grain?
  package let output: TableInfo?

  package init(checking arguments: Arguments) throws(Diagnostic) {
    self.arguments = arguments
    source = try CustomerTable(arguments)
    group = try arguments.items(.by).first
    grain = try CustomerTransactions.grain(arguments)
    limit = try arguments.duration(.after).map { duration throws(Diagnostic) in
      guard let days = duration.wholeDays, days > 0 else {
        throw .durationInDays("after", at: arguments.range(of: .after))
      }
      return days
    }
    if let grain {
      if group != nil { throw .eitherClause("by", "per", verb: "churn", at: arguments.range(of: .per)) }
      guard source.transactions != nil else {
        throw .needsTransactions("churn per", table: arguments.table.name, at: arguments.range(of: .per))
      }
      let fields = [Field("period", .period(grain))] + Churn.summaryFields(amount: source.amountMeasure)
      output = TableInfo(name: arguments.table.name, schema: Schema(fields + [Field("complete", .boolean)]))
    } else {
      output = TableInfo(
        name: arguments.table.name,
        schema: Schema(Churn.fields(customer: source.customer, amount: source.amountMeasure, group: group?.field)),
        setRoles: [.customer: "customer", .date: "last_date", .amount: "amount"],
        summary: Schema((group.map { [$0.field] } ?? []) + Churn.summaryFields(amount: source.amountMeasure)))
    }
  }

  package func analyse(_ input: Relation, _ context: CommandContext) throws -> AnalysisResult {
    try explaining(arguments) {
      let (days, assumed) = try limitDays(input, context)
      if let grain { return try byPeriod(input, context, grain: grain, days: days, assumed: assumed) }
      let customers = try source.customers(input, context, group: group, asOf: arguments.date("as_of"))
      let result = try Churn.analyse(
        customers.rows, limitDays: days, asOf: customers.asOf, customer: source.customer,
        amount: source.amountMeasure, order: customers.groupOrder)
      var notes: [Note] = []
      let asOf = arguments.isGiven("as_of") ? nil : customers.asOf
      if let note = source.assumed(asOf: asOf, assumed) { notes.append(note) }
      notes += customers.leftOut
      notes.append(RetentionNarrative.churnNote(limitDays: days, asOf: customers.asOf))
      notes.append(Note(.definition, Definitions.churn))
      return AnalysisResult(
        result.table, summary: result.summary, headline: RetentionNarrative.churn(result), chart: chart(result),
        notes: notes)
    }
  }

  /// The groups' rates with their intervals; without groups, how long ago the last orders are.
  private func chart(_ result: Churn.Result) -> DefaultChart {
    let (table, summary, overall) = (result.table, result.summary, result.overall.churned.rate)
    return DefaultChart { [group] () throws(ChartError) in
      guard let group else {
        return try Chart.histogram(table, value: "recency_days").titled("Days since the last order")
      }
      return try Chart.intervals(
        summary, category: group.name, value: "churn_rate", lower: "lower", upper: "upper", target: overall)
    }
  }

  /// The limit that was written, or the 90th percentile of the gaps between orders.
  private func limitDays(_ input: Relation, _ context: CommandContext) throws -> (days: Int, assumed: [String]) {
    if let limit { return (limit, []) }
    guard let orders = try source.orders(input, context) else {
      throw Diagnostic.needsTransactions("churn", table: arguments.table.name, at: arguments.range)
    }
    guard let gap = orders.gap(quantile: 0.9) else { throw AnalysisError.noRepeatOrders }
    return (gap, ["limit = \(Words.count(gap, "day")) (90th percentile of the days between orders)"])
  }

  private func byPeriod(
    _ input: Relation, _ context: CommandContext, grain: Grain, days: Int, assumed: [String]
  ) throws -> AnalysisResult {
    guard let roles = source.transactions else {
      throw Diagnostic.needsTransactions("churn per", table: arguments.table.name, at: arguments.range(of: .per))
    }
    let states = try Churn.byPeriod(
      try roles.source(input, context), grain: grain, limitDays: days, engine: context,
      cancellation: context.cancellation)
    let table = Churn.table(states, grain: grain, amount: source.amountMeasure)
    var notes: [Note] = []
    if let note = source.assumed(asOf: nil, assumed) { notes.append(note) }
    notes += [Definitions.churnByPeriod, Definitions.completePeriod].map { Note(.definition, $0) }
    let chart = DefaultChart { () throws(ChartError) in
      try Chart.line(table, x: "period", y: ["churn_rate"], complete: "complete")
    }
    return AnalysisResult(
      table, headline: RetentionNarrative.churnByPeriod(states, limitDays: days), chart: chart, notes: notes)
  }
}
