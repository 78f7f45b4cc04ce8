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
    let active = (0..<shop.customerCount).map(shop.activeDays)
    try cancellation.check()

    var lines = Lines(rows: rows, orders: orders.count)
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
      lines.begin(
        Lines.Order(
          minute: Int32(day * 24 * 60 + minute), customer: Int32(customer), isAnonymous: isAnonymous, isReturn: isReturn
        ))
      var companion: Int?
      for line in 0..<Int(size) {
        var product = products.pick(random.unit())
        if let wanted = companion, random.below(100) < 55 { product = wanted }
        companion = product ^ 1 < shop.productCount ? product ^ 1 : nil
        let quantity = random.below(12) == 0 ? 12 + 12 * random.below(4) : 1 + random.below(6)
        lines.append(product: product, quantity: isReturn ? -quantity : quantity)
        if line > 0, random.below(400) == 0 { lines.repeatLast() }
      }
    }
    return try lines.table(rows: rows, shop: shop, cancellation)
  }

  /// How many lines each order has; all together at least as many as rows are wanted.
  private func orderSizes(_ cancellation: Cancellation) throws(Cancelled) -> [UInt8] {
    var sizes: [UInt8] = []
    sizes.reserveCapacity(rows / 3 + 16)
    var total = 0
    while total < rows {
      if sizes.count & 8191 == 0 { try cancellation.check() }
      var random = ShopRandom(seed: shop.seed, key: sizes.count)
      let size = 1 + random.below(4) + random.below(4)
      sizes.append(UInt8(size))
      total += size
    }
    return sizes
  }

  /// The orders and lines drawn so far, in few bytes: what an interrupted cell has to give back is given back at once.
  private struct Lines {
    struct Order {
      /// Minutes since the shop's first day.
      var minute: Int32
      var customer: Int32
      var isAnonymous: Bool
      var isReturn: Bool
    }

    private var orders: [Order] = []
    private var order: [UInt32] = []
    private var product: [UInt32] = []
    private var quantity: [Int16] = []

    init(rows: Int, orders: Int) {
      self.orders.reserveCapacity(orders)
      // A few lines stand twice.
      let capacity = rows + rows / 256 + 64
      order.reserveCapacity(capacity)
      product.reserveCapacity(capacity)
      quantity.reserveCapacity(capacity)
    }

    mutating func begin(_ order: Order) { orders.append(order) }

    /// A line of the order that was begun last.
    mutating func append(product: Int, quantity: Int) {
      order.append(UInt32(orders.count - 1))
      self.product.append(UInt32(product))
      self.quantity.append(Int16(truncatingIfNeeded: quantity))
    }

    mutating func repeatLast() {
      guard let i = order.indices.last else { return }
      append(product: Int(product[i]), quantity: Int(quantity[i]))
    }

    func table(rows: Int, shop: Shop, _ cancellation: Cancellation) throws(Cancelled) -> Table {
      let n = min(rows, order.count)
      /// One value a row, with a look at the flag every few thousand rows.
      func column<T>(_ value: (Int) -> T) throws(Cancelled) -> [T] {
        var values: [T] = []
        values.reserveCapacity(n)
        for begin in stride(from: 0, to: n, by: 65_536) {
          try cancellation.check()
          for row in begin..<min(begin + 65_536, n) { values.append(value(row)) }
        }
        return values
      }
      func ofOrder(_ row: Int) -> Order { orders[Int(order[row])] }
      let start = Timestamp(Shop.firstDay).microseconds
      let prices = (0..<shop.productCount).map { Double(shop.pricePence($0)) / 100 }
      let numbers = (0..<shop.customerCount).map { Int64(shop.customerNumber($0)) }
      let countries = (0..<shop.customerCount).map { UInt32(shop.country($0)) }
      let codes = TextDictionary((0..<shop.productCount).map(shop.productCode))
      let names = TextDictionary((0..<shop.productCount).map(shop.productName))
      let products = try column { product[$0] }
      let columns: [Column] = [
        Column(.text(codes: try column { order[$0] }, try invoices(cancellation))),
        Column(.datetime(try column { start + Int64(ofOrder($0).minute) * 60_000_000 })),
        Column(
          .integer(try column { ofOrder($0).isAnonymous ? 0 : numbers[Int(ofOrder($0).customer)] }),
          validity: Bitmap(try column { !ofOrder($0).isAnonymous })),
        Column(.text(codes: products, codes)), Column(.text(codes: products, names)),
        .integer(try column { Int64(quantity[$0]) }), .real(try column { prices[Int(product[$0])] }),
        Column(
          .text(codes: try column { countries[Int(ofOrder($0).customer)] }, TextDictionary(Shop.countryNames))),
      ]
      return Table(schema: SalesGenerator.schema, columns: columns, rowCount: n)
    }

    /// The numbers of the orders; those of returns begin with C.
    private func invoices(_ cancellation: Cancellation) throws(Cancelled) -> TextDictionary {
      var bytes: [UInt8] = []
      var offsets: [UInt32] = [0]
      bytes.reserveCapacity(orders.count * 9)
      offsets.reserveCapacity(orders.count + 1)
      for (number, order) in orders.enumerated() {
        if number & 8191 == 0 { try cancellation.check() }
        if order.isReturn { bytes.append(UInt8(ascii: "C")) }
        bytes.append(contentsOf: String(500_001 + number).utf8)
        offsets.append(UInt32(truncatingIfNeeded: bytes.count))
      }
      return TextDictionary(bytes: bytes, offsets: offsets)
    }
  }
}
