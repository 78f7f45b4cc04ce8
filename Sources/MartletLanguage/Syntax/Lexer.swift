import Columnar

/// Reads a cell into tokens. Every cell gives a list of tokens; what is wrong with it is collected beside them.
package struct Lexer {
  let source: [Unicode.Scalar]
  var position = 0
  private var line = 0
  private var indent = 0
  private var isFirst = true
  private var tokens: [Token] = []
  var diagnostics: [Diagnostic] = []
  private var isTextOpen = false
  private var helpLines: [Int: String] = [:]
  private var comments: [SourceRange] = []

  private init(_ source: [Unicode.Scalar]) { self.source = source }

  /// Reads a whole cell.
  package static func read(_ source: String) -> TokenList { read(Array(source.unicodeScalars)) }

  /// Reads a whole cell given as scalars.
  package static func read(_ source: [Unicode.Scalar]) -> TokenList {
    var lexer = Lexer(source)
    lexer.readAll()
    return TokenList(
      tokens: lexer.tokens, diagnostics: lexer.diagnostics, isTextOpen: lexer.isTextOpen,
      helpLines: lexer.helpLines, comments: lexer.comments)
  }

  private mutating func readAll() {
    var spaceBefore = true
    while let c = peek() {
      if c == "\n" {
        position += 1
        line += 1
        indent = 0
        isFirst = true
        spaceBefore = true
      } else if Lexer.isBlank(c) {
        position += 1
        if isFirst { indent += 1 }
        spaceBefore = true
      } else if c == "#" {
        readComment()
      } else {
        let start = position
        let startLine = line
        let kind = readToken(c)
        tokens.append(
          Token(
            kind: kind, range: SourceRange(start, position), line: startLine, indent: indent, isFirstOnLine: isFirst,
            spaceBefore: spaceBefore))
        isFirst = false
        spaceBefore = false
      }
    }
  }

  func peek(_ ahead: Int = 0) -> Unicode.Scalar? {
    let index = position + ahead
    return index < source.count ? source[index] : nil
  }

  private mutating func readComment() {
    let start = position
    while let c = peek(), c != "\n" { position += 1 }
    comments.append(SourceRange(start, position))
    guard isFirst, start + 1 < position, source[start + 1] == "#" else { return }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: source[(start + 2)..<position].drop { $0 == " " })
    helpLines[line] = String(text)
  }

  private mutating func readToken(_ c: Unicode.Scalar) -> Token.Kind {
    if Lexer.isDigit(c) { return readNumber() }
    if c == ".", let next = peek(1), Lexer.isDigit(next) { return readNumber() }
    if c == "f" || c == "F", peek(1) == "\"" || peek(1) == "'" {
      position += 1
      return readText(interpolated: true)
    }
    if c == "\"" || c == "'" { return readText(interpolated: false) }
    if Lexer.startsName(c) { return readName() }
    if c == "`" { return readQuotedName() }
    return readSymbol(c)
  }

  private mutating func readName() -> Token.Kind {
    var text = String.UnicodeScalarView()
    while let c = peek(), Lexer.continuesName(c) {
      text.append(c)
      position += 1
    }
    return .name(String(text), quoted: false)
  }

  private mutating func readQuotedName() -> Token.Kind {
    let start = position
    position += 1
    var text = String.UnicodeScalarView()
    while let c = peek(), c != "`", c != "\n" {
      text.append(c)
      position += 1
    }
    guard peek() == "`" else {
      diagnostics.append(.openName(at: SourceRange(start, start + 1)))
      return .invalid
    }
    position += 1
    guard !text.isEmpty else {
      diagnostics.append(.emptyName(at: SourceRange(start, position)))
      return .invalid
    }
    return .name(String(text), quoted: true)
  }

  private mutating func readSymbol(_ c: Unicode.Scalar) -> Token.Kind {
    let start = position
    if let next = peek(1) {
      var pair = String.UnicodeScalarView()
      pair.append(c)
      pair.append(next)
      let text = String(pair)
      if let advice = Lexer.foreignOperators[text] {
        position += 2
        diagnostics.append(.foreignOperator(text, instead: advice, at: SourceRange(start, position)))
        return .invalid
      }
      if let symbol = Token.Symbol(rawValue: text) {
        position += 2
        return .symbol(symbol)
      }
    }
    position += 1
    if let symbol = Token.Symbol(rawValue: String(c)) { return .symbol(symbol) }
    let range = SourceRange(start, position)
    if let advice = Lexer.foreignOperators[String(c)] {
      diagnostics.append(.foreignOperator(String(c), instead: advice, at: range))
    } else {
      diagnostics.append(.unexpectedCharacter(c, at: range))
    }
    return .invalid
  }

  /// Counts the lines that a text token spans.
  mutating func passNewline() { line += 1 }

  /// Remembers that the cell ends inside `"""`.
  mutating func leaveTextOpen() { isTextOpen = true }

  /// Operators of other languages and what Martlet writes instead.
  private static let foreignOperators: [String: String] = [
    "&&": "and", "||": "or", "!": "not", "**": "^", "%": "mod(a, b)", ";": "a new line", "“": "\"", "”": "\"",
    "‘": "\"", "’": "\"", "=>": ">=", "=<": "<=", ":=": "=", "->": "as", "&": "and", "|>": "|", "≥": ">=", "≤": "<=",
    "≠": "!=", "×": "*", "÷": "/", "–": "-", "−": "-",
  ]

  static func isDigit(_ c: Unicode.Scalar) -> Bool { c >= "0" && c <= "9" }

  static func isBlank(_ c: Unicode.Scalar) -> Bool {
    c == " " || c == "\t" || c == "\r" || c == "\u{A0}" || c == "\u{FEFF}"
  }

  static func startsName(_ c: Unicode.Scalar) -> Bool {
    if c.isASCII { return (c >= "a" && c <= "z") || (c >= "A" && c <= "Z") || c == "_" }
    return c.properties.isAlphabetic
  }

  static func continuesName(_ c: Unicode.Scalar) -> Bool {
    if c.isASCII { return startsName(c) || isDigit(c) }
    return c.properties.isAlphabetic || c.properties.numericType != nil
      || c.properties.generalCategory == .nonspacingMark
  }
}
