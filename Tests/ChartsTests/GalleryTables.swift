import Charts
import Columnar

/// Small tables like those that the commands return, made by arithmetic so that they never change.
enum GalleryTables {
  static func day(_ year: Int, _ month: Int, _ day: Int) -> CivilDate {
    CivilDate(days: CivilDate.days(year: year, month: month, day: day))
  }

  static let pounds = Measure.currency("£")

  /// Thirteen months; the last one is not over.
  static let months: Table = {
    let revenue = [
      748_957.0, 560_000, 498_062, 683_267, 493_207, 723_333, 691_123, 681_300, 682_680, 1_019_687, 1_070_704,
      1_461_756, 433_668,
    ]
    let starts = revenue.indices.map { day(2010, 12, 1).adding(months: $0) }
    let growth = revenue.indices.map { $0 == 0 ? nil : revenue[$0] / revenue[$0 - 1] - 1 }
    return Table([
      (Field("period", .period(.month)), .period(starts, .month)),
      (Field("revenue", .real, measure: pounds), .real(revenue)),
      (Field("cost", .real, measure: pounds), .real(revenue.map { $0 * 0.62 })),
      (Field("growth", .real, measure: .percent), .real(growth)),
      (Field("complete", .boolean), .boolean(revenue.indices.map { $0 != 12 })),
    ])
  }()

  /// Four countries over twelve months, long.
  static let countries: Table = {
    var periods: [CivilDate] = []
    var names: [String?] = []
    var amounts: [Double] = []
    for (index, name) in ["Germany", "France", "EIRE", "Netherlands"].enumerated() {
      for month in 0..<12 {
        periods.append(day(2011, 1, 1).adding(months: month))
        names.append(name)
        amounts.append(Double(12_000 + index * 4_000 + (month * 37 + index * 11) % 17 * 900))
      }
    }
    return Table([
      (Field("period", .period(.month)), .period(periods, .month)), (Field("Country", .text), .text(names)),
      (Field("amount", .real, measure: pounds), .real(amounts)),
    ])
  }()

  static let segments: Table = {
    let names: [String?] = ["Champions", "Loyal", "Potential Loyalists", "At Risk", "Lost"]
    return Table([
      (Field("segment", .text), .text(names)),
      (Field("customers", .integer, measure: .count), .integer([951, 856, 805, 963, 764] as [Int64])),
      (Field("amount", .real, measure: pounds), .real([6_022_431.5, 1_505_211.25, 612_377, 529_004.75, 242_383.5])),
      (Field("amount_share", .real, measure: .percent), .real([0.676, 0.169, 0.069, 0.059, 0.027])),
      (Field("churn_rate", .real, measure: .percent), .real([0.012, 0.08, 0.243, 0.551, 0.912])),
      (Field("lower", .real, measure: .percent), .real([0.007, 0.063, 0.214, 0.519, 0.89])),
      (Field("upper", .real, measure: .percent), .real([0.021, 0.1, 0.274, 0.582, 0.93])),
    ])
  }()

  /// Product names that are too long for an axis.
  static let products: Table = {
    let names: [String?] = [
      "REGENCY CAKESTAND 3 TIER", "WHITE HANGING HEART T-LIGHT HOLDER", "PARTY BUNTING", "JUMBO BAG RED RETROSPOT",
      "RABBIT NIGHT LIGHT", "PAPER CHAIN KIT 50'S CHRISTMAS", "ASSORTED COLOUR BIRD ORNAMENT", "CHILLI LIGHTS",
      "SPOTTY BUNTING", "JUMBO BAG PINK POLKADOT", "BLACK RECORD COVER FRAME", "PICNIC BASKET WICKER 60 PIECES",
      "SET OF 3 CAKE TINS <PANTRY> & \"DESIGN\"", "DOORMAT KEEP CALM AND COME IN", "WOODEN PICTURE FRAME WHITE FINISH",
    ]
    let amounts = names.indices.map { 164_762.19 / (1 + Double($0) * 0.35) }
    return Table([
      (Field("Description", .text), .text(names)), (Field("amount", .real, measure: pounds), .real(amounts)),
      (Field("change", .real, measure: pounds), .real(names.indices.map { Double(($0 * 7919) % 23 - 9) * 1000 })),
      (Field("group", .text), .text(names.indices.map { ["Kitchen", "Garden", "Lights"][$0 % 3] })),
    ])
  }()

