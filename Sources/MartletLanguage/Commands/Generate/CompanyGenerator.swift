import Columnar

/// The other tables of the invented shop: its products, its customers, and one row for each day.
struct CompanyGenerator {
  let shop: Shop

  static let productSchema = Schema([
    Field("product", .text), Field("product_name", .text), Field("category", .text), Field("price", .real),
    Field("cost", .real), Field("stock", .integer, measure: .count),
  ])

  static let customerSchema = Schema([
    Field("customer", .integer, measure: .identifier), Field("country", .text), Field("since", .date),
    Field("employees", .integer, measure: .count), Field("newsletter", .boolean),
  ])

  static let dailySchema = Schema([
    Field("date", .date), Field("revenue", .real), Field("cost", .real), Field("visitors", .integer, measure: .count),
    Field("marketing_spend", .real),
  ])

  func products() -> Table {
    let all = 0..<shop.productCount
    return Table(
      schema: CompanyGenerator.productSchema,
      columns: [
        .text(all.map(shop.productCode)), .text(all.map(shop.productName)), .text(all.map(shop.category)),
        .real(all.map { Double(shop.pricePence($0)) / 100 }), .real(all.map { Double(shop.costPence($0)) / 100 }),
        .integer(all.map { Int64(shop.stock($0)) }),
      ])
  }

  func customers() -> Table {
    let all = 0..<shop.customerCount
    return Table(
      schema: CompanyGenerator.customerSchema,
      columns: [
        .integer(all.map { Int64(shop.customerNumber($0)) }), .text(all.map { Shop.countryNames[shop.country($0)] }),
        .date(all.map { CivilDate(days: Shop.firstDay.days + Int32(shop.activeDays($0).lowerBound)) }),
        .integer(
          all.map { customer in
            var random = ShopRandom(seed: shop.seed, key: 6_000_049 + customer)
            return Int64(1 + random.below(40) * (1 + random.below(4)))
          }),
        .boolean(
          all.map { customer in
            var random = ShopRandom(seed: shop.seed, key: 7_000_003 + customer)
            return random.below(5) < 2
          }),
      ])
  }

  /// Revenue follows visitors, and these follow the marketing of two days before.
  func daily() -> Table {
    var spend: [Double] = []
    var visitors: [Int64] = []
    var revenue: [Double] = []
    var cost: [Double] = []
    for day in 0..<Shop.dayCount {
      var random = ShopRandom(seed: shop.seed, key: 8_000_009 + day)
      spend.append(Double(5_000 + random.below(20_000)) / 100)
      let before = day >= 2 ? spend[day - 2] : 150
      let crowd = (180 + before * 1.2) * Shop.busyness(day) * (0.9 + 0.2 * random.unit())
      visitors.append(Int64(crowd))
      let money = (crowd * (2.6 + 0.6 * random.unit()) * 100).rounded() / 100
      revenue.append(money)
      cost.append((money * (0.55 + 0.1 * random.unit()) * 100).rounded() / 100)
    }
    let dates = (0..<Shop.dayCount).map { CivilDate(days: Shop.firstDay.days + Int32($0)) }
    return Table(
      schema: CompanyGenerator.dailySchema,
      columns: [.date(dates), .real(revenue), .real(cost), .integer(visitors), .real(spend)])
  }
}
