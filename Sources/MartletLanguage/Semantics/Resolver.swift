import Columnar
import Query

/// Turns expressions as written into typed expressions over the columns of one table.
///
/// Names are looked up as argument of a definition → column → parameter → role. Aggregates and window functions are
/// collected on the way where they are allowed, and stand in the expression as columns of their results.
struct Resolver {
  var scope: Scope
  /// The table whose columns may be named; nil where only constants may stand.
  let table: TableInfo?
  /// The verb, for the text of diagnostics.
  let verb: String
  /// What may stand in the expression beside values of one row.
  var mode: Mode
  var depth = 0
  /// What was collected.
  var aggregates: [NamedAggregate] = []
  var windows: [CollectedWindow] = []
  /// The keys of a grouping, which stay visible beside aggregates.
  var keys: Set<String> = []
  private var counter = 0
  /// Columns that an option such as `date=` has put in a role.
  var roleColumns: [Role: String] = [:]

  enum Mode {
    /// Values of one row only.
    case row
    /// One value a group: columns must stand inside aggregates.
    case group
    /// Values of one row, and window functions and aggregates over the row's group.
    case window
  }

  /// A window function with the order it asks for itself.
  struct CollectedWindow {
    var window: NamedWindow
    /// `rank(x)` orders by x; nil follows the command's `sort`.
    var order: [SortKey]?
    /// Computed over the result of a grouping rather than over rows.
    var isAfterGrouping: Bool
  }

  init(_ scope: Scope, _ table: TableInfo?, verb: String, mode: Mode = .row) {
    self.scope = scope
    self.table = table
    self.verb = verb
    self.mode = mode
  }

  // MARK: Entry

  /// Resolves an expression.
  mutating func resolve(_ syntax: ExprSyntax) throws(Diagnostic) -> TypedExpr {
    depth += 1
    defer { depth -= 1 }
    guard depth <= 400 else { throw .nestedTooDeep(400, at: syntax.range) }
    switch syntax.kind {
    case .literal(let value, let measure): return TypedExpr(value, measure, at: syntax.range)
    case .interpolation(let parts): return try interpolation(parts, syntax.range)
    case .list(let items): return try list(items, syntax.range)
    case .name(let name): return try lookUp(name, syntax.range)
    case .member(let space, let name): return try member(space, name, syntax.range)
    case .call(let name, let arguments): return try call(name, arguments, syntax.range)
    case .negate(let inner): return try negate(inner, syntax.range)
    case .not(let inner):
      let operand = try condition(inner)
      return TypedExpr(.not(operand.expr), .boolean, at: syntax.range)
    case .chain(let first, let links): return try chain(first, links, syntax.range)
    case .power(let base, let exponent):
      let (a, b) = (try resolve(base), try resolve(exponent))
      return try arithmetic(.power, a, b, at: syntax.range, syntax.range)
    case .comparison(let op, let left, let right): return try comparison(op, left, right, syntax.range)
    case .isMissing(let inner, let negated):
      let test = Expr.isMissing(try resolve(inner).expr)
      return TypedExpr(negated ? .not(test) : test, .boolean, at: syntax.range)
    case .membership(let left, let right, let negated): return try membership(left, right, negated, syntax.range)
    case .between(let value, let low, let high, let negated):
      let lower = try compare(.greaterOrEqual, try resolve(value), try resolve(low), syntax.range)
      let upper = try compare(.lessOrEqual, try resolve(value), try resolve(high), syntax.range)
      let both = Expr.and(lower, upper)
      return TypedExpr(negated ? .not(both) : both, .boolean, at: syntax.range)
    case .textTest(let test, let left, let right, let negated):
      let (a, b) = (try text(left), try text(right))
      let found = Expr.textTest(test, a.expr, b.expr)
      return TypedExpr(negated ? .not(found) : found, .boolean, at: syntax.range)
    case .conditional(let condition, let yes, let no): return try conditional(condition, yes, no, syntax.range)
    case .star: throw .unexpected("*", at: syntax.range)
    }
  }

