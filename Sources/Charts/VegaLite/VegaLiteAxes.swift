import Columnar

/// Scales and axes of a Vega-Lite view, written out from the resolved scales.
struct VegaLiteAxes {
  let placed: PlacedPanel

  /// Milliseconds in a day: Vega counts time in them.
  static let milliseconds = 86_400_000.0

  /// The `scale` and `axis` of a positional channel.
  func members(isX: Bool) -> [JSON.Member] {
    let panel = placed.panel
    let axis = isX ? panel.x : panel.y
    let scale = isX ? placed.x : placed.y
    return [JSON.Member("scale", self.scale(scale, panel, isX: isX)), JSON.Member("axis", self.axis(axis, isX: isX))]
  }

  /// The type of a positional channel's field.
  static func type(_ scale: Scale) -> JSON {
    switch scale {
    case .band: "nominal"
    case .continuous(let continuous): continuous.transform == .time ? "temporal" : "quantitative"
    }
  }

  /// A value as the data of the specification hold it.
  static func value(_ number: Double, _ scale: Scale) -> JSON {
    if case .continuous(let continuous) = scale, continuous.transform == .time {
      return .number((number * milliseconds).rounded())
    }
    return .number(number)
  }

  private func scale(_ scale: Scale, _ panel: Panel, isX: Bool) -> JSON {
    switch scale {
    case .band(let band):
      let fill = panel.marks.filter { $0.shape == .bar }.map(\.style.bandFill).max() ?? 0.78
      return .of([
        "type": "band", "domain": .array(band.categories.map(JSON.text)), "paddingInner": .number(1 - fill),
        "paddingOuter": .number((1 - fill) / 2),
      ])
    case .continuous(let continuous):
      let ends = [continuous.lower, continuous.upper].map { VegaLiteAxes.value($0, scale) }
      switch continuous.transform {
      case .time:
        // Vega-Lite 5.6 reads the ends of a domain in two ways where a second channel is there, and then warns; the data have
        // the same ends.
        let isRanged = panel.marks.contains { (isX ? $0.x2 : $0.y2) != nil }
        return .of(["type": "utc", "domain": isRanged ? nil : .array(ends), "nice": false])
      case .log: return .of(["type": "log", "domain": .array(ends), "nice": false])
      case .linear: return .of(["type": "linear", "domain": .array(ends), "nice": false, "zero": false])
      }
    }
  }

  private func axis(_ axis: Axis, isX: Bool) -> JSON {
    guard axis.isVisible else { return .null }
    let scale = isX ? placed.x : placed.y
    let ticks = isX ? placed.xTicks : placed.yTicks
    let isBand = scale.bandShare != nil
    let words = title(axis, isX: isX)
    let room = placed.plot.x - placed.cellLeft
    let cut = isX ? nil : max(20, room - 8)
    let labels = ticks.map { tick in
      cut.map { TextWidth.cut(tick.label, size: ChartLayout.labelSize, to: $0) } ?? tick.label
    }
    var members: [JSON.Member] = [
      JSON.Member("title", words.isEmpty ? .null : .text(words)),
      JSON.Member("values", .array(ticks.map { value(of: $0, scale) })),
      JSON.Member("labelExpr", .text(labelExpression(ticks, labels, scale))),
      JSON.Member("labelOverlap", false),
      JSON.Member("labelFlush", false),
      JSON.Member("grid", .bool(axis.hasGrid && !isBand)),
      JSON.Member("ticks", .bool(isX && !isBand)),
      JSON.Member("domain", .bool(isX)),
    ]
    if isX {
      members.append(JSON.Member("labelAngle", .number(placed.isTurned ? PlacedPanel.angle : 0)))
      if placed.isTurned { members.append(JSON.Member("labelAlign", "right")) }
    } else {
      // Panels below each other line up when their axes are equally wide.
      members.append(JSON.Member("minExtent", .number(room - 2)))
      members.append(JSON.Member("maxExtent", .number(room - 2)))
      if !words.isEmpty {
        members += [
          JSON.Member("titleAngle", 0), JSON.Member("titleAlign", "left"), JSON.Member("titleX", .number(-room)),
          JSON.Member("titleY", -10),
        ]
      }
    }
    return .object(members)
  }

  private func title(_ axis: Axis, isX: Bool) -> String { axis.title ?? "" }

  private func value(of tick: Tick, _ scale: Scale) -> JSON {
    guard case .band(let band) = scale else { return VegaLiteAxes.value(tick.value, scale) }
    return band.categories[safe: Int(exactly: tick.value) ?? 0].map(JSON.text) ?? .null
  }

  /// An expression that looks the label of a tick up, so that no number is formatted a second time by the browser.
  private func labelExpression(_ ticks: [Tick], _ labels: [String], _ scale: Scale) -> String {
    let words = JSON.array(labels.map(JSON.text)).serialized
    let values = JSON.array(ticks.map { value(of: $0, scale) }).serialized
    let datum = scale.bandShare == nil ? "+datum.value" : "datum.value"
    return "\(words)[indexof(\(values), \(datum))]"
  }
}
