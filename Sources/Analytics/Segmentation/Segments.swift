import Columnar

/// What an analysis that puts customers into segments gives: a row for each customer, and one for each segment.
package struct Segmentation: Sendable {
  /// The customers with their segment, in the order of their keys.
  package let table: Table
  /// One row for each segment: segment, customers, share, amount, amount_share, recency_days, orders.
  package let summary: Table
  package let segments: [SegmentFacts]
  package let asOf: CivilDate
  package let coverage: Coverage
  /// The number of customers.
  package var customers: Int { table.rowCount }
}

/// The numbers of one segment.
package struct SegmentFacts: Hashable, Sendable {
  package let name: String
  package let customers: Int
  /// Share of all customers, 0…1.
  package let share: Double
  package let amount: Double
  /// Share of the amount of all customers, 0…1; nil when that is 0.
  package let amountShare: Double?
  /// Mean days since the last order; nil for an empty segment, or one whose customers never ordered.
  package let recencyDays: Double?
  /// Mean number of orders; nil for an empty segment.
  package let orders: Double?
}

/// Adds customers up by segment.
package enum SegmentSummary {
  /// The facts of each named segment, in the order given, segments without customers included.
  ///
  /// - Parameters:
  ///   - names: the segments
  ///   - member: for each customer the segment's place in `names`
  ///   - recency: days since the last order; nil for a customer without any
  static func facts(names: [String], member: [Int], amount: [Double], recency: [Int?], orders: [Int]) -> [SegmentFacts]
  {
    let total = amount.reduce(0, +)
    return names.indices.map { segment in
      let rows = member.indices.filter { member[$0] == segment }
      let sum = rows.reduce(0.0) { $0 + amount[$1] }
      let seen = rows.compactMap { recency[$0] }
      return SegmentFacts(
        name: names[segment], customers: rows.count,
        share: member.isEmpty ? 0 : Double(rows.count) / Double(member.count), amount: sum,
        amountShare: total == 0 ? nil : sum / total,
        recencyDays: seen.isEmpty ? nil : Double(seen.reduce(0, +)) / Double(seen.count),
        orders: rows.isEmpty ? nil : Double(rows.reduce(0) { $0 + orders[$1] }) / Double(rows.count))
    }
  }

  /// The columns of the summary.
  package static func fields(amount: Measure) -> [Field] {
    [
      Field("segment", .text), Field("customers", .integer, measure: .count), Field("share", .real, measure: .percent),
      Field("amount", .real, measure: amount), Field("amount_share", .real, measure: .percent),
      Field("recency_days", .real, measure: .days), Field("orders", .real),
    ]
  }

  /// The facts as a table.
  static func table(_ facts: [SegmentFacts], amount: Measure) -> Table {
    Table(
      schema: Schema(fields(amount: amount)),
      columns: [
        .text(facts.map(\.name)), .integer(facts.map { Int64($0.customers) }), .real(facts.map(\.share)),
        .real(facts.map(\.amount)), .real(facts.map(\.amountShare)), .real(facts.map(\.recencyDays)),
        .real(facts.map(\.orders)),
      ])
  }

  /// For each row the name of its segment, as a column.
  static func column(names: [String], member: [Int]) -> Column {
    var distinct: [String] = []
    let codes = names.map { name -> UInt32 in
      if let known = distinct.firstIndex(of: name) { return UInt32(known) }
      distinct.append(name)
      return UInt32(distinct.count - 1)
    }
    return Column(.text(codes: member.map { codes[$0] }, TextDictionary(distinct)))
  }
}
