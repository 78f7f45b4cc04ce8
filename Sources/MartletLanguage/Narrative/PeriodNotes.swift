import Columnar
import Query

/// Says when the last period of a result is cut short by the end of the data.
enum PeriodNotes {
  /// A period is complete when its last day is not after the last date in the data.
  static func incomplete(_ grain: Grain, _ date: Expr, _ input: Relation, _ context: CommandContext) throws -> [Note] {
    let plan = LogicalPlan.aggregate(input.plan, keys: [], [NamedAggregate("last", .max, [date])])
    let last: CivilDate
    switch try context.run(plan)["last"]?[0] {
    case .date(let day)?: last = day
    case .datetime(let time)?: last = time.date
    case .period(let period)?: last = period.end
    default: return []
    }
    let period = Period(grain, containing: last)
    guard period.end > last else { return [] }
    return [Note(.warning, "\(period) is incomplete: the data end on \(last)")]
  }
}
