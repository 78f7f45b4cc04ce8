import Columnar
import Query

extension Churn {
  /// The state at the end of one period.
  package struct PeriodState: Hashable, Sendable {
    package let period: Period
    /// Customers who had ordered by the end of the period, and how many of them were silent for longer than the limit.
    package let churned: Proportion
    /// The amount, up to then, of the churned customers.
    package let amountLost: Double
    /// Whether the data cover the whole period.
    package let complete: Bool
  }

  /// Looks back from the day after each period: who had ordered by then, and who of them was gone.
  ///
  /// The last period is looked back on from the day after the last date when the data end within it.
  package static func byPeriod(
    _ source: TransactionSource, grain: Grain, limitDays: Int, engine: any QueryEngine, cancellation: Cancellation
  ) throws -> [PeriodState] {
    let coverage = try Coverage(
      source.plan, entity: source.customer, date: source.date, engine: engine, cancellation: cancellation)
    guard let first = coverage.firstDay, let last = coverage.lastDay else { throw AnalysisError.noRows }
    var measures = [NamedAggregate("rows", .count)]
    if let amount = source.amount { measures.append(NamedAggregate("amount", .sum, [amount])) }
    let plan = LogicalPlan.aggregate(
      source.complete,
      keys: [NamedExpr("customer", source.customer), NamedExpr("day", .call(.date, [source.date]))], measures)
    let table = try engine.run(plan, cancellation: cancellation).table
    let customers = KeyCodes(try table.require("customer"))
    let days = try table.require("day").days()
    let amounts = try source.amount == nil ? [] : table.require("amount").doubles()
    let order = days.indices.sorted { (days[$0], $0) < (days[$1], $1) }

    let length = Int(Period(grain, containing: first).end.days - Period(grain, containing: first).start.days) + 1
    let spanned = Int(last.days) - Int(first.days)
    if spanned / length > 5000 {
      throw AnalysisError.tooManyPeriods(spanned / length)
    }
    var lastSeen = [Int32?](repeating: nil, count: customers.count)
    var spent = [Double](repeating: 0, count: customers.count)
    var states: [PeriodState] = []
    var next = 0
    var period = Period(grain, containing: first)
    while period.start <= last {
      try cancellation.check()
      while next < order.count, days[order[next]] <= period.end.days {
        let row = order[next]
        let customer = Int(customers.codes[row])
        lastSeen[customer] = days[row]
        if !amounts.isEmpty { spent[customer] += amounts[row] }
        next += 1
      }
      let asOf = min(period.end, last).days &+ 1
      var seen = 0
      var gone = 0
      var lost = 0.0
      for (customer, day) in lastSeen.enumerated() {
        guard let day else { continue }
        seen += 1
        if Int(asOf) - Int(day) > limitDays {
          gone += 1
          lost += spent[customer]
        }
      }
      states.append(
        PeriodState(
          period: period, churned: Proportion(gone, of: seen), amountLost: lost, complete: period.end <= last))
      period = period.advanced(by: 1)
    }
    return states
  }

  /// The states as a table: period, customers, churned, churn_rate, lower, upper, amount_lost, complete.
  package static func table(_ states: [PeriodState], grain: Grain, amount: Measure) -> Table {
    let intervals = states.map { $0.churned.interval() }
    let columns: [Column] = [
      .integer(states.map { Int64($0.churned.trials) }), .integer(states.map { Int64($0.churned.successes) }),
      .real(states.map(\.churned.rate)), .real(intervals.map { $0?.lowerBound }),
      .real(intervals.map { $0?.upperBound }), .real(states.map(\.amountLost)),
    ]
    return Table(
      [(Field("period", .period(grain)), .period(states.map(\.period.start), grain))]
        + zip(summaryFields(amount: amount), columns)
        + [(Field("complete", .boolean), .boolean(states.map(\.complete)))])
  }
}
