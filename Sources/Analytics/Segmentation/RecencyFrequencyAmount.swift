import Columnar
import Query

/// Segments customers by how recently, how often and for how much they bought (Hughes 1994, "Strategic Database Marketing").
package struct RecencyFrequencyAmount: Sendable {
  /// How scores become segments.
  package enum Scheme: String, CaseIterable, Hashable, Sendable {
    /// Champions, Loyal, Potential Loyalists, At Risk, Lost.
    case five = "5"
    /// The finer map over recency and the mean of frequency and amount.
    case eleven = "11"
    /// High, medium and low value, by the sum of the three scores.
    case value
  }

  package var scheme: Scheme
  /// Scores run from 1 to this number.
  package var scores: Int

  /// Chooses scores of 1 … `scores` (at least 2) and a scheme.
  package init(scheme: Scheme = .five, scores: Int = 5) {
    self.scheme = scheme
    self.scores = max(scores, 2)
  }

  /// The columns of the customers' table.
  package static func fields(customer: Field, amount: Measure) -> [Field] {
    [
      Field("customer", customer.type, measure: customer.measure), Field("last_date", .date),
      Field("recency_days", .integer, measure: .days), Field("orders", .integer, measure: .count),
      Field("amount", .real, measure: amount), Field("r", .integer), Field("f", .integer), Field("m", .integer),
      Field("score", .integer), Field("segment", .text),
    ]
  }

  /// The segments' names, best first.
  package var names: [String] {
    switch scheme {
    case .five: ["Champions", "Loyal", "Potential Loyalists", "At Risk", "Lost"]
    case .eleven:
      [
        "Champions", "Loyal", "Potential Loyalists", "New Customers", "Promising", "Need Attention", "About To Sleep",
        "Cannot Lose Them", "At Risk", "Hibernating", "Lost",
      ]
    case .value: ["High Value", "Medium Value", "Low Value"]
    }
  }

  /// Scores each customer: ceil(scores × average rank ÷ n) of recency (recent is high), orders and amount.
  ///
  /// - Parameters:
  ///   - customer: type and measure of the customers' keys
  ///   - amount: what the amount counts
  package func analyse(_ history: CustomerHistory, customer: Field, amount: Measure) -> Segmentation {
    let recency = history.recencyDays
    let (r, f, m) = scored(history)
    let member = r.indices.map { segment(r: r[$0], f: f[$0], m: m[$0]) }
    let integers = { (values: [Int]) in Column(.integer(values.map { Int64($0) })) }
    let table = Table(
      schema: Schema(Self.fields(customer: customer, amount: amount)),
      columns: [
        history.customers, Column(.date(history.lastDay)), integers(recency), integers(history.orders),
        Column(.real(history.amount)), integers(r), integers(f), integers(m),
        integers(r.indices.map { r[$0] + f[$0] + m[$0] }),
        SegmentSummary.column(names: names, member: member),
      ])
    let facts = SegmentSummary.facts(
      names: names, member: member, amount: history.amount, recency: recency, orders: history.orders)
    return Segmentation(
      table: table, summary: SegmentSummary.table(facts, amount: amount), segments: facts, asOf: history.asOf,
      coverage: history.coverage)
  }

  /// The scores of recency, orders and amount, ranked side by side.
  private func scored(_ history: CustomerHistory) -> (r: [Int], f: [Int], m: [Int]) {
    let all = ParallelTasks.results(3) { task in
      switch task {
      // The amounts have the most distinct values and take the longest.
      case 0: Ranks.scores(history.amount, groups: scores)
      case 1: Ranks.scores(history.recencyDays.map { -Double($0) }, groups: scores)
      default: Ranks.scores(history.orders.map(Double.init), groups: scores)
      }
    }
    return (all[1], all[2], all[0])
  }

  /// The place in `names` of a customer with these scores.
  func segment(r: Int, f: Int, m: Int) -> Int {
    switch scheme {
    case .five:
      // Thresholds are written for scores up to 5; others are compared as shares of their maximum.
      func recent(_ score: Int) -> Bool { r * 5 >= score * scores }
      func valuable(_ score: Int) -> Bool { (f + m) * 5 >= 2 * score * scores }
      if recent(4), valuable(4) { return 0 }
      if recent(3) { return valuable(3) ? 1 : 2 }
      return valuable(2) ? 3 : 4
    case .eleven:
      let recency = (r * 5 + scores - 1) / scores
      let value = ((f + m) * 5 + 2 * scores - 1) / (2 * scores)
      return Self.elevenMap[min(max(recency, 1), 5) - 1][min(max(value, 1), 5) - 1]
    case .value:
      let sum = (r + f + m) * 5
      return sum >= 12 * scores ? 0 : sum >= 8 * scores ? 1 : 2
    }
  }

  /// Rows: recency 1 … 5; columns: mean of frequency and amount 1 … 5, rounded up; values: places in the list of eleven.
  private static let elevenMap = [
    [10, 10, 8, 8, 7],
    [9, 9, 8, 8, 7],
    [6, 6, 5, 1, 1],
    [4, 2, 2, 1, 1],
    [3, 2, 2, 0, 0],
  ]
}
