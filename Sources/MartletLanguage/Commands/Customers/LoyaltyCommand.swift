import Analytics
import Charts
import Columnar
import Query

/// `loyalty`: after how many orders customers come back.
package struct LoyaltyCommand: AnalysisCommand {
  package static let spec = CommandSpec(
    "loyalty", summary: "Finds after how many orders customers come back.",
    doc: """
      One row for each number of orders that at least 30 customers have reached: how many of them ordered once more, with \
      the Wilson interval at 95 %. The threshold is the first rate at the target; later dips below it are named. Without \
      `within`, customers who bought just now count as not yet returned.
      """,
    clauses: [
      ClauseSpec(
        .by, .expressions, placeholder: "CUSTOMER", doc: "Who or what comes back.", default: "the customer role")
    ],
    options: [
      OptionSpec("target", .share, default: "80%", doc: "The return rate that is looked for."),
      OptionSpec(
        "within", .duration,
        doc: "Count only returns within this time, and only customers who were observed that long after the order."),
      OptionSpec("date", .column(.date), doc: "The date column."),
    ],
    output: [
      OutputColumn("purchases", "Orders placed so far."),
      OutputColumn("customers", "Customers with that many or more."),
      OutputColumn("returned", "Those of them who ordered once more."),
      OutputColumn("return_rate", "Returned over customers."),
      OutputColumn("lower", "Lower end of the 95 % interval."),
      OutputColumn("upper", "Upper end of the 95 % interval."),
      OutputColumn("is_threshold", "True for the first rate at the target."),
    ],
    chart: "The return rate by number of orders, with the target as a line.",
    examples: [
      Example("After how many orders do four in five customers come back?", "sales | loyalty target=80%"),
      Example("The same, counting only returns within half a year.", "sales | loyalty target=50% within=180 days"),
    ],
    searchWords: ["repeat purchase", "return rate", "threshold"])

  private let arguments: Arguments
  private let roles: CustomerTransactions
  private let target: DecimalThreshold
  private let within: Int?
  package let output: TableInfo?

  package init(checking arguments: Arguments) throws(Diagnostic) {
    self.arguments = arguments
    roles = try CustomerTransactions(arguments, usesAmount: false)
    guard let target = DecimalThreshold(arguments.real("target") ?? 0.8) else {
      throw .shareRange("target", arguments.value("target"), at: arguments.range(of: "target"))
    }
    self.target = target
    within = try arguments.duration("within").map { duration throws(Diagnostic) in
      guard let days = duration.wholeDays, days > 0 else {
        throw .durationInDays("within", at: arguments.range(of: "within"))
      }
      return days
    }
    output = TableInfo(name: arguments.table.name, schema: Schema(LoyaltyThreshold.fields))
  }

  package func analyse(_ input: Relation, _ context: CommandContext) throws -> AnalysisResult {
    try explaining(arguments) {
      let source = try roles.source(input, context)
      let coverage = try Coverage(
        source.plan, entity: source.customer, date: source.date, engine: context,
        cancellation: context.cancellation)
      guard let asOf = coverage.dayAfter else { throw AnalysisError.noRows }
      let orders = try OrderDays(source, engine: context, cancellation: context.cancellation)
      let result = LoyaltyThreshold(orders, target: target, within: within, asOf: asOf)
      let table = result.table
      var notes: [Note] = []
      if let assumed = roles.assumed(asOf: within == nil ? nil : asOf) { notes.append(assumed) }
      notes += roles.leftOut(coverage)
      notes.append(
        Note(.definition, within.map { Definitions.returnRate(withinDays: $0) } ?? Definitions.returnRate))
      notes.append(Note(.definition, "threshold = first number of orders at the target; rows while ≥ 30 customers"))
      let chart = DefaultChart { [target = target.value] () throws(ChartError) in
        try Chart.line(table, x: "purchases", y: ["return_rate"], target: target)
      }
      return AnalysisResult(
        table, headline: RetentionNarrative.loyalty(result, target: target.value), chart: chart, notes: notes)
    }
  }
}

extension CalendarDuration {
  /// The length in days, a month taken as 30.4375 of them; nil when it has a part shorter than a day.
  var wholeDays: Int? {
    guard microseconds % Timestamp.perDay == 0 else { return nil }
    let clock = Int(truncatingIfNeeded: microseconds / Timestamp.perDay)
    guard (-120_000...120_000).contains(months), (-4_000_000...4_000_000).contains(days) else { return nil }
    return Int((Double(months) * 30.4375).rounded()) + days + clock
  }
}
