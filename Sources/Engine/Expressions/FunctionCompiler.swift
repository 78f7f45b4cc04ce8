import Columnar
import Query

/// Scalar functions as nodes.
extension ExprCompiler {
  func call(_ function: ScalarFunction, _ arguments: [Expr], as type: DataType) throws -> any VectorNode {
    switch function {
    case .abs, .round, .floor, .ceil, .mod, .clamp, .bin: return try numeric(function, arguments, as: type)
    case .sqrt, .exp, .ln, .log10, .ratio:
      return RealFunctionNode(function, try arguments.map { try compile($0, as: .real) })
    case .sign: return SignNode(try compile(arguments[0]))
    case .band: return try band(arguments)
    case .lower, .upper, .title, .trim, .length, .left, .right, .mid, .replace, .extract, .split, .number:
      return try textual(function, arguments)
    case .concat, .text:
      throw QueryError.other("\(function.rawValue) is made by a step of its own")
    case .date: return try date(arguments)
    case .year, .quarter, .month, .week, .day, .weekday:
      return CalendarPartNode(function, DayNode(try temporal(arguments[0])))
    case .monthName:
      return CalendarPartNode(
        function, DayNode(try temporal(arguments[0])), dictionary: TextDictionary(MonthNames.all))
    case .hour: return HourNode(try compile(arguments[0], as: .datetime))
    case .startOf, .endOf, .period:
      guard case .text(let word)? = constant(arguments, 1), let grain = Grain(rawValue: word) else {
        throw QueryError.invalidArgument("unit", why: "it is no calendar unit", in: function.rawValue)
      }
      return PeriodNode(DayNode(try temporal(arguments[0])), grain, type: type, isEnd: function == .endOf)
    case .periodBit:
      guard case .text(let word)? = constant(arguments, 1), let grain = Grain(rawValue: word),
        case .date(let first)? = constant(arguments, 2)
      else { throw QueryError.invalidArgument("first", why: "it is no day", in: function.rawValue) }
      return PeriodBitNode(DayNode(try temporal(arguments[0])), grain, first: first)
    case .daysBetween:
      return DaysBetweenNode(
        from: DayNode(try temporal(arguments[0])), to: DayNode(try temporal(arguments[1])))
    }
  }

  /// The value of an argument that is the same in all rows.
  func constant(_ arguments: [Expr], _ place: Int) -> Value? {
    guard arguments.indices.contains(place) else { return nil }
    return (try? arguments[place].type(in: layout.schema))?.constant
  }

  private func temporal(_ expr: Expr) throws -> any VectorNode {
    let node = try compile(expr)
    return node is MissingNode ? MissingNode(.date) : node
  }

  private func numeric(_ function: ScalarFunction, _ arguments: [Expr], as type: DataType) throws -> any VectorNode {
    let second = constant(arguments, 1)?.number
    if type == .integer {
      var unit: Int64 = 1
      if function == .bin, let width = second { unit = Int64(exactly: width) ?? 1 }
      if function == .round, let digits = second, digits < 0 { unit = Decimal.power(Int(exactly: -digits) ?? 0) }
      return IntegerFunctionNode(function, try arguments.map { try compile($0, as: .integer) }, parameter: unit)
    }
    var parameter = 1.0
    if function == .bin, let width = second { parameter = width }
    if function == .round, let digits = second {
      let places = Swift.min(300, Swift.max(-300, digits))
      parameter = places < 0 ? -CMath.power(10, -places) : CMath.power(10, places)
    }
    return RealFunctionNode(function, try arguments.map { try compile($0, as: .real) }, parameter: parameter)
  }

  private func band(_ arguments: [Expr]) throws -> any VectorNode {
    guard case .list(let cuts)? = constant(arguments, 1), case .list(let labels)? = constant(arguments, 2) else {
      throw QueryError.invalidArgument("cuts", why: "they must be a list", in: "band")
    }
    let names = labels.compactMap { if case .text(let t) = $0 { t } else { nil } }
    return BandNode(try compile(arguments[0], as: .real), cuts: cuts.compactMap(\.number), labels: names)
  }

  private func textual(_ function: ScalarFunction, _ arguments: [Expr]) throws -> any VectorNode {
    let text = try compile(arguments[0], as: .text)
    func whole(_ place: Int) -> Int { constant(arguments, place)?.number.map { Int($0.clampedToInt) } ?? 0 }
    func word(_ place: Int) -> String {
      if case .text(let text)? = constant(arguments, place) { return text }
      return ""
    }
    // A missing constant makes every row missing.
    for place in arguments.indices.dropFirst() where constant(arguments, place) == .missing {
      return MissingNode(function == .length ? .integer : function == .number ? .real : .text)
    }
    func map(_ transform: (String) throws -> String?) throws -> any VectorNode {
      try TextTable.remapped(text, cancellation, transform)
    }
    switch function {
    case .lower: return try map { $0.lowercased() }
    case .upper: return try map { $0.uppercased() }
    case .title: return try map { TextFunctions.title($0) }
    case .trim: return try map { TextFunctions.trim($0) }
    case .left:
      let n = Swift.max(0, whole(1))
      return try map { String($0.prefix(n)) }
    case .right:
      let n = Swift.max(0, whole(1))
      return try map { String($0.suffix(n)) }
    case .mid:
      let (start, n) = (whole(1), whole(2))
      return try map { TextFunctions.mid($0, start, n) }
    case .replace:
      let (old, new) = (word(1), word(2))
      return try map { TextFunctions.replace($0, old, new) }
    case .split:
      let (separator, n) = (word(1), whole(2))
      return try map { TextFunctions.part($0, separator, n) }
    case .extract:
      let regex = try RegexPattern.compile(word(1))
      return try map { try TextFunctions.extract($0, regex) }
    case .number: return try TextTable.values(text, .real, blank: 0.0, cancellation) { TextFunctions.number($0) }
    default: return try TextTable.values(text, .integer, blank: Int64(0), cancellation) { Int64($0.count) }
    }
  }

  private func date(_ arguments: [Expr]) throws -> any VectorNode {
    let node = try compile(arguments[0])
    if node is MissingNode { return MissingNode(.date) }
    guard node.type == .text else { return DayNode(node) }
    var pattern: String?
    if case .text(let text)? = constant(arguments, 1) { pattern = text }
    guard let reader = DateReader(pattern: pattern) else {
      throw QueryError.invalidPattern(pattern ?? "", why: "it is no date format")
    }
    return try TextTable.values(node, .date, blank: Int32(0), cancellation) { reader.date($0)?.days }
  }
}

/// Powers of ten that a whole number can be rounded to.
enum Decimal {
  static func power(_ digits: Int) -> Int64 {
    var result: Int64 = 1
    for _ in 0..<Swift.min(18, Swift.max(0, digits)) { result *= 10 }
    return result
  }
}

extension Double {
  /// The nearest whole number that a loop over characters can count to.
  var clampedToInt: Int { isNaN ? 0 : Int(Swift.min(1e9, Swift.max(-1e9, self))) }
}
