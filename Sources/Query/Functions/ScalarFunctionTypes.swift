import Columnar

extension ScalarFunction {
  /// The type and measure of the function's value for arguments of these types; `part` is the call as text.
  public func resultType(_ arguments: [ExprType], in part: @autoclosure () -> String) throws(QueryError) -> ExprType {
    try signature.check(arguments, in: part())
    guard let first = arguments.first else { throw .wrongArgumentCount(expected: "1", found: 0, in: part()) }
    switch self {
    case .abs, .clamp, .round, .floor, .ceil, .mod, .bin:
      var type = first.dataType ?? .real
      for other in arguments.dropFirst() where self != .round && other.form == .value(.real) { type = .real }
      if self == .bin, let width = arguments[1].constant?.number, !(width > 0) {
        throw .invalidArgument("width", why: "it must be above 0", in: part())
      }
      return .value(type, MeasureRules.accumulated(first.measure))
    case .sqrt, .exp, .ln, .log10, .number: return .value(.real)
    case .sign: return .value(.integer)
    case .ratio: return .value(.real, MeasureRules.ratio(first.measure, arguments[1].measure))
    case .band:
      try checkBand(arguments, in: part())
      return .value(.text)
    case .lower, .upper, .title, .trim, .left, .right, .mid, .replace, .split, .concat, .text, .monthName:
      return .value(.text)
    case .extract:
      if case .text(let pattern)? = arguments[1].constant { try RegexPattern.check(pattern) }
      return .value(.text)
    case .length: return .value(.integer, .count)
    case .date:
      if case .text(let format)? = arguments.count > 1 ? arguments[1].constant : nil,
        let why = DateReader.problem(with: format)
      {
        throw .invalidPattern(format, why: why)
      }
      return .value(.date)
    case .year: return .value(.integer, .identifier)
    case .quarter, .month, .week, .day, .weekday, .hour: return .value(.integer)
    case .startOf, .endOf: return .value(.date)
    case .daysBetween: return .value(.integer, .days)
    case .period:
      guard case .text(let word)? = arguments[1].constant, let grain = Grain(rawValue: word) else {
        throw .invalidArgument("unit", why: "say day, week, month, quarter or year", in: part())
      }
      guard grain != .hour else {
        throw .invalidArgument("unit", why: "a period is at least a day long; say day or longer", in: part())
      }
      if case .value(.period(let finer)) = first.form, finer.order > grain.order {
        throw .invalidArgument("unit", why: "a \(finer.rawValue) does not lie in one \(grain.rawValue)", in: part())
      }
      return .value(.period(grain))
    case .periodBit:
      guard arguments[1].constant != .text(Grain.hour.rawValue) else {
        throw .invalidArgument("unit", why: "a period is at least a day long; say day or longer", in: part())
      }
      guard arguments[2].constant != nil else {
        throw .invalidArgument("first", why: "it must be the same for all rows", in: part())
      }
      return .value(.integer)
    }
  }

  private func checkBand(_ arguments: [ExprType], in part: @autoclosure () -> String) throws(QueryError) {
    guard case .list(let cuts)? = arguments[1].constant, case .list(let labels)? = arguments[2].constant else { return }
    let numbers = cuts.compactMap(\.number)
    guard zip(numbers, numbers.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw .invalidArgument("cuts", why: "they must rise", in: part())
    }
    guard (-1...1).contains(labels.count - cuts.count) else {
      let why = "\(cuts.count) cuts need \(cuts.count) labels (or one more to name what lies below the first)"
      throw .invalidArgument("labels", why: why, in: part())
    }
  }
}

extension Grain {
  /// Finer units before coarser ones.
  var order: Int { Grain.allCases.firstIndex(of: self) ?? 0 }
}
