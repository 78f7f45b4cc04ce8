import Columnar
import Query

extension Resolver {
  /// Operators of one precedence, from left to right. Constants are computed at once.
  mutating func chain(_ first: ExprSyntax, _ links: [ExprSyntax.ChainLink], _ range: SourceRange) throws(Diagnostic)
    -> TypedExpr
  {
    var left = try resolve(first)
    var open = 0
    for link in links {
      let right = try resolve(link.operand)
      let whole = SourceRange(first.range.start, link.operand.range.end)
      left = try apply(link, left, right, whole)
      if left.literal == nil { open += 1 }
      // Each open operator is a level of the plan's expression, and engines walk that by recursion.
      guard open <= 1000 else { throw .tooManyOperators(1000, at: range) }
    }
    left.range = range
    return left
  }

  private func apply(_ link: ExprSyntax.ChainLink, _ a: TypedExpr, _ b: TypedExpr, _ range: SourceRange)
    throws(Diagnostic) -> TypedExpr
  {
    switch link.op {
    case .and, .or:
      for side in [a, b] where !side.type.isBoolean {
        throw .notACondition(side.type.displayName, at: side.range)
      }
      return TypedExpr(link.op == .and ? .and(a.expr, b.expr) : .or(a.expr, b.expr), .boolean, at: range)
    case .coalesce:
      let (type, measure) = try common(a, b)
      if let value = a.literal { return TypedExpr(value == .missing ? b.expr : a.expr, type, measure, at: range) }
      return TypedExpr(.coalesce(a.expr, b.expr), type, measure, at: range, format: a.format)
    case .add, .subtract: return try additive(link, a, b, range)
    case .multiply, .divide: return try multiplicative(link, a, b, range)
    }
  }

  private func additive(_ link: ExprSyntax.ChainLink, _ a: TypedExpr, _ b: TypedExpr, _ range: SourceRange)
    throws(Diagnostic) -> TypedExpr
  {
    let op: ArithmeticOperator = link.op == .add ? .add : .subtract
    if a.type.isTemporal || b.type.isTemporal { return try calendar(op, a, b, link.range, range) }
    if a.type == .duration, b.type == .duration { return try durations(op, a, b, range) }
    guard a.type.isNumeric, b.type.isNumeric else { throw .cannotCombine(op.rawValue, a, b, at: link.range) }
    let measure: Measure
    switch (a.measure, b.measure) {
    case (.currency(let x), .currency(let y)) where x != y: throw .currenciesDiffer(x, y, at: link.range)
    case (.identifier, _), (_, .identifier): measure = .plain
    case (let x, let y) where x == y: measure = x
    case (.plain, let x), (let x, .plain): measure = x
    case (.count, .days), (.days, .count): measure = .days
    case (.currency, .percent), (.percent, .currency): throw .cannotCombine(op.rawValue, a, b, at: link.range)
    default: measure = .plain
    }
    return numeric(op, a, b, measure, range)
  }

  private func multiplicative(_ link: ExprSyntax.ChainLink, _ a: TypedExpr, _ b: TypedExpr, _ range: SourceRange)
    throws(Diagnostic) -> TypedExpr
  {
    let op: ArithmeticOperator = link.op == .multiply ? .multiply : .divide
    guard a.type.isNumeric, b.type.isNumeric else { throw .cannotCombine(op.rawValue, a, b, at: link.range) }
    let measure: Measure
    switch (op, a.measure, b.measure) {
    case (_, .currency, .currency): measure = .plain
    case (_, .currency(let x), _): measure = .currency(x)
    case (.multiply, _, .currency(let x)): measure = .currency(x)
    case (.multiply, .percent, .percent): measure = .percent
    case (_, .identifier, _), (_, _, .identifier): measure = .plain
    case (.multiply, .count, .plain), (.multiply, .plain, .count): measure = .plain
    case (.divide, .percent, .plain), (.divide, .days, .plain), (.multiply, .days, .plain): measure = a.measure
    case (.multiply, .plain, .days): measure = .days
    default: measure = .plain
    }
    return numeric(op, a, b, measure, range)
  }

  /// Arithmetic on two numbers; whole numbers stay whole under `+ - *` as long as they fit.
  private func numeric(
    _ op: ArithmeticOperator, _ a: TypedExpr, _ b: TypedExpr, _ measure: Measure, _ range: SourceRange
  )
    -> TypedExpr
  {
    if let value = Resolver.fold(op, a.literal, b.literal) {
      return TypedExpr(.literal(value), ExprType(value), measure, at: range)
    }
    let isWhole = op != .divide && a.type == .column(.integer) && b.type == .column(.integer)
    return TypedExpr(.arithmetic(op, a.expr, b.expr), isWhole ? .integer : .real, measure, at: range)
  }

