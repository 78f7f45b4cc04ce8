/// How the dates of a column are written.
public struct DateLayout: Hashable, Sendable {
  /// The order of the parts of the date.
  public enum Order: String, Hashable, Sendable {
    case yearMonthDay = "year-month-day"
    case monthDayYear = "month/day/year"
    case dayMonthYear = "day/month/year"
    /// `20111209`
    case compact = "yyyymmdd"
    /// `2011-12`, a month.
    case yearMonth = "year-month"
  }

  /// The order of the parts.
  public var order: Order
  /// Whether a time of day follows.
  public var hasTime: Bool
  /// Whether months are periods, and not their first days.
  var isPeriod = true
  /// Whether the other order of day and month was tried first.
  var isTurned = false

  /// Describes a layout.
  public init(_ order: Order, hasTime: Bool = false) {
    self.order = order
    self.hasTime = hasTime
  }

  /// The layout with day and month changed; nil when there is only one reading.
  var turned: DateLayout? {
    var other = self
    other.isTurned = true
    switch order {
    case .monthDayYear: other.order = .dayMonthYear
    case .dayMonthYear: other.order = .monthDayYear
    case .yearMonthDay, .compact, .yearMonth: return nil
    }
    return other
  }
}

/// What was met in a column of dates.
struct DateFacts: Sendable {
  /// The largest first and second number of dates whose year stands last and whose month has no name.
  var largestFirst = 0
  var largestSecond = 0
  var hasTime = false

  /// What both columns or pieces together have met.
  mutating func join(_ other: DateFacts) {
    largestFirst = max(largestFirst, other.largestFirst)
    largestSecond = max(largestSecond, other.largestSecond)
    hasTime = hasTime || other.hasTime
  }

  /// Why the order was taken.
  func reason(_ layout: DateLayout, _ options: CSVOptions) -> DateOrderReason {
    guard layout.turned != nil, largestFirst > 0 else { return .unambiguous }
    if options.dates != nil { return .given }
    if largestFirst > 12 { return .largeValuesFirst }
    if largestSecond > 12 { return .largeValuesSecond }
    return .assumed
  }
}
