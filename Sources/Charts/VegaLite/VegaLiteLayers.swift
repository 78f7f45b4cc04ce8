import Columnar

/// Writes the marks of a panel as layers.
struct VegaLiteLayers {
  let renderer: VegaLiteRenderer
  let placed: PlacedPanel
  let hasLegend: Bool
  private let axes: VegaLiteAxes

  init(_ renderer: VegaLiteRenderer, _ placed: PlacedPanel, hasLegend: Bool) {
    self.renderer = renderer
    self.placed = placed
    self.hasLegend = hasLegend
    axes = VegaLiteAxes(placed: placed)
  }

  /// The layers of a mark: one, or two when some of its rows are unfinished and look different.
  func layers(of mark: Mark) -> [JSON] {
    let rows = Array(0..<mark.count)
    if mark.shape == .arc { return arcs(mark) }
    guard let flags = mark.incomplete, flags.contains(true), mark.shape == .bar || mark.shape == .point else {
      return [layer(mark, rows, isOpen: false)]
    }
    let open = rows.filter { flags[safe: $0] ?? false }
    let done = rows.filter { !(flags[safe: $0] ?? false) }
    return (done.isEmpty ? [] : [layer(mark, done, isOpen: false)]) + [layer(mark, open, isOpen: true)]
  }

  private func layer(_ mark: Mark, _ rows: [Int], isOpen: Bool) -> JSON {
    let sizes = PointSizes(mark)
    return .of([
      "data": .of(["values": .array(rows.compactMap { datum(mark, $0, sizes) })]),
      "mark": shape(mark, isOpen: isOpen),
      "encoding": .object(encoding(mark)),
    ])
  }

  // MARK: Data

  /// A row of inline data. Rows that cannot be placed are kept in lines, where they are gaps, and left out elsewhere.
  private func datum(_ mark: Mark, _ row: Int, _ sizes: PointSizes) -> JSON? {
    var members: [JSON.Member] = []
    var isPlaced = true
    func place(_ key: String, _ channel: Channel?, _ scale: Scale) {
      guard let channel else { return }
      if let name = channel.category(row) {
        members.append(JSON.Member(key, .text(name)))
      } else if let number = channel.number(row), scale.fraction(channel, row) != nil {
        members.append(JSON.Member(key, VegaLiteAxes.value(number, scale)))
      } else {
        isPlaced = false
        members.append(JSON.Member(key, .null))
      }
    }
    place("x", mark.x, placed.x)
    place("x2", mark.x2, placed.x)
    place("y", mark.y, placed.y)
    place("y2", mark.y2, placed.y)
    guard isPlaced || mark.shape == .line || mark.shape == .area else { return nil }
    if let color = mark.color {
      switch renderer.chart.color?.kind {
      case .sequential, .diverging: members.append(JSON.Member("c", color.number(row).map(JSON.number) ?? .null))
      case .ordinal, nil: members.append(JSON.Member("c", .text(color.category(row) ?? CrossTab.missingName)))
      }
    }
    if isOrdered(mark) { members.append(JSON.Member("o", .number(Double(row)))) }
    if let dodge = mark.dodge { members.append(JSON.Member("d", .text(dodge.category(row) ?? ""))) }
    if mark.size != nil { members.append(JSON.Member("s", .number(sizes.area(row)))) }
    if let text = mark.text {
      guard let words = text.category(row), !words.isEmpty else { return nil }
      members.append(JSON.Member("t", .text(words)))
    }
    for (index, channel) in mark.tooltip.enumerated() {
      members.append(JSON.Member("t\(index)", .text(channel.text(row))))
    }
    return .object(members)
  }

  /// A line over categories follows the rows; Vega-Lite would sort it by name.
  private func isOrdered(_ mark: Mark) -> Bool { mark.shape == .line && placed.x.bandShare != nil }

  // MARK: Looks

