extension Parser {
  /// The token under the cursor; nil at the end of the statement.
  var current: Token? { index < tokens.count ? tokens[index] : nil }

  /// Whether all tokens have been read.
  var isAtEnd: Bool { index >= tokens.count }

  func peek(_ ahead: Int) -> Token? { index + ahead < tokens.count ? tokens[index + ahead] : nil }

  mutating func takeSymbol(_ symbol: Token.Symbol) -> Bool {
    guard current?.isSymbol(symbol) == true else { return false }
    index += 1
    return true
  }

  mutating func takeWord(_ word: String) -> Bool {
    guard current?.isWord(word) == true else { return false }
    index += 1
    return true
  }

  mutating func expectSymbol(_ symbol: Token.Symbol, opening: Token? = nil) throws(Diagnostic) {
    if takeSymbol(symbol) { return }
    if let opening, isAtEnd { throw .openBracket(text(opening), at: opening.range) }
    throw .expected("`\(symbol.rawValue)`", found: current.map(text), at: current?.range ?? endRange)
  }

  mutating func expectName(_ what: String) throws(Diagnostic) -> NameSyntax {
    guard let token = current, case .name(let name, _) = token.kind else {
      throw .expected(what, found: current.map(text), at: current?.range ?? endRange)
    }
    index += 1
    return NameSyntax(name, token.range)
  }

  /// The token as it was written.
  func text(_ token: Token) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: source[token.range.start..<min(token.range.end, source.count)])
    return String(text)
  }

  /// From a token's start to the end of what has been read.
  func rangeSince(_ first: Token) -> SourceRange {
    guard index > 0 else { return first.range }
    return first.range.union(tokens[min(index, tokens.count) - 1].range)
  }

  /// The place behind the last token.
  var endRange: SourceRange {
    let end = tokens.last?.range.end ?? 0
    return SourceRange(end, end + 1)
  }

  var wholeRange: SourceRange {
    guard let first = tokens.first, let last = tokens.last else { return SourceRange(0, 0) }
    return first.range.union(last.range)
  }

  func unexpected(_ token: Token) -> Diagnostic {
    if let word = token.word, CommandTable.command(word) != nil { return .missingPipe(word, at: token.range) }
    if token.isSymbol(.rightParenthesis) || token.isSymbol(.rightBracket) {
      return .closesNothing(text(token), at: token.range)
    }
    return .unexpected(text(token), at: token.range)
  }
}

extension Token {
  /// Whether the token is a name, quoted or not; reserved words are not names.
  var isName: Bool {
    if case .name(let name, let quoted) = kind { quoted || !ReservedWords.all.contains(name) } else { false }
  }
}
