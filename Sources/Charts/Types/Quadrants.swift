import Columnar

extension Chart {
  /// A scatter plot with two lines that cut it into four fields.
  ///
  /// - Parameters:
  ///   - xCut: where the vertical line stands; nil for none.
  ///   - yCut: where the horizontal line stands; nil for none.
  ///   - color: the column that says the field, at most twelve values.
  ///   - label: a column whose words stand beside the points, when there are at most forty.
  ///   - log: logarithmic axes, for numbers that spread over several powers of ten.
  public static func quadrants(
    _ table: Table, x: String, y: String, xCut: Double?, yCut: Double?, color: String? = nil, label: String? = nil,
    log: Bool = false
  ) throws(ChartError) -> Chart {
    let sample = ScatterSample(table)
    var points = try ScatterInput(.quadrants, sample.table, x: x, y: y, color: color, size: nil, label: label)
    points.notes = sample.notes
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
