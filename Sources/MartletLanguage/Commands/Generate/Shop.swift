import Columnar

/// An invented shop: its products, customers and calendar, all functions of the seed.
struct Shop {
  let seed: Int
  let customerCount: Int
  let productCount: Int

  /// The first day of business.
  static let firstDay = CivilDate(days: CivilDate.days(year: 2023, month: 1, day: 1))
  /// Days of business; the last month is incomplete on purpose, as data usually are.
  static let dayCount = 716

  private static let adjectives = [
    "Red", "Blue", "Green", "Ivory", "Vintage", "Striped", "Floral", "Retro", "Enamel", "Wooden", "Glass", "Copper",
  ]
  private static let nouns = [
    "Tea Mug", "Saucer", "Lunch Bag", "Lunch Box", "Candle", "Candle Holder", "Cushion", "Throw", "Teapot", "Tea Tray",
    "Notebook", "Pencil Case",
  ]
  private static let categories = ["Kitchen", "Picnic", "Lighting", "Living", "Kitchen", "Stationery"]
  private static let countries = [
    ("United Kingdom", 0.68), ("Germany", 0.09), ("France", 0.08), ("Netherlands", 0.06), ("Spain", 0.05),
    ("Ireland", 0.04),
  ]

  /// `P1001`
  func productCode(_ product: Int) -> String { "P\(1001 + product)" }

  /// Two neighbours share an adjective, so that a mug and its saucer are recognised as a set.
  func productName(_ product: Int) -> String {
    let noun = Shop.nouns[product % Shop.nouns.count]
    let adjective = Shop.adjectives[product / Shop.nouns.count % Shop.adjectives.count]
    let series = product / (Shop.nouns.count * Shop.adjectives.count)
    return series == 0 ? "\(adjective) \(noun)" : "\(adjective) \(noun) \(series + 1)"
  }

  func category(_ product: Int) -> String { Shop.categories[product % Shop.nouns.count / 2] }

  /// In pence, so that prices have exactly two decimals.
  func pricePence(_ product: Int) -> Int {
    var random = ShopRandom(seed: seed, key: 1_000_003 + product)
    return 85 + random.below(60) * 35
  }

  func costPence(_ product: Int) -> Int {
    var random = ShopRandom(seed: seed, key: 2_000_003 + product)
    return pricePence(product) * (40 + random.below(35)) / 100
  }

  func stock(_ product: Int) -> Int {
    var random = ShopRandom(seed: seed, key: 3_000_017 + product)
    return random.below(5) == 0 ? random.below(15) : 20 + random.below(400)
  }

  func customerNumber(_ customer: Int) -> Int { 12_001 + customer }

  func country(_ customer: Int) -> Int {
    var random = ShopRandom(seed: seed, key: 4_000_037 + customer)
    return WeightedChoice(Shop.countries.map(\.1)).pick(random.unit())
  }

  static var countryNames: [String] { countries.map(\.0) }

  /// The days between which a customer buys at all: some come late, some leave.
  func activeDays(_ customer: Int) -> ClosedRange<Int> {
    var random = ShopRandom(seed: seed, key: 5_000_011 + customer)
    let start = random.below(3) == 0 ? 0 : random.below(Shop.dayCount - 30)
    let length = random.below(3) == 0 ? 20 + random.below(200) : Shop.dayCount
    return start...min(Shop.dayCount - 1, start + length)
  }

  /// How busy a day is: quiet weekends, a strong autumn, slow growth.
  static func busyness(_ day: Int) -> Double {
    let date = CivilDate(days: firstDay.days + Int32(day))
    let week = [1.0, 1.05, 1.1, 1.15, 1.2, 0.35, 0.6][date.isoWeekday - 1]
    let season = [0.8, 0.8, 0.9, 0.95, 1.0, 0.95, 0.9, 0.95, 1.15, 1.3, 1.6, 1.5][date.components.month - 1]
    return week * season * (1 + 0.35 * Double(day) / Double(dayCount))
  }
}
