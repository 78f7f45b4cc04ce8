import Columnar

extension Chart {
  /// The chart as a Vega-Lite 5 specification in JSON, with its data inline.
  ///
  /// Scales, ticks, labels and colours are those of the SVG picture: they are written out, not left to Vega-Lite's defaults. The
  /// background is the page's, and the words have a middle tone, so that a light and a dark page suit it.
  public var vegaLite: String { VegaLiteRenderer(self).specification().serialized }
}

/// Writes a laid-out chart as a Vega-Lite specification.
struct VegaLiteRenderer {
  let chart: Chart
  let theme = Theme.transparent
  let layout: ChartLayout

  init(_ chart: Chart) {
    self.chart = chart
    layout = ChartLayout(chart, theme: .transparent)
  }

  func specification() -> JSON {
    var members: [JSON.Member] = [
      JSON.Member("$schema", "https://vega.github.io/schema/vega-lite/v5.json"),
      JSON.Member("description", .text(chart.altText)),
      JSON.Member("background", "transparent"),
      JSON.Member("padding", 6),
    ]
    if let title { members.append(JSON.Member("title", title)) }
    members.append(JSON.Member("config", config))
    let views = layout.panels.enumerated().map { view($1, isFirst: $0 == 0) }
    if let only = views.first, views.count == 1 {
      members += only
    } else {
      members.append(JSON.Member("columns", .number(Double(min(chart.panelsPerRow, views.count)))))
      members.append(JSON.Member("spacing", .of(["row": 12, "column": .number(ChartLayout.columnGap)])))
      members.append(JSON.Member("concat", .array(views.map(JSON.object))))
      members.append(
        JSON.Member("resolve", .of(["scale": .of(["color": "independent"]), "legend": .of(["color": "independent"])])))
    }
    return .object(members)
  }

  private var title: JSON? {
    guard let title = chart.title else { return nil }
    return .of([
      "text": .text(title), "subtitle": chart.subtitle.map(JSON.text), "anchor": "start", "offset": 12,
    ])
  }

  private var config: JSON {
    .of([
      "font": .text(SVGRenderer.fonts),
      "view": .of(["stroke": .null]),
      "title": .of([
        "color": .text(theme.ink), "subtitleColor": .text(theme.faint), "fontSize": .number(ChartLayout.titleSize),
        "subtitleFontSize": 12,
      ]),
      "axis": .of([
        "labelColor": .text(theme.faint), "titleColor": .text(theme.faint), "domainColor": .text(theme.line),
        "tickColor": .text(theme.line), "gridColor": .text(theme.grid), "gridOpacity": .number(theme.gridOpacity),
        "labelFontSize": .number(ChartLayout.labelSize), "titleFontSize": .number(ChartLayout.labelSize),
        "titleFontWeight": "normal", "labelLimit": 0,
      ]),
      "legend": .of([
        "labelColor": .text(theme.ink), "titleColor": .text(theme.faint),
        "labelFontSize": .number(ChartLayout.labelSize), "titleFontSize": .number(ChartLayout.labelSize),
        "titleFontWeight": "normal", "symbolStrokeWidth": 0, "symbolOpacity": 1, "symbolSize": 120, "labelLimit": 180,
      ]),
    ])
  }

  /// One panel: its size and its layers.
  private func view(_ placed: PlacedPanel, isFirst: Bool) -> [JSON.Member] {
    var members: [JSON.Member] = []
    if let words = placed.panel.title {
      members.append(
        JSON.Member(
          "title",
          .of([
            "text": .text(words), "anchor": "start", "frame": "bounds", "fontSize": 12, "offset": 6,
          ])))
    }
    members.append(JSON.Member("width", .number(placed.plot.width.rounded())))
    members.append(JSON.Member("height", .number(placed.plot.height.rounded())))
    let layers = VegaLiteLayers(self, placed, hasLegend: isFirst)
    members.append(JSON.Member("layer", .array(placed.panel.marks.flatMap(layers.layers(of:)))))
    return members
  }
}
