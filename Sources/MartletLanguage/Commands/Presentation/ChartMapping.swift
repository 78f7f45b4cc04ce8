import Charts
import Columnar

/// Which columns a chart's channels show, and what else was said about it.
struct ChartMapping: Sendable {
  var x: [String] = []
  var y: [String] = []
  var color: String?
  var size: String?
  var labels: String?
  var facet: String?
  /// Found by its name; unfinished rows are drawn differently.
  var complete: String?
  var log = false
  var stacked: Bool?
  var order: ChartOrder?
  var target: Double?

  /// The columns that were named.
  var named: [String] { x + y + [color, size, labels, facet].compactMap { $0 } }

  /// The mapping with the channels that were left out filled from the columns' types, in the order of the columns.
  func completed(for kind: ChartKind, _ schema: Schema) throws(ChartError) -> ChartMapping {
    var copy = self
    if kind == .bar { copy.layDown(schema) }
    if kind == .histogram, copy.x.isEmpty { swap(&copy.x, &copy.y) }
    let free = FreeColumns(schema, without: copy.named)
    func needs(_ what: String, _ channel: String, _ names: [String]) throws(ChartError) -> [String] {
      guard let name = names.first else { throw .missingChannel(kind: kind, channel: channel, needs: what) }
      return [name]
    }
    switch kind {
    case .line, .area:
      if x.isEmpty { copy.x = try needs("date, period or number", "x", free.dates + free.numbers) }
      if y.isEmpty { copy.y = try needs("number", "y", free.numbers.filter { !copy.x.contains($0) }) }
    case .column:
      if x.isEmpty { copy.x = try needs("category or period", "x", free.dates + free.names) }
      if y.isEmpty { copy.y = try needs("number", "y", free.numbers) }
    case .pareto, .waterfall, .pie, .treemap, .cards:
      if x.isEmpty { copy.x = try needs("category", "x", free.names) }
      if y.isEmpty { copy.y = try needs("number", "y", free.numbers) }
    case .bar:
      if copy.y.isEmpty { copy.y = try needs("category", "y", free.names) }
      if copy.x.isEmpty { copy.x = try needs("number", "x", free.numbers) }
    case .scatter:
      if x.isEmpty { copy.x = try needs("number or date", "x", free.numbers) }
      if y.isEmpty { copy.y = try needs("number", "y", free.numbers.filter { !copy.x.contains($0) }) }
    case .histogram:
      if copy.x.isEmpty { copy.x = try needs("number", "x", free.numbers) }
    case .box:
      if y.isEmpty { copy.y = try needs("number", "y", free.numbers) }
    case .heatmap:
      let places = free.names + free.wholeNumbers
      if y.isEmpty { copy.y = try needs("category or period", "y", places) }
      if x.isEmpty { copy.x = try needs("category or period", "x", places.filter { !copy.y.contains($0) }) }
      let values = (free.shares + free.numbers).filter { !(copy.x + copy.y).contains($0) }
      if color == nil { copy.color = try needs("number", "color", values).first }
    case .intervals, .fan, .anomalies, .profiles, .growth, .quadrants, .panels: break
    }
    if schema["complete"]?.type == .boolean { copy.complete = "complete" }
    return copy
  }

  /// Bars lie: a category that was given as x, or a number as y, is taken the other way round.
  private mutating func layDown(_ schema: Schema) {
    func areNumbers(_ names: [String]) -> Bool { names.allSatisfy { schema[$0]?.type.isNumeric ?? false } }
    func areNames(_ names: [String]) -> Bool { names.allSatisfy { schema[$0]?.type.isNumeric == false } }
    let isUpright = y.isEmpty ? !x.isEmpty && areNames(x) : areNumbers(y) && areNames(x)
    if isUpright { swap(&x, &y) }
  }
}

/// The columns that no channel shows yet, by what they are good for, in the order of the table.
private struct FreeColumns {
  var numbers: [String] = []
  var wholeNumbers: [String] = []
  /// Shares are what the colours of a heatmap show best.
  var shares: [String] = []
  var dates: [String] = []
  /// Texts and dates first, then labels that are made of digits and truth values.
  var names: [String] = []

  init(_ schema: Schema, without taken: [String]) {
    var others: [String] = []
    for field in schema.fields where !taken.contains(field.name) && field.name != "complete" {
      if field.type.isTemporal {
        dates.append(field.name)
        names.append(field.name)
      } else if field.type == .text {
        names.append(field.name)
      } else if field.type == .boolean || field.measure == .identifier {
        others.append(field.name)
      } else {
        numbers.append(field.name)
        if field.type == .integer { wholeNumbers.append(field.name) }
        if field.measure == .percent { shares.append(field.name) }
      }
    }
    names += others
  }
}
