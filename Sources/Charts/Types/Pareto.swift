import Columnar

extension Chart {
  /// How few categories make how much of the whole: the cumulative share above bars from large to small.
  ///
  /// Up to thirty categories stand below each other as columns under the line. With more of them the line goes over the
  /// number of categories, and the largest fifteen are bars with their names.
  ///
  /// - Parameters:
  ///   - category: the column that names the categories.
  ///   - value: a number column. Totals below zero count as 0 in the shares.
  ///   - marks: cumulative shares that a line marks, such as the ends of classes A and B.
  ///   - rest: the name of a category that stands for many small ones: part of the whole, but no bar of its own.
  ///   - whole: the total that the shares are of, when the table has only a part of the categories.
  public static func pareto(
    _ table: Table, category: String, value: String, marks cuts: [Double] = [0.8], rest: String? = nil,
    whole: Double? = nil
  ) throws(ChartError) -> Chart {
    var input = try BarInput(.pareto, table, category: category, value: [value], color: nil, complete: nil)
    input.tab.sort(.descending)
    let negative = input.tab.categories.indices.filter { input.tab.total($0) < 0 }.count
    let sum = input.tab.categories.indices.reduce(0.0) { $0 + max(0, input.tab.total($1)) }
    let all = max(sum, whole ?? 0)
    guard all > 0 else { throw .negativeValues(kind: .pareto, column: value, rows: negative) }
    if let rest { input.tab.take(input.tab.categories.indices.filter { input.tab.categories[$0] != rest }) }
    if negative > 0 {
      input.notes.append(
        "\(negative) \(input.category.title) with a negative \(input.value.title) count as 0 in the shares")
    }
    let curve = ParetoCurve(input.tab.categories.indices.map { max(0, input.tab.total($0)) / all }, cuts: cuts)
    let count = input.tab.categories.count
    let panels = count <= ParetoCurve.mostColumns ? columns(&input, curve) : bars(&input, curve)
    let words = curve.cuts.first.map { cut in
      "; \(ValueFormat.number(0).text(Double(cut.count))) of \(ValueFormat.number(0).text(Double(count))) make "
        + ValueFormat.percent(0).text(cut.share)
    }
    return Chart(.pareto, panels: panels, altText: input.altText("Pareto chart") + (words ?? ""), notes: input.notes)
  }

  /// Few categories: the line stands above their columns.
  private static func columns(_ input: inout BarInput, _ curve: ParetoCurve) -> [Panel] {
    let band = Channel(input.category.title, .categories(input.tab.categories))
    let share = Channel("cumulative share", .numbers(curve.shares), format: .percent(1))
    let style = MarkStyle(color: .series(1), pointArea: 20)
    let lines =
      curve.limits + [
        Mark(.line, x: band, y: share, tooltip: [band, share], style: style),
        Mark(.point, x: band, y: share, tooltip: [band, share], style: style),
      ]
    let axis = Axis(.linear(zero: true), title: share.title, format: .percent(0), hasGrid: true, domain: 0...1)
    let upper = Panel(x: Axis(.band(input.tab.categories), isVisible: false), y: axis, marks: lines, height: 110)
    let lower = Panel(
      x: Axis(.band(input.tab.categories)),
      y: Axis(.linear(zero: true), title: input.value.title, format: input.value.format, hasGrid: true),
      marks: input.bars(stacked: false, horizontal: false), height: 200)
    return [upper, lower]
  }

  /// Many categories: the line counts them, and the largest have names.
  private static func bars(_ input: inout BarInput, _ curve: ParetoCurve) -> [Panel] {
    let all = input.tab.categories.count
    let title = input.category.title
    let upper = Panel(
      title: "How many \(title) make how much",
      x: Axis(.linear(zero: true), title: "\(title), largest first", format: .number(0)),
      y: Axis(.linear(zero: true), title: "cumulative share", format: .percent(0), hasGrid: true, domain: 0...1),
      marks: curve.limits + curve.course + curve.crossings, height: 170)
    _ = input.tab.limit(ParetoCurve.mostBars)
    input.notes.append(
      DrawnNote.limited(to: input.tab.categories.count, of: all, title, order: .descending) + " as bars")
    let lower = Panel(
      title: "The \(input.tab.categories.count) largest",
      x: Axis(.linear(zero: true), title: input.value.title, format: input.value.format, hasGrid: true),
      y: Axis(.band(input.tab.categories)), marks: input.bars(stacked: false, horizontal: true) + input.endLabels(),
      height: 24 * Double(input.tab.categories.count))
    return [upper, lower]
  }
}

/// The cumulative shares of categories from large to small.
private struct ParetoCurve {
  /// After each category.
  var shares: [Double?] = []
  /// The shares that lines mark and, for those that are reached, after how many categories.
  var limits: [Mark]
  var cuts: [(share: Double, count: Int)] = []

  static let mostColumns = 30
  static let mostBars = 15
  /// The most points of the line.
  private static let mostPoints = 400

  init(_ parts: [Double], cuts wanted: [Double]) {
    var sum = 0.0
    for part in parts {
      sum += part
      shares.append(min(1, sum))
    }
    limits = wanted.flatMap { ReferenceLine.horizontal($0, label: "class limit", format: .percent(0)) }
    for share in wanted {
      // A sum of many shares may miss its end by a rounding error.
      guard let place = shares.firstIndex(where: { ($0 ?? 0) >= share - 1e-12 }) else { continue }
      cuts.append((share, place + 1))
    }
  }

  /// The line over the number of categories, from none to all.
  var course: [Mark] {
    let step = max(1, (shares.count + Self.mostPoints - 1) / Self.mostPoints)
    var counts = Array(stride(from: step, through: shares.count, by: step))
    if counts.last != shares.count { counts.append(shares.count) }
    let x = Channel("categories", .numbers([0] + counts.map { Double($0) }), format: .number(0))
    let y = Channel("cumulative share", .numbers([0] + counts.map { shares[$0 - 1] }), format: .percent(1))
    return [
      Mark(
        .area, x: x, y: y, y2: Channel("", .numbers([0.0] + counts.map { _ in 0 })),
        style: MarkStyle(color: .series(1), opacity: 0.18)),
      Mark(.line, x: x, y: y, tooltip: [x, y], style: MarkStyle(color: .series(1))),
    ]
  }

  /// Points with words where the line crosses the limits.
  var crossings: [Mark] {
    let x = Channel("categories", .numbers(cuts.map { Double($0.count) }), format: .number(0))
    let y = Channel("cumulative share", .numbers(cuts.map(\.share)), format: .percent(0))
    let words = cuts.map { cut -> String? in
      "\(ValueFormat.number(0).text(Double(cut.count))) make \(ValueFormat.percent(0).text(cut.share))"
    }
    guard !cuts.isEmpty else { return [] }
    return [
      Mark(.point, x: x, y: y, tooltip: [x, y], style: MarkStyle(color: .series(1), pointArea: 44)),
      Mark(
        .text, x: x, y: y, text: Channel("", .categories(words)),
        style: MarkStyle(color: .ink, anchor: .start, dx: 8, dy: 12)),
    ]
  }
}