  /// Resolves an expression that must be true or false.
  mutating func condition(_ syntax: ExprSyntax) throws(Diagnostic) -> TypedExpr {
    let value = try resolve(syntax)
    guard value.type.isBoolean else { throw .notACondition(value.type.displayName, at: syntax.range) }
    return value
  }

  /// Resolves an expression that must be a number.
  mutating func number(_ syntax: ExprSyntax, for what: String = "this") throws(Diagnostic) -> TypedExpr {
    let value = try resolve(syntax)
    guard value.type.isNumeric else {
      throw .wrongType(what, needs: "a number", found: value.type.displayName, at: syntax.range)
    }
    return value
  }

  /// Resolves an expression that must be text.
  mutating func text(_ syntax: ExprSyntax, for what: String = "this") throws(Diagnostic) -> TypedExpr {
    let value = try resolve(syntax)
    guard value.type.isText else {
      throw .wrongType(what, needs: "text", found: value.type.displayName, at: syntax.range)
    }
    return value
  }

  /// Resolves an expression that must be the same for all rows, and computes it.
  mutating func constant(_ syntax: ExprSyntax) throws(Diagnostic) -> (value: Value, measure: Measure) {
    let typed = try resolve(syntax)
    if let value = typed.literal { return (value, typed.measure) }
    guard typed.expr.columns.isEmpty, let value = scope.services.evaluate(typed.expr) else {
      throw .notConstant(at: syntax.range)
    }
    return (value, typed.measure)
  }

  // MARK: Hidden columns

  /// A name for a computed column that nobody sees and no table has.
  mutating func hiddenName() -> String {
    repeat { counter += 1 } while table?.schema.index(of: "#\(counter)") != nil
    return "#\(counter)"
  }

  // MARK: Small forms

  private mutating func negate(_ inner: ExprSyntax, _ range: SourceRange) throws(Diagnostic) -> TypedExpr {
    let value = try resolve(inner)
    if let literal = value.literal, literal.number != nil {
      return try arithmetic(.subtract, TypedExpr(.integer(0), at: range), value, at: range, range)
    }
    do {
      return TypedExpr(.negate(value.expr), try ExprType.negation(value.type, in: "-"), at: range)
    } catch {
      throw .wrongType("`-`", needs: "a number", found: value.type.displayName, at: range)
    }
  }

  private mutating func interpolation(_ parts: [ExprSyntax.TextPart], _ range: SourceRange) throws(Diagnostic)
    -> TypedExpr
  {
    var pieces: [Expr] = []
    var constant = ""
    for part in parts {
      switch part {
      case .text(let text): constant += text
      case .expr(let syntax):
        let value = try resolve(syntax)
        if let literal = value.literal {
          constant += ValueText.plain(literal, value.measure)
        } else {
          if !constant.isEmpty { pieces.append(.literal(.text(constant))) }
          constant = ""
          pieces.append(value.isText ? value.expr : .call(.text, [value.expr]))
        }
      }
    }
    if pieces.isEmpty { return TypedExpr(.text(constant), at: range) }
    if !constant.isEmpty { pieces.append(.literal(.text(constant))) }
    return TypedExpr(.call(.concat, pieces), .text, at: range)
  }

  private mutating func list(_ items: [ExprSyntax], _ range: SourceRange) throws(Diagnostic) -> TypedExpr {
    var values: [Value] = []
    for item in items { values.append(try constant(item).value) }
    return TypedExpr(.list(values), at: range)
  }

  private mutating func conditional(
    _ condition: ExprSyntax, _ yes: ExprSyntax, _ no: ExprSyntax, _ range: SourceRange
  ) throws(Diagnostic) -> TypedExpr {
    let test = try self.condition(condition)
    let (a, b) = (try resolve(yes), try resolve(no))
    return TypedExpr(.conditional(test.expr, then: a.expr, else: b.expr), try either(a, b), at: range)
  }
}
