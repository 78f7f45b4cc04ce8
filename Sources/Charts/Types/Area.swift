import Columnar

extension Chart {
  /// Areas under lines, on top of each other when there are several.
  ///
  /// - Parameters:
  ///   - x: a date, period or number column.
  ///   - y: one or several number columns, none negative when they are stacked.
  ///   - color: a column whose values become one area each.
  public static func area(_ table: Table, x: String, y: [String], color: String? = nil) throws(ChartError) -> Chart {
    let lines = try LineInput(.area, table, x: x, y: y, color: color, complete: nil)
    let isStacked = lines.group != nil
    if isStacked {
      let negative = lines.series.points.reduce(0) { $0 + $1.filter { ($0.y ?? 0) < 0 }.count }
      if negative > 0 { throw .negativeValues(kind: .area, column: y.joined(separator: ", "), rows: negative) }
    }
    let stacked = AreaStack(lines.series)
    let places: Channel.Values
    if case .times = lines.x.values { places = .times(stacked.x) } else { places = .numbers(stacked.x) }
    let xs = Channel(lines.x.title, places, format: lines.x.format, grain: lines.x.grain)
    let upper = Channel(lines.y.title, .numbers(stacked.upper), format: lines.y.format)
    let lower = Channel(lines.y.title, .numbers(stacked.lower), format: lines.y.format)
    let own = Channel(lines.y.title, .numbers(stacked.value), format: lines.y.format)
    let colors = lines.group.map { Channel($0.title, .categories(stacked.group)) }
    let tooltip = [colors, xs, own].compactMap { $0 }
    var marks = [
      Mark(
        .area, x: xs, y: upper, y2: lower, color: colors, tooltip: tooltip,
        style: MarkStyle(opacity: isStacked ? 0.8 : 0.3))
    ]
    if !isStacked { marks.append(Mark(.line, x: xs, y: upper, tooltip: tooltip, style: MarkStyle(strokeWidth: 2))) }
    let yAxis = Axis(.linear(zero: true), title: lines.y.title, format: lines.y.format, hasGrid: true)
    return Chart(
      .area, panels: [Panel(x: lines.xAxis, y: yAxis, marks: marks)], color: lines.scale,
      altText: lines.altText(isStacked ? "Stacked area chart" : "Area chart"), notes: lines.notes)
  }
}

/// Areas on top of each other: every group has a point at every place, zero where it has no row.
private struct AreaStack {
  var x: [Double?] = []
  var lower: [Double?] = []
  var upper: [Double?] = []
  var value: [Double?] = []
  var group: [String?] = []

  init(_ series: PointSeries) {
    let places = Set(series.points.flatMap { $0.map(\.x) }).sorted()
    var base = [Double](repeating: 0, count: places.count)
    for (slot, points) in series.points.enumerated() {
      let values = Dictionary(points.map { ($0.x, $0.y) }, uniquingKeysWith: { first, _ in first })
      for (index, place) in places.enumerated() {
        let own = (values[place] ?? nil) ?? 0
        x.append(place)
        lower.append(base[index])
        upper.append(base[index] + own)
        value.append(own)
        group.append(series.groups[slot])
        base[index] += own
      }
    }
  }
}
