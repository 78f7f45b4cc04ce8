import Columnar
import Query

/// An expression as it was written. Names are not resolved yet.
package struct ExprSyntax: Sendable {
  package var kind: Kind
  package var range: SourceRange

  /// Places an expression in the source.
  package init(_ kind: Kind, _ range: SourceRange) {
    self.kind = kind
    self.range = range
  }

  /// The forms of an expression.
  package indirect enum Kind: Sendable {
    /// A number, text, date, period, duration, truth value or `missing`, and what a number counts (`60%` is a percent).
    case literal(Value, Measure)
    /// `f"Sales in {country}"`.
    case interpolation([TextPart])
    case list([ExprSyntax])
    case name(String)
    /// `column.x`, `param.x` or `table.x`.
    case member(NameSyntax, NameSyntax)
    case call(NameSyntax, [ArgumentSyntax])
    case negate(ExprSyntax)
    case not(ExprSyntax)
    /// Operators of one precedence from left to right, kept flat so that a long sum is not a deep tree.
    case chain(ExprSyntax, [ChainLink])
    case power(ExprSyntax, ExprSyntax)
    case comparison(ComparisonOperator, ExprSyntax, ExprSyntax)
    case isMissing(ExprSyntax, negated: Bool)
    case membership(ExprSyntax, ExprSyntax, negated: Bool)
    case between(ExprSyntax, ExprSyntax, ExprSyntax, negated: Bool)
    case textTest(TextTest, ExprSyntax, ExprSyntax, negated: Bool)
    case conditional(ExprSyntax, then: ExprSyntax, else: ExprSyntax)
    /// `*` alone: every column, or `count(*)`.
    case star
  }

  /// A piece of an interpolated text.
  package enum TextPart: Sendable {
    case text(String)
    case expr(ExprSyntax)
  }

  /// The operators that chain: `+ - ??`, `* /`, `and`, `or`.
  package enum ChainOperator: String, Sendable {
    case add = "+"
    case subtract = "-"
    case coalesce = "??"
    case multiply = "*"
    case divide = "/"
    case and
    case or
  }

  /// One operator of a chain and what stands to its right.
  package struct ChainLink: Sendable {
    package var op: ChainOperator
    package var range: SourceRange
    package var operand: ExprSyntax
  }
}

/// A name and where it stands.
package struct NameSyntax: Hashable, Sendable {
  package var text: String
  package var range: SourceRange

  /// Places a name in the source.
  package init(_ text: String, _ range: SourceRange) {
    self.text = text
    self.range = range
  }
}

/// One argument of a function call; `partial=true` has a name.
package struct ArgumentSyntax: Sendable {
  package var name: NameSyntax?
  package var value: ExprSyntax
}
