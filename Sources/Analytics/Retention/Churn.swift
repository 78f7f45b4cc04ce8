import Columnar
import Query

/// Who has not ordered for longer than a limit.
package enum Churn {
  /// The customers of one group and how many of them are gone.
  package struct Group: Hashable, Sendable {
    /// The group's value; `missing` for the whole.
    package let key: Value
    package let churned: Proportion
    /// The amount of the churned customers.
    package let amountLost: Double
  }

  /// What was found.
  package struct Result: Sendable {
    /// One row a customer: customer, last_date, recency_days, amount, churned; with a group column when there is one.
    package let table: Table
    /// One row a group: G, customers, churned, churn_rate, lower, upper, amount_lost.
    package let summary: Table
    package let groups: [Group]
    /// All customers.
    package let overall: Group
    package let asOf: CivilDate
    package let limitDays: Int
  }

  /// One row a customer, from transactions or from an earlier analysis.
  package struct Customers: Sendable {
    package var keys: Column
    /// The last order, in days since 1970-01-01; nil for customers who never ordered, who are left out.
    package var lastDay: [Int32?]
    package var amount: [Double]
    /// A group for each customer, with its field; nil when customers are not grouped.
    package var group: (field: Field, column: Column)?

    /// Takes columns of one length.
    package init(keys: Column, lastDay: [Int32?], amount: [Double], group: (field: Field, column: Column)? = nil) {
      self.keys = keys
      self.lastDay = lastDay
      self.amount = amount
      self.group = group
    }
  }

  /// The columns of the customers' table.
  package static func fields(customer: Field, amount: Measure, group: Field?) -> [Field] {
    [
      Field("customer", customer.type, measure: customer.measure), Field("last_date", .date),
      Field("recency_days", .integer, measure: .days), Field("amount", .real, measure: amount),
      Field("churned", .boolean),
    ] + (group.map { [$0] } ?? [])
  }

  /// Marks customers whose last order is more than `limitDays` before `asOf`, and counts them by group.
  ///
  /// Rates have the interval of Wilson (1927) at 95 %. Groups come in the order of `order`, or of their first customer.
  package static func analyse(
    _ customers: Customers, limitDays: Int, asOf: CivilDate, customer: Field, amount: Measure, order: [String] = []
  ) throws(AnalysisError) -> Result {
    let rows = customers.lastDay.indices.filter { customers.lastDay[$0] != nil }
    if rows.isEmpty { throw AnalysisError.noRows }
    let last = rows.map { customers.lastDay[$0] ?? 0 }
    let recency = last.map { Int(asOf.days) - Int($0) }
    let churned = recency.map { $0 > limitDays }
    let sums = rows.map { customers.amount[$0] }
    let grouping = customers.group.map { ($0.field, $0.column.taking(rows)) }
    var columns = [
      customers.keys.taking(rows), Column(.date(last)), .integer(recency.map(Int64.init)), .real(sums),
      .boolean(churned),
    ]
    if let grouping { columns.append(grouping.1) }
    let schema = Schema(fields(customer: customer, amount: amount, group: grouping?.0))

    func count(_ key: Value, _ members: [Int]) -> Group {
      let gone = members.filter { churned[$0] }
      return Group(
        key: key, churned: Proportion(gone.count, of: members.count),
        amountLost: gone.reduce(0.0) { $0 + sums[$1] })
    }
    let overall = count(.missing, Array(last.indices))
    var groups = [overall]
    if let grouping { groups = membersByKey(grouping.1, order: order).map { count($0.key, $0.rows) } }
    return Result(
      table: Table(schema: schema, columns: columns),
      summary: summary(groups, key: grouping?.0, amount: amount), groups: groups, overall: overall, asOf: asOf,
      limitDays: limitDays)
  }

  /// The rows of each group, in a named order first, then by first appearance; missing last.
  static func membersByKey(_ column: Column, order: [String]) -> [(key: Value, rows: [Int])] {
    let codes = KeyCodes(column)
    var rows = [[Int]](repeating: [], count: codes.count)
    var missing: [Int] = []
    var appeared: [Int] = []
    for row in 0..<column.count {
      if column.isMissing(row) {
        missing.append(row)
        continue
      }
      let code = Int(codes.codes[row])
      if rows[code].isEmpty { appeared.append(code) }
      rows[code].append(row)
    }
    var groups = appeared.map { (key: codes.value($0), rows: rows[$0]) }
    func place(_ key: Value) -> Int {
      if case .text(let name) = key { order.firstIndex(of: name) ?? order.count } else { order.count }
    }
    groups = groups.enumerated().sorted { (place($0.1.key), $0.0) < (place($1.1.key), $1.0) }.map(\.1)
    if !missing.isEmpty { groups.append((key: .missing, rows: missing)) }
    return groups
  }

  /// The columns that follow the group's in the summary.
  package static func summaryFields(amount: Measure) -> [Field] {
    [
      Field("customers", .integer, measure: .count), Field("churned", .integer, measure: .count),
      Field("churn_rate", .real, measure: .percent), Field("lower", .real, measure: .percent),
      Field("upper", .real, measure: .percent), Field("amount_lost", .real, measure: amount),
    ]
  }

  private static func summary(_ groups: [Group], key: Field?, amount: Measure) -> Table {
    var pairs: [(Field, Column)] = []
    if let key { pairs.append((key, .of(key.type, groups.map(\.key)))) }
    let intervals = groups.map { $0.churned.interval() }
    let columns: [Column] = [
      .integer(groups.map { Int64($0.churned.trials) }), .integer(groups.map { Int64($0.churned.successes) }),
      .real(groups.map(\.churned.rate)), .real(intervals.map { $0?.lowerBound }),
      .real(intervals.map { $0?.upperBound }), .real(groups.map(\.amountLost)),
    ]
    return Table(pairs + zip(summaryFields(amount: amount), columns))
  }
}
