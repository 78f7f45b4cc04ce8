import Columnar

/// The smallest meaningful piece of a cell.
package struct Token: Sendable {
  package var kind: Kind
  package var range: SourceRange
  /// The line, from 0, on which the token begins.
  package var line: Int
  /// White space before the first token of its line.
  package var indent: Int
  package var isFirstOnLine: Bool
  /// Whether white space or a line's start stands right before it.
  package var spaceBefore: Bool

  /// The kinds of token.
  package enum Kind: Hashable, Sendable {
    /// A number, percent, date, period, or short duration such as `7d`.
    case literal(Value, Measure)
    case text(String)
    /// `f"…"`: the pieces between braces are ranges of the source.
    case interpolation([Piece])
    /// A name; reserved words are names to the lexer. `quoted` when it stood in backticks.
    case name(String, quoted: Bool)
    case symbol(Symbol)
    /// Something the lexer could not read; its diagnostic says why.
    case invalid
  }

  /// A piece of an interpolated text.
  package enum Piece: Hashable, Sendable {
    case text(String)
    case source(SourceRange)
  }

  /// Punctuation and operators.
  package enum Symbol: String, Hashable, Sendable, CaseIterable {
    case pipe = "|"
    case comma = ","
    case assign = "="
    case equal = "=="
    case notEqual = "!="
    case lessGreater = "<>"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case leftParenthesis = "("
    case rightParenthesis = ")"
    case leftBracket = "["
    case rightBracket = "]"
    case plus = "+"
    case minus = "-"
    case star = "*"
    case slash = "/"
    case caret = "^"
    case coalesce = "??"
    case dot = "."
  }

  /// The word when the token is an unquoted name.
  package var word: String? { if case .name(let name, quoted: false) = kind { name } else { nil } }

  /// Whether the token is this symbol.
  package func isSymbol(_ symbol: Symbol) -> Bool { kind == .symbol(symbol) }

  /// Whether the token is this bare word.
  package func isWord(_ text: String) -> Bool { word == text }
}

/// Words that cannot name a column without backticks.
package enum ReservedWords {
  /// The words of expressions.
  package static let expression: Set<String> = [
    "and", "or", "not", "in", "is", "between", "contains", "starts", "ends", "with", "matches", "if", "then", "else",
    "missing", "true", "false",
  ]
  /// The prepositions. `sort` is one inside `add` only.
  package static let clauses: Set<String> = ["by", "per", "for", "into", "after", "from", "vs", "on", "as"]
  /// All of them.
  package static let all = expression.union(clauses)
}

/// What the lexer made of a cell. It never fails: what it could not read is an invalid token and a diagnostic.
package struct TokenList: Sendable {
  package var tokens: [Token]
  package var diagnostics: [Diagnostic]
  /// A `"""` that is still open at the end of the cell.
  package var isTextOpen: Bool
  /// The text of `##` lines, by line number.
  package var helpLines: [Int: String]
  /// Ranges of comments, where nothing is completed.
  package var comments: [SourceRange]
}
