import Columnar
import Query

/// What the calendar says of each day of two and a half centuries, so that no row needs calendar arithmetic.
///
/// Days outside the tables are computed (Hinnant 2013, in `CivilDate`).
final class CalendarTables: Sendable {
  static let shared = CalendarTables()

  /// The first day in the tables: 1850-01-01, a Tuesday.
  static let first = CivilDate.days(year: 1850, month: 1, day: 1)
  static let last = CivilDate.days(year: 2099, month: 12, day: 31)

  let weekStart: [Int32]
  let monthStart: [Int32]
  let quarterStart: [Int32]
  let yearStart: [Int32]

  private init() {
    weekStart = CalendarTables.starts(.week)
    monthStart = CalendarTables.starts(.month)
    quarterStart = CalendarTables.starts(.quarter)
    yearStart = CalendarTables.starts(.year)
  }

  /// Walks from period to period, which costs a few calendar calls a year.
  private static func starts(_ grain: Grain) -> [Int32] {
    var table = [Int32](repeating: 0, count: Int(last - first) + 1)
    var start = CivilDate(days: first).start(of: grain)
    while start.days <= last {
      let next = start.advanced(by: 1, grain)
      for day in max(start.days, first)..<min(next.days, last + 1) { table[Int(day - first)] = start.days }
      start = next
    }
    return table
  }

  /// The table of a grain; nil when a day is its own period.
  func starts(of grain: Grain) -> [Int32]? {
    switch grain {
    case .hour, .day: nil
    case .week: weekStart
    case .month: monthStart
    case .quarter: quarterStart
    case .year: yearStart
    }
  }
}

/// The day of a date, a moment or a period.
final class DayNode: VectorNode {
  let type = DataType.date
  private let a: any VectorNode

  init(_ a: any VectorNode) { self.a = a }

  /// What the day is taken from, when that is a moment.
  var moment: (any VectorNode)? { a.type == .datetime ? a : nil }

  func range() throws -> ClosedRange<Int64>? {
    guard let range = try a.range() else { return nil }
    guard a.type == .datetime else { return range }
    let (low, high) = (DayNode.day(range.lowerBound), DayNode.day(range.upperBound))
    return Int64(low)...Int64(high)
  }

  func evaluate(_ batch: any Batch) throws -> Vector {
    let vector = try a.evaluate(batch)
    guard a.type == .datetime else { return vector }
    let out = batch.scratch.allocate(batch.count, of: Int32.self)
    Kernel.map(vector.values(of: Int64.self), batch.count, into: out) { DayNode.day($0) }
    return Vector(out, validity: vector.validity)
  }

  /// The day that holds a moment, rounded down. Moving the origin by 10^8 days makes the division one of unsigned numbers.
  @inline(__always) static func day(_ microseconds: Int64) -> Int32 {
    let shifted = UInt64(bitPattern: microseconds &+ 100_000_000 &* Timestamp.perDay)
    return Int32(truncatingIfNeeded: Int64(bitPattern: shifted / UInt64(Timestamp.perDay)) &- 100_000_000)
  }
}

/// The first or last day of the period that holds a day.
final class PeriodNode: VectorNode {
  let type: DataType
  let day: any VectorNode
  let grain: Grain
  let isEnd: Bool
  private let starts: [Int32]?

  init(_ day: any VectorNode, _ grain: Grain, type: DataType, isEnd: Bool = false) {
    self.day = day
    self.grain = grain
    self.type = type
    self.isEnd = isEnd
    starts = CalendarTables.shared.starts(of: grain)
  }

  func range() throws -> ClosedRange<Int64>? {
    guard let days = try day.range() else { return nil }
    let low = value(Int32(truncatingIfNeeded: days.lowerBound))
    let high = value(Int32(truncatingIfNeeded: days.upperBound))
    return Int64(min(low, high))...Int64(max(low, high))
  }

  private func value(_ day: Int32) -> Int32 {
    let start = CivilDate(days: day).start(of: grain)
    return isEnd ? start.advanced(by: 1, grain).days &- 1 : start.days
  }

  func evaluate(_ batch: any Batch) throws -> Vector {
    let vector = try day.evaluate(batch)
    guard let starts else { return vector }
    let days = vector.values(of: Int32.self)
    let out = batch.scratch.allocate(batch.count, of: Int32.self)
    let first = CalendarTables.first
    starts.withUnsafeBufferPointer { table in
      let size = UInt32(truncatingIfNeeded: table.count)
      for i in 0..<batch.count {
        let place = UInt32(bitPattern: days[i] &- first)
        out[i] = place < size ? table[Int(place)] : CivilDate(days: days[i]).start(of: grain).days
      }
    }
    if isEnd { toEnds(out, batch.count) }
    return Vector(out, validity: vector.validity)
  }

  /// Rows of one period mostly follow each other, so the last one is remembered.
  private func toEnds(_ values: UnsafeMutablePointer<Int32>, _ count: Int) {
    var known: (start: Int32, end: Int32) = (.min, .min)
    for i in 0..<count {
      if values[i] != known.start {
        known = (values[i], CivilDate(days: values[i]).advanced(by: 1, grain).days &- 1)
      }
      values[i] = known.end
    }
  }
}

/// A number that the calendar gives a day: its year, month, weekday …
final class CalendarPartNode: VectorNode {
  let type: DataType
  let dictionary: TextDictionary?
  private let day: any VectorNode
  private let part: ScalarFunction

  init(_ part: ScalarFunction, _ day: any VectorNode, dictionary: TextDictionary? = nil) {
    self.part = part
    self.day = day
    self.dictionary = dictionary
    type = dictionary == nil ? .integer : .text
  }

