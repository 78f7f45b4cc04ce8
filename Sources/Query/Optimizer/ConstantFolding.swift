import Columnar

/// Computes what is the same for all rows once: `2 * 3`, `x and true`, `if true then a else b`.
public struct ConstantFolding: OptimizerRule {
  /// The rule's name.
  public let name = "constant folding"

  /// Creates the rule.
  public init() {}

  /// The plan with constants computed; a filter that keeps every row disappears unless its rows are counted.
  public func apply(_ plan: LogicalPlan) throws(QueryError) -> LogicalPlan {
    try plan.rewritten { step throws(QueryError) in
      let folded = step.mapExpressions { $0.rewritten(ConstantFolding.fold) }
      if case .filter(let input, .literal(.boolean(true)), nil) = folded { return input }
      return folded
    }
  }

  /// One expression whose parts are folded already.
  private static func fold(_ expr: Expr) -> Expr {
    switch expr {
    case .negate(.literal(.integer(let i))) where i != .min: return .literal(.integer(-i))
    case .negate(.literal(.real(let d))): return .literal(.real(-d))
    case .not(.literal(.boolean(let b))): return .literal(.boolean(!b))
    case .not(.not(let a)): return a
    case .arithmetic(let op, .literal(let a), .literal(let b)): return arithmetic(op, a, b) ?? expr
    case .compare(let op, .literal(let a), .literal(let b)): return comparison(op, a, b) ?? expr
    case .and(.literal(.boolean(true)), let a), .and(let a, .literal(.boolean(true))): return a
    case .and(.literal(.boolean(false)), _), .and(_, .literal(.boolean(false))): return .literal(.boolean(false))
    case .or(.literal(.boolean(false)), let a), .or(let a, .literal(.boolean(false))): return a
    case .or(.literal(.boolean(true)), _), .or(_, .literal(.boolean(true))): return .literal(.boolean(true))
    default: return expr
    }
  }

  private static func arithmetic(_ op: ArithmeticOperator, _ a: Value, _ b: Value) -> Expr? {
    if case .integer(let x) = a, case .integer(let y) = b {
      let result: (partialValue: Int64, overflow: Bool)
      switch op {
      case .add: result = x.addingReportingOverflow(y)
      case .subtract: result = x.subtractingReportingOverflow(y)
      case .multiply: result = x.multipliedReportingOverflow(by: y)
      case .divide, .power: return quotient(op, Double(x), Double(y))
      }
      return result.overflow ? nil : .literal(.integer(result.partialValue))
    }
    guard let x = a.number, let y = b.number else { return nil }
    switch op {
    case .add: return finite(x + y)
    case .subtract: return finite(x - y)
    case .multiply: return finite(x * y)
    case .divide, .power: return quotient(op, x, y)
    }
  }

  /// Powers are left to the engine, which has the C library's.
  private static func quotient(_ op: ArithmeticOperator, _ x: Double, _ y: Double) -> Expr? {
    op == .divide ? finite(x / y) : nil
  }

  private static func finite(_ x: Double) -> Expr? { x.isFinite ? .literal(.real(x)) : nil }

  private static func comparison(_ op: ComparisonOperator, _ a: Value, _ b: Value) -> Expr? {
    guard let x = a.number, let y = b.number else { return nil }
    let result =
      switch op {
      case .equal: x == y
      case .notEqual: x != y
      case .less: x < y
      case .lessOrEqual: x <= y
      case .greater: x > y
      case .greaterOrEqual: x >= y
      }
    return .literal(.boolean(result))
  }
}
