import Columnar

extension Chart {
  /// Parts of a whole as rectangles, as square as they can be.
  ///
  /// The layout is that of Bruls, Huizing and van Wijk, "Squarified Treemaps" (2000).
  ///
  /// - Parameters:
  ///   - category: the column that names the rectangles.
  ///   - value: a number column without negative totals.
  ///   - color: a column whose values become colours; nil for one colour.
  ///   - limit: the most rectangles; the rest is one rectangle "Other".
  public static func treemap(
    _ table: Table, category: String, value: String, color: String? = nil, limit: Int = 40
  ) throws(ChartError) -> Chart {
    let input = try BarInput(.treemap, table, category: category, value: [value], color: nil, complete: nil)
    let negative = input.tab.categories.indices.filter { input.tab.total($0) < 0 }.count
    if negative > 0 { throw .negativeValues(kind: .treemap, column: value, rows: negative) }
    let groups = try color.map { name throws(ChartError) in try Channel.label(table, name) }
    var parts = TreemapParts(input, groups, limit: limit)
    guard parts.whole > 0 else { throw .noRows(kind: .treemap) }
    if parts.groups.count > BarInput.mostGroups {
      throw .tooManyGroups(
        channel: "color", column: color ?? "", distinct: parts.groups.count, limit: BarInput.mostGroups)
    }
    parts.place()
    let largest = zip(parts.names, parts.values).prefix(3).map {
      "\($0) \(ValueFormat.percent(1).text($1 / parts.whole))"
    }
    return Chart(
      .treemap, panels: [Panel(x: .unit, y: .unit, marks: parts.marks(input), height: TreemapParts.height)],
      color: groups.map { .categories(parts.groups, title: $0.title) },
      altText: "Treemap of \(input.value.title) by \(input.category.title): " + largest.joined(separator: ", "),
      notes: input.notes)
  }
}

/// The rectangles of a treemap, in shares of the plot.
private struct TreemapParts {
  var names: [String]
  var values: [Double]
  var group: [String]
  var groups: [String] = []
  var whole: Double
  var boxes: [(x: Double, y: Double, x2: Double, y2: Double)] = []

  /// The width that the layout makes square; the plot is about that wide.
  static let width = 690.0
  static let height = 340.0

  init(_ input: BarInput, _ groups: Channel?, limit: Int) {
    var tab = input.tab
    tab.sort(.descending)
    var groupOf: [String: String] = [:]
    if let groups {
      for row in 0..<input.category.count {
        let name = input.category.category(row) ?? CrossTab.missingName
        if groupOf[name] == nil { groupOf[name] = groups.category(row) ?? CrossTab.missingName }
      }
    }
    var names = tab.categories
    var values = tab.categories.indices.map { tab.total($0) }
    whole = values.reduce(0, +)
    if names.count > limit, limit > 0 {
      let rest = values[limit...].reduce(0, +)
      let other = "Other (\(names.count - limit))"
      names = Array(names[..<limit]) + [other]
      values = Array(values[..<limit]) + [rest]
      groupOf[other] = groups == nil ? nil : "Other"
    }
    let kept = names.indices.filter { values[$0] > 0 }
    let group = kept.map { groupOf[names[$0]] ?? "" }
    var seen: Set<String> = []
    self.groups = group.filter { seen.insert($0).inserted }
    self.group = group
    self.names = kept.map { names[$0] }
    self.values = kept.map { values[$0] }
  }

  /// Lays rows of rectangles along the shorter side as long as that makes them squarer.
  mutating func place() {
    let (width, height) = (Self.width, Self.height)
    var left = (x: 0.0, y: 0.0, w: width, h: height)
    let areas = values.map { $0 / whole * width * height }
    var start = 0
    while start < areas.count {
      let side = min(left.w, left.h)
      var end = start + 1
      while end < areas.count, worst(areas[start...end], side) <= worst(areas[start..<end], side) { end += 1 }
      let sum = areas[start..<end].reduce(0, +)
      let depth = side > 0 ? sum / side : 0
      var along = 0.0
      for area in areas[start..<end] {
        let length = depth > 0 ? area / depth : 0
        if left.w >= left.h {
          boxes.append((left.x, left.y + along, left.x + depth, left.y + along + length))
        } else {
          boxes.append((left.x + along, left.y, left.x + along + length, left.y + depth))
        }
        along += length
      }
      if left.w >= left.h {
        left = (left.x + depth, left.y, left.w - depth, left.h)
      } else {
        left = (left.x, left.y + depth, left.w, left.h - depth)
      }
      start = end
    }
    // The plot's y axis points up, and the largest rectangle belongs to the top.
    boxes = boxes.map { ($0.x / width, 1 - $0.y / height, $0.x2 / width, 1 - $0.y2 / height) }
  }

  /// The worst ratio of sides in a row of rectangles.
  private func worst(_ areas: ArraySlice<Double>, _ side: Double) -> Double {
    let sum = areas.reduce(0, +)
    guard let high = areas.max(), let low = areas.min(), low > 0, sum > 0, side > 0 else { return .infinity }
    return max(side * side * high / (sum * sum), sum * sum / (side * side * low))
  }

  func marks(_ input: BarInput) -> [Mark] {
    func place(_ take: ((x: Double, y: Double, x2: Double, y2: Double)) -> Double) -> Channel {
      Channel("", .numbers(boxes.map(take)))
    }
    let label = Channel(input.category.title, .categories(names))
    let value = Channel(input.value.title, .numbers(values), format: input.value.format)
    let share = Channel("share", .numbers(values.map { $0 / whole }), format: .percent(1))
    let colors = groups.contains { !$0.isEmpty } ? Channel("group", .categories(group)) : nil
    let bars = Mark(
      .bar, x: place(\.x), x2: place(\.x2), y: place(\.y), y2: place(\.y2), color: colors,
      tooltip: [label, colors, value, share].compactMap { $0 }, style: MarkStyle(opacity: 0.9))
    return [bars] + words(isName: true) + words(isName: false)
  }

  /// Names or shares in the boxes that have room for them, dark on light colours and light on dark ones.
  private func words(isName: Bool) -> [Mark] {
    [Ink.onDark, Ink.onLight].compactMap { ink in
      var kept: (x: [Double?], y: [Double?], text: [String?]) = ([], [], [])
      for (index, box) in boxes.enumerated() {
        let (width, height) = ((box.x2 - box.x) * Self.width, (box.y - box.y2) * Self.height)
        let color = Palette.series(groups.firstIndex(of: group[index]) ?? 0)
        guard height >= (isName ? 20 : 36), width >= 44, (ink == .onDark) == Palette.needsLightWords(color) else {
          continue
        }
        let text = isName ? names[index] : ValueFormat.percent(1).text(values[index] / whole)
        kept.x.append(box.x)
        kept.y.append(box.y)
        kept.text.append(TextWidth.cut(text, size: 11, to: width - 10))
      }
      guard !kept.x.isEmpty else { return nil }
      return Mark(
        .text, x: Channel("", .numbers(kept.x)), y: Channel("", .numbers(kept.y)),
        text: Channel("", .categories(kept.text)),
        style: MarkStyle(color: ink, fontSize: 11, isBold: isName, anchor: .start, dx: 6, dy: isName ? 13 : 28))
    }
  }
}