  private func shape(_ mark: Mark, isOpen: Bool) -> JSON {
    let style = mark.style
    let fixed: JSON? = mark.color == nil ? .text(renderer.theme.hex(style.color)) : nil
    let opacity: JSON? = style.opacity < 1 ? .number(style.opacity) : nil
    let dash: JSON? = style.dash.isEmpty ? nil : .array(style.dash.map(JSON.number))
    switch mark.shape {
    case .bar:
      let isTiled = mark.x2 != nil && mark.y2 != nil
      let isCell = placed.x.bandShare != nil && placed.y.bandShare != nil
      return .of([
        "type": isTiled || isCell ? "rect" : "bar", "color": fixed,
        // A pattern would need definitions that several charts of one page share by name: a pale bar is the same everywhere.
        "fillOpacity": isOpen ? 0.3 : opacity, "stroke": isOpen ? fixed ?? .text(Palette.muted) : nil,
        "strokeDash": isOpen ? .array([3, 2]) : nil,
        "strokeWidth": isOpen ? 1 : nil, "xOffset": isTiled ? 0.5 : nil, "x2Offset": isTiled ? -0.5 : nil,
        "yOffset": isTiled ? 0.5 : nil, "y2Offset": isTiled ? -0.5 : nil,
      ])
    case .line:
      return .of([
        "type": "line", "color": fixed, "strokeWidth": .number(style.strokeWidth), "strokeDash": dash,
        "opacity": opacity, "strokeCap": "round", "strokeJoin": "round",
      ])
    case .area:
      return .of(["type": "area", "color": fixed, "fillOpacity": .number(style.opacity)])
    case .point:
      return .of([
        "type": "point", "filled": .bool(!isOpen), "color": fixed, "opacity": opacity ?? 1,
        "size": mark.size == nil ? .number(style.pointArea) : nil, "strokeWidth": isOpen ? 1.5 : 0,
      ])
    case .rule:
      return .of(["type": "rule", "color": fixed, "strokeWidth": .number(style.strokeWidth), "strokeDash": dash])
    case .tick:
      let width = placed.plot.width * (placed.x.bandShare ?? 0.02) * style.bandFill
      return .of([
        "type": "tick", "orient": "horizontal", "color": fixed, "size": .number((width * 100).rounded() / 100),
        "thickness": .number(style.strokeWidth),
      ])
    case .text:
      let align: JSON =
        switch style.anchor {
        case .start: "left"
        case .middle: "center"
        case .end: "right"
        }
      return .of([
        "type": "text", "color": fixed, "align": align, "baseline": "middle", "dx": .number(style.dx),
        "dy": .number(style.dy), "fontSize": .number(style.fontSize), "fontWeight": style.isBold ? "bold" : nil,
      ])
    case .arc: return "arc"
    }
  }

  // MARK: Encoding

  private func encoding(_ mark: Mark) -> [JSON.Member] {
    var members: [JSON.Member] = []
    if mark.x != nil {
      members.append(position("x", placed.x, mark, isX: true))
      if mark.x2 != nil { members.append(JSON.Member("x2", .of(["field": "x2"]))) }
    }
    if mark.y != nil {
      members.append(position("y", placed.y, mark, isX: false))
      if mark.y2 != nil { members.append(JSON.Member("y2", .of(["field": "y2"]))) }
    }
    if mark.color != nil { members.append(JSON.Member("color", color)) }
    if mark.dodge != nil {
      let names = BarSpace(mark, placed).dodge
      members.append(
        JSON.Member(
          placed.x.bandShare != nil ? "xOffset" : "yOffset",
          .of([
            "field": "d", "type": "nominal",
            "scale": .of(["domain": .array(names.map(JSON.text)), "paddingInner": .number(BarSpace.innerGap)]),
          ])))
    }
    if mark.size != nil {
      members.append(JSON.Member("size", .of(["field": "s", "type": "quantitative", "scale": .null, "legend": .null])))
    }
    if mark.text != nil { members.append(JSON.Member("text", .of(["field": "t", "type": "nominal"]))) }
    if isOrdered(mark) {
      members.append(JSON.Member("order", .of(["field": "o", "type": "quantitative"])))
    }
    if !mark.tooltip.isEmpty {
      members.append(
        JSON.Member(
          "tooltip",
          .array(
            mark.tooltip.enumerated().map { index, channel in
              .of([
                "field": .text("t\(index)"), "type": "nominal",
                "title": .text(channel.title.isEmpty ? "value" : channel.title),
              ])
            })))
    }
    return members
  }

  private func position(_ name: String, _ scale: Scale, _ mark: Mark, isX: Bool) -> JSON.Member {
    var members = [JSON.Member("field", .text(name)), JSON.Member("type", VegaLiteAxes.type(scale))]
    members += axes.members(isX: isX)
    if mark.shape == .bar || mark.shape == .area, scale.bandShare == nil {
      members.append(JSON.Member("stack", .null))
    }
    return JSON.Member(name, .object(members))
  }

