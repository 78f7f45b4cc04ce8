/// A day of the proleptic Gregorian calendar, stored as days since 1970-01-01.
///
/// The conversions are those of Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2013): exact for every Int32 day.
public struct CivilDate: Hashable, Comparable, Sendable {
  /// Days since 1970-01-01.
  public var days: Int32

  /// The day this many days after 1970-01-01.
  @inlinable public init(days: Int32) { self.days = days }

  /// The given calendar day, or nil when there is no such day.
  public init?(year: Int, month: Int, day: Int) {
    guard (-9999...9999).contains(year), (1...12).contains(month), day >= 1,
      day <= CivilDate.daysIn(month: month, of: year)
    else { return nil }
    days = CivilDate.days(year: year, month: month, day: day)
  }

  /// Days since 1970-01-01 of a day that is known to exist.
  @inlinable public static func days(year: Int, month: Int, day: Int) -> Int32 {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return Int32(truncatingIfNeeded: era * 146_097 + dayOfEra - 719_468)
  }

  /// Year, month 1…12 and day 1…31.
  @inlinable public var components: (year: Int, month: Int, day: Int) {
    let z = Int(days) + 719_468
    let era = (z >= 0 ? z : z - 146_096) / 146_097
    let dayOfEra = z - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shifted + 2) / 5 + 1
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  /// The number of days of a month, 1…12.
  public static func daysIn(month: Int, of year: Int) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Whether February of the year has 29 days.
  public static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

  /// Monday is 1, Sunday is 7 (ISO 8601).
  @inlinable public var isoWeekday: Int {
    let r = (Int(days) + 3) % 7
    return (r < 0 ? r + 7 : r) + 1
  }

  /// ISO 8601 week number and the year that the week belongs to.
  public var isoWeek: (year: Int, week: Int) {
    let thursday = CivilDate(days: days &+ Int32(4 - isoWeekday))
    let year = thursday.components.year
    let firstDay = CivilDate.days(year: year, month: 1, day: 1)
    return (year, Int(thursday.days - firstDay) / 7 + 1)
  }

  /// The first day of the period that holds this day; weeks start on Monday, an hour's period is its day.
  public func start(of grain: Grain) -> CivilDate {
    switch grain {
    case .hour, .day: return self
    case .week: return CivilDate(days: days &- Int32(isoWeekday - 1))
    case .month:
      return CivilDate(days: days &- Int32(components.day - 1))
    case .quarter:
      let (year, month, _) = components
      return CivilDate(days: CivilDate.days(year: year, month: (month - 1) / 3 * 3 + 1, day: 1))
    case .year:
      return CivilDate(days: CivilDate.days(year: components.year, month: 1, day: 1))
    }
  }

  /// The same day some calendar months later; the day is cut to the length of the month it lands in.
  public func adding(months: Int) -> CivilDate {
    let (year, month, day) = components
    let total = year * 12 + (month - 1) + months
    let newYear = total >= 0 ? total / 12 : (total - 11) / 12
    let newMonth = total - newYear * 12 + 1
    return CivilDate(
      days: CivilDate.days(
        year: newYear, month: newMonth, day: min(day, CivilDate.daysIn(month: newMonth, of: newYear))))
  }

  /// The day this many grains later (hours do not move a day).
  public func advanced(by count: Int, _ grain: Grain) -> CivilDate {
    switch grain {
    case .hour: self
    case .day: CivilDate(days: days &+ Int32(truncatingIfNeeded: count))
    case .week: CivilDate(days: days &+ Int32(truncatingIfNeeded: count &* 7))
    case .month: adding(months: count)
    case .quarter: adding(months: count * 3)
    case .year: adding(months: count * 12)
    }
  }

  /// Earlier days come first.
  @inlinable public static func < (a: CivilDate, b: CivilDate) -> Bool { a.days < b.days }

  /// ISO 8601: `2011-12-09`.
  public var description: String {
    let (year, month, day) = components
    return
      "\(year < 1000 && year >= 0 ? String(repeating: "0", count: 4 - String(year).count) : "")\(year)-\(twoDigits(month))-\(twoDigits(day))"
  }
}

extension CivilDate: CustomStringConvertible {}