  func range() throws -> ClosedRange<Int64>? {
    switch part {
    case .quarter: return 1...4
    case .month: return 1...12
    case .week: return 1...53
    case .day: return 1...31
    case .weekday: return 1...7
    case .year:
      guard let days = try day.range() else { return nil }
      return value(Int32(truncatingIfNeeded: days.lowerBound))...value(Int32(truncatingIfNeeded: days.upperBound))
    default: return nil
    }
  }

  /// The part of one day.
  private func value(_ days: Int32) -> Int64 {
    // Missing rows hold arbitrary days, and the calendar's own arithmetic is only meant for years of four digits.
    let date = CivilDate(days: min(max(days, -4_371_222), 2_932_896))
    return switch part {
    case .quarter: Int64((date.components.month - 1) / 3 + 1)
    case .month, .monthName: Int64(date.components.month)
    case .week: Int64(date.isoWeek.week)
    case .day: Int64(date.components.day)
    case .weekday: Int64(date.isoWeekday)
    default: Int64(date.components.year)
    }
  }

  func evaluate(_ batch: any Batch) throws -> Vector {
    let vector = try day.evaluate(batch)
    let days = vector.values(of: Int32.self)
    // Rows of one day mostly follow each other, so the last one is remembered.
    var known = (day: Int32.min, value: value(.min))
    if type == .text {
      let out = batch.scratch.allocate(batch.count, of: UInt32.self)
      for i in 0..<batch.count {
        if days[i] != known.day { known = (days[i], value(days[i])) }
        out[i] = UInt32(truncatingIfNeeded: known.value - 1)
      }
      return Vector(out, validity: vector.validity)
    }
    let out = batch.scratch.allocate(batch.count, of: Int64.self)
    for i in 0..<batch.count {
      if days[i] != known.day { known = (days[i], value(days[i])) }
      out[i] = known.value
    }
    return Vector(out, validity: vector.validity)
  }
}

/// The hour of a moment, 0…23.
final class HourNode: VectorNode {
  let type = DataType.integer
  private let a: any VectorNode

  init(_ a: any VectorNode) { self.a = a }

  func range() throws -> ClosedRange<Int64>? { 0...23 }

  func evaluate(_ batch: any Batch) throws -> Vector {
    let vector = try a.evaluate(batch)
    let out = batch.scratch.allocate(batch.count, of: Int64.self)
    Kernel.map(vector.values(of: Int64.self), batch.count, into: out) { moment in
      let inDay = moment % Timestamp.perDay
      return (inDay < 0 ? inDay + Timestamp.perDay : inDay) / Timestamp.perHour
    }
    return Vector(out, validity: vector.validity)
  }
}

/// A date, moment or period moved by a constant duration: months first, cut to the length of the month, then the rest.
final class ShiftNode: VectorNode {
  let type: DataType
  private let a: any VectorNode
  private let duration: CalendarDuration

  /// The child's type must be the result's, that is, a day is widened before it is moved by hours.
  init(_ a: any VectorNode, by duration: CalendarDuration) {
    self.a = a
    self.duration = duration
    type = a.type
  }

  func evaluate(_ batch: any Batch) throws -> Vector {
    let vector = try a.evaluate(batch)
    let (months, days) = (duration.months, Int32(truncatingIfNeeded: duration.days))
    if type == .datetime {
      let out = batch.scratch.allocate(batch.count, of: Int64.self)
      let step = Int64(duration.days) &* Timestamp.perDay &+ duration.microseconds
      Kernel.map(vector.values(of: Int64.self), batch.count, into: out) { moment in
        guard months != 0 else { return moment &+ step }
        let day = DayNode.day(moment)
        let inDay = moment &- Int64(day) &* Timestamp.perDay
        return Int64(CivilDate(days: day).adding(months: months).days) &* Timestamp.perDay &+ inDay &+ step
      }
      return Vector(out, validity: vector.validity)
    }
    let out = batch.scratch.allocate(batch.count, of: Int32.self)
    let wholeDays = days &+ Int32(truncatingIfNeeded: duration.microseconds / Timestamp.perDay)
    Kernel.map(vector.values(of: Int32.self), batch.count, into: out) { day in
      (months == 0 ? day : CivilDate(days: day).adding(months: months).days) &+ wholeDays
    }
    guard case .period(let grain) = type else { return Vector(out, validity: vector.validity) }
    for i in 0..<batch.count { out[i] = CivilDate(days: out[i]).start(of: grain).days }
    return Vector(out, validity: vector.validity)
  }
}

/// The days from one date to another: whole ones of two days, with a fraction of two moments.
final class DaysBetweenNode: VectorNode {
  let type: DataType
  private let from: any VectorNode
  private let to: any VectorNode

  /// Both are days, or both are moments.
  init(from: any VectorNode, to: any VectorNode) {
    self.from = from
    self.to = to
    type = from.type == .datetime ? .real : .integer
  }

  func evaluate(_ batch: any Batch) throws -> Vector {
    let count = batch.count
    if type == .real {
      let (x, y) = (try from.side(batch, as: Int64.self), try to.side(batch, as: Int64.self))
      let out = batch.scratch.allocate(count, of: Double.self)
      Kernel.zip(x.operand, y.operand, count, into: out) { Double($1 &- $0) / Double(Timestamp.perDay) }
      return Vector(out, validity: Bits.and(x.validity, y.validity, count, batch.scratch))
    }
    let (x, y) = (try from.side(batch, as: Int32.self), try to.side(batch, as: Int32.self))
    let out = batch.scratch.allocate(count, of: Int64.self)
    Kernel.zip(x.operand, y.operand, count, into: out) { Int64($1) - Int64($0) }
    return Vector(out, validity: Bits.and(x.validity, y.validity, count, batch.scratch))
  }
}
