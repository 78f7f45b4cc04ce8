import Columnar

extension Chart {
  /// One small histogram a number or date column, and the most frequent values of the others: what a table is like at a glance.
  ///
  /// - Parameters:
  ///   - table: any table; of more than a million rows every n-th is read, which the note says.
  ///   - columns: the columns to show; nil for all of them, at most twelve.
  public static func profiles(_ table: Table, columns: [String]? = nil) throws(ChartError) -> Chart {
    let step = max(1, (table.rowCount + 999_999) / 1_000_000)
    let sample = step == 1 ? table : table.picking(Array(stride(from: 0, to: table.rowCount, by: step)))
    var panels: [Panel] = []
    var names: [String] = []
    for name in columns ?? table.schema.names {
      guard let field = table.schema[name] else { throw .unknownColumn(name) }
      guard panels.count < 12, let panel = try profile(sample, field) else { continue }
      panels.append(panel)
      names.append(name)
    }
    guard !panels.isEmpty else { throw .noRows(kind: .profiles) }
    let format = ValueFormat.number(0)
    let notes =
      step == 1
      ? []
      : [
        "the small charts show every \(DrawnNote.ordinal(step)) row, \(format.text(Double(sample.rowCount))) of \(format.text(Double(table.rowCount)))"
      ]
    return Chart(
      .profiles, panels: panels, panelsPerRow: 4, altText: "Distributions of " + names.joined(separator: ", "),
      notes: notes)
  }

  private static func profile(_ table: Table, _ field: Field) throws(ChartError) -> Panel? {
    let channel = try Channel(table, field.name)
    let isLabel = field.measure == .identifier
    switch channel.values {
    case .numbers where !isLabel:
      guard let bins = HistogramBins(channel, most: 20) else { return nil }
      return small(
        field.name, x: Axis(.linear(zero: false), format: channel.format, domain: bins.domain),
        marks: [bins.mark(channel)])
    case .times(let days):
      let numbers = Channel(channel.title, .numbers(days), format: .number(0))
      guard let bins = HistogramBins(numbers, bins: 20, most: 24) else { return nil }
      return small(field.name, x: Axis(.time, grain: .day), marks: [timeMark(bins, channel)])
    case .numbers, .categories: return try topValues(table, field)
    }
  }

  private static func small(_ title: String, x: Axis, marks: [Mark]) -> Panel {
    Panel(title: title, x: x, y: Axis(.linear(zero: true), isVisible: false), marks: marks, height: 64)
  }

  private static func timeMark(_ bins: HistogramBins, _ channel: Channel) -> Mark {
    var mark = bins.mark(channel)
    let starts = Array(bins.edges.dropLast()).map { Optional($0) }
    mark.x = Channel(channel.title, .times(starts), grain: .day)
    mark.x2 = Channel(channel.title, .times(Array(bins.edges.dropFirst()).map { Optional($0) }), grain: .day)
    mark.tooltip = [Channel("from", .times(starts), grain: .day), mark.y].compactMap { $0 }
    return mark
  }

  /// The three most frequent values as bars, each with its name above it.
  private static func topValues(_ table: Table, _ field: Field) throws(ChartError) -> Panel? {
    let labels = try Channel.label(table, field.name)
    var counts: [String: Int] = [:]
    for row in 0..<labels.count {
      if let label = labels.category(row) { counts[label, default: 0] += 1 }
    }
    let top = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(3)
    guard let most = top.first?.value else { return nil }
    let names = top.map(\.key)
    let band = Channel(labels.title, .categories(names))
    let rows = Channel("rows", .numbers(top.map { Double($0.value) }), format: .number(0))
    let bars = Mark(.bar, x: rows, y: band, tooltip: [band, rows], style: MarkStyle(opacity: 0.28, bandFill: 0.86))
    let words = Mark(
      .text, x: Channel("", .numbers(top.map { _ in 0 })), y: band,
      text: Channel("", .categories(names.map { TextWidth.cut($0, size: 10, to: 140) })),
      style: MarkStyle(color: .ink, fontSize: 10, anchor: .start, dx: 4))
    return Panel(
      title: field.name, x: Axis(.linear(zero: true), isVisible: false, domain: 0...Double(most)),
      y: Axis(.band(names), isVisible: false), marks: [bars, words], height: 64)
  }
}
