import Columnar

/// Makes the sales lines of the invented shop: orders in the order of time, each with a few products.
///
/// Customers differ in how much they buy and when; mugs and saucers are bought together; a few lines are returns, have no
/// customer, or stand twice, so that cleaning has something to do.
struct SalesGenerator {
  let shop: Shop
  let rows: Int

  /// The columns of the result.
  static let schema = Schema([
    Field("invoice", .text), Field("date", .datetime), Field("customer", .integer, measure: .identifier),
    Field("product", .text), Field("product_name", .text), Field("quantity", .integer, measure: .count),
    Field("price", .real), Field("country", .text),
  ])

  /// Draws the table. The flag is looked at every few thousand lines, which is far below a millisecond.
  /// `progress` is told the share that is done as often.
  func table(_ cancellation: Cancellation, progress: (Double) -> Void = { _ in }) throws(Cancelled) -> Table {
    let orders = try orderSizes(cancellation)
    let days = WeightedChoice((0..<Shop.dayCount).map(Shop.busyness))
    let customers = WeightedChoice((0..<shop.customerCount).map { 1 / (Double($0) + 8).squareRoot() })
    let products = WeightedChoice((0..<shop.productCount).map { 1 / (Double($0) + 6) })
    let prices = (0..<shop.productCount).map { Double(shop.pricePence($0)) / 100 }
    let countries = (0..<shop.customerCount).map { UInt32(shop.country($0)) }
    let active = (0..<shop.customerCount).map(shop.activeDays)
    try cancellation.check()

    var lines = Lines(capacity: rows)
    for (order, size) in orders.enumerated() {
      if order & 1023 == 0 {
        try cancellation.check()
        progress(Double(order) / Double(orders.count))
      }
      var random = ShopRandom(seed: shop.seed, key: order)
      _ = random.next()
      let day = days.pick((Double(order) + random.unit()) / Double(orders.count))
      var customer = customers.pick(random.unit())
      for _ in 0..<6 where !active[customer].contains(day) { customer = customers.pick(random.unit()) }
      let isReturn = random.below(70) == 0
      let isAnonymous = random.below(33) == 0
      let minute = 8 * 60 + random.below(10 * 60)
      let moment = Timestamp(CivilDate(days: Shop.firstDay.days + Int32(day)), minute: minute).microseconds
      lines.invoices.append((isReturn ? "C" : "") + String(500_001 + order))
      var companion: Int?
      for line in 0..<size {
        var product = products.pick(random.unit())
        if let wanted = companion, random.below(100) < 55 { product = wanted }
        companion = product ^ 1 < shop.productCount ? product ^ 1 : nil
        let quantity = random.below(12) == 0 ? 12 + 12 * random.below(4) : 1 + random.below(6)
        lines.append(
          order: order, moment: moment, customer: isAnonymous ? nil : customer, product: product,
          quantity: isReturn ? -quantity : quantity, price: prices[product], country: countries[customer])
        if line > 0, random.below(400) == 0 { lines.repeatLast() }
      }
    }
    return lines.table(rows: rows, shop: shop)
  }

  /// How many lines each order has; all together at least as many as rows are wanted.
  private func orderSizes(_ cancellation: Cancellation) throws(Cancelled) -> [Int] {
    var sizes: [Int] = []
    var total = 0
    while total < rows {
      if sizes.count & 8191 == 0 { try cancellation.check() }
      var random = ShopRandom(seed: shop.seed, key: sizes.count)
      let size = 1 + random.below(4) + random.below(4)
      sizes.append(size)
      total += size
    }
    return sizes
  }

  /// The columns while they grow.
  private struct Lines {
    var invoices: [String] = []
    private var order: [UInt32] = []
    private var moment: [Int64] = []
    private var customer: [Int64] = []
    private var hasCustomer: [Bool] = []
    private var product: [UInt32] = []
    private var quantity: [Int64] = []
    private var price: [Double] = []
    private var country: [UInt32] = []

    init(capacity: Int) {
      order.reserveCapacity(capacity + 16)
      moment.reserveCapacity(capacity + 16)
      customer.reserveCapacity(capacity + 16)
      hasCustomer.reserveCapacity(capacity + 16)
      product.reserveCapacity(capacity + 16)
      quantity.reserveCapacity(capacity + 16)
      price.reserveCapacity(capacity + 16)
      country.reserveCapacity(capacity + 16)
    }

    mutating func append(
      order: Int, moment: Int64, customer: Int?, product: Int, quantity: Int, price: Double, country: UInt32
    ) {
      self.order.append(UInt32(order))
      self.moment.append(moment)
      self.customer.append(Int64(customer ?? 0))
      hasCustomer.append(customer != nil)
      self.product.append(UInt32(product))
      self.quantity.append(Int64(quantity))
      self.price.append(price)
      self.country.append(country)
    }

    mutating func repeatLast() {
      guard let i = order.indices.last else { return }
      append(
        order: Int(order[i]), moment: moment[i], customer: hasCustomer[i] ? Int(customer[i]) : nil,
        product: Int(product[i]),
        quantity: Int(quantity[i]), price: price[i], country: country[i])
    }

    func table(rows: Int, shop: Shop) -> Table {
      let n = min(rows, order.count)
      let codes = TextDictionary((0..<shop.productCount).map(shop.productCode))
      let names = TextDictionary((0..<shop.productCount).map(shop.productName))
      let columns: [Column] = [
        Column(.text(codes: Array(order[..<n]), TextDictionary(invoices))), Column(.datetime(Array(moment[..<n]))),
        Column(
          .integer(customer[..<n].map { Int64(shop.customerNumber(Int($0))) }), validity: Bitmap(hasCustomer[..<n])),
        Column(.text(codes: Array(product[..<n]), codes)), Column(.text(codes: Array(product[..<n]), names)),
        .integer(Array(quantity[..<n])), .real(Array(price[..<n])),
        Column(.text(codes: Array(country[..<n]), TextDictionary(Shop.countryNames))),
      ]
      return Table(schema: SalesGenerator.schema, columns: columns, rowCount: n)
    }
  }
}
