import Columnar
import Query

/// The type of an expression. Besides the types of columns there are those that only stand inside expressions.
package enum ExprType: Hashable, Sendable {
  case column(DataType)
  case duration
  case list
  /// `missing` alone fits everywhere.
  case missing

  /// The word that an analyst reads.
  package var displayName: String {
    switch self {
    case .column(let type): type.displayName
    case .duration: "duration"
    case .list: "list"
    case .missing: "missing"
    }
  }

  package var isNumeric: Bool { if case .column(let type) = self { type.isNumeric } else { self == .missing } }
  package var isTemporal: Bool { if case .column(let type) = self { type.isTemporal } else { false } }
  package var isText: Bool { self == .column(.text) }
  package var isBoolean: Bool { self == .column(.boolean) || self == .missing }

  /// The type of a value.
  package init(_ value: Value) {
    switch value {
    case .missing: self = .missing
    case .duration: self = .duration
    case .list: self = .list
    default: self = value.dataType.map { .column($0) } ?? .missing
    }
  }
}

/// An expression whose names are resolved and whose type is known.
package struct TypedExpr: Sendable {
  package var expr: Expr
  package var type: ExprType
  package var measure: Measure
  package var range: SourceRange
  /// The format of the column that it is, when it is one.
  package var format: DisplayFormat?
  /// The role that it was written as.
  package var role: Role?

  init(
    _ expr: Expr, _ type: ExprType, _ measure: Measure = .plain, at range: SourceRange, format: DisplayFormat? = nil,
    role: Role? = nil
  ) {
    self.expr = expr
    self.type = type
    self.measure = measure
    self.range = range
    self.format = format
    self.role = role
  }

  init(_ expr: Expr, _ type: DataType, _ measure: Measure = .plain, at range: SourceRange) {
    self.init(expr, .column(type), measure, at: range)
  }

  /// The value when the expression is one.
  var literal: Value? { if case .literal(let value) = expr { value } else { nil } }

  /// The type of the column that the expression makes; a lone `missing` makes a column of numbers.
  var dataType: DataType? {
    switch type {
    case .column(let type): type
    case .missing: .real
    case .duration, .list: nil
    }
  }
}
