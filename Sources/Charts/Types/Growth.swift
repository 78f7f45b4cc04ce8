import Columnar

extension Chart {
  /// Columns of a number a period, the incomplete one hatched, above the line of their growth.
  ///
  /// - Parameters:
  ///   - period: a date or period column.
  ///   - value: a number column.
  ///   - growth: a number column of relative changes.
  ///   - complete: a column of truth values; growth to or from an incomplete period is dashed.
  public static func growth(
    _ table: Table, period: String, value: String, growth: String, complete: String? = nil
  ) throws(ChartError) -> Chart {
    var columns = try Chart.column(table, x: period, y: [value], complete: complete)
    let change = try Channel.number(table, growth, as: "y")
    let flags = try table.flags(complete)
    let labels = try Channel.label(table, period)
    guard case .band(let order) = columns.panels[0].x.kind else { return columns }
    var byLabel: [String: (change: Double?, complete: Bool)] = [:]
    for row in 0..<table.rowCount {
      guard let label = labels.category(row) else { continue }
      byLabel[label] = (change.number(row), flags?[row] ?? true)
    }
    func values(_ isShown: (Int) -> Bool) -> Channel {
      Channel(
        change.title, .numbers(order.indices.map { isShown($0) ? byLabel[order[$0]]?.change : nil }),
        format: .percent(1))
    }
    func isComplete(_ index: Int) -> Bool {
      order.indices.contains(index) ? byLabel[order[index]]?.complete ?? true : true
    }
    let band = Channel(labels.title, .categories(order))
    let line = MarkStyle(color: .series(1))
    var marks: [Mark] = [
      Mark(.rule, y: Channel("", .numbers([0])), style: MarkStyle(color: .muted, strokeWidth: 1)),
      Mark(.line, x: band, y: values(isComplete), tooltip: [band, values { _ in true }], style: line),
    ]
    if order.indices.contains(where: { !isComplete($0) }) {
      var dashed = line
      dashed.dash = [4, 3]
      let open = values { !isComplete($0) || !isComplete($0 + 1) || !isComplete($0 - 1) }
      marks.append(Mark(.line, x: band, y: open, tooltip: [band, open], style: dashed))
    }
    var points = line
    points.pointArea = order.count > 60 ? 8 : 26
    marks.append(
      Mark(
        .point, x: band, y: values { _ in true }, incomplete: order.indices.map { !isComplete($0) },
        tooltip: [band, values { _ in true }], style: points))
    columns.panels[0].height = 210
    let labelsOfTicks = columns.panels[0].x.labels
    columns.panels[0].x.isVisible = false
    columns.panels.append(
      Panel(
        x: Axis(.band(order), labels: labelsOfTicks),
        y: Axis(.linear(zero: true), title: change.title, format: .percent(0), hasGrid: true), marks: marks, height: 100
      ))
    columns.kind = .growth
    columns.altText =
      columns.altText.replacingPrefix("Column chart", with: "Columns") + ", with the line of \(change.title) below"
    return columns
  }
}

extension String {
  /// The text with another beginning, when it has this one.
  func replacingPrefix(_ prefix: String, with other: String) -> String {
    hasPrefix(prefix) ? other + dropFirst(prefix.count) : self
  }
}
