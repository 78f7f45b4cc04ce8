import Columnar

extension Chart {
  /// The chart as a self-contained SVG document, without scripts, style sheets or links.
  public func svg(theme: Theme = .paper) -> String {
    SVGRenderer(self, theme: theme).document()
  }

  /// The size of the picture in pixels, as `svg` and the PNG image at scale 1 have it.
  public var pictureSize: (width: Double, height: Double) {
    let layout = ChartLayout(self, theme: .paper)
    return (layout.width, layout.height)
  }
}

/// Draws a laid-out chart.
struct SVGRenderer {
  let chart: Chart
  let theme: Theme
  let layout: ChartLayout
  var writer = SVGWriter()

  /// Faces that are alike, from the best looking to the one that every machine has.
  static let fonts = "Helvetica Neue, Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif"

  init(_ chart: Chart, theme: Theme) {
    self.chart = chart
    self.theme = theme
    layout = ChartLayout(chart, theme: theme)
  }

  func document() -> String {
    var copy = self
    copy.draw()
    return copy.writer.text
  }

  private mutating func draw() {
    let (width, height) = (layout.width, layout.height)
    writer.begin(
      "svg",
      [
        ("xmlns", "http://www.w3.org/2000/svg"), ("width", .number(width)), ("height", .number(height)),
        ("viewBox", "0 0 \(SVGWriter.number(width)) \(SVGWriter.number(height))"), ("role", "img"),
        ("font-family", "\(Self.fonts)"), ("font-size", .number(ChartLayout.labelSize)),
      ])
    writer.note("title", chart.altText)
    hatches()
    if let background = theme.background {
      writer.element("rect", [("width", .number(width)), ("height", .number(height)), ("fill", .words(background))])
    }
    heading()
    if let legend = layout.legend { draw(legend) }
    for panel in layout.panels { draw(panel) }
    writer.end()
  }

  private mutating func heading() {
    if let title = chart.title, let y = layout.titleY {
      let room = layout.width - 2 * ChartLayout.padding
      writer.words(
        TextWidth.cut(title, size: ChartLayout.titleSize, to: room),
        [
          ("x", .number(ChartLayout.padding)), ("y", .number(y)), ("fill", .words(theme.ink)),
          ("font-size", .number(ChartLayout.titleSize)), ("font-weight", "bold"),
        ])
    }
    if let subtitle = chart.subtitle, let y = layout.subtitleY {
      writer.words(
        TextWidth.cut(subtitle, size: 12, to: layout.width - 2 * ChartLayout.padding),
        [("x", .number(ChartLayout.padding)), ("y", .number(y)), ("fill", .words(theme.faint)), ("font-size", 12)])
    }
  }

  private mutating func draw(_ legend: LegendLayout) {
    if let title = legend.title {
      writer.words(title.text, [("x", .number(title.x)), ("y", .number(title.y)), ("fill", .words(theme.faint))])
    }
    for entry in legend.entries {
      writer.element(
        "rect",
        [
          ("x", .number(entry.x)), ("y", .number(entry.y)), ("width", 11), ("height", 11), ("rx", 2),
          ("fill", .words(entry.color)),
        ])
      writer.words(
        entry.label, [("x", .number(entry.x + 16)), ("y", .number(entry.y + 10)), ("fill", .words(theme.ink))])
    }
    guard let ramp = legend.ramp else { return }
    writer.begin("defs", [])
    let name = "ramp-\((ramp.stops.first ?? "").dropFirst())-\((ramp.stops.last ?? "").dropFirst())"
    writer.begin("linearGradient", [("id", .words(name))])
    for (index, stop) in ramp.stops.enumerated() {
      writer.element(
        "stop",
        [("offset", .number(Double(index) / Double(max(1, ramp.stops.count - 1)))), ("stop-color", .words(stop))])
    }
    writer.end()
    writer.end()
    writer.element(
      "rect",
      [
        ("x", .number(ramp.x)), ("y", .number(ramp.y)), ("width", .number(ramp.width)),
        ("height", .number(ramp.height)),
        ("fill", .words("url(#\(name))")),
      ])
    for label in ramp.labels {
      writer.words(
        label.text,
        [
          ("x", .number(ramp.x + label.share * ramp.width)), ("y", .number(ramp.y + 22)), ("text-anchor", "middle"),
          ("fill", .words(theme.faint)), ("font-size", 10),
        ])
    }
  }

  /// One pattern of slanted lines for each colour that an unfinished bar has.
  private mutating func hatches() {
    var colors: [String] = []
    for mark in chart.panels.flatMap(\.marks) where mark.shape == .bar {
      guard let flags = mark.incomplete else { continue }
      for row in flags.indices where flags[row] {
        let color = hatchColor(mark, row)
        if !colors.contains(color) { colors.append(color) }
      }
    }
    guard !colors.isEmpty else { return }
    writer.begin("defs", [])
    for color in colors {
      writer.begin(
        "pattern",
        [
          ("id", .words(Self.hatch(color))), ("width", 6), ("height", 6), ("patternUnits", "userSpaceOnUse"),
          ("patternTransform", "rotate(45)"),
        ])
      writer.element("rect", [("width", 6), ("height", 6), ("fill", .words(color)), ("fill-opacity", 0.18)])
      writer.element(
        "rect",
        [
          ("width", 2.2), ("height", 6), ("fill", .words(color)),
          ("fill-opacity", .number(MarkColor.hatchOpacity(color))),
        ])
      writer.end()
    }
    writer.end()
  }

  /// The name of the pattern of a colour.
  static func hatch(_ color: String) -> String { "hatch-\(color.dropFirst())" }

  /// The colour of a row of a mark.
  func hex(_ mark: Mark, _ row: Int) -> String { MarkColor(scale: chart.color, theme: theme).hex(mark, row) }

  /// The colour of an unfinished bar.
  func hatchColor(_ mark: Mark, _ row: Int) -> String { MarkColor(scale: chart.color, theme: theme).hatch(mark, row) }
}
