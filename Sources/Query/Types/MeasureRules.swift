import Columnar

/// What the results of arithmetic count: money × count is money, money / money is plain, different currencies do not add.
enum MeasureRules {
  /// The measure of `a + b`, `a - b`, and of a value that is one or the other.
  static func combined(_ a: Measure, _ b: Measure, in part: @autoclosure () -> String) throws(QueryError) -> Measure {
    if a == b { return a == .identifier ? .plain : a }
    switch (a, b) {
    case (.currency(let x), .currency(let y)): throw .differentCurrencies(x, y, in: part())
    case (.currency, _): return a
    case (_, .currency): return b
    case (.plain, .identifier), (.identifier, .plain): return .plain
    case (.plain, let other), (let other, .plain): return other
    default: return .plain
    }
  }

  /// The measure of a choice between two values: like a sum, but a label stays a label.
  static func either(_ a: Measure, _ b: Measure, in part: @autoclosure () -> String) throws(QueryError) -> Measure {
    a == b ? a : try combined(a, b, in: part())
  }

  /// Refuses a comparison of two currencies.
  static func comparable(_ a: Measure, _ b: Measure, in part: @autoclosure () -> String) throws(QueryError) {
    if case .currency(let x) = a, case .currency(let y) = b, x != y {
      throw .differentCurrencies(x, y, in: part())
    }
  }

  /// The measure of `a * b`.
  static func product(_ a: Measure, _ b: Measure) -> Measure {
    switch (a, b) {
    case (.currency, .currency): return .plain
    case (.currency, _): return a
    case (_, .currency): return b
    case (.percent, .percent): return .percent
    case (.days, .plain), (.days, .count), (.days, .percent): return .days
    case (.plain, .days), (.count, .days), (.percent, .days): return .days
    default: return .plain
    }
  }

  /// The measure of `a / b`.
  static func quotient(_ a: Measure, _ b: Measure) -> Measure {
    switch (a, b) {
    case (.currency, .currency): .plain
    case (.currency, _): a
    case (.percent, .percent), (.days, .days): .plain
    case (.percent, _), (.days, _): a
    default: .plain
    }
  }

  /// The measure of `ratio(a, b)`: two amounts of one kind make a share.
  static func ratio(_ a: Measure, _ b: Measure) -> Measure {
    let same = a == b || (isCountLike(a) && isCountLike(b))
    return same && a != .percent ? .percent : quotient(a, b)
  }

  /// The measure of a sum or mean of many values.
  static func accumulated(_ a: Measure) -> Measure { a == .identifier ? .plain : a }

  /// The measure of a mean, quantile or spread: a mean of counts is no count.
  static func averaged(_ a: Measure) -> Measure { a == .identifier || a == .count ? .plain : a }

  private static func isCountLike(_ m: Measure) -> Bool { m == .count || m == .plain }
}
