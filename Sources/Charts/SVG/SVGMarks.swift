import Columnar

/// Draws the marks: one function a shape.
extension SVGRenderer {
  mutating func draw(_ mark: Mark, _ placed: PlacedPanel) {
    switch mark.shape {
    case .bar: bars(mark, placed)
    case .line: lines(mark, placed)
    case .area: areas(mark, placed)
    case .point: points(mark, placed)
    case .rule: rules(mark, placed)
    case .tick: ticks(mark, placed)
    case .text: texts(mark, placed)
    case .arc: arcs(mark, placed)
    }
  }

  private mutating func bars(_ mark: Mark, _ placed: PlacedPanel) {
    let space = BarSpace(mark, placed)
    for row in 0..<mark.count {
      guard let box = space.box(row) else { continue }
      let isOpen = mark.incomplete?[safe: row] ?? false
      let color = isOpen ? hatchColor(mark, row) : hex(mark, row)
      writer.element(
        "rect",
        [
          ("x", .number(box.x)), ("y", .number(box.y)), ("width", .number(box.width)), ("height", .number(box.height)),
          ("fill", isOpen ? "url(#\(Self.hatch(color)))" : .words(color)),
          ("fill-opacity", mark.style.opacity < 1 ? .number(mark.style.opacity) : nil),
          ("stroke", isOpen ? .words(color) : nil), ("stroke-dasharray", isOpen ? "3 2" : nil),
        ])
    }
  }

  private mutating func lines(_ mark: Mark, _ placed: PlacedPanel) {
    for rows in mark.groups {
      var path = ""
      var isDown = false
      for row in rows {
        guard let x = placed.px(mark.x, row), let y = placed.py(mark.y, row) else {
          isDown = false
          continue
        }
        path += "\(isDown ? "L" : "M")\(SVGWriter.number(x)) \(SVGWriter.number(y))"
        isDown = true
      }
      guard let first = rows.first, !path.isEmpty else { continue }
      writer.element(
        "path",
        [
          ("d", .words(path)), ("fill", "none"), ("stroke", .words(hex(mark, first))),
          ("stroke-width", .number(mark.style.strokeWidth)), ("stroke-linejoin", "round"), ("stroke-linecap", "round"),
          ("stroke-dasharray", dash(mark)),
          ("stroke-opacity", mark.style.opacity < 1 ? .number(mark.style.opacity) : nil),
        ])
    }
  }

  private mutating func areas(_ mark: Mark, _ placed: PlacedPanel) {
    for rows in mark.groups {
      var pieces: [[(x: Double, top: Double, bottom: Double)]] = [[]]
      for row in rows {
        guard let x = placed.px(mark.x, row), let top = placed.py(mark.y, row),
          let bottom = mark.y2 == nil ? placed.pixel(vertical: placed.y.baselineShare) : placed.py(mark.y2, row)
        else {
          pieces.append([])
          continue
        }
        pieces[pieces.count - 1].append((x, top, bottom))
      }
      var path = ""
      for piece in pieces where !piece.isEmpty {
        let there = piece.map { "\(SVGWriter.number($0.x)) \(SVGWriter.number($0.top))" }
        let back = piece.reversed().map { "\(SVGWriter.number($0.x)) \(SVGWriter.number($0.bottom))" }
        path += "M" + (there + back).joined(separator: "L") + "Z"
      }
      guard let first = rows.first, !path.isEmpty else { continue }
      writer.element(
        "path",
        [("d", .words(path)), ("fill", .words(hex(mark, first))), ("fill-opacity", .number(mark.style.opacity))])
    }
  }

  private mutating func points(_ mark: Mark, _ placed: PlacedPanel) {
    let sizes = PointSizes(mark)
    for row in 0..<mark.count {
      guard let x = placed.px(mark.x, row), let y = placed.py(mark.y, row) else { continue }
      let color = hex(mark, row)
      let isOpen = mark.incomplete?[safe: row] ?? false
      writer.element(
        "circle",
        [
          ("cx", .number(x)), ("cy", .number(y)), ("r", .number((sizes.area(row) / Double.pi).squareRoot())),
          ("fill", isOpen ? .words(theme.background ?? "none") : .words(color)),
          ("fill-opacity", mark.style.opacity < 1 ? .number(mark.style.opacity) : nil),
          ("stroke", isOpen ? .words(color) : nil), ("stroke-width", isOpen ? 1.5 : nil),
        ])
    }
  }

