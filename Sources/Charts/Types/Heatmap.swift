import Columnar

extension Chart {
  /// Coloured cells of two categories, with the number in each when there is room.
  ///
  /// - Parameters:
  ///   - x: the column of the columns: categories, periods, or numbers such as the period of a cohort.
  ///   - y: the column of the rows.
  ///   - value: a number column; repeated cells are an error of the data, and the last one counts.
  ///   - complete: a column of truth values; cells that are not complete are pale, hatched and without influence on the colours.
  ///   - diverging: two hues that meet at zero, for correlations and changes.
  public static func heatmap(
    _ table: Table, x: String, y: String, value: String, complete: String? = nil, diverging: Bool = false
  ) throws(ChartError) -> Chart {
    let cells = try HeatmapCells(table, x: x, y: y, value: value, complete: try table.flags(complete))
    let scale = cells.scale(diverging: diverging)
    var marks = [cells.mark(cells.rows)]
    if cells.hasRoomForWords {
      // Words on dark cells are light and the other way round; hatched cells are pale.
      let isDark = cells.rows.map { row in
        let color = RGB(hex: scale.hex(number: cells.value.number(row) ?? 0))
        return cells.flags[row] && color.contrast(with: RGB(hex: "#ffffff")) > color.contrast(with: RGB(hex: "#24292f"))
      }
      for dark in [false, true] {
        let rows = zip(cells.rows, isDark).filter { $0.1 == dark && cells.flags[$0.0] }.map(\.0)
        if !rows.isEmpty { marks.append(cells.words(rows, dark ? .onDark : .onLight)) }
      }
      let open = cells.rows.filter { !cells.flags[$0] }
      if !open.isEmpty { marks.append(cells.words(open, .ink)) }
    }
    let panel = Panel(
      x: Axis(.band(cells.columns), title: cells.x.title, labels: cells.columnLabels),
      y: Axis(.band(cells.lines), title: cells.y.title),
      marks: marks, height: max(60, min(560, Double(cells.lines.count) * 26)))
    return Chart(.heatmap, panels: [panel], color: scale, altText: cells.altText, notes: cells.notes)
  }
}

/// What a heatmap reads from a table.
private struct HeatmapCells {
  var x: Channel
  var y: Channel
  var value: Channel
  var flags: [Bool]
  var columns: [String]
  var lines: [String]
  var columnLabels: [String]?
  var rows: [Int]
  var notes: [String] = []

  /// The most rows and columns that a page shows.
  static let most = 60

  init(_ table: Table, x: String, y: String, value: String, complete: [Bool]?) throws(ChartError) {
    self.x = try Channel.label(table, x)
    self.y = try Channel.label(table, y)
    self.value = try Channel.number(table, value, as: "color")
    flags = complete ?? [Bool](repeating: true, count: table.rowCount)
    let (xs, ys, numbers) = (self.x, self.y, self.value)
    rows = (0..<table.rowCount).filter { numbers.number($0) != nil && xs.category($0) != nil && ys.category($0) != nil }
    guard !rows.isEmpty else { throw .noRows(kind: .heatmap) }
    columns = try Self.ordered(xs, try Channel(table, x), rows, channel: "x", column: x)
    lines = try Self.ordered(ys, try Channel(table, y), rows, channel: "y", column: y)
  }

  /// The distinct labels: numbers and times in their order, texts as the rows stand.
  private static func ordered(
    _ labels: Channel, _ values: Channel, _ rows: [Int], channel: String, column: String
  ) throws(ChartError) -> [String] {
    var first: [String: Double] = [:]
    var names: [String] = []
    for row in rows {
      guard let label = labels.category(row) else { continue }
      if first[label] == nil { names.append(label) }
      first[label] = min(first[label] ?? .infinity, values.number(row) ?? 0)
    }
    if names.count > most {
      throw .tooManyGroups(channel: channel, column: column, distinct: names.count, limit: most)
    }
    return names.enumerated().sorted { a, b in
      (first[a.element] ?? 0, a.offset) < (first[b.element] ?? 0, b.offset)
    }.map(\.element)
  }

  var hasRoomForWords: Bool { columns.count <= 14 }

  func scale(diverging: Bool) -> ColorScale {
    let complete = rows.filter { flags[$0] }
    let values = (complete.isEmpty ? rows : complete).compactMap { value.number($0) }
    let (low, high) = (values.min() ?? 0, values.max() ?? 1)
    if diverging {
      return ColorScale(.diverging(max(abs(low), abs(high), 1e-9)), title: value.title, format: value.format)
    }
    // The whole of a cohort is always in its first period; were it on the scale, all else would look alike.
    let rest = value.format.isPercent ? values.filter { $0 < 1 } : values
    let top = value.format.isPercent && high == 1 ? rest.max() ?? high : high
    let bottom = low >= 0 && low < top / 2 ? 0 : min(low, top)
    return ColorScale(.sequential(bottom...max(top, bottom)), title: value.title, format: value.format)
  }

  func channel(_ source: Channel, _ rows: [Int]) -> Channel {
    Channel(source.title, .categories(rows.map { source.category($0) }))
  }

  func numbers(_ rows: [Int]) -> Channel {
    Channel(value.title, .numbers(rows.map { value.number($0) }), format: value.format)
  }

  func mark(_ rows: [Int]) -> Mark {
    let incomplete = rows.map { !flags[$0] }
    let state = Channel("complete", .categories(incomplete.map { $0 ? "no" : "yes" }))
    let hasIncomplete = incomplete.contains(true)
    return Mark(
      .bar, x: channel(x, rows), y: channel(y, rows), color: numbers(rows),
      incomplete: hasIncomplete ? incomplete : nil,
      tooltip: [channel(y, rows), channel(x, rows), numbers(rows), hasIncomplete ? state : nil].compactMap { $0 },
      style: MarkStyle(bandFill: 0.96))
  }

  func words(_ rows: [Int], _ ink: Ink) -> Mark {
    let texts = rows.map { row in value.number(row).map { value.format.cell($0) } }
    return Mark(
      .text, x: channel(x, rows), y: channel(y, rows), text: Channel(value.title, .categories(texts)),
      style: MarkStyle(color: ink, fontSize: 10))
  }

  var altText: String {
    let values = rows.filter { flags[$0] }.compactMap { value.number($0) }
    let words = "Heatmap of \(value.title), \(lines.count) \(y.title) by \(columns.count) \(x.title)"
    guard let low = values.min(), let high = values.max() else { return words }
    return words + ", from \(value.format.text(low)) to \(value.format.text(high))"
  }
}

extension ValueFormat {
  /// The number in a small cell: a share without its sign and with one decimal, a large number short.
  func cell(_ number: Double) -> String {
    switch style {
    case .percent: FixedPoint.digits(number * 100, decimals: abs(number) >= 0.9995 ? 0 : 1)
    case .currency, .number, .date, .plain, .pValue: abs(number) >= 1000 ? compact(number) : text(number)
    }
  }
}
