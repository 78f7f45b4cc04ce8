/// How the values of one column are written for a reader, decided once for the whole column so that its digits line up.
///
/// Tables, charts, sentences and notes all write numbers through this type: no number is formatted in two ways.
public struct ValueFormat: Hashable, Sendable {
  /// What is written for a missing value.
  public static let missing = "–"

  /// The families of formats.
  public enum Style: Hashable, Sendable {
    /// Digits with `decimals` places, in thousands groups unless the number is a label.
    case number(decimals: Int, grouped: Bool)
    /// A share, written times 100 with ` %`.
    case percent(decimals: Int)
    case currency(symbol: String, decimals: Int)
    /// A probability of a test: never `0.0000` but `<0.001`.
    case pValue
    /// A pattern of `DateText`; nil for ISO 8601 and the usual words of periods.
    case date(pattern: String?)
    /// The value as it is.
    case plain
  }

  /// How numbers are written.
  public var style: Style

  /// The format of this style.
  public init(_ style: Style) { self.style = style }

  /// A number with this many decimals.
  public static func number(_ decimals: Int) -> ValueFormat { ValueFormat(.number(decimals: decimals, grouped: true)) }

  /// A share with this many decimals.
  public static func percent(_ decimals: Int = 1) -> ValueFormat { ValueFormat(.percent(decimals: decimals)) }

  /// Money with this many decimals.
  public static func currency(_ symbol: String, _ decimals: Int) -> ValueFormat {
    ValueFormat(.currency(symbol: symbol, decimals: decimals))
  }

  /// The format of a column: what the reader asked for with `format`, else by the measure and the size of the values.
  ///
  /// - Parameters:
  ///   - field: the column's name, type, measure and wish.
  ///   - column: its values, which decide how many decimals say something; nil when they are not known yet.
  ///   - decimals: the places of plain numbers that are not whole.
  public init(_ field: Field, _ column: Column? = nil, decimals: Int = 2) {
    if let wish = field.format {
      style = ValueFormat.style(of: wish)
      return
    }
    switch field.type {
    case .date, .datetime, .period: style = .date(pattern: nil)
    case .text, .boolean: style = .plain
    case .integer, .real:
      let spread = column.map(NumberSpread.init) ?? NumberSpread(whole: field.type == .integer)
      style = ValueFormat.numberStyle(field, spread, decimals: decimals)
    }
  }

  private static func style(of wish: DisplayFormat) -> Style {
    switch wish {
    case .number(let decimals): .number(decimals: decimals, grouped: true)
    case .percent(let decimals): .percent(decimals: decimals)
    case .currency(let symbol, let decimals): .currency(symbol: symbol, decimals: decimals)
    case .pValue: .pValue
    case .date(let pattern): .date(pattern: pattern)
    }
  }

  private static func numberStyle(_ field: Field, _ spread: NumberSpread, decimals: Int) -> Style {
    switch field.measure {
    case .identifier: .number(decimals: spread.whole ? 0 : decimals, grouped: false)
    case .percent: .percent(decimals: 1)
    case .currency(let symbol): .currency(symbol: symbol, decimals: spread.largest >= 10_000 ? 0 : 2)
    case .count, .days: .number(decimals: spread.whole ? 0 : 1, grouped: true)
    case .plain: .number(decimals: spread.decimals(atLeast: decimals), grouped: true)
    }
  }

  /// The value in words.
  public func text(_ value: Value) -> String {
    switch value {
    case .missing: return ValueFormat.missing
    case .integer(let i): return text(integer: i)
    case .real(let d): return text(d)
    case .text(let t): return t
    case .boolean(let b): return b ? "true" : "false"
    case .date(let d): return text(d)
    case .datetime(let t):
      if case .date(let pattern?) = style { return DateText.formatted(t, pattern: pattern) }
      return t.description
    case .period(let p):
      if case .date(let pattern?) = style { return DateText.formatted(Timestamp(p.start), pattern: pattern) }
      return DateText.period(p)
    case .duration(let d): return ValueFormat.text(d)
    case .list(let items): return "[" + items.map(text).joined(separator: ", ") + "]"
    }
  }

