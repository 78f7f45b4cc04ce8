import Columnar

extension Chart {
  /// One point a row.
  ///
  /// - Parameters:
  ///   - x: a number, date or period column.
  ///   - y: a number column.
  ///   - color: categories (at most twelve) or numbers.
  ///   - size: a number column that the points' areas are in proportion to.
  ///   - label: a column whose words stand beside the points, when there are at most forty.
  ///   - log: logarithmic number axes.
  public static func scatter(
    _ table: Table, x: String, y: String, color: String? = nil, size: String? = nil, label: String? = nil,
    log: Bool = false
  ) throws(ChartError) -> Chart {
    let sample = ScatterSample(table)
    var points = try ScatterInput(.scatter, sample.table, x: x, y: y, color: color, size: size, label: label)
    points.notes = sample.notes
    if log { try points.requirePositive() }
    return Chart(
      .scatter,
      panels: [Panel(x: points.xAxis(log: log), y: points.yAxis(log: log), marks: points.marks(), height: 340)],
      color: points.scale, altText: points.altText("Scatter plot", rows: table.rowCount), notes: points.notes)
  }
}

/// A part of a large table that is small enough to draw.
struct ScatterSample {
  var table: Table
  var notes: [String] = []

  /// The most points that are drawn.
  static let most = 3000

  /// Takes every n-th row of a large table, which needs no random numbers.
  init(_ table: Table) {
    let step = (table.rowCount + Self.most - 1) / Self.most
    guard step > 1 else {
      self.table = table
      return
    }
    let rows = Array(stride(from: 0, to: table.rowCount, by: step))
    self.table = table.picking(rows)
    let format = ValueFormat.number(0)
    notes = [
      "the chart draws every \(DrawnNote.ordinal(step)) row, \(format.text(Double(rows.count))) of "
        + "\(format.text(Double(table.rowCount))) points"
    ]
  }
}

/// What scatter plots read from a table.
struct ScatterInput {
  var x: Channel
  var y: Channel
  var color: Channel?
  var size: Channel?
  var label: Channel?
  var scale: ColorScale?
  var notes: [String] = []

  init(
    _ kind: ChartKind, _ table: Table, x: String, y: String, color: String?, size: String?, label: String?
  ) throws(ChartError) {
    self.x = try Channel(table, x)
    if case .categories = self.x.values {
      throw .wrongType(
        channel: "x", column: x, needs: "number, date or period", is: table.schema[x]?.type.displayName ?? "text")
    }
    self.y = try Channel.number(table, y, as: "y")
    if let size { self.size = try Channel.number(table, size, as: "size") }
    if let label { self.label = try Channel.label(table, label) }
    guard (0..<table.rowCount).contains(where: { self.x.number($0) != nil && self.y.number($0) != nil }) else {
      throw .noRows(kind: kind)
    }
    guard let color else { return }
    let read = try Channel(table, color)
    if case .numbers(let values) = read.values {
      let present = values.compactMap { $0 }
      scale = ColorScale(
        .sequential((present.min() ?? 0)...(present.max() ?? 1)), title: read.title, format: read.format)
      self.color = read
    } else {
      let labels = try Channel.label(table, color)
      var names: [String] = []
      var seen: Set<String> = []
      for row in 0..<labels.count {
        let name = labels.category(row) ?? CrossTab.missingName
        if seen.insert(name).inserted { names.append(name) }
      }
      guard names.count <= BarInput.mostGroups else {
        throw .tooManyGroups(channel: "color", column: color, distinct: names.count, limit: BarInput.mostGroups)
      }
      self.color = Channel(
        labels.title, .categories((0..<labels.count).map { labels.category($0) ?? CrossTab.missingName }))
      scale = .categories(names, title: labels.title)
    }
  }

  /// Fails when logarithmic axes would lose points.
  func requirePositive() throws(ChartError) {
    for channel in [x, y] {
      guard case .numbers(let values) = channel.values else { continue }
      let rows = values.filter { ($0 ?? 1) <= 0 }.count
      if rows > 0 { throw .notPositive(column: channel.title, rows: rows) }
    }
  }

  func xAxis(log: Bool) -> Axis {
    if case .times = x.values { return Axis(.time, format: x.format, grain: x.grain) }
    return Axis(log ? .log : .linear(zero: false), title: x.title, format: x.format, hasGrid: true)
  }

  func yAxis(log: Bool) -> Axis {
    Axis(log ? .log : .linear(zero: false), title: y.title, format: y.format, hasGrid: true)
  }

  /// The points, and words beside them when there are few.
  func marks() -> [Mark] {
    let style = MarkStyle(opacity: x.count > 300 ? 0.45 : 0.75, pointArea: x.count > 300 ? 22 : 44)
    var marks = [
      Mark(
        .point, x: x, y: y, color: color, size: size, tooltip: [label, x, y, color, size].compactMap { $0 },
        style: style)
    ]
    if let label, x.count <= 40 {
      let words = Channel(label.title, .categories((0..<label.count).map { Words.cut(label.text($0), to: 22) }))
      marks.append(
        Mark(
          .text, x: x, y: y, text: words, style: MarkStyle(color: .faint, fontSize: 10, anchor: .start, dx: 6, dy: 0)))
    }
    return marks
  }

  /// The sentence for readers who cannot see the chart.
  func altText(_ kind: String, rows: Int) -> String {
    "\(kind) of \(y.title) against \(x.title), \(ValueFormat.number(0).text(Double(rows))) rows"
      + (color.map { ", coloured by \($0.title)" } ?? "")
  }
}
