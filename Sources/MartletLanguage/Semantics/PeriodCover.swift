import Columnar
import Query

/// How far the data reach into their last period.
enum PeriodCover {
  /// The last day that the data cover; nil when there is no date at all.
  ///
  /// It is the last date, unless the dates stand for whole periods: then it is the last day of the last period.
  static func lastDay(_ grain: Grain, _ date: Expr, _ input: Relation, _ context: CommandContext) throws -> CivilDate? {
    let plan = LogicalPlan.aggregate(input.plan, keys: [], [NamedAggregate("last", .max, [date])])
    let last: CivilDate
    switch try context.run(plan)["last"].map({ $0.count > 0 ? $0[0] : .missing }) {
    case .date(let day)?: last = day
    case .datetime(let time)?: last = time.date
    case .period(let period)?: last = period.end
    default: return nil
    }
    let end = Period(grain, containing: last).end
    return try end > last && isStamped(grain, date, input, context) ? end : last
  }

  /// Whether the dates stand for whole periods: each period has one date only, and it is always the same day of it, such as
  /// the first of a month or the Friday of a week. Months that are written as their first day have not just begun.
  private static func isStamped(
    _ grain: Grain, _ date: Expr, _ input: Relation, _ context: CommandContext
  ) throws -> Bool {
    guard grain != .hour, grain != .day else { return false }
    let day = NamedExpr("day", .call(.date, [date]))
    let days = try context.run(.aggregate(input.plan, keys: [day], []))
    guard let column = days["day"], case .date(let values) = column.storage else { return false }
    var places: Set<[Int]> = []
    var periods: Set<Int32> = []
    for row in values.indices where !column.isMissing(row) {
      let date = CivilDate(days: values[row])
      let period = Period(grain, containing: date)
      guard periods.insert(period.start.days).inserted else { return false }
      places.insert(place(of: date, in: period))
      if places.count > 1 { return false }
    }
    return periods.count >= 3
  }

  /// The weekday of a week, else how many months into the period and which day of the month.
  private static func place(of date: CivilDate, in period: Period) -> [Int] {
    if period.grain == .week { return [date.isoWeekday] }
    let (first, own) = (period.start.components, date.components)
    return [own.month - first.month, own.day]
  }
}
