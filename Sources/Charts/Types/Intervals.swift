import Columnar

extension Chart {
  /// Horizontal bars, or points, with the interval that the true value is likely to lie in.
  ///
  /// - Parameters:
  ///   - category: the column that names the rows, in row order; one row each.
  ///   - value: a number column, with `lower` and `upper` beside it.
  ///   - asPoints: points instead of bars, for means that need not begin at zero.
  ///   - target: a number that a line marks.
  public static func intervals(
    _ table: Table, category: String, value: String, lower: String, upper: String, asPoints: Bool = false,
    target: Double? = nil, limit: Int = 30
  ) throws(ChartError) -> Chart {
    let labels = try Channel.label(table, category)
    let values = try Channel.number(table, value, as: "x")
    let lows = try Channel.number(table, lower, as: "lower")
    let highs = try Channel.number(table, upper, as: "upper")
    var seen: Set<String> = []
    let usable = (0..<table.rowCount).filter { row in
      values.number(row) != nil && seen.insert(labels.category(row) ?? CrossTab.missingName).inserted
    }
    guard !usable.isEmpty else { throw .noRows(kind: .intervals) }
    let rows = Array(usable.prefix(max(1, limit)))
    let names = rows.map { labels.category($0) ?? CrossTab.missingName }
    func pick(_ channel: Channel) -> Channel {
      Channel(channel.title, .numbers(rows.map { channel.number($0) }), format: channel.format)
    }
    let band = Channel(labels.title, .categories(names))
    let (middle, low, high) = (pick(values), pick(lows), pick(highs))
    let tooltip = [band, middle, low, high]
    var marks: [Mark] = []
    if !asPoints { marks.append(Mark(.bar, x: middle, y: band, tooltip: tooltip, style: MarkStyle(opacity: 0.55))) }
    marks.append(
      Mark(
        .rule, x: low, x2: high, y: band, tooltip: tooltip,
        style: MarkStyle(color: asPoints ? .series(0) : .ink, strokeWidth: 1.8)))
    if asPoints { marks.append(Mark(.point, x: middle, y: band, tooltip: tooltip, style: MarkStyle(pointArea: 64))) }
    let words = Channel("", .categories(values.format.labels(rows.map { values.number($0) ?? 0 })))
    let ends = Channel(
      "", .numbers(rows.map { max(highs.number($0) ?? -.infinity, values.number($0) ?? 0) }), format: values.format)
    marks.append(Mark(.text, x: ends, y: band, text: words, style: MarkStyle(color: .ink, anchor: .start, dx: 6)))
    if let target { marks += ReferenceLine.vertical(target, format: values.format) }
    let panel = Panel(
      x: Axis(.linear(zero: !asPoints), title: values.title, format: values.format, hasGrid: true),
      y: Axis(.band(names)),
      marks: marks, height: max(60, Double(names.count) * 28))
    let parts = rows.prefix(6).map { row in
      "\(labels.text(row)) \(values.text(row)) (\(lows.text(row)) to \(highs.text(row)))"
    }
    let notes =
      usable.count > rows.count
      ? [DrawnNote.limited(to: rows.count, of: usable.count, labels.title, order: .given)] : []
    return Chart(
      .intervals, panels: [panel],
      altText: "\(values.title) by \(labels.title) with intervals: " + parts.joined(separator: ", "), notes: notes)
  }
}
