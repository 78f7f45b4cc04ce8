import Columnar
import Query

/// Turns an expression over a layout into vector nodes: types are resolved and texts are worked on here, once.
struct ExprCompiler {
  let layout: Layout
  let cancellation: Cancellation

  /// The node of an expression whose types have been checked.
  func compile(_ expr: Expr) throws -> any VectorNode {
    let type = try expr.type(in: layout.schema)
    if let constant = type.constant, case .literal = expr { return try constantNode(constant) }
    switch expr {
    case .column(let name):
      guard let index = layout.schema.index(of: name) else { throw QueryError.unknownColumn(name) }
      return ColumnNode(index, layout.columns[index])
    case .literal(let value): return try constantNode(value)
    case .negate(let a): return NegateNode(try compile(a))
    case .not(let a): return NotNode(try condition(a))
    case .and(let a, let b): return LogicNode(and: true, try condition(a), try condition(b))
    case .or(let a, let b): return LogicNode(and: false, try condition(a), try condition(b))
    case .arithmetic(let op, let a, let b):
      return try arithmetic(op, a, b, as: type.dataType ?? .real, text: expr.description)
    case .compare(let op, let a, let b): return try comparison(op, a, b)
    case .isMissing(let a): return IsMissingNode(try compile(a))
    case .isIn(let a, let items): return try membership(a, items)
    case .textTest(let test, let a, let b): return try textTest(test, a, b)
    case .coalesce(let a, let b):
      let (x, y) = try alternatives(a, b, as: type.dataType ?? .real)
      return SelectNode(.firstPresent, x, y)
    case .conditional(let decision, let a, let b):
      let (x, y) = try alternatives(a, b, as: type.dataType ?? .real)
      return SelectNode(.condition(try condition(decision)), x, y)
    case .call(let function, let arguments):
      return try call(function, arguments, as: type.dataType ?? .real)
    }
  }

  /// The node of an expression, widened to a type: a whole number to a real one, a day to a moment, `missing` to anything.
  func compile(_ expr: Expr, as type: DataType) throws -> any VectorNode {
    if case .literal(let value) = expr {
      if case .missing = value { return MissingNode(type) }
      if let node = ConstantNode(value, as: type) { return node }
    }
    if try expr.type(in: layout.schema).form == .missing { return MissingNode(type) }
    return widened(try compile(expr), to: type)
  }

  func widened(_ node: any VectorNode, to type: DataType) -> any VectorNode {
    if node is MissingNode { return MissingNode(type) }
    switch (node.type, type) {
    case (.integer, .real): return WidenNode(node, to: .real)
    case (.date, .datetime): return WidenNode(node, to: .datetime)
    case (.period, .datetime): return WidenNode(DayNode(node), to: .datetime)
    case (.period, .date), (.datetime, .date): return DayNode(node)
    default: return node
    }
  }

  func condition(_ expr: Expr) throws -> any VectorNode { try compile(expr, as: .boolean) }

  private func constantNode(_ value: Value) throws -> any VectorNode {
    if case .missing = value { return MissingNode(.real) }
    guard let type = value.dataType, let node = ConstantNode(value, as: type) else {
      throw QueryError.other("a \(ExprType(literal: value).displayName) is no value of a column")
    }
    return node
  }

  private func alternatives(_ a: Expr, _ b: Expr, as type: DataType) throws -> (any VectorNode, any VectorNode) {
    let (x, y) = (try compile(a, as: type), try compile(b, as: type))
    return type == .text ? TextTable.unified(x, y) : (x, y)
  }

  private func arithmetic(
    _ op: ArithmeticOperator, _ a: Expr, _ b: Expr, as type: DataType, text: String
  ) throws -> any VectorNode {
    let (x, y) = (try a.type(in: layout.schema), try b.type(in: layout.schema))
    if y.form == .duration, let duration = try ConstantDuration.value(of: b) {
      let signed = op == .subtract ? duration.negated : duration
      return ShiftNode(try compile(a, as: type), by: signed)
    }
    if x.form == .duration, let duration = try ConstantDuration.value(of: a) {
      return ShiftNode(try compile(b, as: type), by: duration)
    }
    if x.dataType?.isTemporal == true, y.dataType?.isTemporal == true {
      let common: DataType = type == .real ? .datetime : .date
      return DaysBetweenNode(from: try compile(b, as: common), to: try compile(a, as: common))
    }
    if type == .integer {
      return IntegerArithmeticNode(op, try compile(a, as: .integer), try compile(b, as: .integer), text: text)
    }
    func side(_ expr: Expr) throws -> any VectorNode {
      // Whole numbers are converted inside the operator's loop; only `missing` and constants are made real here.
      let node = try compile(expr)
      return node.type == .integer && !(node is ConstantNode) ? node : try compile(expr, as: .real)
    }
    return RealArithmeticNode(op, try side(a), try side(b))
  }
}

extension CalendarDuration {
  /// The same length the other way.
  var negated: CalendarDuration {
    CalendarDuration(months: 0 &- months, days: 0 &- days, microseconds: 0 &- microseconds)
  }

  func adding(_ other: CalendarDuration) -> CalendarDuration {
    CalendarDuration(
      months: months &+ other.months, days: days &+ other.days, microseconds: microseconds &+ other.microseconds)
  }
}

/// Durations are always constants: literals, their sums, differences and negations.
enum ConstantDuration {
  static func value(of expr: Expr) throws -> CalendarDuration? {
    switch expr {
    case .literal(.duration(let duration)): return duration
    case .negate(let a): return try value(of: a)?.negated
    case .arithmetic(.add, let a, let b):
      guard let x = try value(of: a), let y = try value(of: b) else { return nil }
      return x.adding(y)
    case .arithmetic(.subtract, let a, let b):
      guard let x = try value(of: a), let y = try value(of: b) else { return nil }
      return x.adding(y.negated)
    default: return nil
    }
  }
}