  /// Two hundred products with a spread of sales and stock.
  static let points: Table = {
    var units: [Double] = []
    var amounts: [Double] = []
    var kinds: [String?] = []
    var stock: [Double] = []
    var names: [String?] = []
    var state: UInt64 = 42
    func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 33) / Double(1 << 31)
    }
    for index in 0..<200 {
      let unit = 20 + (next() * next()) * 900
      let price = 2 + next() * 30
      units.append(unit.rounded())
      amounts.append((unit * price * 100).rounded() / 100)
      kinds.append(unit > 350 ? price > 14 ? "Star" : "Volume" : price > 22 ? "Premium" : "Underperformer")
      stock.append((next() * 400).rounded())
      names.append("P\(index)")
    }
    return Table([
      (Field("name", .text), .text(names)), (Field("units", .real, measure: .count), .real(units)),
      (Field("amount", .real, measure: pounds), .real(amounts)), (Field("class", .text), .text(kinds)),
      (Field("stock", .real, measure: .count), .real(stock)),
    ])
  }()

  /// The triangle of a retention matrix; the last period of every cohort is not over.
  static let cohorts: Table = {
    var cohort: [CivilDate] = []
    var period: [Int64] = []
    var retention: [Double] = []
    var complete: [Bool] = []
    for start in 0..<13 {
      for month in 0..<(13 - start) {
        cohort.append(day(2010, 12, 1).adding(months: start))
        period.append(Int64(month))
        let usual =
          month == 0
          ? 1 : 0.38 - 0.012 * Double(start) - 0.004 * Double(month) + Double((start * 7 + month * 3) % 5) * 0.012
        complete.append(start + month < 12)
        retention.append(start + month < 12 || month == 0 ? usual : usual * 0.4)
      }
    }
    return Table([
      (Field("cohort", .period(.month)), .period(cohort, .month)), (Field("period", .integer), .integer(period)),
      (Field("retention", .real, measure: .percent), .real(retention)),
      (Field("complete", .boolean), .boolean(complete)),
    ])
  }()

  /// Daily amounts with a weekly season, an outlier and a gap.
  static let days: Table = {
    let dates = (0..<120).map { CivilDate(days: day(2011, 8, 10).days + Int32($0)) }
    let values = dates.indices.map { index -> Double? in
      if index == 55 { return nil }
      let season = [1.0, 1.15, 1.2, 1.3, 0.9, 0.0, 0.55][index % 7]
      let noise = Double((index * 7919) % 101) / 101 - 0.5
      return index == 71 ? 98_500 : (28_000 * season * (1 + 0.2 * noise) + Double(index) * 60).rounded()
    }
    return Table([
      (Field("date", .date), .date(dates)), (Field("amount", .real, measure: pounds), .real(values)),
      (Field("low", .real, measure: pounds), .real(values.map { $0.map { max(0, $0 * 0.7 - 3000) } })),
      (
        Field("high", .real, measure: pounds),
        .real(values.enumerated().map { $0 == 71 ? 51_000 : ($1 ?? 0) * 1.3 + 3000 })
      ),
      (Field("unusual", .boolean), .boolean(dates.indices.map { $0 == 71 })),
    ])
  }()

  /// A week after `days`.
  static let forecast: Table = {
    let dates = (0..<14).map { CivilDate(days: day(2011, 12, 8).days + Int32($0)) }
    let values = dates.indices.map { 36_000 * [1.0, 1.15, 1.2, 1.3, 0.9, 0.0, 0.55][($0 + 1) % 7] }
    return Table([
      (Field("period", .date), .date(dates)), (Field("forecast", .real, measure: pounds), .real(values)),
      (Field("lower", .real, measure: pounds), .real(values.enumerated().map { max(0, $1 - 6000 - 500 * Double($0)) })),
      (Field("upper", .real, measure: pounds), .real(values.enumerated().map { $1 + 6000 + 500 * Double($0) })),
    ])
  }()

  static let correlations: Table = {
    let names = ["revenue", "cost", "traffic", "price", "spend"]
    var a: [String?] = []
    var b: [String?] = []
    var r: [Double] = []
    for (i, x) in names.enumerated() {
      for (j, y) in names.enumerated() {
        a.append(x)
        b.append(y)
        r.append(i == j ? 1 : Double(((min(i, j) * 5 + max(i, j) * 3) % 9) - 4) / 5)
      }
    }
    return Table([(Field("a", .text), .text(a)), (Field("b", .text), .text(b)), (Field("r", .real), .real(r))])
  }()
}
