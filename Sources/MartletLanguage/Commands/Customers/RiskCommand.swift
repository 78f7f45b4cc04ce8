import Analytics
import Charts
import Columnar
import Query

/// `risk`: the recent amount of segments that could be lost.
package struct RiskCommand: AnalysisCommand {
  package static let spec = CommandSpec(
    "risk", summary: "Reckons the recent amount of segments that could be lost.",
    doc: """
      The amount of the last months of a segment's customers × weight. The weight is the segment's churn rate (limit: the \
      90th percentile of the days between orders), or a number; 1 takes all of it. It is a ceiling. The orders are those \
      that `segment` looked at.
      """,
    subject: SubjectSpec(.labels, 1...26, placeholder: "SEGMENT", doc: "The segments."),
    options: [
      OptionSpec("over", .duration, default: "12 months", doc: "How far back the amount goes."),
      OptionSpec("weight", .either(["churn"], .number(0...1)), default: "churn", doc: "The part that is at risk."),
    ],
    output: [
      OutputColumn("segment", "The segment."), OutputColumn("customers", "Its customers."),
      OutputColumn("amount", "Their amount in the months looked at."), OutputColumn("weight", "The part at risk."),
      OutputColumn("at_risk", "amount × weight."),
      OutputColumn("share_of_total", "at_risk over the amount of all customers in those months."),
    ],
    chart: "Bars of the amount at risk.",
    examples: [
      Example(
        "What is at stake in the segments that slip away?",
        "rfm = sales | segment rfm\nrfm | risk \"At Risk\", Lost over=12 months weight=1")
    ],
    searchWords: ["revenue at risk", "exposure"])

  private let arguments: Arguments
  private let segments: [String]
  private let amountMeasure: Measure
  package let output: TableInfo?

  package init(checking arguments: Arguments) throws(Diagnostic) {
    self.arguments = arguments
    let schema = arguments.table.schema
    guard schema["segment"]?.type == .text, schema["customer"] != nil, schema["recency_days"] != nil,
      schema["last_date"] != nil
    else { throw .needsSegments("risk", table: arguments.table.name, at: arguments.range) }
    segments = try arguments.labels()
    amountMeasure = schema["amount"]?.measure ?? .plain
    output = TableInfo(name: arguments.table.name, schema: Schema(AmountAtRisk.fields(amount: amountMeasure)))
  }

  package func analyse(_ input: Relation, _ context: CommandContext) throws -> AnalysisResult {
    try explaining(arguments) {
      guard let origin = SegmentOrigin(input.info, arguments), origin.amount != nil else {
        throw Diagnostic.needsTransactions("risk", table: input.info.name, at: arguments.range)
      }
      let reader = try CustomerTable(arguments)
      let customers = try reader.customers(input, context, group: nil, asOf: nil)
      let over = arguments.duration("over") ?? CalendarDuration(months: 12)
      let back = customers.asOf.adding(months: -over.months)
      let since = CivilDate(days: back.days &- Int32(clamping: over.days))
      let source = try origin.source(context)
      let (weight, definition) = try weight(source, context)
      let columns = ["customer", "recency_days", "segment"].map { NamedExpr($0, .column($0)) }
      let table = try context.run(.project(input.plan, columns))
      let rows = try AmountAtRisk.analyse(
        table, segments: segments, weight: weight, source: source, since: since, engine: context,
        cancellation: context.cancellation)
      let answer = AmountAtRisk.table(rows, amount: amountMeasure)
      let chart = DefaultChart { () throws(ChartError) in
        try Chart.bar(answer, category: "segment", value: ["at_risk"])
      }
      return AnalysisResult(
        answer, headline: RankingNarrative.risk(rows, span: ValueFormat.text(over), amount: amountMeasure),
        chart: chart,
        notes: [
          Note(.assumed, "months looked at: \(since) to \(CivilDate(days: customers.asOf.days &- 1))"),
          Note(.definition, definition), Note(.definition, Definitions.risk),
        ])
    }
  }

  private func weight(_ source: TransactionSource, _ context: CommandContext) throws
    -> (AmountAtRisk.Weight, definition: String)
  {
    if arguments.text("weight") != "churn", let share = arguments.real("weight") {
      return (.fixed(share), "weight = \(NumberWords.plain(share)), as written")
    }
    let orders = try OrderDays(source, engine: context, cancellation: context.cancellation)
    guard let limit = orders.gap(quantile: 0.9) else { throw AnalysisError.noRepeatOrders }
    return (
      .churnRate(limitDays: limit),
      "weight = share of the segment's customers without an order for more than \(Words.count(limit, "day"))"
    )
  }
}
