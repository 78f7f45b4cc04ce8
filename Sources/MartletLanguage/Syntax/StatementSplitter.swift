/// Cuts the tokens of a cell into statements by its lines.
///
/// A statement goes on while a bracket is open, behind a line that ends in `|`, `,`, `=`, an operator, a clause word,
/// `then` or `else`, before a line that begins with `|`, and on lines that are indented deeper than its first one.
package enum StatementSplitter {
  /// The tokens of one statement.
  package struct Piece: Sendable {
    package var tokens: [Token]
    /// The first bracket that is still open at the end of the cell.
    package var openBracket: Token?
  }

  /// Cuts the tokens into statements.
  package static func split(_ tokens: [Token]) -> [Piece] {
    var pieces: [Piece] = []
    var current: [Token] = []
    var open: [Token] = []
    for token in tokens {
      if token.isFirstOnLine, let first = current.first, open.isEmpty, !token.isSymbol(.pipe),
        token.indent <= first.indent, !continues(current)
      {
        pieces.append(Piece(tokens: current))
        current = []
      }
      current.append(token)
      if case .symbol(let symbol) = token.kind {
        switch symbol {
        case .leftParenthesis, .leftBracket: open.append(token)
        case .rightParenthesis, .rightBracket: _ = open.popLast()
        default: break
        }
      }
    }
    if !current.isEmpty { pieces.append(Piece(tokens: current, openBracket: open.last)) }
    return pieces
  }

  /// Whether the last token asks for more on the next line.
  package static func continues(_ tokens: [Token]) -> Bool {
    guard let last = tokens.last else { return false }
    switch last.kind {
    case .literal, .text, .interpolation, .invalid, .name(_, quoted: true): return false
    case .symbol(.rightParenthesis), .symbol(.rightBracket): return false
    case .symbol(.star): return !isItemStar(tokens)
    case .symbol: return true
    case .name(let word, quoted: false):
      if ["missing", "true", "false"].contains(word) { return false }
      let isVerb = tokens.count == 1 || tokens[tokens.count - 2].isSymbol(.pipe)
      if word == "as" { return true }
      return !isVerb && (ReservedWords.all.contains(word) || (word == "sort" && isInsideAdd(tokens)))
    }
  }

  /// A `*` that stands for all columns: right behind a verb, a comma or an opening parenthesis.
  private static func isItemStar(_ tokens: [Token]) -> Bool {
    guard tokens.count >= 2 else { return true }
    let before = tokens[tokens.count - 2]
    if before.isSymbol(.comma) || before.isSymbol(.leftParenthesis) { return true }
    guard before.word != nil else { return false }
    return tokens.count == 2 || tokens[tokens.count - 3].isSymbol(.pipe)
  }

  private static func isInsideAdd(_ tokens: [Token]) -> Bool {
    guard let pipe = tokens.lastIndex(where: { $0.isSymbol(.pipe) }) else { return false }
    return pipe + 1 < tokens.count && tokens[pipe + 1].isWord("add")
  }
}