  /// The value of an operator on two constants; nil when one is not a number.
  static func fold(_ op: ArithmeticOperator, _ a: Value?, _ b: Value?) -> Value? {
    if case .missing? = a, b != nil { return .missing }
    if case .missing? = b, a != nil { return .missing }
    if case .integer(let x)? = a, case .integer(let y)? = b {
      let result: (partialValue: Int64, overflow: Bool)?
      switch op {
      case .add: result = x.addingReportingOverflow(y)
      case .subtract: result = x.subtractingReportingOverflow(y)
      case .multiply: result = x.multipliedReportingOverflow(by: y)
      case .divide, .power: result = nil
      }
      if let result, !result.overflow { return .integer(result.partialValue) }
    }
    guard let x = a?.number, let y = b?.number else { return nil }
    switch op {
    case .add: return finite(x + y)
    case .subtract: return finite(x - y)
    case .multiply: return finite(x * y)
    case .divide: return y == 0 ? .missing : finite(x / y)
    case .power: return Power.compute(x, y).map { .real($0) } ?? .missing
    }
  }

  private static func finite(_ x: Double) -> Value { x.isFinite ? .real(x) : .missing }

  private func durations(_ op: ArithmeticOperator, _ a: TypedExpr, _ b: TypedExpr, _ range: SourceRange)
    throws(Diagnostic) -> TypedExpr
  {
    guard case .duration(let x)? = a.literal, case .duration(let y)? = b.literal else {
      throw .cannotCombine(op.rawValue, a, b, at: range)
    }
    let sign = op == .add ? 1 : -1
    let sum = CalendarDuration(
      months: x.months &+ sign &* y.months, days: x.days &+ sign &* y.days,
      microseconds: x.microseconds &+ Int64(sign) &* y.microseconds)
    return TypedExpr(.literal(.duration(sum)), .duration, at: range)
  }

  /// Date ± duration is a date, date − date is days.
  private func calendar(
    _ op: ArithmeticOperator, _ a: TypedExpr, _ b: TypedExpr, _ at: SourceRange, _ range: SourceRange
  ) throws(Diagnostic) -> TypedExpr {
    if op == .subtract, a.type.isTemporal, b.type.isTemporal {
      return TypedExpr(.call(.daysBetween, [b.expr, a.expr]), .integer, .days, at: range)
    }
    let (point, step) = a.type.isTemporal ? (a, b) : (b, a)
    guard step.type == .duration, case .duration(var duration)? = step.literal, op == .add || a.type.isTemporal else {
      throw .cannotMoveDate(step.type.displayName, at: step.range)
    }
    if op == .subtract {
      duration = CalendarDuration(
        months: 0 &- duration.months, days: 0 &- duration.days, microseconds: 0 &- duration.microseconds)
    }
    if let moved = point.literal.flatMap({ Resolver.moved($0, by: duration) }) {
      return TypedExpr(.literal(moved), ExprType(moved), at: range)
    }
    let type: ExprType
    if case .column(.period) = point.type {
      type = .column(.date)
    } else {
      type = duration.microseconds != 0 ? .column(.datetime) : point.type
    }
    return TypedExpr(.arithmetic(.add, point.expr, .literal(.duration(duration))), type, .plain, at: range)
  }

  /// A constant date moved by a duration.
  static func moved(_ value: Value, by duration: CalendarDuration) -> Value? {
    func day(_ date: CivilDate) -> CivilDate? {
      guard abs(duration.months) < 120_000, abs(duration.days) < 4_000_000 else { return nil }
      let moved = duration.months == 0 ? date : date.adding(months: duration.months)
      return CivilDate(days: moved.days &+ Int32(duration.days))
    }
    switch value {
    case .date(let date):
      guard let moved = day(date) else { return nil }
      if duration.microseconds == 0 { return .date(moved) }
      return .datetime(Timestamp(microseconds: Timestamp(moved).microseconds &+ duration.microseconds))
    case .datetime(let time):
      guard let moved = day(time.date) else { return nil }
      return .datetime(
        Timestamp(microseconds: Timestamp(moved).microseconds &+ time.timeOfDay &+ duration.microseconds))
    default: return nil
    }
  }

  // MARK: Comparisons

  mutating func comparison(
    _ op: ComparisonOperator, _ left: ExprSyntax, _ right: ExprSyntax, _ range: SourceRange
  ) throws(Diagnostic) -> TypedExpr {
    let a = try resolve(left)
    if case .name(let name) = right.kind, let diagnostic = unquotedText(name, comparedWith: a, right.range) {
      throw diagnostic
    }
    let b = try resolve(right)
    return TypedExpr(try compare(op, a, b, range), .boolean, at: range)
  }

  /// A comparison of two values of types that can be compared.
  func compare(_ op: ComparisonOperator, _ a: TypedExpr, _ b: TypedExpr, _ range: SourceRange) throws(Diagnostic)
    -> Expr
  {
    if b.literal == .missing || a.literal == .missing {
      let test = Expr.isMissing(b.literal == .missing ? a.expr : b.expr)
      switch op {
      case .equal: return test
      case .notEqual: return .not(test)
      default: throw .missingOrder(at: range)
      }
    }
    if a.type.isNumeric && b.type.isNumeric { return .compare(op, a.expr, b.expr) }
    if a.type.isTemporal, b.type.isText { return try compareDates(op, a, try date(b)) }
    if b.type.isTemporal, a.type.isText { return try compareDates(op, try date(a), b) }
    if a.type.isTemporal && b.type.isTemporal { return try compareDates(op, a, b) }
    guard a.type == b.type, a.type != .list else { throw .comparedTypes(a, b, in: self) }
    if a.type.isBoolean, op != .equal, op != .notEqual { throw .comparedTypes(a, b, in: self) }
    return .compare(op, a.expr, b.expr)
  }

