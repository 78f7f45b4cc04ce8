import Columnar

/// What bars and columns read from a table, and the marks that they are made of.
struct BarInput {
  var category: Channel
  var value: Channel
  var group: Channel?
  var tab: CrossTab
  var notes: [String]

  /// The most parts of a bar that colours can tell apart.
  static let mostGroups = 12

  init(
    _ kind: ChartKind, _ table: Table, category: String, value: [String], color: String?, complete: String?
  ) throws(ChartError) {
    guard let firstValue = value.first else {
      throw .missingChannel(kind: kind, channel: kind == .bar ? "x" : "y", needs: "number")
    }
    if value.count > 1, color != nil { throw .unusedChannel(kind: kind, channel: "color") }
    let isMelted = value.count > 1
    let source = isMelted ? try table.melted(value, series: "series", value: "value") : table
    self.category = try Channel.label(source, category)
    self.value = try Channel.number(source, isMelted ? "value" : firstValue, as: kind == .bar ? "x" : "y")
    if isMelted { self.value.title = "" }
    group =
      isMelted
      ? try Channel.label(source, "series")
      : try color.map { name throws(ChartError) in try Channel.label(source, name) }
    tab = CrossTab(self.category, self.value, group: group, complete: try source.flags(complete))
    guard !tab.categories.isEmpty else { throw .noRows(kind: kind) }
    if tab.groups.count > Self.mostGroups {
      throw .tooManyGroups(channel: "color", column: color ?? "", distinct: tab.groups.count, limit: Self.mostGroups)
    }
    notes = tab.notes(self.category, self.value)
  }

  /// The colours of the groups.
  var scale: ColorScale? {
    group.map { .categories(tab.groups, title: $0.title == "series" ? nil : $0.title) }
  }

  /// Sorts the categories by time when they are dates or periods, and gives their short labels; nil when they are not.
  mutating func sortByTime(_ table: Table, _ name: String) -> [String]? {
    guard let read = try? Channel(table, name), case .times(let days) = read.values else { return nil }
    var first: [String: Double] = [:]
    for row in 0..<category.count {
      guard let label = category.category(row), let day = days[row] else { continue }
      first[label] = min(first[label] ?? day, day)
    }
    let times = tab.categories.map { first[$0] ?? .infinity }
    let places = tab.categories.indices.sorted { (times[$0], $0) < (times[$1], $1) }
    tab.take(places)
    let sorted = places.map { times[$0] }
    guard let grain = read.grain, sorted.allSatisfy(\.isFinite) else { return tab.categories }
    return TimeWords.short(sorted.map { Period(grain, containing: TimeWords.date($0)) })
  }

  /// The bars: one mark whose rows are the parts of all categories.
  func bars(stacked: Bool, horizontal: Bool) -> [Mark] {
    var places: [String?] = []
    var upper: [Double?] = []
    var lower: [Double?] = []
    var own: [Double?] = []
    var groups: [String?] = []
    var incomplete: [Bool] = []
    for (place, name) in tab.categories.enumerated() {
      // Positive parts grow away from zero on one side, negative parts on the other.
      var ends = (positive: 0.0, negative: 0.0)
      for (slot, part) in zip(tab.groups.indices, tab.parts(place)) {
        guard let part else { continue }
        let base = !stacked ? 0 : part < 0 ? ends.negative : ends.positive
        if part < 0 { ends.negative += part } else { ends.positive += part }
        places.append(name)
        lower.append(base)
        upper.append(base + part)
        own.append(part)
        groups.append(tab.groups[slot])
        incomplete.append(!tab.complete[place])
      }
    }
    let band = Channel(category.title, .categories(places))
    let end = Channel(value.title, .numbers(upper), format: value.format)
    let start = Channel(value.title, .numbers(lower), format: value.format)
    let shown = Channel(value.title.isEmpty ? "value" : value.title, .numbers(own), format: value.format)
    let colors = group.map { Channel($0.title, .categories(groups)) }
    let state = Channel("complete", .categories(incomplete.map { $0 ? "no" : "yes" }))
    let hasIncomplete = incomplete.contains(true)
    return [
      Mark(
        .bar, x: horizontal ? end : band, x2: horizontal ? start : nil, y: horizontal ? band : end,
        y2: horizontal ? nil : start, color: colors, dodge: stacked ? nil : colors,
        incomplete: hasIncomplete ? incomplete : nil,
        tooltip: [band, colors, shown, hasIncomplete ? state : nil].compactMap { $0 },
        style: MarkStyle(
          bandFill: horizontal ? 0.78 : BarInput.fill(tab.categories.count, parts: stacked ? 1 : tab.groups.count)))
    ]
  }

  /// How much of its band an upright bar fills: two or three bars do not become walls.
  static func fill(_ categories: Int, parts: Int = 1) -> Double {
    min(0.78, 0.15 * Double(max(1, categories)) * Double(max(1, parts)))
  }

  /// The value at the end of each horizontal bar; that of a bar to the left stands on the free side of the zero line.
  func endLabels() -> [Mark] {
    let totals = tab.categories.indices.map { tab.total($0) }
    return [
      Mark(
        .text, x: Channel(value.title, .numbers(totals.map { max(0, $0) }), format: value.format),
        y: Channel(category.title, .categories(tab.categories)),
        text: Channel(value.title, .categories(value.format.labels(totals))),
        style: MarkStyle(color: .ink, anchor: .start, dx: 4))
    ]
  }

  /// The sentence for readers who cannot see the chart. Parts that continue each other are added up; others are named one by one.
  func altText(_ kind: String, stacked: Bool = true) -> String {
    guard let group, !stacked else {
      let parts = group.map { " by \($0.title)" } ?? ""
      let totals = tab.categories.indices.map { tab.total($0) }
      return "\(kind) of \(value.title) by \(category.title)\(parts)" + range(totals).map { ": \($0)" }.joined()
    }
    let isMelted = value.title.isEmpty
    let parts = tab.groups.indices.prefix(6).map { slot in
      let values = tab.categories.indices.map { tab.part($0, slot) ?? 0 }
      return tab.groups[slot] + range(values).map { " \($0)" }.joined()
    }
    let what = isMelted ? tab.groups.joined(separator: " and ") : "\(value.title) by \(group.title)"
    return "\(kind) of \(what) by \(category.title): " + parts.joined(separator: "; ")
  }

  /// The highest and the lowest of some values, with the names of their categories; empty for a single one.
  private func range(_ values: [Double]) -> [String] {
    guard let high = values.indices.max(by: { values[$0] < values[$1] }),
      let low = values.indices.min(by: { values[$0] < values[$1] }), high != low
    else { return [] }
    return [
      "highest \(tab.categories[high]) with \(value.format.text(values[high])), "
        + "lowest \(tab.categories[low]) with \(value.format.text(values[low]))"
    ]
  }
}

extension ValueFormat {
  /// The numbers beside the marks of one chart: all short when one of them is in the millions, otherwise in full.
  func labels(_ numbers: [Double]) -> [String] {
    let largest = numbers.map(abs).max() ?? 0
    switch style {
    case .percent, .pValue: return numbers.map(text)
    case .currency, .number, .date, .plain: return numbers.map { largest >= 1_000_000 ? compact($0) : text($0) }
    }
  }
}
