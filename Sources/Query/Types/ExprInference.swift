import Columnar

extension Expr {
  /// How deep an expression may be nested, so that walking it cannot exhaust a thread's stack.
  public static let depthLimit = 250

  /// The type, measure and constant value of the expression over a table with this schema.
  ///
  /// Throws the `QueryError` of the first part that has no meaning, with that part as text.
  public func type(in schema: Schema) throws(QueryError) -> ExprType { try type(in: schema, depth: 0) }

  private func type(in schema: Schema, depth: Int) throws(QueryError) -> ExprType {
    guard depth < Expr.depthLimit else { throw .other("the expression is nested too deeply") }
    func inner(_ part: Expr) throws(QueryError) -> ExprType { try part.type(in: schema, depth: depth + 1) }
    switch self {
    case .column(let name):
      guard let field = schema[name] else { throw .unknownColumn(name) }
      return .value(field.type, field.measure)
    case .literal(let value): return ExprType(literal: value)
    case .negate(let a): return try .negation(inner(a), in: description)
    case .not(let a): return try .condition(inner(a), in: description)
    case .arithmetic(let op, let a, let b): return try .arithmetic(op, inner(a), inner(b), in: description)
    case .compare(_, let a, let b): return try .comparison(inner(a), inner(b), in: description)
    case .and(let a, let b), .or(let a, let b):
      _ = try ExprType.condition(inner(a), in: description)
      return try .condition(inner(b), in: description)
    case .coalesce(let a, let b): return try .either(inner(a), inner(b), in: description)
    case .isMissing(let a):
      let type = try inner(a)
      guard type.dataType != nil else {
        throw .typeMismatch(expected: "a column or a value", found: type.displayName, in: description)
      }
      return .value(.boolean)
    case .isIn(let a, let items): return try .membership(inner(a), items, in: description)
    case .textTest(_, let a, let b): return try .textTest(inner(a), inner(b), in: description)
    case .conditional(let condition, let a, let b):
      _ = try ExprType.condition(inner(condition), in: description)
      return try .either(inner(a), inner(b), in: description)
    case .call(let function, let arguments):
      var types: [ExprType] = []
      for argument in arguments { types.append(try inner(argument)) }
      return try function.resultType(types, in: description)
    }
  }

  /// The names of all columns that the expression reads.
  public var columns: Set<String> {
    var names: Set<String> = []
    visit { if case .column(let name) = $0 { names.insert(name) } }
    return names
  }

  /// The parts that the expression is made of, in the order they are written.
  public var children: [Expr] {
    switch self {
    case .column, .literal: []
    case .negate(let a), .not(let a), .isMissing(let a), .isIn(let a, _): [a]
    case .arithmetic(_, let a, let b), .compare(_, let a, let b), .and(let a, let b), .or(let a, let b),
      .coalesce(let a, let b), .textTest(_, let a, let b):
      [a, b]
    case .conditional(let condition, let a, let b): [condition, a, b]
    case .call(_, let arguments): arguments
    }
  }

  /// The same expression with other parts, in the order of `children`; unchanged when their number is another.
  public func replacing(children parts: [Expr]) -> Expr {
    guard parts.count == children.count else { return self }
    switch self {
    case .column, .literal: return self
    case .negate: return .negate(parts[0])
    case .not: return .not(parts[0])
    case .isMissing: return .isMissing(parts[0])
    case .isIn(_, let items): return .isIn(parts[0], items)
    case .arithmetic(let op, _, _): return .arithmetic(op, parts[0], parts[1])
    case .compare(let op, _, _): return .compare(op, parts[0], parts[1])
    case .and: return .and(parts[0], parts[1])
    case .or: return .or(parts[0], parts[1])
    case .coalesce: return .coalesce(parts[0], parts[1])
    case .textTest(let test, _, _): return .textTest(test, parts[0], parts[1])
    case .conditional: return .conditional(parts[0], then: parts[1], else: parts[2])
    case .call(let function, _): return .call(function, parts)
    }
  }

  /// Calls the closure for this expression and each of its parts, outermost first.
  public func visit(_ body: (Expr) -> Void) {
    body(self)
    for child in children { child.visit(body) }
  }

  /// The expression with each part replaced by what the closure makes of it, innermost first.
  public func rewritten(_ transform: (Expr) -> Expr) -> Expr {
    transform(replacing(children: children.map { $0.rewritten(transform) }))
  }
}
