import Columnar

extension Chart {
  /// A line a column or a line a group, over dates, periods or numbers.
  ///
  /// - Parameters:
  ///   - x: a date, period or number column; rows are sorted by it.
  ///   - y: one or several number columns. Several become colours, and exclude `color`.
  ///   - color: a column whose values become one line each; at most twelve.
  ///   - complete: a column of truth values; a line is dashed to its incomplete points.
  ///   - target: a number that a horizontal line marks.
  ///   - log: a logarithmic value axis.
  public static func line(
    _ table: Table, x: String, y: [String], color: String? = nil, complete: String? = nil, target: Double? = nil,
    log: Bool = false
  ) throws(ChartError) -> Chart {
    let lines = try LineInput(.line, table, x: x, y: y, color: color, complete: complete)
    let isShare = lines.y.format.isPercent
    var marks: [Mark] = []
    if let target { marks += ReferenceLine.horizontal(target, format: lines.y.format) }
    let solid = lines.points { $0.map { ($0.x, $0.y) } }
    let sparse = lines.longest <= 60
    marks.append(lines.mark(.line, solid, MarkStyle(strokeWidth: 2)))
    if complete != nil {
      marks[marks.count - 1] = lines.mark(.line, lines.points(LineInput.completePart), MarkStyle(strokeWidth: 2))
      marks.append(
        lines.mark(.line, lines.points(LineInput.incompletePart), MarkStyle(strokeWidth: 2, dash: [4, 3])))
    }
    if sparse { marks.append(lines.mark(.point, solid, MarkStyle(pointArea: 28))) }
    if log { try lines.requirePositive() }
    let yAxis = Axis(
      log ? .log : .linear(zero: isShare || !lines.isFarFromZero), title: lines.y.title, format: lines.y.format,
      hasGrid: true)
    return Chart(
      .line, panels: [Panel(x: lines.xAxis, y: yAxis, marks: marks)], color: lines.scale,
      altText: lines.altText("Line chart"), notes: lines.notes)
  }
}

/// What lines and areas read from a table.
struct LineInput {
  var x: Channel
  var y: Channel
  var group: Channel?
  var series: PointSeries
  var scale: ColorScale?
  var notes: [String]

  /// The most lines that colours can tell apart.
  static let mostGroups = 12
  /// The most points of a line; four a pixel column would be 2,560.
  static let mostPoints = 1600

  init(
    _ kind: ChartKind, _ table: Table, x: String, y: [String], color: String?, complete: String?
  ) throws(ChartError) {
    guard let firstY = y.first else { throw .missingChannel(kind: kind, channel: "y", needs: "number") }
    if y.count > 1, color != nil { throw .unusedChannel(kind: kind, channel: "color") }
    let source = y.count > 1 ? try table.melted(y, series: "series", value: "value") : table
    self.x = try Channel(source, x)
    if case .categories = self.x.values {
      throw .wrongType(
        channel: "x", column: x, needs: "date, period or number", is: table.schema[x]?.type.displayName ?? "text")
    }
    self.y = try Channel.number(source, y.count > 1 ? "value" : firstY, as: "y")
    if y.count > 1 { self.y.title = Self.sharedTitle(table, y) }
    group =
      y.count > 1
      ? try Channel.label(source, "series")
      : try color.map { name throws(ChartError) in try Channel.label(source, name) }
    series = PointSeries(self.x, self.y, group: group, complete: try source.flags(complete))
    guard series.points.contains(where: { $0.contains { $0.y != nil } }) else { throw .noRows(kind: kind) }
    if series.groups.count > Self.mostGroups {
      throw .tooManyGroups(
        channel: "color", column: color ?? "", distinct: series.groups.count, limit: Self.mostGroups)
    }
    series.thin(to: Self.mostPoints)
    notes = series.notes(self.x, self.y)
    if group != nil { scale = .categories(series.groups, title: y.count > 1 ? nil : group?.title) }
  }

  /// Several columns share an axis, so the axis says their unit only.
  private static func sharedTitle(_ table: Table, _ names: [String]) -> String {
    if case .currency(let symbol)? = names.first.flatMap({ table.schema[$0] })?.measure { return symbol }
    return ""
  }

  var longest: Int { series.points.map(\.count).max() ?? 0 }

