import Columnar

extension Chart {
  /// One panel a metric: the last part of its history, the forecast, and the band in which it should fall.
  ///
  /// - Parameters:
  ///   - metrics: for each panel the table of the history and of the forecast, with the names of their columns.
  ///   - level: the share of cases that the band should hold, for the legend; nil when it is not known.
  public static func fan(_ metrics: [FanMetric], level: Double? = nil) throws(ChartError) -> Chart {
    guard !metrics.isEmpty else { throw .noRows(kind: .fan) }
    let band = level.map { "\(ValueFormat.percent(0).text($0)) interval" } ?? "interval"
    var panels: [Panel] = []
    var parts: [String] = []
    var notes: [String] = []
    for metric in metrics.prefix(FanMetric.mostPanels) {
      let past = try metric.history.map { table throws(ChartError) in try FanSeries(table, metric, value: metric.value)
      }
      let future = try FanSeries(metric.forecast, metric, value: metric.forecastValue)
      guard let first = future.points.first, let last = future.points.last else { throw .noRows(kind: .fan) }
      let shown = (past?.points ?? []).suffix(max(5 * future.points.count, 40))
      panels.append(
        FanSeries.panel(
          title: metrics.count > 1 ? metric.name : nil, name: metric.name, Array(shown), future, band: band,
          height: metrics.count > 1 ? 180 : 280))
      let ends = Channel("", .times([first.x, last.x]), grain: future.x.grain)
      parts.append(
        "\(metric.name) from \(future.y.format.text(first.value ?? 0)) (\(ends.text(0))) to "
          + "\(future.y.format.text(last.value ?? 0)) (\(ends.text(1)))")
    }
    if metrics.count > FanMetric.mostPanels {
      notes.append(
        DrawnNote.limited(to: FanMetric.mostPanels, of: metrics.count, "metrics", order: .given))
    }
    let scale = ColorScale(
      .ordinal([("history", .muted), ("forecast", .series(0)), (band, .hex("#8fb8de"))]), hasLegend: true)
    return Chart(
      .fan, panels: panels, color: scale, altText: "Forecast of " + parts.joined(separator: ", "), notes: notes)
  }
}

/// One panel of a fan chart: where its numbers stand.
public struct FanMetric: Sendable {
  /// The words above the panel.
  public var name: String
  /// Past periods, one row each; nil when there is no history to show.
  public var history: Table?
  /// Future periods, one row each.
  public var forecast: Table
  /// The period or date column of both tables.
  public var period: String
  /// The history's number column.
  public var value: String
  /// The forecast's number column.
  public var forecastValue: String
  /// The lower end of the band, a column of the forecast.
  public var lower: String
  /// The upper end of the band, a column of the forecast.
  public var upper: String

  /// More panels than this make a page too long.
  static let mostPanels = 8

  /// Names the columns of a panel.
  public init(
    name: String, history: Table?, forecast: Table, period: String = "period", value: String = "value",
    forecastValue: String = "forecast", lower: String = "lower", upper: String = "upper"
  ) {
    self.name = name
    self.history = history
    self.forecast = forecast
    self.period = period
    self.value = value
    self.forecastValue = forecastValue
    self.lower = lower
    self.upper = upper
  }
}

/// The points of a history or a forecast, by ascending period.
private struct FanSeries {
  struct Point {
    var x: Double
    var value: Double?
    var lower: Double?
    var upper: Double?
  }

  var x: Channel
  var y: Channel
  var points: [Point]

  init(_ table: Table, _ metric: FanMetric, value: String) throws(ChartError) {
    x = try Channel(table, metric.period)
    y = try Channel.number(table, value, as: "y")
    guard case .times(let places) = x.values else {
      throw .wrongType(
        channel: "x", column: metric.period, needs: "date or period",
        is: table.schema[metric.period]?.type.displayName ?? "unknown")
    }
    let hasBand = table[metric.lower] != nil && table[metric.upper] != nil
    let lower = hasBand ? try Channel.number(table, metric.lower, as: "lower") : nil
    let upper = hasBand ? try Channel.number(table, metric.upper, as: "upper") : nil
    let values = y
    points = places.indices.compactMap { row in
      places[row].map {
        Point(x: $0, value: values.number(row), lower: lower?.number(row), upper: upper?.number(row))
      }
    }.sorted { $0.x < $1.x }
  }

  static func panel(
    title: String?, name metric: String, _ past: [Point], _ future: FanSeries, band: String, height: Double
  ) -> Panel {
    let (x, y) = (future.x, future.y)
    // The forecast begins where the history ends, so that the line has no gap.
    let last = past.last { $0.value != nil }
    let joined =
      (last.map { [Point(x: $0.x, value: $0.value, lower: $0.value, upper: $0.value)] } ?? []) + future.points
    func mark(_ shape: MarkShape, _ points: [Point], _ name: String, _ style: MarkStyle) -> Mark {
      let xs = Channel(x.title, .times(points.map(\.x)), grain: x.grain)
      func ys(_ title: String, _ take: (Point) -> Double?) -> Channel {
        Channel(title, .numbers(points.map(take)), format: y.format)
      }
      let names = Channel("part", .categories(points.map { _ in name }))
      guard shape == .area else {
        let value = ys(name) { $0.value }
        let hasBand = name == "forecast" && points.contains { $0.lower != nil }
        let tooltip = [xs, value] + (hasBand ? [ys("lower") { $0.lower }, ys("upper") { $0.upper }] : [])
        return Mark(shape, x: xs, y: value, color: names, tooltip: tooltip, style: style)
      }
      return Mark(.area, x: xs, y: ys(band) { $0.upper }, y2: ys(band) { $0.lower }, color: names, style: style)
    }
    var marks: [Mark] = []
    if future.points.contains(where: { $0.lower != nil }) {
      marks.append(mark(.area, joined, band, MarkStyle(opacity: 0.45)))
    }
    if !past.isEmpty { marks.append(mark(.line, past, "history", MarkStyle(color: .muted, strokeWidth: 1.6))) }
    marks.append(mark(.line, joined, "forecast", MarkStyle(strokeWidth: 2.4)))
    marks.append(mark(.point, future.points, "forecast", MarkStyle(pointArea: future.points.count > 40 ? 10 : 28)))
    let values = (past + future.points).flatMap { [$0.value, $0.lower, $0.upper].compactMap { $0 } }
    let (low, high) = (values.min() ?? 0, values.max() ?? 0)
    let zero = !(low > 0 && low > 2 * (high - low))
    return Panel(
      title: title, x: Axis(.time, grain: x.grain),
      y: Axis(.linear(zero: zero), title: title == nil ? metric : nil, format: y.format, hasGrid: true), marks: marks,
      height: height)
  }
}
