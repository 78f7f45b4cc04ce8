import Columnar

extension Chart {
  /// How changes add up, one after another, from a start to an end.
  ///
  /// - Parameters:
  ///   - category: the column that names the changes, in row order.
  ///   - change: a number column of signed changes.
  ///   - start: a bar before the changes, with its name and value.
  ///   - end: the name of the bar after the changes; nil for none.
  public static func waterfall(
    _ table: Table, category: String, change: String, start: (label: String, value: Double)? = nil,
    end: String? = "Total"
  ) throws(ChartError) -> Chart {
    var input = try BarInput(.waterfall, table, category: category, value: [change], color: nil, complete: nil)
    if let all = input.tab.limit(30) {
      input.notes.append(DrawnNote.limited(to: 30, of: all, input.category.title, order: .given))
    }
    var steps: [Step] = []
    var level = 0.0
    if let start {
      steps.append(Step(name: start.label, from: 0, to: start.value, kind: Step.total))
      level = start.value
    }
    for place in input.tab.categories.indices {
      let delta = input.tab.total(place)
      steps.append(
        Step(
          name: input.tab.categories[place], from: level, to: level + delta,
          kind: delta < 0 ? Step.loss : Step.gain))
      level += delta
    }
    if let end { steps.append(Step(name: end, from: 0, to: level, kind: Step.total)) }
    let panel = Panel(
      x: Axis(.band(steps.map(\.name))),
      y: Axis(.linear(zero: true), title: input.value.title, format: input.value.format, hasGrid: true),
      marks: Step.marks(steps, input))
    let scale = ColorScale(
      .ordinal([(Step.gain, .gain), (Step.loss, .loss), (Step.total, .series(0))]), hasLegend: false)
    return Chart(
      .waterfall, panels: [panel], color: scale,
      altText: "Waterfall chart of \(input.value.title) by \(input.category.title), "
        + "\(input.tab.categories.count) changes to \(input.value.format.text(level))", notes: input.notes)
  }
}

/// One bar of a waterfall.
private struct Step {
  var name: String
  var from: Double
  var to: Double
  var kind: String

  static let gain = "increase"
  static let loss = "decrease"
  static let total = "total"

  static func marks(_ steps: [Step], _ input: BarInput) -> [Mark] {
    let format = input.value.format
    let band = Channel(input.category.title, .categories(steps.map(\.name)))
    let kinds = Channel("kind", .categories(steps.map(\.kind)))
    let changes = steps.map { $0.kind == total ? $0.to : $0.to - $0.from }
    let shown = Channel(input.value.title, .numbers(changes), format: format)
    func ends(_ take: (Step) -> Double) -> Channel {
      Channel(input.value.title, .numbers(steps.map(take)), format: format)
    }
    let bars = Mark(
      .bar, x: band, y: ends(\.to), y2: ends(\.from), color: kinds, tooltip: [band, shown],
      style: MarkStyle(bandFill: min(0.7, BarInput.fill(steps.count))))
    let words = zip(steps, steps.count > 8 ? changes.map { format.compact($0) } : format.labels(changes)).map {
      step, label in (step.kind == gain ? "+" : "") + label
    }
    let labels = Mark(
      .text, x: band, y: ends { max($0.from, $0.to) }, text: Channel("", .categories(words)),
      style: MarkStyle(color: .ink, fontSize: 10, dy: -9))
    // A thin line carries the level from the end of one bar to the next.
    var marks = [bars, labels]
    let joins = zip(steps, steps.dropFirst())
    for (left, right) in joins {
      let level = left.to
      marks.append(
        Mark(
          .rule, x: Channel("", .categories([left.name])), x2: Channel("", .categories([right.name])),
          y: Channel("", .numbers([level]), format: format), style: MarkStyle(color: .muted, strokeWidth: 1)))
    }
    // The lines go behind the bars.
    return Array(marks.dropFirst(2)) + Array(marks.prefix(2))
  }
}