  private mutating func rules(_ mark: Mark, _ placed: PlacedPanel) {
    let plot = placed.plot
    for row in 0..<mark.count {
      let x = placed.px(mark.x, row)
      let y = placed.py(mark.y, row)
      guard x != nil || y != nil else { continue }
      let x2 = placed.px(mark.x2, row)
      let y2 = placed.py(mark.y2, row)
      if mark.x != nil && x == nil || mark.y != nil && y == nil { continue }
      if mark.x2 != nil && x2 == nil || mark.y2 != nil && y2 == nil { continue }
      writer.element(
        "line",
        [
          ("x1", .number(x ?? plot.x)), ("y1", .number(y ?? plot.y)), ("x2", .number(x2 ?? x ?? plot.right)),
          ("y2", .number(y2 ?? y ?? plot.bottom)), ("stroke", .words(hex(mark, row))),
          ("stroke-width", .number(mark.style.strokeWidth)), ("stroke-dasharray", dash(mark)),
        ])
    }
  }

  private mutating func ticks(_ mark: Mark, _ placed: PlacedPanel) {
    let width = placed.plot.width * (placed.x.bandShare ?? 0.02) * mark.style.bandFill
    for row in 0..<mark.count {
      guard let x = placed.px(mark.x, row), let y = placed.py(mark.y, row) else { continue }
      writer.element(
        "line",
        [
          ("x1", .number(x - width / 2)), ("y1", .number(y)), ("x2", .number(x + width / 2)), ("y2", .number(y)),
          ("stroke", .words(hex(mark, row))), ("stroke-width", .number(mark.style.strokeWidth)),
        ])
    }
  }

  private mutating func texts(_ mark: Mark, _ placed: PlacedPanel) {
    for row in 0..<mark.count {
      guard let words = mark.text?.category(row), !words.isEmpty, let x = placed.px(mark.x, row),
        let y = placed.py(mark.y, row)
      else { continue }
      writer.words(
        words,
        [
          ("x", .number(x + mark.style.dx)), ("y", .number(y + mark.style.dy + mark.style.fontSize * 0.36)),
          ("text-anchor", mark.style.anchor == .start ? nil : .words(mark.style.anchor.rawValue)),
          ("fill", .words(hex(mark, row))),
          ("font-size", mark.style.fontSize == ChartLayout.labelSize ? nil : .number(mark.style.fontSize)),
          ("font-weight", mark.style.isBold ? "bold" : nil),
        ])
    }
  }

  private mutating func arcs(_ mark: Mark, _ placed: PlacedPanel) {
    let pie = PieGeometry(mark, width: placed.plot.width, height: placed.plot.height)
    let (cx, cy) = (placed.plot.x + placed.plot.width / 2, placed.plot.y + placed.plot.height / 2)
    func at(_ angle: Double, _ radius: Double) -> String {
      "\(SVGWriter.number(cx + radius * sine(angle))) \(SVGWriter.number(cy - radius * cosine(angle)))"
    }
    for slice in pie.slices {
      let large = slice.end - slice.start > Double.pi ? 1 : 0
      let (outer, inner) = (SVGWriter.number(pie.radius), SVGWriter.number(pie.inner))
      // A whole ring has no two different ends, so its last hair stays open.
      let end = min(slice.end, slice.start + 2 * Double.pi - 1e-4)
      let path =
        "M\(at(slice.start, pie.radius))A\(outer) \(outer) 0 \(large) 1 \(at(end, pie.radius))"
        + "L\(at(end, pie.inner))A\(inner) \(inner) 0 \(large) 0 \(at(slice.start, pie.inner))Z"
      writer.element(
        "path",
        [
          ("d", .words(path)), ("fill", .words(hex(mark, slice.row))), ("stroke", theme.background.map { .words($0) }),
        ])
      guard let words = mark.text?.category(slice.row), !words.isEmpty else { continue }
      let middle = (slice.start + slice.end) / 2
      let distance = pie.labelRadius
      writer.words(
        words,
        [
          ("x", .number(cx + distance * sine(middle))), ("y", .number(cy - distance * cosine(middle) + 4)),
          ("text-anchor", "middle"), ("fill", .words(theme.ink)),
        ])
    }
  }

  private func dash(_ mark: Mark) -> SVGWriter.Value? {
    mark.style.dash.isEmpty ? nil : .words(mark.style.dash.map(SVGWriter.number).joined(separator: " "))
  }
}

extension Array {
  /// The element, or nil beyond the ends.
  subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}

extension Mark {
  /// The rows of each line or area, by the value of the colour channel, in order of first appearance.
  var groups: [[Int]] {
    guard let color else { return [Array(0..<count)] }
    var order: [String] = []
    var rows: [String: [Int]] = [:]
    for row in 0..<count {
      let name = color.text(row)
      if rows[name] == nil { order.append(name) }
      rows[name, default: []].append(row)
    }
    return order.map { rows[$0] ?? [] }
  }
}

extension Scale {
  /// Where areas without a lower end begin.
  var baselineShare: Double {
    guard case .continuous(let scale) = self else { return 0 }
    return scale.fraction(scale.baseline) ?? 0
  }
}
