/// The calendar unit that a period or a `per` clause counts in.
public enum Grain: String, CaseIterable, Hashable, Sendable {
  case hour, day, week, month, quarter, year
}

/// What the values of a column are, independent of how they are stored.
///
/// The language calls `integer` and `real` both "number", and `date` and `datetime` both "date".
public enum DataType: Hashable, Sendable {
  case integer
  case real
  case text
  case boolean
  case date
  case datetime
  case period(Grain)

  /// True for the two types that arithmetic works on.
  public var isNumeric: Bool { self == .integer || self == .real }

  /// True for the types that stand for a point or a span on the calendar.
  public var isTemporal: Bool {
    switch self {
    case .date, .datetime, .period: true
    case .integer, .real, .text, .boolean: false
    }
  }

  /// The word an analyst reads: number, text, bool, date, period.
  public var displayName: String {
    switch self {
    case .integer, .real: "number"
    case .text: "text"
    case .boolean: "bool"
    case .date, .datetime: "date"
    case .period: "period"
    }
  }

  /// The word for the type in what is said of a value that has not it: 1.5 is a number, but no whole number.
  var exactName: String { self == .integer ? "whole number" : displayName }
}

/// What a number counts; it decides how the number is shown and what may be added to it.
public enum Measure: Hashable, Sendable {
  case plain
  case currency(String)
  case percent
  case count
  case days
  /// A label made of digits (an order or customer number): shown without thousands separators, left out of "all numeric columns".
  case identifier
}

/// How the values of one column are shown, when the reader has said so with `format`.
public enum DisplayFormat: Hashable, Sendable {
  case number(decimals: Int)
  case percent(decimals: Int)
  case currency(symbol: String, decimals: Int)
  /// The probability of a test: three decimals, and `<0.001` below that.
  case pValue
  /// A date pattern in the letters of Unicode TR 35 that Martlet knows: `yyyy MM MMM d dd HH mm ss`.
  case date(pattern: String)
}

/// One column's name and meaning.
public struct Field: Hashable, Sendable {
  /// The column's name.
  public var name: String
  /// What its values are.
  public var type: DataType
  /// What its numbers count.
  public var measure: Measure
  /// How its values are shown; nil follows type and measure.
  public var format: DisplayFormat?

  /// Names a column of the given type.
  public init(_ name: String, _ type: DataType, measure: Measure = .plain, format: DisplayFormat? = nil) {
    self.name = name
    self.type = type
    self.measure = measure
    self.format = format
  }
}

/// The ordered columns of a table or of a plan's answer. Names are unique and case-sensitive.
public struct Schema: Hashable, Sendable {
  /// The columns in order.
  public private(set) var fields: [Field]
  private var positions: [String: Int]

  /// Takes the fields in order. When a name repeats, the first one is found by name.
  public init(_ fields: [Field]) {
    self.fields = fields
    positions = Dictionary(fields.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The position of the column with this exact name.
  public func index(of name: String) -> Int? { positions[name] }

  /// The column with this exact name.
  public subscript(name: String) -> Field? { positions[name].map { fields[$0] } }

  /// The columns' names in order.
  public var names: [String] { fields.map(\.name) }
}
