import Columnar

/// What is known about an expression's value before any row is looked at.
public struct ExprType: Hashable, Sendable {
  /// The forms that a value can have inside an expression; only the first can become a column.
  public enum Form: Hashable, Sendable {
    /// A value of a column's type.
    case value(DataType)
    /// The literal `missing`, which goes with every type.
    case missing
    /// A length of time that a date can be moved by.
    case duration
    /// A list of constants.
    case list
  }

  /// The form and type of the value.
  public var form: Form
  /// What the number counts; `.plain` for anything but numbers.
  public var measure: Measure
  /// The value itself when it is the same in every row, known without data.
  public var constant: Value?

  /// Describes an expression's value.
  public init(_ form: Form, measure: Measure = .plain, constant: Value? = nil) {
    self.form = form
    self.measure = measure
    self.constant = constant
  }

  /// A value of this type.
  public static func value(_ type: DataType, _ measure: Measure = .plain) -> ExprType {
    ExprType(.value(type), measure: measure)
  }

  /// The type of a constant.
  public init(literal value: Value) {
    switch value {
    case .missing: self.init(.missing, constant: value)
    case .duration: self.init(.duration, constant: value)
    case .list: self.init(.list, constant: value)
    case .integer: self.init(.value(.integer), constant: value)
    case .real: self.init(.value(.real), constant: value)
    case .text: self.init(.value(.text), constant: value)
    case .boolean: self.init(.value(.boolean), constant: value)
    case .date: self.init(.value(.date), constant: value)
    case .datetime: self.init(.value(.datetime), constant: value)
    case .period(let p): self.init(.value(.period(p.grain)), constant: value)
    }
  }

  /// The type of the column that holds the value: a lone `missing` becomes a column of numbers; nil for durations and lists.
  public var dataType: DataType? {
    switch form {
    case .value(let type): type
    case .missing: .real
    case .duration, .list: nil
    }
  }

  /// Whether arithmetic works on it.
  public var isNumeric: Bool { form == .missing || form == .value(.integer) || form == .value(.real) }

  /// Whether it is text.
  public var isText: Bool { form == .missing || form == .value(.text) }

  /// Whether it is a condition.
  public var isBoolean: Bool { form == .missing || form == .value(.boolean) }

  /// Whether it is a day or a moment.
  public var isDate: Bool { form == .missing || form == .value(.date) || form == .value(.datetime) }

  /// Whether it is a day, a moment or a period.
  public var isTemporal: Bool {
    if case .value(let type) = form { return type.isTemporal }
    return form == .missing
  }

  /// The word an analyst reads: number, text, bool, date, period, duration, list, missing.
  public var displayName: String {
    switch form {
    case .value(let type): type.displayName
    case .missing: "missing"
    case .duration: "duration"
    case .list: "list"
    }
  }
}