  /// The colour channel with its scale, and the legend when this is the view that shows it.
  private var color: JSON {
    guard let scale = renderer.chart.color else { return .of(["value": .text(Palette.muted)]) }
    let isShown = hasLegend && scale.hasLegend
    switch scale.kind {
    case .ordinal(let entries):
      let legend: JSON = .of([
        "title": scale.title.map(JSON.text) ?? .null, "orient": "top", "direction": "horizontal",
        "symbolType": "square", "columns": .number(Double(legendColumns)), "titleOrient": "left",
        "offset": .number(legendOffset),
        "values": .array(entries.map { .text($0.category) }),
      ])
      return .of([
        "field": "c", "type": "nominal",
        "scale": .of([
          "domain": .array(entries.map { .text($0.category) }),
          "range": .array(entries.map { .text(renderer.theme.hex($0.ink)) }),
        ]),
        "legend": isShown ? legend : .null,
      ])
    case .sequential, .diverging:
      let (low, high) = scale.ends
      let count = max(1, scale.stops.count - 1)
      let domain = scale.stops.indices.map { JSON.number(low + (high - low) * Double($0) / Double(count)) }
      let labels = renderer.layout.legend?.ramp?.labels ?? []
      let values = labels.map { JSON.number(low + (high - low) * $0.share) }
      let words = JSON.array(labels.map { .text($0.text) }).serialized
      // Vega may place the ticks of a ramp a hair beside the value, so the nearest label is taken.
      let nearest = high > low ? "round((datum.value - \(low)) / \(high - low) * \(max(1, labels.count - 1)))" : "0"
      let legend: JSON = .of([
        "title": scale.title.map(JSON.text) ?? .null, "orient": "top", "direction": "horizontal", "titleOrient": "left",
        "gradientLength": 180, "gradientThickness": 10, "values": .array(values),
        "labelExpr": .text("\(words)[\(nearest)]"), "labelOverlap": false, "offset": .number(legendOffset),
      ])
      return .of([
        "field": "c", "type": "quantitative",
        "scale": .of([
          "type": "linear", "domain": .array(domain), "range": .array(scale.stops.map(JSON.text)), "clamp": true,
        ]),
        "legend": isShown ? legend : .null,
      ])
    }
  }

  /// The legend stands above the name of the vertical axis.
  private var legendOffset: Double {
    placed.panel.y.isVisible && placed.panel.y.title?.isEmpty == false ? 24 : 8
  }

  /// How many entries of the legend fit in its first row.
  private var legendColumns: Int {
    guard let entries = renderer.layout.legend?.entries, let first = entries.first else { return 1 }
    return max(1, entries.filter { $0.y == first.y }.count)
  }

  /// A pie: its slices by angles that are worked out already, and the words beside them.
  private func arcs(_ mark: Mark) -> [JSON] {
    let pie = PieGeometry(mark, width: placed.plot.width, height: placed.plot.height)
    func rows(_ members: (PieGeometry.Slice) -> [JSON.Member]?) -> JSON {
      .of(["values": .array(pie.slices.compactMap { members($0).map(JSON.object) })])
    }
    let slices = rows { slice in
      [
        JSON.Member("a", .number(slice.start)), JSON.Member("a2", .number(slice.end)),
        JSON.Member("c", .text(mark.color?.category(slice.row) ?? CrossTab.missingName)),
      ] + mark.tooltip.enumerated().map { JSON.Member("t\($0)", .text($1.text(slice.row))) }
    }
    let words = rows { slice in
      guard let text = mark.text?.category(slice.row), !text.isEmpty else { return nil }
      return [JSON.Member("a", .number((slice.start + slice.end) / 2)), JSON.Member("t", .text(text))]
    }
    let tooltip = encoding(mark).filter { $0.key == "tooltip" }
    let angle: JSON = .of(["field": "a", "type": "quantitative", "scale": .null, "stack": .null])
    return [
      .of([
        "data": slices,
        "mark": .of([
          "type": "arc", "outerRadius": .number(pie.radius), "innerRadius": .number(pie.inner), "padAngle": 0.008,
        ]),
        "encoding": .object(
          [JSON.Member("theta", angle), JSON.Member("theta2", .of(["field": "a2"])), JSON.Member("color", color)]
            + tooltip),
      ]),
      .of([
        "data": words,
        "mark": .of([
          "type": "text", "radius": .number(pie.labelRadius), "color": .text(renderer.theme.ink),
          "fontSize": .number(ChartLayout.labelSize),
        ]),
        "encoding": .of(["theta": angle, "text": .of(["field": "t", "type": "nominal"])]),
      ]),
    ]
  }
}
