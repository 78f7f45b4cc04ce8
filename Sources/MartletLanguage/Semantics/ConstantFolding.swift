import Columnar
import Query

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Computes operators on constants while a cell is checked, so that a long sum of numbers is one number.
enum ConstantFolding {
  /// The value of an operator on two constants; nil when the engine has to compute it.
  static func value(_ op: ArithmeticOperator, _ a: Value, _ b: Value) -> Value? {
    if a == .missing || b == .missing { return .missing }
    switch (a, b) {
    case (.integer(let x), .integer(let y)): return integers(op, x, y)
    case (.duration(let x), .duration(let y)): return durations(op, x, y)
    case (.date, .duration(let d)), (.datetime, .duration(let d)):
      return moved(a, by: op == .subtract ? negative(d) : d)
    case (.duration(let d), .date), (.duration(let d), .datetime): return op == .add ? moved(b, by: d) : nil
    default:
      guard let x = a.number, let y = b.number else { return nil }
      return reals(op, x, y)
    }
  }

  /// Whole numbers stay whole under `+ - *` as long as they fit.
  private static func integers(_ op: ArithmeticOperator, _ x: Int64, _ y: Int64) -> Value {
    let result: (partialValue: Int64, overflow: Bool)
    switch op {
    case .add: result = x.addingReportingOverflow(y)
    case .subtract: result = x.subtractingReportingOverflow(y)
    case .multiply: result = x.multipliedReportingOverflow(by: y)
    case .divide, .power: return reals(op, Double(x), Double(y))
    }
    return result.overflow ? reals(op, Double(x), Double(y)) : .integer(result.partialValue)
  }

  private static func reals(_ op: ArithmeticOperator, _ x: Double, _ y: Double) -> Value {
    let result: Double
    switch op {
    case .add: result = x + y
    case .subtract: result = x - y
    case .multiply: result = x * y
    case .divide: result = x / y
    case .power: result = pow(x, y)
    }
    return result.isFinite ? .real(result) : .missing
  }

  private static func durations(_ op: ArithmeticOperator, _ x: CalendarDuration, _ y: CalendarDuration) -> Value? {
    guard op == .add || op == .subtract else { return nil }
    let other = op == .add ? y : negative(y)
    return .duration(
      CalendarDuration(
        months: x.months &+ other.months, days: x.days &+ other.days,
        microseconds: x.microseconds &+ other.microseconds))
  }

  private static func negative(_ d: CalendarDuration) -> CalendarDuration {
    CalendarDuration(months: 0 &- d.months, days: 0 &- d.days, microseconds: 0 &- d.microseconds)
  }

  /// A date or moment moved by a duration; nil when that leaves the calendar.
  private static func moved(_ value: Value, by duration: CalendarDuration) -> Value? {
    func day(_ date: CivilDate) -> CivilDate? {
      guard abs(duration.months) < 120_000, abs(duration.days) < 4_000_000 else { return nil }
      let moved = duration.months == 0 ? date : date.adding(months: duration.months)
      return CivilDate(days: moved.days &+ Int32(duration.days))
    }
    switch value {
    case .date(let date):
      guard let moved = day(date) else { return nil }
      guard duration.microseconds % Timestamp.perDay != 0 else {
        return .date(CivilDate(days: moved.days &+ Int32(truncatingIfNeeded: duration.microseconds / Timestamp.perDay)))
      }
      return .datetime(Timestamp(microseconds: Timestamp(moved).microseconds &+ duration.microseconds))
    case .datetime(let time):
      guard let moved = day(time.date) else { return nil }
      return .datetime(
        Timestamp(microseconds: Timestamp(moved).microseconds &+ time.timeOfDay &+ duration.microseconds))
    default: return nil
    }
  }
}
