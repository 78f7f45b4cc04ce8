import Analytics
import Charts
import Columnar

/// Sentences about key figures.
enum KeyFigureNarrative {
  /// The first figure, and how it moved.
  static func headline(_ figures: [KeyFigures.Figure], spans: KeyFigures.Spans?) -> String? {
    guard let first = figures.first, let value = first.value else { return nil }
    var text = "\(first.name.prefix(1).uppercased() + first.name.dropFirst()) \(words(value, first.measure))"
    if let spans, let growth = first.growth {
      text += ", \(signed(growth)) against \(span(spans.previous))"
    }
    return text + "."
  }

  /// The target of the first figure, and how much of it is reached.
  static func target(_ figure: KeyFigures.Figure, _ target: Double) -> Note? {
    guard let value = figure.value, target != 0 else { return nil }
    return Note(
      .remark,
      "\(figure.name) is at \(NumberWords.share(value / target)) of the target \(words(target, figure.measure))")
  }

  /// Which days are held against which.
  static func spans(_ spans: KeyFigures.Spans, grain: Grain) -> Note {
    let current = Period(grain, containing: spans.current.lowerBound)
    let days = Int(spans.current.upperBound.days) - Int(spans.current.lowerBound.days) + 1
    let before = Period(grain, containing: spans.previous.lowerBound)
    if spans.complete { return Note(.remark, "\(current) against \(before)") }
    let length = Int(spans.previous.upperBound.days) - Int(spans.previous.lowerBound.days) + 1
    let same = length == days ? "the same \(Words.count(days, "day"))" : "\(Words.count(length, "day"))"
    return Note(
      .remark,
      "\(current) is incomplete (to \(spans.current.upperBound)), compared with \(same) of \(before) "
        + "(\(span(spans.previous)))")
  }

  /// One card a figure.
  /// The columns of the figures in words.
  static let fields = [
    Field("metric", .text), Field("value", .text, measure: .count), Field("previous", .text, measure: .count),
    Field("change", .text, measure: .count), Field("growth", .real, measure: .percent), Field("definition", .text),
  ]

  /// The figures as they are displayed: each in its own unit, which a column of numbers could not have.
  static func table(_ figures: [KeyFigures.Figure]) -> Table {
    func column(_ take: (KeyFigures.Figure) -> Double?) -> Column {
      .text(figures.map { figure in take(figure).map { words($0, figure.measure) } })
    }
    return Table(
      schema: Schema(fields),
      columns: [
        .text(figures.map(\.name)), column(\.value), column(\.previous), column(\.change),
        .real(figures.map(\.growth)), .text(figures.map(\.definition)),
      ])
  }

  static func cards(_ figures: [KeyFigures.Figure], history: [[Double]]) -> [Card] {
    figures.enumerated().map { place, figure in
      Card(
        label: figure.name, value: figure.value.map { words($0, figure.measure) } ?? ValueFormat.missing,
        change: figure.growth.map(signed),
        trend: figure.growth.map { $0 > 0 ? .better : $0 < 0 ? .worse : .neutral } ?? .neutral,
        history: history.indices.contains(place) ? history[place] : [])
    }
  }

  private static func words(_ value: Double, _ measure: Measure) -> String { NumberWords.amount(value, measure) }

  private static func signed(_ growth: Double) -> String { (growth > 0 ? "+" : "") + NumberWords.share(growth) }

  private static func span(_ span: ClosedRange<CivilDate>) -> String { "\(span.lowerBound) … \(span.upperBound)" }
}
