import Columnar
import Query

/// A handful of figures of a table, now and in an earlier span of the same length.
package struct KeyFigures: Sendable {
  /// One figure.
  package struct Figure: Sendable {
    package let name: String
    package let measure: Measure
    package let value: Double?
    package let previous: Double?
    package let definition: String

    /// Value minus previous.
    package var change: Double? { value.flatMap { value in previous.map { value - $0 } } }
    /// Value over previous, minus 1; nil when previous is 0.
    package var growth: Double? {
      guard let value, let previous, previous != 0 else { return nil }
      return value / previous - 1
    }
  }

  /// The spans that are held against each other.
  package struct Spans: Hashable, Sendable {
    package let current: ClosedRange<CivilDate>
    package let previous: ClosedRange<CivilDate>
    /// Whether the current span covers the whole of its period.
    package let complete: Bool

    /// The period of the last day, to that day, and as many days of the period before; a whole period and the whole one before.
    package init(grain: Grain, lastDay: CivilDate) {
      let period = Period(grain, containing: lastDay)
      let before = Period(grain, containing: CivilDate(days: period.start.days &- 1))
      complete = lastDay >= period.end
      current = period.start...lastDay
      let sameLength = CivilDate(days: before.start.days &+ (lastDay.days &- period.start.days))
      previous = before.start...(complete ? before.end : min(sameLength, before.end))
    }
  }

  /// metric, value, previous, change, growth, definition.
  package static let fields = [
    Field("metric", .text), Field("value", .real), Field("previous", .real), Field("change", .real),
    Field("growth", .real, measure: .percent), Field("definition", .text),
  ]

  /// The figures as a table.
  package static func table(_ figures: [Figure]) -> Table {
    Table(
      schema: Schema(fields),
      columns: [
        .text(figures.map(\.name)), .real(figures.map(\.value)), .real(figures.map(\.previous)),
        .real(figures.map(\.change)), .real(figures.map(\.growth)), .text(figures.map(\.definition)),
      ])
  }

  /// The rows of a plan whose date lies in a span.
  package static func rows(_ plan: LogicalPlan, date: Expr, in span: ClosedRange<CivilDate>) -> LogicalPlan {
    let after = CivilDate(days: span.upperBound.days &+ 1)
    return .filter(
      plan,
      .and(
        .compare(.greaterOrEqual, date, .literal(.date(span.lowerBound))),
        .compare(.less, date, .literal(.date(after)))), label: nil)
  }
}

extension KeyFigures.Figure {
  /// Names a figure.
  package init(_ name: String, _ measure: Measure, value: Double?, previous: Double?, definition: String) {
    self.name = name
    self.measure = measure
    self.value = value
    self.previous = previous
    self.definition = definition
  }
}
