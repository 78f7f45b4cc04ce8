extension Lexer {
  /// A text in single, double or triple quotes; the current scalar is the first quote.
  mutating func readText(interpolated: Bool) -> Token.Kind {
    let start = position
    guard let quote = peek() else { return .invalid }
    let isTriple = quote == "\"" && peek(1) == "\"" && peek(2) == "\""
    position += isTriple ? 3 : 1
    var pieces: [Token.Piece] = []
    var text = String.UnicodeScalarView()
    while let c = peek() {
      if c == quote, !isTriple || (peek(1) == "\"" && peek(2) == "\"") {
        position += isTriple ? 3 : 1
        guard interpolated else { return .text(String(text)) }
        if !text.isEmpty { pieces.append(.text(String(text))) }
        return .interpolation(pieces)
      }
      if c == "\n" {
        guard isTriple else { break }
        passNewline()
      }
      if c == "\\" {
        readEscape(into: &text)
      } else if interpolated, c == "{", peek(1) != "{" {
        guard let range = bracedRange() else { return .invalid }
        if !text.isEmpty { pieces.append(.text(String(text))) }
        text = String.UnicodeScalarView()
        pieces.append(.source(range))
      } else {
        if interpolated, c == "{" || c == "}", peek(1) == c { position += 1 }
        text.append(c)
        position += 1
      }
    }
    if isTriple { leaveTextOpen() }
    let end = isTriple ? start + 3 : start + 1
    diagnostics.append(.openText(at: SourceRange(start, end), quote: isTriple ? "\"\"\"" : String(quote)))
    return .invalid
  }

  /// The source between `{` and `}` of an interpolated text.
  private mutating func bracedRange() -> SourceRange? {
    let open = position
    position += 1
    let start = position
    while let c = peek(), c != "}" {
      guard c != "\n" else { break }
      position += 1
    }
    guard peek() == "}" else {
      diagnostics.append(.openBrace(at: SourceRange(open, open + 1)))
      return nil
    }
    position += 1
    return SourceRange(start, position - 1)
  }

  /// `\n \t \" \\ \xHH \uHHHH \UHHHHHHHH`; any other backslash stands for itself, as regular expressions need it.
  private mutating func readEscape(into text: inout String.UnicodeScalarView) {
    let start = position
    guard let c = peek(1) else {
      text.append("\\")
      position += 1
      return
    }
    switch c {
    case "n": text.append("\n")
    case "t": text.append("\t")
    case "r": text.append("\r")
    case "\"", "'", "\\": text.append(c)
    case "x", "u", "U":
      let count = c == "x" ? 2 : c == "u" ? 4 : 8
      if let scalar = hexScalar(at: 2, count) {
        text.append(scalar)
        position += 2 + count
        return
      }
      diagnostics.append(.badEscape(String(c), digits: count, at: SourceRange(start, start + 2)))
      text.append("\u{FFFD}")
    default:
      text.append("\\")
      position += 1
      return
    }
    position += 2
  }

  private mutating func hexScalar(at offset: Int, _ count: Int) -> Unicode.Scalar? {
    var value: UInt32 = 0
    for i in 0..<count {
      guard let c = peek(offset + i), let digit = Character(c).hexDigitValue, c.isASCII else { return nil }
      value = value << 4 | UInt32(digit)
    }
    // A surrogate pair, as JSON-minded translators write astral characters: \ud83c\udf4e.
    if (0xD800..<0xDC00).contains(value), count == 4, peek(6) == "\\", peek(7) == "u" {
      var low: UInt32 = 0
      for i in 0..<4 {
        guard let c = peek(8 + i), c.isASCII, let digit = Character(c).hexDigitValue else { return nil }
        low = low << 4 | UInt32(digit)
      }
      guard (0xDC00..<0xE000).contains(low) else { return nil }
      position += 6
      return Unicode.Scalar(0x10000 + (value - 0xD800) << 10 + (low - 0xDC00))
    }
    return Unicode.Scalar(value)
  }
}
