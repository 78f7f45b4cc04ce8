import Columnar

/// A rectangle in pixels; y points down.
struct Rect: Hashable, Sendable {
  var x: Double
  var y: Double
  var width: Double
  var height: Double

  var right: Double { x + width }
  var bottom: Double { y + height }
}

/// Where everything of a chart stands, in pixels. Both renderers read the sizes of the plots from here.
struct ChartLayout {
  /// The whole picture.
  var width: Double
  var height: Double
  /// The baselines of title and subtitle.
  var titleY: Double?
  var subtitleY: Double?
  var legend: LegendLayout?
  var panels: [PlacedPanel]

  /// The width of all charts: fits the output area of a notebook on a laptop, and a page.
  static let usualWidth = 720.0
  static let padding = 14.0
  static let columnGap = 22.0
  static let rowGap = 16.0
  static let titleSize = 15.0
  static let labelSize = 11.0

  init(_ chart: Chart, theme: Theme) {
    width = Self.usualWidth
    var y = Self.padding
    if chart.title != nil {
      titleY = y + 14
      y += 24
    }
    if chart.subtitle != nil {
      subtitleY = y + 10
      y += 20
    }
    if let color = chart.color, color.hasLegend, let legend = LegendLayout(color, theme, y: y) {
      self.legend = legend
      y = legend.bottom + 8
    }
    panels = []
    let perRow = max(1, min(chart.panelsPerRow, chart.panels.count))
    let cell = (width - 2 * Self.padding - Double(perRow - 1) * Self.columnGap) / Double(perRow)
    let axes = (0..<perRow).map { column in
      stride(from: column, to: chart.panels.count, by: perRow).map { YLabels.width(chart.panels[$0], cell: cell) }.max()
        ?? 0
    }
    for row in stride(from: 0, to: chart.panels.count, by: perRow) {
      let members = row..<min(row + perRow, chart.panels.count)
      let top = members.map { PlacedPanel.top(chart.panels[$0]) }.max() ?? 0
      let height = members.map { chart.panels[$0].height }.max() ?? 0
      var lowest = y
      for index in members {
        let left = Self.padding + Double(index - row) * (cell + Self.columnGap)
        let plot = Rect(x: left + axes[index - row], y: y + top, width: cell - axes[index - row], height: height)
        let placed = PlacedPanel(chart.panels[index], plot: plot, cellLeft: left)
        lowest = max(lowest, placed.bottom)
        panels.append(placed)
      }
      y = lowest + Self.rowGap
    }
    height = y - Self.rowGap + Self.padding
  }
}

/// How much room the labels of a vertical axis need.
enum YLabels {
  static func width(_ panel: Panel, cell: Double) -> Double {
    guard panel.y.isVisible else { return 0 }
    let scale = ScaleResolver.scale(panel, isX: false, length: panel.height)
    let widest = scale.ticks.map { TextWidth.of($0.label, size: ChartLayout.labelSize) }.max() ?? 0
    return max(min(limit(cell), widest) + 10, turnedStart(panel, cell: cell))
  }

  /// The room that the first turned label takes below the vertical axis.
  private static func turnedStart(_ panel: Panel, cell: Double) -> Double {
    guard panel.x.isVisible, panel.x.labels == nil, case .band(let names) = panel.x.kind else { return 0 }
    let widths = names.map { TextWidth.of($0, size: ChartLayout.labelSize) }
    let isTurned = (widths.max() ?? 0) + 8 > cell * 0.9 / Double(max(1, names.count))
    return isTurned ? min(84, (widths.first ?? 0) * PlacedPanel.slope) : 0
  }

  /// The most pixels that labels may take from the plot.
  static func limit(_ cell: Double) -> Double { cell * 0.34 }
}

/// A panel with its scales and the place of its plot.
struct PlacedPanel {
  var panel: Panel
  var x: Scale
  var y: Scale
  /// Where marks are drawn.
  var plot: Rect
  /// The left end of everything that belongs to the panel.
  var cellLeft: Double
  /// Ticks of the horizontal axis that have a label, with the label cut to its room.
  var xTicks: [Tick]
  var yTicks: [Tick]
  /// Whether the labels below the plot are turned.
  var isTurned: Bool
  /// The lowest pixel.
  var bottom: Double

  /// The angle of labels that do not fit side by side, in degrees.
  static let angle = -38.0

  /// How far a turned label reaches to the left, and downwards, for each pixel of its length.
  static let slope = 0.788
  static let depth = 0.616

  /// The pixels above the plot: a title, and the name of the vertical axis.
  static func top(_ panel: Panel) -> Double {
    (panel.title == nil ? 0 : 20) + (panel.y.isVisible && panel.y.title?.isEmpty == false ? 18 : 4)
  }