  /// The number in words.
  public func text(_ number: Double) -> String {
    guard !number.isNaN else { return ValueFormat.missing }
    switch style {
    case .number(let decimals, let grouped):
      let digits = FixedPoint.digits(number, decimals: decimals)
      return grouped ? FixedPoint.grouped(digits) : digits
    case .percent(let decimals):
      return FixedPoint.grouped(FixedPoint.digits(number * 100, decimals: decimals)) + " %"
    case .currency(let symbol, let decimals):
      let digits = FixedPoint.grouped(FixedPoint.digits(abs(number), decimals: decimals))
      let isZero = !digits.utf8.contains { $0 >= 0x31 && $0 <= 0x39 }
      return (number < 0 && !isZero ? "-" : "") + symbol + digits
    case .pValue:
      return number < 0.001 ? "<0.001" : FixedPoint.digits(number, decimals: 3)
    case .date, .plain:
      return FixedPoint.grouped(FixedPoint.digits(number, decimals: NumberSpread(number).decimals(atLeast: 2)))
    }
  }

  /// The day in words.
  public func text(_ date: CivilDate) -> String {
    if case .date(let pattern?) = style { return DateText.formatted(Timestamp(date), pattern: pattern) }
    return date.description
  }

  /// All digits of a whole number are kept, also those beyond a double's 53 bits.
  private func text(integer: Int64) -> String {
    switch style {
    case .number(let decimals, let grouped):
      let digits = String(integer) + (decimals > 0 ? "." + String(repeating: "0", count: min(17, decimals)) : "")
      return grouped ? FixedPoint.grouped(digits) : digits
    case .date, .plain: return FixedPoint.grouped(String(integer))
    case .percent, .currency, .pValue: return text(Double(integer))
    }
  }

  /// `3 months 7 days`, with a clock part in hours, minutes and seconds.
  public static func text(_ duration: CalendarDuration) -> String {
    let seconds = duration.microseconds / 1_000_000
    let parts: [(Int, String)] = [
      (duration.months, "month"), (duration.days, "day"), (Int(seconds / 3600), "hour"),
      (Int(seconds / 60 % 60), "minute"), (Int(seconds % 60), "second"),
    ]
    let words = parts.filter { $0.0 != 0 }.map { "\($0.0) \($0.1)\(abs($0.0) == 1 ? "" : "s")" }
    return words.isEmpty ? "0 days" : words.joined(separator: " ")
  }
}

/// What the size of a column's numbers says about the decimals that are worth showing.
struct NumberSpread {
  /// The largest absolute value.
  var largest: Double = 0
  /// Whether all numbers are whole.
  var whole: Bool

  init(whole: Bool) { self.whole = whole }

  init(_ number: Double) {
    largest = number.isFinite ? abs(number) : 0
    whole = number.rounded() == number
  }

  init(_ column: Column) {
    whole = true
    switch column.storage {
    case .integer(let values):
      for (row, value) in values.enumerated() where !column.isMissing(row) {
        largest = max(largest, Double(value.magnitude))
      }
    case .real(let values):
      for (row, value) in values.enumerated() where !column.isMissing(row) && value.isFinite {
        largest = max(largest, abs(value))
        if value.rounded() != value { whole = false }
      }
    case .text, .boolean, .date, .datetime, .period: break
    }
  }

  /// No decimals for whole numbers, otherwise the usual ones, and more when the largest number would lose its first digits.
  func decimals(atLeast usual: Int) -> Int {
    if whole { return 0 }
    guard largest < 1 else { return usual }
    return max(usual, min(8, 2 - FixedPoint.magnitude(largest)))
  }
}
