import Columnar
import Query

/// An expression as it was written. Names are not resolved yet.
public struct ExprSyntax: Sendable {
  public var kind: Kind
  public var range: SourceRange

  /// Places an expression in the source.
  public init(_ kind: Kind, _ range: SourceRange) {
    self.kind = kind
    self.range = range
  }

  /// The forms of an expression.
  public indirect enum Kind: Sendable {
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
  public enum TextPart: Sendable {
    case text(String)
    case expr(ExprSyntax)
  }

  /// The operators that chain: `+ - ??`, `* /`, `and`, `or`.
  public enum ChainOperator: String, Sendable {
    case add = "+"
    case subtract = "-"
    case coalesce = "??"
    case multiply = "*"
    case divide = "/"
    case and
    case or
  }

  /// One operator of a chain and what stands to its right.
  public struct ChainLink: Sendable {
    public var op: ChainOperator
    public var range: SourceRange
    public var operand: ExprSyntax
  }
}

/// A name and where it stands.
public struct NameSyntax: Hashable, Sendable {
  public var text: String
  public var range: SourceRange

  /// Places a name in the source.
  public init(_ text: String, _ range: SourceRange) {
    self.text = text
    self.range = range
  }
}

/// One argument of a function call; `partial=true` has a name.
public struct ArgumentSyntax: Sendable {
  public var name: NameSyntax?
  public var value: ExprSyntax
}
