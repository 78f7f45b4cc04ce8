import Columnar

/// One number with its name, its change, and how it came to be.
public struct Card: Sendable {
  /// Whether a change is for the better.
  public enum Trend: String, Hashable, Sendable {
    case better, worse, neutral
  }

  /// What is counted.
  public var label: String
  /// The number in words.
  public var value: String
  /// The change in words, such as `+12.3 % vs Q3`; nil for none.
  public var change: String?
  /// The colour of the change.
  public var trend: Trend
  /// The values of the last periods; empty for none.
  public var history: [Double]

  /// Assembles a card.
  public init(label: String, value: String, change: String? = nil, trend: Trend = .neutral, history: [Double] = []) {
    self.label = label
    self.value = value
    self.change = change
    self.trend = trend
    self.history = history
  }
}

extension Chart {
  /// Cards of single numbers with a small line of their history each, three in a row; at most twelve.
  public static func cards(_ cards: [Card]) throws(ChartError) -> Chart {
    guard !cards.isEmpty else { throw .noRows(kind: .cards) }
    let shown = Array(cards.prefix(12))
    let perRow = min(3, shown.count)
    let panels = shown.map { card in
      Panel(x: .unit, y: .unit, marks: cardMarks(card), height: 84)
    }
    let words = shown.map { "\($0.label) \($0.value)" + ($0.change.map { " (\($0))" } ?? "") }
    var chart = Chart(.cards, panels: panels, panelsPerRow: perRow, altText: words.joined(separator: ", "))
    chart.cards = shown
    if cards.count > shown.count {
      chart.notes.append(DrawnNote.limited(to: shown.count, of: cards.count, "metrics", order: .given))
    }
    return chart
  }

  /// Cards from a table with one row a number.
  ///
  /// - Parameters:
  ///   - label: the column of names.
  ///   - value: the column of numbers, or of numbers already in words.
  ///   - growth: a number column of relative changes; nil for none.
  public static func cards(
    _ table: Table, label: String, value: String, growth: String? = nil
  ) throws(ChartError) -> Chart {
    let labels = try Channel.label(table, label)
    let values = try Channel.label(table, value)
    let changes = try growth.map { name throws(ChartError) in try Channel.number(table, name, as: "growth") }
    return try cards(
      (0..<table.rowCount).map { row in
        let change = changes?.number(row)
        return Card(
          label: labels.text(row), value: values.text(row),
          change: change.map { ($0 > 0 ? "+" : "") + ValueFormat.percent(1).text($0) },
          trend: change.map { $0 > 0 ? .better : $0 < 0 ? .worse : .neutral } ?? .neutral)
      })
  }

  private static func cardMarks(_ card: Card) -> [Mark] {
    func words(_ text: String, _ y: Double, _ style: MarkStyle) -> Mark {
      Mark(
        .text, x: Channel("", .numbers([0])), y: Channel("", .numbers([y])), text: Channel("", .categories([text])),
        style: style)
    }
    var marks = [
      words(
        TextWidth.cut(card.label, size: 12, to: 200), 0.86,
        MarkStyle(color: .faint, fontSize: 12, anchor: .start, dx: 2)),
      words(card.value, 0.52, MarkStyle(color: .ink, fontSize: 22, isBold: true, anchor: .start, dx: 2)),
    ]
    if let change = card.change {
      let ink: Ink =
        switch card.trend {
        case .better: .gain
        case .worse: .loss
        case .neutral: .faint
        }
      marks.append(words(change, 0.14, MarkStyle(color: ink, fontSize: 12, anchor: .start, dx: 2)))
    }
    let line = card.history.filter(\.isFinite)
    guard line.count > 1, let low = line.min(), let high = line.max() else { return marks }
    let places = line.indices.map { Double($0) / Double(line.count - 1) }
    marks.append(
      Mark(
        .line, x: Channel("", .numbers(places.map { 0.62 + 0.34 * $0 })),
        y: Channel("", .numbers(line.map { high > low ? 0.2 + 0.55 * ($0 - low) / (high - low) : 0.4 })),
        style: MarkStyle(strokeWidth: 1.6)))
    return marks
  }
}
