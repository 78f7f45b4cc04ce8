import Columnar

extension Chart {
  /// Parts of a whole as slices of a ring, largest first; what comes after the limit is one slice "Other".
  ///
  /// - Parameters:
  ///   - category: the column that names the slices.
  ///   - value: a number column without negative totals.
  ///   - limit: the most slices.
  public static func pie(_ table: Table, category: String, value: String, limit: Int = 7) throws(ChartError) -> Chart {
    var input = try BarInput(.pie, table, category: category, value: [value], color: nil, complete: nil)
    let negative = input.tab.categories.indices.filter { input.tab.total($0) < 0 }.count
    if negative > 0 { throw .negativeValues(kind: .pie, column: value, rows: negative) }
    input.tab.sort(.descending)
    var names = input.tab.categories
    var values = names.indices.map { input.tab.total($0) }
    let whole = values.reduce(0, +)
    guard whole > 0 else { throw .noRows(kind: .pie) }
    if names.count > limit, limit > 0 {
      let rest = values[limit...].reduce(0, +)
      let count = names.count - limit
      names = Array(names[..<limit]) + ["Other (\(count))"]
      values = Array(values[..<limit]) + [rest]
    }
    let title = input.category.title
    let slices = Channel(title, .categories(names))
    let sizes = Channel(input.value.title, .numbers(values), format: input.value.format)
    let shares = Channel("share", .numbers(values.map { $0 / whole }), format: .percent(1))
    // Words on a sliver would lie on its neighbours; the tooltip and the table have them all.
    let words = values.map { $0 / whole >= 0.04 ? ValueFormat.percent(1).text($0 / whole) : "" }
    let arcs = Mark(
      .arc, color: slices, size: sizes, text: Channel("share", .categories(words)), tooltip: [slices, sizes, shares])
    var scale = ColorScale.categories(names, title: title)
    if case .ordinal(var entries) = scale.kind, names.count > limit, limit > 0 {
      entries[names.count - 1].ink = .muted
      scale.kind = .ordinal(entries)
    }
    let largest = zip(names, values).prefix(3).map { "\($0) \(ValueFormat.percent(1).text($1 / whole))" }
    return Chart(
      .pie, panels: [Panel(x: .unit, y: .unit, marks: [arcs], height: 260)], color: scale,
      altText: "Pie chart of \(input.value.title) by \(title): " + largest.joined(separator: ", "), notes: input.notes)
  }
}
