import Columnar

extension Chart {
  /// A line with its unusual points marked and, where there is one, the band of usual values behind it.
  ///
  /// - Parameters:
  ///   - x: a date, period or number column.
  ///   - y: a number column.
  ///   - flag: a column of truth values, true for an unusual row.
  ///   - lower: the lower end of the usual values; nil for none.
  ///   - upper: the upper end of the usual values; nil for none.
  ///   - by: a column whose values become one panel each, at most eight.
  public static func anomalies(
    _ table: Table, x: String, y: String, flag: String, lower: String? = nil, upper: String? = nil, by: String? = nil
  ) throws(ChartError) -> Chart {
    guard let by else {
      let (panel, count) = try anomalyPanel(table, title: nil, x: x, y: y, flag: flag, lower: lower, upper: upper)
      return Chart(
        .anomalies, panels: [panel], color: anomalyColors(hasBand: lower != nil && upper != nil),
        altText: "Line chart of \(panel.y.title ?? y) by \(x) with \(count) unusual values marked")
    }
    let split = try FacetSplit(table, by: by, limit: 8)
    var panels: [Panel] = []
    var total = 0
    for (name, part) in split.parts {
      var (panel, count) = try anomalyPanel(part, title: name, x: x, y: y, flag: flag, lower: lower, upper: upper)
      panel.height = split.parts.count > 1 ? 150 : 280
      panels.append(panel)
      total += count
    }
    return Chart(
      .anomalies, panels: panels, color: anomalyColors(hasBand: lower != nil && upper != nil),
      altText: "\(panels.count) line charts of \(y) by \(x) with \(total) unusual values marked", notes: split.notes)
  }

  private static func anomalyColors(hasBand: Bool) -> ColorScale {
    ColorScale(
      .ordinal([("value", .series(0))] + (hasBand ? [("usual range", .muted)] : []) + [("unusual", .alert)]))
  }

  private static func anomalyPanel(
    _ table: Table, title: String?, x: String, y: String, flag: String, lower: String?, upper: String?
  ) throws(ChartError) -> (Panel, Int) {
    let lines = try LineInput(.anomalies, table, x: x, y: [y], color: nil, complete: nil)
    let flags = try table.flags(flag) ?? []
    let places = try Channel(table, x)
    let values = try Channel.number(table, y, as: "y")
    var marks: [Mark] = []
    if let lower, let upper {
      let low = try Channel.number(table, lower, as: "lower")
      let high = try Channel.number(table, upper, as: "upper")
      let order = (0..<table.rowCount).filter { places.number($0) != nil }
        .sorted { (places.number($0) ?? 0, $0) < (places.number($1) ?? 0, $1) }
      marks.append(
        Mark(
          .area, x: places.picking(order), y: high.picking(order), y2: low.picking(order),
          color: Channel("part", .categories(order.map { _ in "usual range" })), style: MarkStyle(opacity: 0.22)))
    }
    var line = lines.mark(.line, lines.points { $0.map { ($0.x, $0.y) } }, MarkStyle(strokeWidth: 1.6))
    line.color = Channel("part", .categories((0..<line.count).map { _ in "value" }))
    marks.append(line)
    let unusual = flags.indices.filter { flags[$0] && values.number($0) != nil && places.number($0) != nil }
    if !unusual.isEmpty {
      let (xs, ys) = (places.picking(unusual), values.picking(unusual))
      marks.append(
        Mark(
          .point, x: xs, y: ys, color: Channel("part", .categories(unusual.map { _ in "unusual" })), tooltip: [xs, ys],
          style: MarkStyle(pointArea: 60)))
    }
    let axis = Axis(
      .linear(zero: !lines.isFarFromZero), title: title == nil ? lines.y.title : nil, format: lines.y.format,
      hasGrid: true)
    return (Panel(title: title, x: lines.xAxis, y: axis, marks: marks), unusual.count)
  }
}

extension Channel {
  /// The channel's values of these rows.
  func picking(_ rows: [Int]) -> Channel {
    var copy = self
    switch values {
    case .numbers: copy.values = .numbers(rows.map(number))
    case .times: copy.values = .times(rows.map(number))
    case .categories: copy.values = .categories(rows.map(category))
    }
    return copy
  }
}
