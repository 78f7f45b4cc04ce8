import Charts
import Columnar

/// A chart that was asked for, drawn once the rows that it shows are known.
package struct ChartRequest: Sendable {
  /// The chart's kind; nil for none at all.
  var kind: ChartKind?
  var mapping = ChartMapping()
  /// Whether the detail rows are drawn although there is a summary.
  var drawsDetail = false
  var title: String?
  /// Where it was asked for; nil for a command's own default chart, which is left out when it cannot be drawn.
  var range: SourceRange?

  /// Asks for a kind of chart with nothing said about it.
  init(_ kind: ChartKind?) { self.kind = kind }

  /// A command's own chart of these columns.
  init(_ kind: ChartKind, x: [String], y: [String], color: String? = nil) {
    self.kind = kind
    mapping = ChartMapping(x: x, y: y, color: color)
  }

  /// Draws the chart. One row alone has nothing to compare, so it has no default chart.
  func draw(_ table: Table) throws(Diagnostic) -> Chart? {
    guard let kind, range != nil || table.rowCount > 1 else { return nil }
    do {
      let chart = try ChartDrawing(kind, try mapping.completed(for: kind, table.schema), table).chart()
      return chart.titled(title)
    } catch {
      guard let range else { return nil }
      throw .chart(error, kind: kind, at: range)
    }
  }
}

/// Calls the function of a chart's kind with the columns of a mapping.
struct ChartDrawing {
  let kind: ChartKind
  let map: ChartMapping
  let table: Table
  private let x: String
  private let y: String

  init(_ kind: ChartKind, _ map: ChartMapping, _ table: Table) {
    self.kind = kind
    self.map = map
    self.table = table
    x = map.x.first ?? ""
    y = map.y.first ?? ""
  }

  /// The chart, in panels when a column was named for them.
  func chart() throws(ChartError) -> Chart {
    guard let facet = map.facet else { return try draw(table) }
    return try Chart.facets(table, by: facet) { part throws(ChartError) in try draw(part) }
  }

  private func draw(_ table: Table) throws(ChartError) -> Chart {
    let stacked = map.stacked ?? true
    switch kind {
    case .line:
      return try .line(
        table, x: x, y: map.y, color: map.color, complete: map.complete, target: map.target, log: map.log)
    case .area: return try .area(table, x: x, y: map.y, color: map.color)
    case .bar:
      return try .bar(
        table, category: y, value: map.x, color: map.color, stacked: stacked, order: map.order ?? .descending,
        target: map.target)
    case .column:
      return try .column(
        table, x: x, y: map.y, color: map.color, stacked: stacked, complete: map.complete, order: map.order ?? .given,
        target: map.target)
    case .scatter:
      return try .scatter(table, x: x, y: y, color: map.color, size: map.size, label: map.labels, log: map.log)
    case .histogram: return try .histogram(table, value: x)
    case .box: return try .box(table, value: y, by: map.x.first, log: map.log)
    case .heatmap:
      let color = map.color ?? ""
      let isSigned = table[color].map { column in
        (0..<column.count).contains { (column[$0].number ?? 0) < 0 }
      }
      return try .heatmap(table, x: x, y: y, value: color, complete: map.complete, diverging: isSigned ?? false)
    case .pareto: return try .pareto(table, category: x, value: y)
    case .waterfall: return try .waterfall(table, category: x, change: y)
    case .pie: return try .pie(table, category: x, value: y)
    case .treemap: return try .treemap(table, category: x, value: y, color: map.color)
    case .cards: return try .cards(table, label: x, value: y)
    case .intervals, .fan, .anomalies, .profiles, .growth, .quadrants, .panels:
      throw .missingChannel(kind: kind, channel: "x", needs: "an analysis that draws it")
    }
  }
}
