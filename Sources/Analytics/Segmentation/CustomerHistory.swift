import Columnar
import Query

/// Where the rows of transactions are and which of their columns mean what.
package struct TransactionSource: Sendable {
  package var plan: LogicalPlan
  package var customer: Expr
  /// The order number; without one each row is an order of its own.
  package var order: Expr?
  package var date: Expr
  package var amount: Expr?
  package var quantity: Expr?

  /// Names the parts of a plan over transactions.
  package init(
    _ plan: LogicalPlan, customer: Expr, date: Expr, order: Expr? = nil, amount: Expr? = nil, quantity: Expr? = nil
  ) {
    self.plan = plan
    self.customer = customer
    self.order = order
    self.date = date
    self.amount = amount
    self.quantity = quantity
  }

  /// The rows that have both a customer and a date.
  package var complete: LogicalPlan {
    .filter(plan, .and(.not(.isMissing(customer)), .not(.isMissing(date))), label: nil)
  }
}

/// What the rows of a table cover: how many there are, and the calendar days that they span.
package struct Coverage: Hashable, Sendable {
  /// All rows.
  package let rows: Int
  /// Rows without the entity (customer, product, order) that is looked at.
  package let rowsWithoutEntity: Int
  /// Rows without a date.
  package let rowsWithoutDate: Int
  /// The first and the last day; nil when no row has a date.
  package let firstDay: CivilDate?
  package let lastDay: CivilDate?

  /// Asks for the counts with one plan.
  package init(
    _ plan: LogicalPlan, entity: Expr, date: Expr, engine: any QueryEngine, cancellation: Cancellation
  ) throws {
    let aggregate = LogicalPlan.aggregate(
      plan, keys: [],
      [
        NamedAggregate("rows", .count), NamedAggregate("entities", .count, [entity]),
        NamedAggregate("dates", .count, [date]), NamedAggregate("first", .min, [date]),
        NamedAggregate("last", .max, [date]),
      ])
    let table = try engine.run(aggregate, cancellation: cancellation).table
    rows = try table.require("rows").integers().first ?? 0
    rowsWithoutEntity = rows - (try table.require("entities").integers().first ?? 0)
    let dated = try table.require("dates").integers().first ?? 0
    rowsWithoutDate = rows - dated
    firstDay = dated > 0 ? try table.require("first").days().first.map { CivilDate(days: $0) } : nil
    lastDay = dated > 0 ? try table.require("last").days().first.map { CivilDate(days: $0) } : nil
  }

  /// The share of rows without the entity, 0…1.
  package var shareWithoutEntity: Double { rows > 0 ? Double(rowsWithoutEntity) / Double(rows) : 0 }

  /// The day after the last one.
  package var dayAfter: CivilDate? { lastDay.map { CivilDate(days: $0.days &+ 1) } }
}

/// One row for each customer, in the order of their keys: first and last day, orders, amount and units.
package struct CustomerHistory: Sendable {
  /// The customers' keys, rising.
  package let customers: Column
  package let firstDay: [Int32]
  package let lastDay: [Int32]
  package let orders: [Int]
  package let amount: [Double]
  /// As the engine sums them; nil when the source names no quantity.
  package let units: Column?
  package let coverage: Coverage
  /// The day that recency is counted from.
  package let asOf: CivilDate

  /// The number of customers.
  package var count: Int { lastDay.count }

  /// Days from a customer's last order to the day of reckoning.
  package var recencyDays: [Int] { lastDay.map { Int(asOf.days) - Int($0) } }

  /// Adds up the transactions of each customer.
  ///
  /// - Parameter asOf: rows from this day on are left out; nil stands for the day after the last date
  package init(
    _ source: TransactionSource, asOf: CivilDate? = nil, engine: any QueryEngine, cancellation: Cancellation
  ) throws {
    coverage = try Coverage(
      source.plan, entity: source.customer, date: source.date, engine: engine, cancellation: cancellation)
    guard let day = asOf ?? coverage.dayAfter else { throw AnalysisError.noRows }
    self.asOf = day
    var rows = source.complete
    if asOf != nil { rows = .filter(rows, .compare(.less, source.date, .literal(.date(day))), label: nil) }
    var measures = [
      NamedAggregate("first", .min, [source.date]), NamedAggregate("last", .max, [source.date]),
      source.order.map { NamedAggregate("orders", .countDistinct, [$0]) } ?? NamedAggregate("orders", .count),
    ]
    if let amount = source.amount { measures.append(NamedAggregate("amount", .sum, [amount])) }
    if let quantity = source.quantity { measures.append(NamedAggregate("units", .sum, [quantity])) }
    let plan = LogicalPlan.sort(
      .aggregate(rows, keys: [NamedExpr("customer", source.customer)], measures), [SortKey(.column("customer"))])
    let table = try engine.run(plan, cancellation: cancellation).table
    customers = try table.require("customer")
    firstDay = try table.require("first").days()
    lastDay = try table.require("last").days()
    orders = try table.require("orders").integers()
    amount =
      try source.amount == nil ? [Double](repeating: 0, count: table.rowCount) : table.require("amount").doubles()
    units = try source.quantity == nil ? nil : table.require("units")
    if table.rowCount == 0 { throw AnalysisError.noRows }
  }
}