/// A point in time in the data's own clock (no zone), stored as microseconds since 1970-01-01T00:00.
public struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Microseconds since 1970-01-01T00:00.
  public var microseconds: Int64

  /// Microseconds in one day.
  public static let perDay: Int64 = 86_400_000_000
  /// Microseconds in one hour.
  public static let perHour: Int64 = 3_600_000_000

  /// The instant this many microseconds after 1970-01-01T00:00.
  @inlinable public init(microseconds: Int64) { self.microseconds = microseconds }

  /// A time of day on a date.
  public init(_ date: CivilDate, hour: Int = 0, minute: Int = 0, second: Int = 0, microsecond: Int = 0) {
    let inDay = ((hour * 60 + minute) * 60 + second) * 1_000_000 + microsecond
    // Some hundred thousand years from now an instant has no number; the last one stands for all of them.
    let (start, isFar) = Int64(date.days).multipliedReportingOverflow(by: Timestamp.perDay)
    let (instant, isFarther) = start.addingReportingOverflow(Int64(inDay))
    microseconds = isFar || isFarther ? (date.days < 0 ? .min : .max) : instant
  }

  /// The day that holds the instant.
  @inlinable public var date: CivilDate {
    let q = microseconds / 86_400_000_000
    return CivilDate(days: Int32(truncatingIfNeeded: microseconds % 86_400_000_000 < 0 ? q - 1 : q))
  }

  /// Microseconds since the day began.
  @inlinable public var timeOfDay: Int64 { microseconds &- Int64(date.days) &* 86_400_000_000 }

  /// Earlier instants come first.
  @inlinable public static func < (a: Timestamp, b: Timestamp) -> Bool { a.microseconds < b.microseconds }

  /// `2011-12-09 08:26`, with seconds and fractions only when there are any.
  public var description: String {
    let t = timeOfDay
    let (hour, minute, second) = (t / Timestamp.perHour, t / 60_000_000 % 60, t / 1_000_000 % 60)
    var text = "\(date) \(twoDigits(Int(hour))):\(twoDigits(Int(minute)))"
    let fraction = t % 1_000_000
    if second != 0 || fraction != 0 { text += ":\(twoDigits(Int(second)))" }
    if fraction != 0 {
      let digits = String(fraction)
      text += "." + String(repeating: "0", count: 6 - digits.count) + digits
    }
    return text
  }
}

/// A month, quarter, week … of the calendar: its grain and its first day.
public struct Period: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The calendar unit.
  public var grain: Grain
  /// The first day.
  public var start: CivilDate

  /// The period of this grain that holds the day.
  public init(_ grain: Grain, containing date: CivilDate) {
    self.grain = grain
    start = date.start(of: grain)
  }

  /// The last day of the period.
  public var end: CivilDate { CivilDate(days: start.advanced(by: 1, grain).days &- 1) }

  /// The period this many periods later.
  public func advanced(by count: Int) -> Period { Period(grain, containing: start.advanced(by: count, grain)) }

  /// Periods are ordered by their first day.
  public static func < (a: Period, b: Period) -> Bool { a.start < b.start }

  /// The period as it is written in a cell: `2011-12-09`, `2011-W49`, `2011-12`, `2011-Q4`, `2011`.
  public var description: String {
    let (year, month, _) = start.components
    switch grain {
    case .hour, .day: return start.description
    case .week:
      let (weekYear, week) = start.isoWeek
      return "\(weekYear)-W\(twoDigits(week))"
    case .month: return "\(year)-\(twoDigits(month))"
    case .quarter: return "\(year)-Q\((month - 1) / 3 + 1)"
    case .year: return "\(year)"
    }
  }
}

/// A length of time that a date can be moved by: calendar months, whole days and a clock part.
public struct CalendarDuration: Hashable, Sendable {
  /// Calendar months.
  public var months: Int
  /// Whole days.
  public var days: Int
  /// The clock part, in microseconds.
  public var microseconds: Int64

  /// A duration of calendar months, days and microseconds.
  public init(months: Int = 0, days: Int = 0, microseconds: Int64 = 0) {
    self.months = months
    self.days = days
    self.microseconds = microseconds
  }

  /// The duration of some grains, as in `7 days` or `2 quarters`.
  public init(_ count: Int, _ grain: Grain) {
    switch grain {
    case .hour: self.init(microseconds: Int64(count) * Timestamp.perHour)
    case .day: self.init(days: count)
    case .week: self.init(days: count * 7)
    case .month: self.init(months: count)
    case .quarter: self.init(months: count * 3)
    case .year: self.init(months: count * 12)
    }
  }
}

/// The number with a leading zero below ten.
func twoDigits(_ n: Int) -> String { n < 10 && n >= 0 ? "0\(n)" : "\(n)" }
