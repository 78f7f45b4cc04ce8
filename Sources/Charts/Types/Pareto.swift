import Columnar

extension Chart {
  /// Columns from large to small above the line of their cumulative share.
  ///
  /// - Parameters:
  ///   - category: the column that names the columns.
  ///   - value: a number column without negative totals.
  ///   - limit: the most columns; the share is that of all categories, drawn or not.
  ///   - marks: cumulative shares that a line marks, such as the ends of classes A and B.
  public static func pareto(
    _ table: Table, category: String, value: String, limit: Int = 30, marks cuts: [Double] = [0.8]
  ) throws(ChartError) -> Chart {
    var input = try BarInput(.pareto, table, category: category, value: [value], color: nil, complete: nil)
    input.tab.sort(.descending)
    let negative = input.tab.categories.indices.filter { input.tab.total($0) < 0 }.count
    let all = input.tab.categories.indices.reduce(0.0) { $0 + max(0, input.tab.total($1)) }
    guard all > 0 else { throw .negativeValues(kind: .pareto, column: value, rows: negative) }
    if let count = input.tab.limit(max(1, limit)) {
      input.notes.append(DrawnNote.limited(to: limit, of: count, input.category.title, order: .descending))
    }
    if negative > 0 {
      input.notes.append(
        "\(negative) \(input.category.title) with a negative \(input.value.title) count as 0 in the shares")
    }
    var sum = 0.0
    let shares = input.tab.categories.indices.map { place -> Double? in
      sum += max(0, input.tab.total(place))
      return sum / all
    }
    let band = Channel(input.category.title, .categories(input.tab.categories))
    let share = Channel("cumulative share", .numbers(shares), format: .percent(1))
    var lines: [Mark] = cuts.flatMap { ReferenceLine.horizontal($0, label: "class limit", format: .percent(0)) }
    lines.append(Mark(.line, x: band, y: share, tooltip: [band, share], style: MarkStyle(color: .series(1))))
    lines.append(
      Mark(.point, x: band, y: share, tooltip: [band, share], style: MarkStyle(color: .series(1), pointArea: 20)))
    let axis = Axis(.band(input.tab.categories), isVisible: false)
    let upper = Panel(
      x: axis, y: Axis(.linear(zero: true), title: share.title, format: .percent(0), hasGrid: true, domain: 0...1),
      marks: lines, height: 110)
    let lower = Panel(
      x: Axis(.band(input.tab.categories)),
      y: Axis(.linear(zero: true), title: input.value.title, format: input.value.format, hasGrid: true),
      marks: input.bars(stacked: false, horizontal: false), height: 200)
    let drawn = shares.last.flatMap { $0 } ?? 0
    return Chart(
      .pareto, panels: [upper, lower],
      altText: input.altText("Pareto chart")
        + "; the \(input.tab.categories.count) drawn make \(ValueFormat.percent(1).text(drawn)) of the total",
      notes: input.notes)
  }
}