  /// The horizontal axis.
  var xAxis: Axis {
    if case .times = x.values { return Axis(.time, title: nil, format: x.format, grain: x.grain) }
    return Axis(.linear(zero: false), title: x.title, format: x.format)
  }

  /// Whether the differences are small beside the values, so that a line may leave zero out.
  var isFarFromZero: Bool {
    let values = series.points.flatMap { $0.compactMap(\.y) }
    guard let low = values.min(), let high = values.max(), low > 0 || high < 0 else { return false }
    return min(abs(low), abs(high)) > 2 * (high - low)
  }

  /// Fails when a logarithmic axis would lose points.
  func requirePositive() throws(ChartError) {
    let rows = series.points.reduce(0) { $0 + $1.filter { ($0.y ?? 1) <= 0 }.count }
    if rows > 0 { throw .notPositive(column: y.title, rows: rows) }
  }

  /// The places of all groups' points, chosen by a function of one group's points.
  func points(_ choose: ([PointSeries.Point]) -> [(Double, Double?)]) -> (x: [Double?], y: [Double?], group: [String?])
  {
    var result: (x: [Double?], y: [Double?], group: [String?]) = ([], [], [])
    for (slot, points) in series.points.enumerated() {
      for (x, y) in choose(points) {
        result.x.append(x)
        result.y.append(y)
        result.group.append(series.groups[slot])
      }
    }
    return result
  }

  /// The points up to the last complete one of each stretch.
  static func completePart(_ points: [PointSeries.Point]) -> [(Double, Double?)] {
    points.map { ($0.x, $0.complete ? $0.y : nil) }
  }

  /// The incomplete points, each with its neighbours, so that the dashes join the line.
  static func incompletePart(_ points: [PointSeries.Point]) -> [(Double, Double?)] {
    points.indices.map { index in
      let near = [index - 1, index, index + 1].contains { points.indices.contains($0) && !points[$0].complete }
      return (points[index].x, near ? points[index].y : nil)
    }
  }

  /// A mark of these points.
  func mark(_ shape: MarkShape, _ points: (x: [Double?], y: [Double?], group: [String?]), _ style: MarkStyle) -> Mark {
    let places: Channel.Values
    if case .times = x.values { places = .times(points.x) } else { places = .numbers(points.x) }
    let xs = Channel(x.title, places, format: x.format, grain: x.grain)
    let ys = Channel(y.title, .numbers(points.y), format: y.format)
    let colors = group.map { Channel($0.title, .categories(points.group)) }
    return Mark(shape, x: xs, y: ys, color: colors, tooltip: [colors, xs, ys].compactMap { $0 }, style: style)
  }

  /// The sentence for readers who cannot see the chart.
  func altText(_ kind: String) -> String {
    let lines = group == nil ? "" : " for \(series.groups.count) \(group?.title ?? "series")"
    let all = series.points.flatMap { $0 }
    guard let first = all.map(\.x).min(), let last = all.map(\.x).max(), let low = all.compactMap(\.y).min(),
      let high = all.compactMap(\.y).max()
    else { return kind }
    let ends = Channel(
      "", { if case .times = x.values { .times([first, last]) } else { .numbers([first, last]) } }(), format: x.format,
      grain: x.grain)
    return
      "\(kind) of \(y.title.isEmpty ? "values" : y.title)\(lines) by \(x.title), \(ends.text(0)) to \(ends.text(1)), "
      + "from \(y.format.text(low)) to \(y.format.text(high))"
  }
}

extension ValueFormat {
  /// Whether the numbers are shares.
  var isPercent: Bool {
    if case .percent = style { return true }
    return false
  }
}

/// Lines at a fixed value.
enum ReferenceLine {
  /// A dashed horizontal line with its value at the right end.
  static func horizontal(_ value: Double, label: String = "target", format: ValueFormat) -> [Mark] {
    let y = Channel(label, .numbers([value]), format: format)
    return [Mark(.rule, y: y, tooltip: [y], style: MarkStyle(color: .muted, strokeWidth: 1.5, dash: [6, 4]))]
  }

  /// A dashed vertical line.
  static func vertical(_ value: Double, label: String = "target", format: ValueFormat) -> [Mark] {
    let x = Channel(label, .numbers([value]), format: format)
    return [Mark(.rule, x: x, tooltip: [x], style: MarkStyle(color: .muted, strokeWidth: 1.5, dash: [6, 4]))]
  }
}
