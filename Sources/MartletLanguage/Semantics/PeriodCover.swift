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
    // Mostly the first rows have two days of one period already, and nothing else needs to be looked at.
    for rows in [1 << 14, 1 << 17, 1 << 20] where input.plan.beginsAtOnce {
      guard try areStamped(grain, days(date, .limit(input.plan.unreported, rows), context)) else { return false }
    }
    let all = try days(date, input.plan, context)
    return areStamped(grain, all) && Set(all.map { Period(grain, containing: $0).start }).count >= 3
  }

  /// The days that occur.
  private static func days(_ date: Expr, _ plan: LogicalPlan, _ context: CommandContext) throws -> [CivilDate] {
    let table = try context.run(.aggregate(plan, keys: [NamedExpr("day", .call(.date, [date]))], []))
    guard let column = table["day"], case .date(let values) = column.storage else { return [] }
    return values.indices.filter { !column.isMissing($0) }.map { CivilDate(days: values[$0]) }
  }

  /// Whether no period has two of the days, and each day has the same place in its period.
  private static func areStamped(_ grain: Grain, _ days: [CivilDate]) -> Bool {
    var places: Set<[Int]> = []
    var periods: Set<Int32> = []
    for date in days {
      let period = Period(grain, containing: date)
      guard periods.insert(period.start.days).inserted else { return false }
      places.insert(place(of: date, in: period))
      if places.count > 1 { return false }
    }
    return true
  }

  /// The weekday of a week, else how many months into the period and which day of the month.
  private static func place(of date: CivilDate, in period: Period) -> [Int] {
    if period.grain == .week { return [date.isoWeekday] }
    let (first, own) = (period.start.components, date.components)
    return [own.month - first.month, own.day]
  }
}
