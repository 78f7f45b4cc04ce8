import Columnar

extension Chart {
  /// Upright bars, one a period or category, in the order of time or of the rows.
  ///
  /// - Parameters:
  ///   - x: a period, date or category column. Rows with the same value are added up.
  ///   - y: one number column, or several that stand side by side.
  ///   - color: a column that splits each bar.
  ///   - stacked: whether the parts of a bar continue each other or stand side by side.
  ///   - complete: a column of truth values; bars that are not complete are hatched.
  ///   - order: how the bars are sorted; times are always in their own order.
  ///   - target: a number that a line marks.
  public static func column(
    _ table: Table, x: String, y: [String], color: String? = nil, stacked: Bool = true, complete: String? = nil,
    order: ChartOrder = .given, target: Double? = nil
  ) throws(ChartError) -> Chart {
    var input = try BarInput(.column, table, category: x, value: y, color: color, complete: complete)
    let labels = input.sortByTime(table, x)
    if labels == nil { input.tab.sort(order) }
    let limit = labels == nil ? 40 : 400
    if let all = input.tab.limit(limit) {
      input.notes.append(
        DrawnNote.limited(to: limit, of: all, input.category.title, order: labels == nil ? order : .given))
    }
    var marks: [Mark] = []
    if let target { marks += ReferenceLine.horizontal(target, format: input.value.format) }
    marks += input.bars(stacked: stacked && color != nil, horizontal: false)
    let panel = Panel(
      x: Axis(
        .band(input.tab.categories), title: labels == nil ? input.category.title : nil,
        labels: labels.map { Array($0.prefix(limit)) }),
      y: Axis(.linear(zero: true), title: input.value.title, format: input.value.format, hasGrid: true), marks: marks)
    return Chart(
      .column, panels: [panel], color: input.scale,
      altText: input.altText("Column chart", stacked: stacked && color != nil), notes: input.notes)
  }
}
