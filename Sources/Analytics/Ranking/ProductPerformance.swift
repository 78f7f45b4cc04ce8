import Columnar
import Query

/// Products by what they bring in and how many are sold, and how long their stock lasts.
package struct ProductPerformance: Sendable {
  /// Where a product stands by amount and by units; a rank is the share of products that are not better.
  package enum Standing: String, CaseIterable, Hashable, Sendable {
    /// In the upper quarter by both.
    case star = "Star"
    /// In the upper quarter by units only.
    case volume = "Volume"
    /// In the upper quarter by amount only.
    case premium = "Premium"
    case core = "Core"
    /// In the lower quarter by both.
    case underperformer = "Underperformer"
  }

  /// How the stock compares with what is sold.
  package enum StockFlag: String, CaseIterable, Hashable, Sendable {
    case out = "Out of stock"
    /// Gone in less than 14 days at the present velocity.
    case low = "Low"
    case ok = "OK"
    /// Lasts for more than 180 days.
    case excess = "Excess"
    /// There is stock, and nothing was sold in the window.
    case idle = "No sales"
  }

  /// The parts of an order line.
  package struct Source: Sendable {
    package var plan: LogicalPlan
    package var product: Expr
    package var name: Expr?
    package var order: Expr?
    package var date: Expr
    package var amount: Expr
    package var quantity: Expr?
    package var stock: Expr?

    /// Names the parts of a plan over order lines.
    package init(
      _ plan: LogicalPlan, product: Expr, date: Expr, amount: Expr, name: Expr? = nil, order: Expr? = nil,
      quantity: Expr? = nil, stock: Expr? = nil
    ) {
      self.plan = plan
      self.product = product
      self.name = name
      self.order = order
      self.date = date
      self.amount = amount
      self.quantity = quantity
      self.stock = stock
    }
  }

  /// product, name, amount, units, orders, velocity, stock, days_cover, class, stock_flag; by falling amount.
  package let table: Table
  package let products: Int
  package let standings: [Standing: Int]
  package let flags: [StockFlag: Int]
  package let coverage: Coverage
  /// The first day of the window that velocity is measured in.
  package let windowStart: CivilDate

  /// The columns of the result.
  package static func fields(product: Field, amount: Measure) -> [Field] {
    [
      Field("product", product.type, measure: product.measure), Field("name", .text),
      Field("amount", .real, measure: amount), Field("units", .real, measure: .count),
      Field("orders", .integer, measure: .count), Field("velocity", .real), Field("stock", .real, measure: .count),
      Field("days_cover", .real, measure: .days), Field("class", .text), Field("stock_flag", .text),
    ]
  }

  /// Adds up each product; velocity is units a day over the last `window` days.
  package init(
    _ source: Source, window: Int, product: Field, amount: Measure, engine: any QueryEngine, cancellation: Cancellation
  ) throws {
    let coverage = try Coverage(
      source.plan, entity: source.product, date: source.date, engine: engine, cancellation: cancellation)
    guard let last = coverage.lastDay else { throw AnalysisError.noRows }
    let start = CivilDate(days: last.days &- Int32(clamping: max(window, 1)) &+ 1)
    let units = source.quantity ?? .literal(.integer(1))
    let recent = Expr.conditional(
      .compare(.greaterOrEqual, source.date, .literal(.date(start))), then: units, else: .literal(.integer(0)))
    var measures = [
      NamedAggregate("amount", .sum, [source.amount]), NamedAggregate("units", .sum, [units]),
      source.order.map { NamedAggregate("orders", .countDistinct, [$0]) } ?? NamedAggregate("orders", .count),
      NamedAggregate("recent", .sum, [recent]),
    ]
    if let name = source.name { measures.append(NamedAggregate("name", .mode, [name])) }
    if let stock = source.stock { measures.append(NamedAggregate("stock", .last, [stock])) }
    let rows = LogicalPlan.filter(source.plan, .not(.isMissing(source.product)), label: nil)
    let sums = try engine.run(
      .sort(
        .aggregate(rows, keys: [NamedExpr("product", source.product)], measures),
        [SortKey(.column("amount"), descending: true), SortKey(.column("product"))]),
      cancellation: cancellation
    ).table
    if sums.rowCount == 0 { throw AnalysisError.noRows }

    let amounts = try sums.require("amount").doubles()
    let unitSums = try sums.require("units").doubles()
    let velocity = try sums.require("recent").doubles().map { $0 / Double(max(window, 1)) }
    let stockColumn = try source.stock == nil ? nil : sums.require("stock")
    let stock = ProductPerformance.optional(stockColumn, count: sums.rowCount)
    let standing = ProductPerformance.standings(amounts: amounts, units: unitSums)
    let cover = zip(stock, velocity).map { stock, rate in rate > 0 ? stock.map { $0 / rate } : nil }
    let flag = zip(stock, velocity).map { ProductPerformance.flag(stock: $0, velocity: $1) }
    table = Table(
      schema: Schema(Self.fields(product: product, amount: amount)),
      columns: [
        try sums.require("product"),
        try source.name == nil ? .text([String?](repeating: nil, count: sums.rowCount)) : sums.require("name"),
        .real(amounts), .real(unitSums), .integer(try sums.require("orders").integers().map(Int64.init)),
        .real(velocity), .real(stock), .real(cover), .text(standing.map(\.rawValue)), .text(flag.map { $0?.rawValue }),
      ])
    products = sums.rowCount
    standings = Dictionary(standing.map { ($0, 1) }, uniquingKeysWith: +)
    flags = Dictionary(flag.compactMap { $0 }.map { ($0, 1) }, uniquingKeysWith: +)
    self.coverage = coverage
    windowStart = start
  }

  /// The quadrant of each product; its rank is the average rank over the number of products.
  static func standings(amounts: [Double], units: [Double]) -> [Standing] {
    let n = amounts.count
    // Twice the average rank over twice n, held against 3/4 and 1/4 in whole numbers.
    return zip(Ranks.doubled(amounts), Ranks.doubled(units)).map { amount, unit in
      let (rich, popular) = (4 * amount >= 6 * n, 4 * unit >= 6 * n)
      if rich, popular { return .star }
      if popular { return .volume }
      if rich { return .premium }
      return 4 * amount <= 2 * n && 4 * unit <= 2 * n ? .underperformer : .core
    }
  }

  static func flag(stock: Double?, velocity: Double) -> StockFlag? {
    guard let stock else { return nil }
    if stock <= 0 { return .out }
    if velocity <= 0 { return .idle }
    let cover = stock / velocity
    return cover < 14 ? .low : cover > 180 ? .excess : .ok
  }

  private static func optional(_ column: Column?, count: Int) -> [Double?] {
    guard let column else { return [Double?](repeating: nil, count: count) }
    let values = column.doubles()
    return values.indices.map { column.isMissing($0) ? nil : values[$0] }
  }
}
