import Columnar

/// The typing rules of operators, on the types of their sides, so that a checker can ask for each node of its own tree.
extension ExprType {
  /// The type of `-a`.
  public static func negation(_ a: ExprType, in part: @autoclosure () -> String) throws(QueryError) -> ExprType {
    if a.form == .duration { return ExprType(.duration) }
    guard a.isNumeric else { throw .typeMismatch(expected: "number", found: a.displayName, in: part()) }
    return ExprType(a.form, measure: MeasureRules.accumulated(a.measure))
  }

  /// The type of a condition's part: `not a`, `a and b`, `if a`.
  public static func condition(_ a: ExprType, in part: @autoclosure () -> String) throws(QueryError) -> ExprType {
    guard a.isBoolean else { throw .typeMismatch(expected: "bool", found: a.displayName, in: part()) }
    return .value(.boolean)
  }

  /// The type of `a + b` and its kin.
  ///
  /// Date ± duration is a date (a moment when the duration has a clock part), date − date is whole days, moment − moment
  /// days with a fraction, duration ± duration a duration. Division and powers always give a real number.
  public static func arithmetic(
    _ op: ArithmeticOperator, _ a: ExprType, _ b: ExprType, in part: @autoclosure () -> String
  ) throws(QueryError) -> ExprType {
    if let temporal = try temporalArithmetic(op, a, b, in: part()) { return temporal }
    for side in [a, b] where !side.isNumeric {
      throw .typeMismatch(expected: "number", found: side.displayName, in: part())
    }
    let whole = a.form != .value(.real) && b.form != .value(.real) && (a.form != .missing || b.form != .missing)
    switch op {
    case .add, .subtract:
      let measure = try MeasureRules.combined(a.measure, b.measure, in: part())
      return .value(whole ? .integer : .real, measure)
    case .multiply: return .value(whole ? .integer : .real, MeasureRules.product(a.measure, b.measure))
    case .divide: return .value(.real, MeasureRules.quotient(a.measure, b.measure))
    case .power: return .value(.real)
    }
  }

  private static func temporalArithmetic(
    _ op: ArithmeticOperator, _ a: ExprType, _ b: ExprType, in part: @autoclosure () -> String
  ) throws(QueryError) -> ExprType? {
    switch (a.form, op, b.form) {
    case (.duration, .add, .duration), (.duration, .subtract, .duration): return ExprType(.duration)
    case (.value(let type), .add, .duration) where type == .date || type == .datetime,
      (.value(let type), .subtract, .duration) where type == .date || type == .datetime:
      return .value(b.hasClockPart ? .datetime : type)
    case (.duration, .add, .value(let type)) where type == .date || type == .datetime:
      return .value(a.hasClockPart ? .datetime : type)
    case (.value(.period(let grain)), .add, .duration), (.value(.period(let grain)), .subtract, .duration):
      return .value(.period(grain))
    case (.value(.date), .subtract, .value(.date)): return .value(.integer, .days)
    case (.value(.date), .subtract, .value(.datetime)), (.value(.datetime), .subtract, .value(.date)),
      (.value(.datetime), .subtract, .value(.datetime)):
      return .value(.real, .days)
    case (.value(.date), _, _), (.value(.datetime), _, _), (.value(.period), _, _):
      throw .typeMismatch(expected: "duration", found: b.displayName, in: part())
    case (_, _, .value(.date)), (_, _, .value(.datetime)), (_, _, .value(.period)):
      throw .typeMismatch(expected: op == .add ? "duration" : "date", found: a.displayName, in: part())
    default: return nil
    }
  }

  /// A duration that only a moment can be moved by.
  private var hasClockPart: Bool {
    if case .duration(let d) = constant { return d.microseconds % Timestamp.perDay != 0 }
    return false
  }

  /// The type of `a < b` and its kin. A constant period beside a date means its first to its last day; a column of
  /// periods beside a date stands for its first day.
  public static func comparison(
    _ a: ExprType, _ b: ExprType, in part: @autoclosure () -> String
  ) throws(QueryError) -> ExprType {
    let comparable =
      switch (a.form, b.form) {
      case (.missing, .value), (.value, .missing), (.missing, .missing): true
      case (.value(let x), .value(let y)): x == y || (x.isNumeric && y.isNumeric) || (x.isTemporal && y.isTemporal)
      default: false
      }
    guard comparable else {
      throw .typeMismatch(expected: a.displayName, found: b.displayName, in: part())
    }
    try MeasureRules.comparable(a.measure, b.measure, in: part())
    return .value(.boolean)
  }

  /// The type of `a in list`: every item must compare with the value.
  public static func membership(
    _ a: ExprType, _ items: [Value], in part: @autoclosure () -> String
  ) throws(QueryError) -> ExprType {
    for item in items { _ = try comparison(a, ExprType(literal: item), in: part()) }
    return .value(.boolean)
  }

  /// The type of `a contains b` and its kin.
  public static func textTest(
    _ a: ExprType, _ b: ExprType, in part: @autoclosure () -> String
  ) throws(QueryError) -> ExprType {
    for side in [a, b] where !side.isText {
      throw .typeMismatch(expected: "text", found: side.displayName, in: part())
    }
    return .value(.boolean)
  }

  /// The type of a value that is one of two: `a ?? b`, `if … then a else b`, rows of two appended tables.
  public static func either(
    _ a: ExprType, _ b: ExprType, in part: @autoclosure () -> String
  ) throws(QueryError) -> ExprType {
    switch (a.form, b.form) {
    case (.missing, .missing): return ExprType(.missing)
    case (.missing, .value): return ExprType(b.form, measure: b.measure)
    case (.value, .missing): return ExprType(a.form, measure: a.measure)
    case (.value(let x), .value(let y)):
      let type: DataType
      if x == y {
        type = x
      } else if x.isNumeric && y.isNumeric {
        type = .real
      } else if a.isDate && b.isDate {
        type = .datetime
      } else {
        throw .typeMismatch(expected: a.displayName, found: b.displayName, in: part())
      }
      return .value(type, try MeasureRules.either(a.measure, b.measure, in: part()))
    default:
      let odd = a.dataType == nil ? a : b
      throw .typeMismatch(expected: "number, text, bool or date", found: odd.displayName, in: part())
    }
  }
}
