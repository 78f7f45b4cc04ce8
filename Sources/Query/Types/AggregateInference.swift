import Columnar

extension AggregateFunction {
  /// The type and measure of the aggregate of values of these types; `part` is the call as text.
  public func resultType(_ arguments: [ExprType], in part: @autoclosure () -> String) throws(QueryError) -> ExprType {
    try signature.check(arguments, in: part())
    guard let first = arguments.first else { return .value(.integer, .count) }
    if self == .quantile, let share = arguments[1].constant?.number, !(0...1).contains(share) {
      throw .invalidArgument("share", why: "it lies between 0 and 1 (0 % and 100 %)", in: part())
    }
    let isCondition = first.form == .value(.boolean)
    switch self {
    case .count, .countDistinct: return .value(.integer, .count)
    case .sum:
      if isCondition { return .value(.integer, .count) }
      return .value(first.dataType == .integer ? .integer : .real, MeasureRules.accumulated(first.measure))
    case .mean:
      return .value(.real, isCondition ? .percent : MeasureRules.averaged(first.measure))
    case .median, .quantile, .sd, .weightedMean: return .value(.real, MeasureRules.averaged(first.measure))
    case .variance: return .value(.real)
    case .bitOr:
      guard first.dataType == .integer || first.form == .missing else {
        throw .typeMismatch(expected: "whole number", found: first.displayName, in: part())
      }
      return .value(.integer)
    case .min, .max, .mode, .first, .last: return ExprType(.value(first.dataType ?? .real), measure: first.measure)
    }
  }
}

extension NamedAggregate {
  /// The column that the aggregate makes over a table with this schema.
  public func field(in schema: Schema) throws(QueryError) -> Field {
    var types: [ExprType] = []
    for argument in arguments { types.append(try argument.type(in: schema)) }
    let type = try function.resultType(types, in: description)
    return Field(name, type.dataType ?? .real, measure: measure ?? type.measure)
  }
}

extension WindowFunction {
  /// The type and measure of the window computation on values of these types; `part` is the call as text.
  public func resultType(_ arguments: [ExprType], in part: @autoclosure () -> String) throws(QueryError) -> ExprType {
    func number() throws(QueryError) -> ExprType {
      guard arguments.count == 1 else {
        throw .wrongArgumentCount(expected: "1", found: arguments.count, in: part())
      }
      guard arguments[0].isNumeric else {
        throw .typeMismatch(expected: "number", found: arguments[0].displayName, in: part())
      }
      return arguments[0]
    }
    func none(_ type: ExprType) throws(QueryError) -> ExprType {
      guard arguments.isEmpty else { throw .wrongArgumentCount(expected: "0", found: arguments.count, in: part()) }
      return type
    }
    switch self {
    case .lag, .lead:
      guard arguments.count == 1, let type = arguments.first else {
        throw .wrongArgumentCount(expected: "1", found: arguments.count, in: part())
      }
      guard let data = type.dataType else {
        throw .typeMismatch(expected: "a column", found: type.displayName, in: part())
      }
      return .value(data, type.measure)
    case .rowNumber, .rank, .denseRank: return try none(.value(.integer, .count))
    case .percentRank: return try none(.value(.real, .percent))
    case .ntile(let parts):
      guard parts > 0 else { throw .invalidArgument("parts", why: "there must be at least one", in: part()) }
      return try none(.value(.integer, .count))
    case .cumulative, .change:
      let type = try number()
      return .value(type.dataType ?? .real, MeasureRules.accumulated(type.measure))
    case .growth, .share:
      _ = try number()
      return .value(.real, .percent)
    case .rolling(let rows, let function, _):
      guard rows > 0 else { throw .invalidArgument("rows", why: "there must be at least one", in: part()) }
      return try function.resultType(arguments, in: part())
    case .aggregate(let function): return try function.resultType(arguments, in: part())
    }
  }
}

extension NamedWindow {
  /// The column that the window computation makes over a table with this schema.
  public func field(in schema: Schema) throws(QueryError) -> Field {
    var types: [ExprType] = []
    for argument in arguments { types.append(try argument.type(in: schema)) }
    let type = try function.resultType(types, in: description)
    return Field(name, type.dataType ?? .real, measure: measure ?? type.measure)
  }
}

extension NamedExpr {
  /// The column that the expression makes over a table with this schema. A bare column keeps its format.
  public func field(in schema: Schema) throws(QueryError) -> Field {
    let type = try expr.type(in: schema)
    guard let data = type.dataType else {
      throw .typeMismatch(expected: "number, text, bool or date", found: type.displayName, in: expr.description)
    }
    var shown = format
    if case .column(let source) = expr, shown == nil, measure == nil { shown = schema[source]?.format }
    return Field(name, data, measure: measure ?? type.measure, format: shown)
  }
}
