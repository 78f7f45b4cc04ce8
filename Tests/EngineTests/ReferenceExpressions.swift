import Columnar
import Query

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension ReferenceEngine {
  func evaluate(_ expr: Expr, _ row: Row, _ schema: Schema) throws -> Value {
    func inner(_ part: Expr) throws -> Value { try evaluate(part, row, schema) }
    func flag(_ part: Expr) throws -> Bool? {
      if case .boolean(let b) = try inner(part) { return b }
      return nil
    }
    func boolean(_ b: Bool?) -> Value { b.map(Value.boolean) ?? .missing }
    switch expr {
    case .column(let name): return schema.index(of: name).map { row[$0] } ?? .missing
    case .literal(let value): return value
    case .negate(let a):
      switch try inner(a) {
      case .integer(let i): return .integer(-i)
      case .real(let d): return .real(-d)
      default: return .missing
      }
    case .not(let a): return boolean(try flag(a).map { !$0 })
    case .and(let a, let b):
      let (x, y) = (try flag(a), try flag(b))
      if x == false || y == false { return .boolean(false) }
      return x == true && y == true ? .boolean(true) : .missing
    case .or(let a, let b):
      let (x, y) = (try flag(a), try flag(b))
      if x == true || y == true { return .boolean(true) }
      return x == false && y == false ? .boolean(false) : .missing
    case .arithmetic(let op, let a, let b): return arithmetic(op, try inner(a), try inner(b))
    case .compare(let op, let a, let b): return compare(op, try inner(a), try inner(b))
    case .coalesce(let a, let b):
      let value = try inner(a)
      let type = try expr.type(in: schema).dataType ?? .real
      return ReferenceEngine.cast(value == .missing ? try inner(b) : value, type)
    case .isMissing(let a): return .boolean(try inner(a) == .missing)
    case .isIn(let a, let items):
      let value = try inner(a)
      guard value != .missing else { return .missing }
      return .boolean(items.contains { $0 != .missing && compare(.equal, value, $0) == .boolean(true) })
    case .textTest(let test, let a, let b):
      guard case .text(let text) = try inner(a), case .text(let part) = try inner(b) else { return .missing }
      switch test {
      case .contains: return .boolean(part.isEmpty || text.contains(part))
      case .startsWith: return .boolean(text.hasPrefix(part))
      case .endsWith: return .boolean(text.hasSuffix(part))
      case .matches: return .boolean(try Regex(part).firstMatch(in: text) != nil)
      }
    case .conditional(let condition, let a, let b):
      let type = try expr.type(in: schema).dataType ?? .real
      return ReferenceEngine.cast(try flag(condition) == true ? try inner(a) : try inner(b), type)
    case .call(let function, let arguments):
      return try call(function, try arguments.map(inner))
    }
  }

  func arithmetic(_ op: ArithmeticOperator, _ a: Value, _ b: Value) -> Value {
    if case .integer(let x) = a, case .integer(let y) = b {
      switch op {
      case .add: return .integer(x + y)
      case .subtract: return .integer(x - y)
      case .multiply: return .integer(x * y)
      case .divide, .power: break
      }
    }
    if case .date(let x) = a, case .date(let y) = b, op == .subtract { return .integer(Int64(x.days - y.days)) }
    if case .date(let x) = a, case .duration(let d) = b {
      let sign = op == .subtract ? -1 : 1
      return .date(CivilDate(days: x.adding(months: sign * d.months).days + Int32(sign * d.days)))
    }
    guard let x = a.number, let y = b.number else { return .missing }
    let result =
      switch op {
      case .add: x + y
      case .subtract: x - y
      case .multiply: x * y
      case .divide: x / y
      case .power: pow(x, y)
      }
    return result.isFinite ? .real(result) : .missing
  }

  private func compare(_ op: ComparisonOperator, _ a: Value, _ b: Value) -> Value {
    guard a != .missing, b != .missing else { return .missing }
    if case .period(let period) = b, case .date(let day) = a {
      let place = day < period.start ? -1 : (day > period.end ? 1 : 0)
      return .boolean(holds(op, place))
    }
    return .boolean(holds(op, ReferenceEngine.order(a, b)))
  }

  private func holds(_ op: ComparisonOperator, _ order: Int) -> Bool {
    switch op {
    case .equal: order == 0
    case .notEqual: order != 0
    case .less: order < 0
    case .lessOrEqual: order <= 0
    case .greater: order > 0
    case .greaterOrEqual: order >= 0
    }
  }

  private func call(_ function: ScalarFunction, _ values: [Value]) throws -> Value {
    if values.contains(.missing) { return .missing }
    func real(_ x: Double) -> Value { x.isFinite ? .real(x) : .missing }
    func day(_ value: Value) -> CivilDate {
      switch value {
      case .date(let d): d
      case .datetime(let t): t.date
      case .period(let p): p.start
      default: CivilDate(days: 0)
      }
    }
    var word = ""
    if case .text(let t)? = values.dropFirst().first { word = t }
    let grain = Grain(rawValue: word) ?? .day
    switch function {
    case .abs:
      if case .integer(let i) = values[0] { return .integer(Swift.abs(i)) }
      return real(Swift.abs(values[0].number ?? 0))
    case .sqrt: return real((values[0].number ?? 0).squareRoot())
    case .ratio: return real((values[0].number ?? 0) / (values[1].number ?? 0))
    case .sign: return .integer(Int64(ReferenceEngine.order(values[0], .integer(0))))
    case .lower, .upper, .length:
      guard case .text(let text) = values[0] else { return .missing }
      if function == .length { return .integer(Int64(text.count)) }
      return .text(function == .lower ? text.lowercased() : text.uppercased())
    case .left:
      guard case .text(let text) = values[0] else { return .missing }
      return .text(String(text.prefix(max(0, Int(values[1].number ?? 0)))))
    case .concat:
      return .text(
        values.map { value in
          switch value {
          case .text(let t): t
          case .integer(let i): String(i)
          case .boolean(let b): String(b)
          case .date(let d): d.description
          default: ""
          }
        }.joined())
    case .year: return .integer(Int64(day(values[0]).components.year))
    case .month: return .integer(Int64(day(values[0]).components.month))
    case .weekday: return .integer(Int64(day(values[0]).isoWeekday))
    case .startOf: return .date(day(values[0]).start(of: grain))
    case .endOf: return .date(CivilDate(days: day(values[0]).start(of: grain).advanced(by: 1, grain).days - 1))
    case .period: return .period(Period(grain, containing: day(values[0])))
    case .periodBit:
      let (from, to) = (Period(grain, containing: day(values[2])), Period(grain, containing: day(values[0])))
      let place = (0..<64).first { from.advanced(by: $0) == to }
      return .integer(place.map { 1 << Int64($0) } ?? 0)
    case .daysBetween: return .integer(Int64(day(values[1]).days - day(values[0]).days))
    default: throw QueryError.other("the reference engine has no \(function.rawValue)")
    }
  }
}
