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
  /// The first day; nil when no row has a date, or where nobody asked for it.
  package let firstDay: CivilDate?
  /// The last day; nil when no row has a date.
  package let lastDay: CivilDate?

  /// Takes counts that an analysis has found on its way.
  init(rows: Int, rowsWithoutEntity: Int, rowsWithoutDate: Int, lastDay: CivilDate?) {
    self.rows = rows
    self.rowsWithoutEntity = rowsWithoutEntity
    self.rowsWithoutDate = rowsWithoutDate
    self.lastDay = lastDay
    firstDay = nil
  }

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

/// One row for each customer, in the order of their keys: last day, orders, amount and units.
package struct CustomerHistory: Sendable {
  /// The customers' keys, rising.
  package let customers: Column
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
    func sums(_ rows: LogicalPlan) throws -> Table {
      try engine.run(CustomerHistory.sums(source, rows), cancellation: cancellation).table
    }
    // One pass counts what is missing as well; only dates that are missing, or too late, need another without those rows.
    var table = try sums(source.plan)
    coverage = try CustomerHistory.coverage(table)
    guard let day = asOf ?? coverage.dayAfter else { throw AnalysisError.noRows }
    self.asOf = day
    if asOf != nil {
      let before = Expr.compare(.less, source.date, .literal(.date(day)))
      table = try sums(.filter(source.complete, before, label: nil))
    } else if coverage.rowsWithoutDate > 0 {
      table = try sums(source.complete)
    }
    let keys = try table.require("customer")
    if keys.missingCount > 0 { table = table.taking((0..<table.rowCount).filter { !keys.isMissing($0) }) }
    customers = try table.require("customer")
    lastDay = try table.require("last").days()
    orders = try table.require("orders").integers()
    amount =
      try source.amount == nil ? [Double](repeating: 0, count: table.rowCount) : table.require("amount").doubles()
    units = try source.quantity == nil ? nil : table.require("units")
    if table.rowCount == 0 { throw AnalysisError.noRows }
  }

  /// One row a customer, and one for the rows that name none.
  private static func sums(_ source: TransactionSource, _ rows: LogicalPlan) -> LogicalPlan {
    var measures = [
      NamedAggregate("rows", .count), NamedAggregate("dates", .count, [source.date]),
      NamedAggregate("last", .max, [source.date]),
      source.order.map { NamedAggregate("orders", .countDistinct, [$0]) } ?? NamedAggregate("orders", .count),
    ]
    if let amount = source.amount { measures.append(NamedAggregate("amount", .sum, [amount])) }
    if let quantity = source.quantity { measures.append(NamedAggregate("units", .sum, [quantity])) }
    return .sort(
      .aggregate(rows, keys: [NamedExpr("customer", source.customer)], measures), [SortKey(.column("customer"))])
  }

  private static func coverage(_ sums: Table) throws(AnalysisError) -> Coverage {
    let keys = try sums.require("customer")
    let last = try sums.require("last")
    let (rows, dates, days) = (try sums.require("rows").integers(), try sums.require("dates").integers(), last.days())
    let all = rows.reduce(0, +)
    let lastDay = days.indices.filter { !last.isMissing($0) }.map { days[$0] }.max()
    return Coverage(
      rows: all, rowsWithoutEntity: rows.indices.reduce(0) { $0 + (keys.isMissing($1) ? rows[$1] : 0) },
      rowsWithoutDate: all - dates.reduce(0, +), lastDay: lastDay.map { CivilDate(days: $0) })
  }
}
