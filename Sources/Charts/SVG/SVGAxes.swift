import Columnar

/// Draws a panel's frame: title, grid, ticks, labels; then its marks.
extension SVGRenderer {
  mutating func draw(_ placed: PlacedPanel) {
    let (panel, plot) = (placed.panel, placed.plot)
    if let title = panel.title {
      writer.words(
        TextWidth.cut(title, size: 12, to: plot.right - placed.cellLeft),
        [
          ("x", .number(placed.cellLeft)), ("y", .number(plot.y - PlacedPanel.top(panel) + 13)),
          ("fill", .words(theme.ink)), ("font-size", 12), ("font-weight", "bold"),
        ])
    }
    if panel.y.isVisible { verticalAxis(placed) }
    if panel.x.isVisible { horizontalAxis(placed) }
    for mark in panel.marks { draw(mark, placed) }
    zeroLine(placed)
  }

  private mutating func verticalAxis(_ placed: PlacedPanel) {
    let plot = placed.plot
    for tick in placed.yTicks {
      guard let fraction = PlacedPanel.fraction(tick, placed.y) else { continue }
      let y = placed.pixel(vertical: fraction)
      if placed.panel.y.hasGrid { gridLine(plot.x, y, plot.right, y) }
      let room = plot.x - placed.cellLeft - 8
      writer.words(
        TextWidth.cut(tick.label, size: ChartLayout.labelSize, to: max(20, room)),
        [
          ("x", .number(plot.x - 7)), ("y", .number(y + 4)), ("text-anchor", "end"), ("fill", .words(theme.faint)),
        ])
    }
    if let title = placed.panel.y.title, !title.isEmpty {
      writer.words(
        title, [("x", .number(placed.cellLeft)), ("y", .number(plot.y - 8)), ("fill", .words(theme.faint))])
    }
  }

  private mutating func horizontalAxis(_ placed: PlacedPanel) {
    let plot = placed.plot
    if case .continuous = placed.x { line(plot.x, plot.bottom, plot.right, plot.bottom) }
    for tick in placed.xTicks {
      guard let fraction = PlacedPanel.fraction(tick, placed.x) else { continue }
      let x = plot.x + fraction * plot.width
      if case .continuous = placed.x {
        if placed.panel.x.hasGrid { gridLine(x, plot.y, x, plot.bottom) }
        line(x, plot.bottom, x, plot.bottom + 4)
      }
      let turn: SVGWriter.Value? =
        placed.isTurned
        ? "rotate(\(SVGWriter.number(PlacedPanel.angle)) \(SVGWriter.number(x)) \(SVGWriter.number(plot.bottom + 12)))"
        : nil
      writer.words(
        tick.label,
        [
          ("x", .number(x + (placed.isTurned ? 4 : 0))), ("y", .number(plot.bottom + (placed.isTurned ? 13 : 16))),
          ("text-anchor", placed.isTurned ? "end" : "middle"), ("fill", .words(theme.faint)), ("transform", turn),
        ])
    }
    if let title = placed.panel.x.title, !title.isEmpty {
      writer.words(
        title,
        [
          ("x", .number(plot.x + plot.width / 2)), ("y", .number(placed.bottom - 2)), ("text-anchor", "middle"),
          ("fill", .words(theme.faint)),
        ])
    }
  }

  /// The line that upright bars stand on, or from which they hang.
  private mutating func zeroLine(_ placed: PlacedPanel) {
    let plot = placed.plot
    let hasBars = placed.panel.marks.contains { $0.shape == .bar }
    guard hasBars, placed.panel.x.isVisible || placed.panel.y.isVisible else { return }
    if case .band = placed.x, case .continuous(let scale) = placed.y, let fraction = scale.fraction(scale.baseline) {
      let y = placed.pixel(vertical: fraction)
      line(plot.x, y, plot.right, y)
    }
    if case .band = placed.y, case .continuous(let scale) = placed.x, let fraction = scale.fraction(scale.baseline) {
      let x = plot.x + fraction * plot.width
      line(x, plot.y, x, plot.bottom)
    }
  }

  private mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) {
    writer.element(
      "line",
      [
        ("x1", .number(x1)), ("y1", .number(y1)), ("x2", .number(x2)), ("y2", .number(y2)),
        ("stroke", .words(theme.line)),
      ])
  }

  private mutating func gridLine(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) {
    writer.element(
      "line",
      [
        ("x1", .number(x1)), ("y1", .number(y1)), ("x2", .number(x2)), ("y2", .number(y2)),
        ("stroke", .words(theme.grid)), ("stroke-opacity", .number(theme.gridOpacity)),
      ])
  }
}
