import Charts
import Columnar
import Testing

/// Whatever a table holds, a chart is drawn or refused; nothing ends the process, and nothing that is not a number is written.
@Suite struct HostileTableTests {
  /// A small generator that gives the same numbers on every machine (Knuth's constants for a linear congruence).
  struct Numbers {
    var state: UInt64

    mutating func next(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % max(1, limit)
    }
  }

  static let reals: [Double?] = [
    nil, 0, -0.0, 1, -1, 0.1, 1e-300, -1e-300, .leastNonzeroMagnitude, 1e15, 1e16, 1e300, -1e300,
    .greatestFiniteMagnitude,
    -.greatestFiniteMagnitude, .infinity, -.infinity, .nan, 3.5, 3.5, 3.5, 100, 250,
  ]
  static let integers: [Int64?] = [nil, 0, 1, -1, .max, .min, 7, 7, 7, 1_000_000]
  static let texts: [String?] = [
    nil, "", " ", "a", "a", "b", "東京", "e\u{301}", "\u{0}\u{1}", "<svg/onload=x>", "\"&'",
    String(repeating: "w", count: 500),
    "\n\t", "🦜", "-", "null",
  ]
  static let days: [Int32?] = [nil, 0, 1, 15_000, 15_000, 15_001, .max, .min, -719_468]
  static let moments: [Int64?] = [nil, 0, 1, 1_300_000_000_000_000, .max, .min, 60_000_000]

  static func table(seed: Int) -> Table {
    var numbers = Numbers(state: UInt64(seed) &* 977 &+ 13)
    let rows = [0, 1, 2, 3, 10, 150, 2000][numbers.next(7)]
    // Some tables hold only a few of the values, so that columns are constant, positive or whole by chance.
    func pick<T>(_ values: [T?]) -> [T?] {
      let few = (0..<(1 + numbers.next(values.count))).map { _ in values[numbers.next(values.count)] }
      return (0..<rows).map { _ in few[numbers.next(few.count)] }
    }
    func column<T>(_ values: [T?], _ blank: T, _ make: ([T]) -> Column.Storage) -> Column {
      Column(make(values.map { $0 ?? blank }), validity: Bitmap(values.map { $0 != nil }))
    }
    let grain = Grain.allCases[numbers.next(Grain.allCases.count)]
    let measures: [Measure] = [.plain, .currency("£"), .percent, .count, .days, .identifier]
    let measure = measures[numbers.next(measures.count)]
    return Table([
      (Field("r", .real, measure: measure), column(pick(reals), 0, Column.Storage.real)),
      (Field("s", .real), column(pick(reals), 0, Column.Storage.real)),
      (Field("i", .integer, measure: measure), column(pick(integers), 0, Column.Storage.integer)),
      (Field("t", .text), .text(pick(texts))), (Field("u", .text), .text(pick(texts))),
      (Field("d", .date), column(pick(days), 0, Column.Storage.date)),
      (Field("p", .period(grain)), column(pick(days), 0) { .period($0, grain) }),
      (Field("m", .datetime), column(pick(moments), 0, Column.Storage.datetime)),
      (Field("complete", .boolean), column(pick([true, false, nil]), false, Column.Storage.boolean)),
    ])
  }

  static func charts(_ t: Table) -> [Chart] {
    var made: [Chart] = []
    func add(_ make: () throws(ChartError) -> Chart) { if let chart = try? make() { made.append(chart) } }
    for x in ["r", "i", "d", "p", "m"] {
      for log in [false, true] {
        add { () throws(ChartError) in
          try .line(t, x: x, y: ["r"], color: "t", complete: "complete", target: 5, log: log)
        }
        add { () throws(ChartError) in try .scatter(t, x: x, y: "s", color: "r", size: "i", label: "t", log: log) }
      }
      add { () throws(ChartError) in try .area(t, x: x, y: ["r", "s"]) }
      add { () throws(ChartError) in try .anomalies(t, x: x, y: "r", flag: "complete", lower: "s", upper: "r", by: "u")
      }
      add { () throws(ChartError) in try .histogram(t, value: x) }
      add { () throws(ChartError) in
        try .facets(t, by: "u") { part throws(ChartError) in try .line(part, x: x, y: ["s"]) }
      }
      add { () throws(ChartError) in
        try .fan([
          FanMetric(
            name: "m", history: t, forecast: t, period: x, value: "r", forecastValue: "s", lower: "r", upper: "i")
        ])
      }
    }
    for name in ["t", "i", "d", "p", "m", "complete"] {
      add { () throws(ChartError) in try .bar(t, category: name, value: ["r", "i"], target: -.greatestFiniteMagnitude) }
      add { () throws(ChartError) in try .bar(t, category: name, value: ["r"], color: "u") }
      add { () throws(ChartError) in try .column(t, x: name, y: ["s"], color: "t", stacked: false, complete: "complete")
      }
      add { () throws(ChartError) in try .growth(t, period: name, value: "r", growth: "s", complete: "complete") }
      add { () throws(ChartError) in try .pareto(t, category: name, value: "r") }
      add { () throws(ChartError) in try .waterfall(t, category: name, change: "s", start: ("", .infinity)) }
      add { () throws(ChartError) in try .pie(t, category: name, value: "i") }
      add { () throws(ChartError) in try .treemap(t, category: name, value: "r", color: "u") }
      add { () throws(ChartError) in try .heatmap(t, x: name, y: "u", value: "r", complete: "complete", diverging: true)
      }
      add { () throws(ChartError) in try .heatmap(t, x: name, y: "p", value: "s") }
      add { () throws(ChartError) in try .intervals(t, category: name, value: "r", lower: "s", upper: "i", target: .nan)
      }
      add { () throws(ChartError) in try .box(t, value: "s", by: name, log: true) }
      add { () throws(ChartError) in try .cards(t, label: name, value: "r", growth: "s") }
    }
    add { () throws(ChartError) in try .profiles(t) }
    add { () throws(ChartError) in try .quadrants(t, x: "r", y: "s", xCut: .infinity, yCut: 0, color: "u", label: "t") }
    return made
  }

  @Test(arguments: 0..<60) func nothingTraps(_ seed: Int) {
    for chart in Self.charts(Self.table(seed: seed)) {
      let svg = chart.svg()
      #expect(svg.hasSuffix("</svg>\n"))
      #expect(!svg.contains("=\"nan") && !svg.contains("=\"inf") && !svg.contains("=\"-inf"), "\(chart.kind)")
      #expect(!svg.contains("onload=x>") || svg.contains("&lt;svg/onload=x&gt;"))
      let vegaLite = chart.vegaLite
      #expect(!vegaLite.contains(":nan") && !vegaLite.contains(":inf") && !vegaLite.contains(":-inf"), "\(chart.kind)")
      #expect(!chart.altText.isEmpty)
      _ = chart.plainText
    }
  }

  @Test func someOfThemAreDrawn() {
    let drawn = (0..<60).reduce(0) { $0 + Self.charts(Self.table(seed: $1)).count }
    #expect(drawn > 1000)
  }
}
