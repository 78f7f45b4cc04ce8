import Columnar
import Query

/// An expression whose names are resolved and whose type is known.
package struct TypedExpr: Sendable {
  package var expr: Expr
  package var type: ExprType
  package var range: SourceRange
  /// The format of the column that it is, when it is one.
  package var format: DisplayFormat?
  /// The role that it was written as.
  package var role: Role?

  init(_ expr: Expr, _ type: ExprType, at range: SourceRange, format: DisplayFormat? = nil, role: Role? = nil) {
    self.expr = expr
    self.type = type
    self.range = range
    self.format = format
    self.role = role
  }

  init(_ expr: Expr, _ type: DataType, _ measure: Measure = .plain, at range: SourceRange) {
    self.init(expr, .value(type, measure), at: range)
  }

  /// A constant.
  init(_ value: Value, _ measure: Measure = .plain, at range: SourceRange) {
    var type = ExprType(literal: value)
    type.measure = measure
    self.init(.literal(value), type, at: range)
  }

  /// What the number counts.
  package var measure: Measure { type.measure }

  /// The value when the expression is one.
  var literal: Value? { if case .literal(let value) = expr { value } else { nil } }

  /// The type of the column that the expression makes; a lone `missing` makes a column of numbers.
  var dataType: DataType? { type.dataType }

  /// Whether the value is a day, a moment or a period, and not just `missing`.
  var isTemporal: Bool { type.isTemporal && type.form != .missing }

  /// Whether the value is text, and not just `missing`.
  var isText: Bool { type.isText && type.form != .missing }

  /// What the expression is, in a word: `money`, `percentage`, `number`, `text` …
  var kindWord: String {
    switch type.measure {
    case .currency where type.isNumeric: "money"
    case .percent where type.isNumeric: "percentage"
    default: type.displayName
    }
  }
}
