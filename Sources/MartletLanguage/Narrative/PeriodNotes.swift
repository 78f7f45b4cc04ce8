import Columnar
import Query

/// Says when the last period of a result is cut short by the end of the data.
enum PeriodNotes {
  /// A period is complete when its last day is not after the last day that the data cover.
  static func incomplete(_ grain: Grain, _ date: Expr, _ input: Relation, _ context: CommandContext) throws -> [Note] {
    guard let last = try PeriodCover.lastDay(grain, date, input, context) else { return [] }
    let period = Period(grain, containing: last)
    guard period.end > last else { return [] }
    return [Note(.warning, "\(period) is incomplete: the data end on \(last)")]
  }
}