  /// A constant text read as a date.
  private func date(_ text: TypedExpr) throws(Diagnostic) -> TypedExpr {
    guard case .text(let written)? = text.literal, let value = DateReader.value(written) else {
      throw .notADate(text.literal, at: text.range)
    }
    return TypedExpr(.literal(value), ExprType(value), .plain, at: text.range)
  }

  /// Comparisons of dates, moments and periods. A period stands for all its days: `= 2011-12` holds on each of them,
  /// `> 2011-12` from the first day behind it.
  private func compareDates(_ op: ComparisonOperator, _ a: TypedExpr, _ b: TypedExpr) throws(Diagnostic) -> Expr {
    if case .period(let period)? = b.literal { return compare(op, a, period) }
    if case .period(let period)? = a.literal { return compare(op.mirrored, b, period) }
    if case .date(let day)? = b.literal, a.type == .column(.datetime) {
      return compare(op, a, Period(.day, containing: day))
    }
    if case .date(let day)? = a.literal, b.type == .column(.datetime) {
      return compare(op.mirrored, b, Period(.day, containing: day))
    }
    return .compare(op, plainDate(a, beside: b), plainDate(b, beside: a))
  }

  /// Periods are compared by their first day with anything but periods of the same grain.
  private func plainDate(_ a: TypedExpr, beside b: TypedExpr) -> Expr {
    guard case .column(.period) = a.type, a.type != b.type else { return a.expr }
    return .call(.date, [a.expr])
  }

  private func compare(_ op: ComparisonOperator, _ a: TypedExpr, _ period: Period) -> Expr {
    let value = plainDate(a, beside: TypedExpr(.literal(.date(period.start)), .date, at: a.range))
    let isMoment = a.type == .column(.datetime)
    func bound(_ day: CivilDate) -> Expr { .literal(isMoment ? .datetime(Timestamp(day)) : .date(day)) }
    let start = bound(period.start)
    let next = bound(CivilDate(days: period.end.days &+ 1))
    switch op {
    case .equal where period.grain == .day && !isMoment: return .compare(.equal, value, start)
    case .notEqual where period.grain == .day && !isMoment: return .compare(.notEqual, value, start)
    case .equal: return .and(.compare(.greaterOrEqual, value, start), .compare(.less, value, next))
    case .notEqual: return .or(.compare(.less, value, start), .compare(.greaterOrEqual, value, next))
    case .less: return .compare(.less, value, start)
    case .greaterOrEqual: return .compare(.greaterOrEqual, value, start)
    case .greater: return .compare(.greaterOrEqual, value, next)
    case .lessOrEqual: return .compare(.less, value, next)
    }
  }

  // MARK: Lists

  mutating func membership(_ left: ExprSyntax, _ right: ExprSyntax, _ negated: Bool, _ range: SourceRange)
    throws(Diagnostic) -> TypedExpr
  {
    let value = try resolve(left)
    let list: TypedExpr
    if case .list(let items) = right.kind {
      for item in items {
        if case .name(let name) = item.kind, let diagnostic = unquotedText(name, comparedWith: value, item.range) {
          throw diagnostic
        }
      }
    }
    list = try resolve(right)
    guard case .list(let items)? = list.literal else {
      throw .wrongType("`in`", needs: "a list such as [1, 2]", found: list.type.displayName, at: right.range)
    }
    // Dates need the care of a comparison: a period stands for all its days, a text may spell a date.
    if value.type.isTemporal {
      var tests: [Expr] = []
      for item in items {
        tests.append(
          try compare(.equal, value, TypedExpr(.literal(item), ExprType(item), .plain, at: right.range), range))
      }
      let any = tests.dropFirst().reduce(tests.first ?? .literal(.boolean(false))) { .or($0, $1) }
      return TypedExpr(negated ? .not(any) : any, .boolean, at: range)
    }
    for item in items where item != .missing {
      let element = TypedExpr(.literal(item), ExprType(item), .plain, at: right.range)
      guard value.type == element.type || (value.type.isNumeric && element.type.isNumeric) else {
        throw .comparedTypes(value, element, in: self)
      }
    }
    let present = items.filter { $0 != .missing }
    var test = Expr.isIn(value.expr, present)
    if present.count < items.count { test = .or(.isMissing(value.expr), test) }
    return TypedExpr(negated ? .not(test) : test, .boolean, at: range)
  }
}

extension ComparisonOperator {
  /// The operator with its sides exchanged.
  var mirrored: ComparisonOperator {
    switch self {
    case .equal, .notEqual: self
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    }
  }
}
