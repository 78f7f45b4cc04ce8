import Columnar
import Query

/// The recent amount of segments, weighted with the chance to lose it.
package enum AmountAtRisk {
  /// How much of a segment's amount is at risk.
  package enum Weight: Hashable, Sendable {
    /// The share of the segment's customers whose last order is longer ago than this many days.
    case churnRate(limitDays: Int)
    /// The same share for all segments, 0…1.
    case fixed(Double)
  }

  /// One segment.
  package struct Row: Hashable, Sendable {
    package let segment: String
    package let customers: Int
    /// The amount of the months that were looked at.
    package let amount: Double
    package let weight: Double
    package let atRisk: Double
    /// At risk, over the amount of all customers in the same months; nil when that is 0.
    package let shareOfTotal: Double?
  }

  /// The columns of the result.
  package static func fields(amount: Measure) -> [Field] {
    [
      Field("segment", .text), Field("customers", .integer, measure: .count), Field("amount", .real, measure: amount),
      Field("weight", .real, measure: .percent), Field("at_risk", .real, measure: amount),
      Field("share_of_total", .real, measure: .percent),
    ]
  }

  /// Adds up each customer's amount of the last months, and weights it by segment.
  ///
  /// - Parameters:
  ///   - customers: a table with the columns `customer`, `recency_days` and `segment`
  ///   - source: the transactions that it was made from
  ///   - since: rows from this day on count
  package static func analyse(
    _ customers: Table, segments: [String], weight: Weight, source: TransactionSource, since: CivilDate,
    engine: any QueryEngine, cancellation: Cancellation
  ) throws -> [Row] {
    let members = try SegmentMembers(customers)
    let recent = LogicalPlan.filter(
      source.complete, .compare(.greaterOrEqual, source.date, .literal(.date(since))), label: nil)
    let sums = try engine.run(
      .aggregate(
        recent, keys: [NamedExpr("customer", source.customer)],
        [NamedAggregate("amount", .sum, source.amount.map { [$0] } ?? [.literal(.real(0))])]),
      cancellation: cancellation
    ).table
    let keys = try sums.require("customer")
    let amounts = try sums.require("amount").doubles()
    var amountOf: [Value: Double] = [:]
    for row in 0..<sums.rowCount { amountOf[keys[row]] = amounts[row] }
    let total = amounts.reduce(0, +)
    let customerKeys = try customers.require("customer")
    let recency = try customers.require("recency_days")
    let days = recency.integers()

    var result: [Row] = []
    for name in segments {
      let rows = try members.rows(of: name)
      let amount = rows.reduce(0.0) { $0 + (amountOf[customerKeys[$1]] ?? 0) }
      let share: Double
      switch weight {
      case .fixed(let value): share = value
      case .churnRate(let limit):
        let seen = rows.filter { !recency.isMissing($0) }
        share = Proportion(seen.count { days[$0] > limit }, of: seen.count).rate ?? 0
      }
      result.append(
        Row(
          segment: name, customers: rows.count, amount: amount, weight: share, atRisk: amount * share,
          shareOfTotal: total == 0 ? nil : amount * share / total))
    }
    return result
  }

  /// The rows as a table.
  package static func table(_ rows: [Row], amount: Measure) -> Table {
    Table(
      schema: Schema(fields(amount: amount)),
      columns: [
        .text(rows.map(\.segment)), .integer(rows.map { Int64($0.customers) }), .real(rows.map(\.amount)),
        .real(rows.map(\.weight)), .real(rows.map(\.atRisk)), .real(rows.map(\.shareOfTotal)),
      ])
  }
}
