import Columnar

extension Chart {
  /// Horizontal bars, one a category, the largest on top.
  ///
  /// - Parameters:
  ///   - category: the column that names the bars. Rows with the same name are added up.
  ///   - value: one number column, or several that stand side by side.
  ///   - color: a column that splits each bar; excludes several values.
  ///   - stacked: whether the parts of a bar continue each other or stand side by side.
  ///   - order: how the bars are sorted.
  ///   - limit: the most bars; the note says how many there are.
  ///   - target: a number that a line marks.
  public static func bar(
    _ table: Table, category: String, value: [String], color: String? = nil, stacked: Bool = true,
    order: ChartOrder = .descending, limit: Int = 25, target: Double? = nil
  ) throws(ChartError) -> Chart {
    var input = try BarInput(.bar, table, category: category, value: value, color: color, complete: nil)
    input.tab.sort(order)
    if let all = input.tab.limit(max(1, limit)) {
      input.notes.append(DrawnNote.limited(to: input.tab.categories.count, of: all, input.category.title, order: order))
    }
    let isStacked = stacked && color != nil
    var marks = input.bars(stacked: isStacked, horizontal: true)
    if input.group == nil { marks += input.endLabels() }
    if let target { marks += ReferenceLine.vertical(target, format: input.value.format) }
    let bars = input.tab.categories.count
    let rows = Double(bars) * (isStacked || input.group == nil ? 1 : Double(max(1, input.tab.groups.count)) * 0.7)
    let panel = Panel(
      x: Axis(.linear(zero: true), title: input.value.title, format: input.value.format, hasGrid: true),
      y: Axis(.band(input.tab.categories)), marks: marks, height: max(60, min(560, rows * 24)))
    return Chart(
      .bar, panels: [panel], color: input.scale, altText: input.altText("Bar chart", stacked: isStacked),
      notes: input.notes)
  }
}
