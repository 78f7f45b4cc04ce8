import Columnar
import Query

/// Puts customers into named tiers by what they spent or by how many orders they placed.
package enum CustomerTiers {
  /// Where one tier of spending ends and the next begins.
  package enum Cuts: Hashable, Sendable {
    /// Tiers of equal size, by ceil(tiers × average rank ÷ n).
    case quantiles
    /// Amounts, rising; a customer at a cut is in the tier above it.
    case amounts([Double])
  }

  /// The columns of the customers' table. `units` is whole when the quantities are.
  package static func fields(customer: Field, amount: Measure, units: DataType) -> [Field] {
    [
      Field("customer", customer.type, measure: customer.measure), Field("last_date", .date),
      Field("recency_days", .integer, measure: .days), Field("orders", .integer, measure: .count),
      Field("units", units, measure: .count), Field("amount", .real, measure: amount), Field("segment", .text),
    ]
  }

  /// Tiers by amount, the lowest first.
  ///
  /// - Parameter names: one name a tier; cuts by amounts need one cut fewer
  package static func bySpend(
    _ history: CustomerHistory, into names: [String], cuts: Cuts, customer: Field, amount: Measure, units: DataType
  ) -> Segmentation {
    let member: [Int]
    switch cuts {
    case .quantiles: member = Ranks.scores(history.amount, groups: names.count).map { $0 - 1 }
    case .amounts(let limits):
      member = history.amount.map { value in
        min(limits.count { Ranks.significant(value) >= $0 }, max(names.count - 1, 0))
      }
    }
    return segmentation(
      CustomerRows(history, units: units), member: member, names: names, customer: customer, amount: amount,
      units: units)
  }

  /// The names of the tiers by number of orders.
  package static let volumeNames = ["No Orders", "Low", "Mid", "High"]

  /// Tiers by number of orders: none, below the second limit, up to the third, above it.
  ///
  /// - Parameters:
  ///   - limits: the least count of Low, the least of Mid, the greatest of Mid
  ///   - others: keys of customers without any order, of the same type as the history's
  package static func byVolume(
    _ history: CustomerHistory, limits: [Double], others: Column?, customer: Field, amount: Measure, units: DataType
  ) -> Segmentation {
    var rows = CustomerRows(history, units: units)
    if let others { rows.append(withoutOrders: others) }
    let (low, mid, high) = (limits.first ?? 1, limits.dropFirst().first ?? 10, limits.dropFirst(2).first ?? 30)
    let member = rows.orders.map { count -> Int in
      let orders = Double(count)
      if orders < low { return 0 }
      if orders < mid { return 1 }
      return orders <= high ? 2 : 3
    }
    return segmentation(rows, member: member, names: volumeNames, customer: customer, amount: amount, units: units)
  }

  private static func segmentation(
    _ rows: CustomerRows, member: [Int], names: [String], customer: Field, amount: Measure, units: DataType
  ) -> Segmentation {
    let lastDate = Column(.date(rows.lastDay.map { $0 ?? 0 }), validity: Bitmap(rows.lastDay.map { $0 != nil }))
    let table = Table(
      schema: Schema(fields(customer: customer, amount: amount, units: units)),
      columns: [
        rows.customers, lastDate, .integer(rows.recency.map { $0.map(Int64.init) }),
        .integer(rows.orders.map(Int64.init)), rows.units, .real(rows.amount),
        SegmentSummary.column(names: names, member: member),
      ])
    let facts = SegmentSummary.facts(
      names: names, member: member, amount: rows.amount, recency: rows.recency, orders: rows.orders)
    return Segmentation(
      table: table, summary: SegmentSummary.table(facts, amount: amount), segments: facts, asOf: rows.asOf,
      coverage: rows.coverage)
  }
}

/// The columns of a customers' table on their way, with room for customers who never ordered.
struct CustomerRows {
  var customers: Column
  var lastDay: [Int32?]
  var orders: [Int]
  var amount: [Double]
  var units: Column
  let asOf: CivilDate
  let coverage: Coverage

  /// Days since the last order; nil for a customer without any.
  var recency: [Int?] { lastDay.map { $0.map { Int(asOf.days) - Int($0) } } }

  init(_ history: CustomerHistory, units type: DataType) {
    customers = history.customers
    lastDay = history.lastDay.map { $0 }
    orders = history.orders
    amount = history.amount
    units = CustomerRows.units(history.units, type: type, count: history.count)
    asOf = history.asOf
    coverage = history.coverage
  }

  /// Adds customers who have no order, behind those who have.
  mutating func append(withoutOrders keys: Column) {
    let type = customers.type
    let joined = (0..<customers.count).map { customers[$0] } + (0..<keys.count).map { keys[$0] }
    customers = .of(type, joined)
    lastDay += [Int32?](repeating: nil, count: keys.count)
    orders += [Int](repeating: 0, count: keys.count)
    amount += [Double](repeating: 0, count: keys.count)
    let counted = (0..<units.count).map { units[$0] }
    let zero: Value = units.type == .integer ? .integer(0) : .real(0)
    units = .of(units.type, counted + [Value](repeating: zero, count: keys.count))
  }

  /// The units in the announced type; all missing when the source has no quantity.
  private static func units(_ column: Column?, type: DataType, count: Int) -> Column {
    guard let column else { return .of(type, [Value](repeating: .missing, count: count)) }
    if column.type == type { return column }
    let values = column.doubles()
    if type == .integer { return .integer(column.integers().map(Int64.init)) }
    return .real(values)
  }
}
