import Columnar

extension Chart {
  /// A scatter plot with two lines that cut it into four fields.
  ///
  /// - Parameters:
  ///   - xCut: where the vertical line stands; nil for none.
  ///   - yCut: where the horizontal line stands; nil for none.
  ///   - color: the column that says the field, at most twelve values.
  ///   - label: a column whose words stand beside the points, when there are at most forty.
  ///   - log: logarithmic axes; nil for as the numbers are: when the largest is far above the usual ones, points on a plain
  ///     axis would lie in one corner. A few points at or below zero are then left out, and counted.
  public static func quadrants(
    _ table: Table, x: String, y: String, xCut: Double?, yCut: Double?, color: String? = nil, label: String? = nil,
    log: Bool? = nil
  ) throws(ChartError) -> Chart {
    let (usable, log, left) = log.map { (table, $0, 0) } ?? QuadrantScale.choose(table, x, y)
    let sample = ScatterSample(usable)
    var points = try ScatterInput(.quadrants, sample.table, x: x, y: y, color: color, size: nil, label: label)
    points.notes = sample.notes
    if left > 0 { points.notes.append("\(left) rows at or below zero have no place on the logarithmic axes") }
    if log { try points.requirePositive() }
    var marks: [Mark] = []
    if let xCut { marks += ReferenceLine.vertical(xCut, label: "\(points.x.title) limit", format: points.x.format) }
    if let yCut { marks += ReferenceLine.horizontal(yCut, label: "\(points.y.title) limit", format: points.y.format) }
    marks += points.marks()
    return Chart(
      .quadrants, panels: [Panel(x: points.xAxis(log: log), y: points.yAxis(log: log), marks: marks, height: 360)],
      color: points.scale, altText: points.altText("Quadrant chart", rows: table.rowCount), notes: points.notes)
  }
}

/// Whether the axes of a quadrant chart are logarithmic.
private enum QuadrantScale {
  /// The largest value is so many times the median when a plain axis hides most points.
  private static let skewed = 20.0
  /// The share of points that may be left out for the better view.
  private static let spare = 0.02

  /// The rows that can be drawn, whether on logarithmic axes, and how many rows were left out for them.
  static func choose(_ table: Table, _ x: String, _ y: String) -> (Table, log: Bool, left: Int) {
    guard let xs = table[x], let ys = table[y] else { return (table, false, 0) }
    let kept = (0..<table.rowCount).filter { (xs[$0].number ?? 1) > 0 && (ys[$0].number ?? 1) > 0 }
    let left = table.rowCount - kept.count
    guard Double(left) <= spare * Double(table.rowCount), isSkewed(xs, kept) || isSkewed(ys, kept) else {
      return (table, false, 0)
    }
    return (left == 0 ? table : table.picking(kept), true, left)
  }

  private static func isSkewed(_ column: Column, _ rows: [Int]) -> Bool {
    let values = rows.compactMap { column[$0].number }.sorted()
    guard let last = values.last else { return false }
    return last > skewed * Sample.quantile(values, 0.5)
  }
}
