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
      guard open <= 300 else { throw .tooManyOperators(300, at: range) }
    }
    left.range = range
    return left
  }

  private func apply(_ link: ExprSyntax.ChainLink, _ a: TypedExpr, _ b: TypedExpr, _ range: SourceRange)
    throws(Diagnostic) -> TypedExpr
  {
    switch link.op {
    case .and, .or:
      for side in [a, b] where !side.type.isBoolean { throw .notACondition(side.type.displayName, at: side.range) }
      return TypedExpr(link.op == .and ? .and(a.expr, b.expr) : .or(a.expr, b.expr), .boolean, at: range)
    case .coalesce:
      let type = try either(a, b)
      if let value = a.literal { return TypedExpr(value == .missing ? b.expr : a.expr, type, at: range) }
      return TypedExpr(.coalesce(a.expr, b.expr), type, at: range, format: a.format)
    case .add: return try arithmetic(.add, a, b, at: link.range, range)
    case .subtract: return try arithmetic(.subtract, a, b, at: link.range, range)
    case .multiply: return try arithmetic(.multiply, a, b, at: link.range, range)
    case .divide: return try arithmetic(.divide, a, b, at: link.range, range)
    }
  }

  /// Arithmetic on numbers, dates and durations; of two constants, their value.
  func arithmetic(
    _ op: ArithmeticOperator, _ a: TypedExpr, _ b: TypedExpr, at: SourceRange, _ range: SourceRange
  ) throws(Diagnostic) -> TypedExpr {
    let type: ExprType
    do {
      type = try ExprType.arithmetic(op, a.type, b.type, in: op.rawValue)
    } catch {
      throw .operands(error, op.rawValue, a, b, at: at)
    }
    if let x = a.literal, let y = b.literal, let value = ConstantFolding.value(op, x, y) {
      var typed = TypedExpr(value, type.measure, at: range)
      if value == .missing { typed.type = type }
      return typed
    }
    return TypedExpr(.arithmetic(op, a.expr, b.expr), type, at: range)
  }

  /// The type of a value that is one or the other.
  func either(_ a: TypedExpr, _ b: TypedExpr) throws(Diagnostic) -> ExprType {
    do {
      return try ExprType.either(a.type, b.type, in: "")
    } catch {
      throw .branchesDiffer(a.type.displayName, b.type.displayName, at: b.range)
    }
  }

  // MARK: Comparisons

  mutating func comparison(
    _ op: ComparisonOperator, _ left: ExprSyntax, _ right: ExprSyntax, _ range: SourceRange
  ) throws(Diagnostic) -> TypedExpr {
    if case .name(let name) = right.kind, case .name(name) = left.kind, scope.parameters[name] != nil,
      table?.schema[name] != nil
    {
      throw .columnAndParameter(name, table: tableName, comparesItself: true, at: right.range)
    }
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
    if a.literal == .missing || b.literal == .missing {
      let test = Expr.isMissing(b.literal == .missing ? a.expr : b.expr)
      switch op {
      case .equal: return test
      case .notEqual: return .not(test)
      default: throw .missingOrder(at: range)
      }
    }
    let (left, right) = (try dated(a, beside: b), try dated(b, beside: a))
    do {
      _ = try ExprType.comparison(left.type, right.type, in: "")
    } catch {
      if case .differentCurrencies(let x, let y, _) = error { throw .currenciesDiffer(x, y, at: range) }
      throw .comparedTypes(a, b)
    }
    if left.type.form == .value(.boolean), op != .equal, op != .notEqual { throw .comparedTypes(a, b) }
    return .compare(op, left.expr, right.expr)
  }

  /// A constant as a date where it stands beside one: a text that spells a date, and a day beside moments, which means
  /// the whole day.
  private func dated(_ a: TypedExpr, beside other: TypedExpr) throws(Diagnostic) -> TypedExpr {
    guard other.isTemporal else { return a }
    if a.isText {
      guard case .text(let written)? = a.literal, let value = DateLiteral.value(written) else {
        throw .notADate(a.literal, at: a.range)
      }
      return try dated(TypedExpr(value, at: a.range), beside: other)
    }
    if case .date(let day)? = a.literal, other.type.form == .value(.datetime) {
      return TypedExpr(.period(Period(.day, containing: day)), at: a.range)
    }
    return a
  }

  // MARK: Lists

  mutating func membership(_ left: ExprSyntax, _ right: ExprSyntax, _ negated: Bool, _ range: SourceRange)
    throws(Diagnostic) -> TypedExpr
  {
    let value = try resolve(left)
    if case .list(let items) = right.kind {
      for item in items {
        if case .name(let name) = item.kind, let diagnostic = unquotedText(name, comparedWith: value, item.range) {
          throw diagnostic
        }
      }
    }
    let list = try resolve(right)
    guard case .list(let items)? = list.literal else {
      throw .wrongType("`in`", needs: "a list such as [1, 2]", found: list.type.displayName, at: right.range)
    }
    var test: Expr
    if value.isTemporal {
      // Dates need the care of a comparison: a period stands for all its days, a text may spell a date.
      var tests: [Expr] = []
      for item in items { tests.append(try compare(.equal, value, TypedExpr(item, at: right.range), range)) }
      guard tests.count <= 100 else { throw .tooManyOperators(100, at: right.range) }
      test = tests.dropFirst().reduce(tests.first ?? .literal(.boolean(false))) { .or($0, $1) }
    } else {
      let present = items.filter { $0 != .missing }
      for item in present { _ = try compare(.equal, value, TypedExpr(item, at: right.range), range) }
      test = .isIn(value.expr, present)
      if present.count < items.count { test = .or(.isMissing(value.expr), test) }
    }
    return TypedExpr(negated ? .not(test) : test, .boolean, at: range)
  }
}