  init(_ panel: Panel, plot: Rect, cellLeft: Double) {
    self.panel = panel
    self.cellLeft = cellLeft
    var plot = plot
    var x = ScaleResolver.scale(panel, isX: true, length: plot.width)
    // Words to the right of the last mark must not leave the picture.
    plot.width -= PlacedPanel.overhang(panel, x, width: plot.width)
    x = ScaleResolver.scale(panel, isX: true, length: plot.width)
    self.plot = plot
    self.x = x
    y = ScaleResolver.scale(panel, isX: false, length: plot.height)
    (xTicks, isTurned) = PlacedPanel.place(x, panel.x, length: plot.width, start: plot.x)
    yTicks = PlacedPanel.placeVertical(y, plot)
    bottom = plot.bottom
    guard panel.x.isVisible else { return }
    let widest = xTicks.map { TextWidth.of($0.label, size: ChartLayout.labelSize) }.max() ?? 0
    bottom += isTurned ? 12 + widest * PlacedPanel.depth + 8 : 20
    if panel.x.title?.isEmpty == false { bottom += 18 }
  }

  /// How far the last label below the plot, or words beside a mark, reach beyond its right end.
  private static func overhang(_ panel: Panel, _ x: Scale, width: Double) -> Double {
    var most = 6.0
    for mark in panel.marks where mark.shape == .text && mark.style.anchor == .start {
      guard let place = mark.x, let words = mark.text, panel.x.isVisible else { continue }
      for row in 0..<mark.count {
        guard let fraction = x.fraction(place, row), let text = words.category(row) else { continue }
        let end = fraction * width + mark.style.dx + TextWidth.of(text, size: mark.style.fontSize)
        most = max(most, (end - width) / max(0.3, fraction))
      }
    }
    if panel.x.isVisible, case .continuous(let scale) = x, let last = scale.ticks.last,
      let fraction = scale.fraction(last.value)
    {
      let half = TextWidth.of(last.label, size: ChartLayout.labelSize) / 2
      most = max(most, fraction * width + half - width)
    }
    return min(most, width * 0.3)
  }

  /// The labels below the plot: side by side, every n-th, or turned.
  private static func place(_ scale: Scale, _ axis: Axis, length: Double, start: Double) -> ([Tick], Bool) {
    guard axis.isVisible else { return ([], false) }
    guard case .band(let band) = scale else { return (scale.ticks, false) }
    let size = ChartLayout.labelSize
    let step = length * band.share
    let widths = band.ticks.map { TextWidth.of($0.label, size: size) }
    if axis.labels != nil {
      // Time goes on between two labels, so some may be left out. A label that says its year needs its neighbour's room.
      let usual = widths.sorted()
      let typical = usual.isEmpty ? 0 : usual[usual.count / 2]
      let every = max(1, Int(exactly: ((typical + 6) / step).rounded(.up)) ?? 1)
      var free = -Double.infinity
      var ticks: [Tick] = []
      for (index, tick) in band.ticks.enumerated() where index % every == 0 {
        let center = (Double(index) + 0.5) * step
        let isTight = center - widths[index] / 2 < free
        let label = isTight ? TimeWords.withoutYear(tick.label) : tick.label
        let width = TextWidth.of(label, size: size)
        guard center - width / 2 >= free else { continue }
        ticks.append(Tick(value: tick.value, label: label))
        free = center + width / 2 + 4
      }
      return (ticks, false)
    }
    let widest = widths.max() ?? 0
    if widest + 8 <= step { return (band.ticks, false) }
    if step >= 64, widest <= 2 * step {
      return (band.ticks.map { Tick(value: $0.value, label: TextWidth.cut($0.label, size: size, to: step - 8)) }, false)
    }
    let every = max(1, Int(exactly: (13 / step).rounded(.up)) ?? 1)
    let kept = band.ticks.enumerated().filter { $0.offset % every == 0 }.map(\.element)
    return (
      kept.map { tick in
        let room = (start + (tick.value + 0.5) * step - 4) / slope
        return Tick(value: tick.value, label: TextWidth.cut(tick.label, size: size, to: min(130, room)))
      }, true
    )
  }

  /// The labels beside the plot: all, or every n-th when lines are closer than letters are high.
  private static func placeVertical(_ scale: Scale, _ plot: Rect) -> [Tick] {
    guard case .band(let band) = scale else { return scale.ticks }
    let every = max(1, Int(exactly: (12 / (plot.height * band.share)).rounded(.up)) ?? 1)
    return band.ticks.enumerated().filter { $0.offset % every == 0 }.map(\.element)
  }

  /// The pixel of a row of a horizontal channel.
  func px(_ channel: Channel?, _ row: Int) -> Double? {
    guard let channel, let fraction = x.fraction(channel, row), fraction.isFinite else { return nil }
    return plot.x + fraction * plot.width
  }

  /// The pixel of a row of a vertical channel. Numbers grow upwards, categories are read downwards.
  func py(_ channel: Channel?, _ row: Int) -> Double? {
    guard let channel, let fraction = y.fraction(channel, row), fraction.isFinite else { return nil }
    return pixel(vertical: fraction)
  }

  /// The pixel of a share of the vertical axis.
  func pixel(vertical fraction: Double) -> Double {
    if case .band = y { return plot.y + fraction * plot.height }
    return plot.y + (1 - fraction) * plot.height
  }

  /// The share of an axis at which a tick stands.
  static func fraction(_ tick: Tick, _ scale: Scale) -> Double? {
    switch scale {
    case .band(let band): (tick.value + 0.5) * band.share
    case .continuous(let continuous): continuous.fraction(tick.value)
    }
  }
}
