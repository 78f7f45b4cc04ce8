/// Whether a cell typed at a console is finished.
package enum Completeness: Hashable, Sendable {
  case complete
  /// More must follow; the next line begins with this indent.
  case incomplete(indent: String)
  case invalid

  /// Judges a cell. It is incomplete while a bracket or a `"""` is open, behind a token that asks for more, and behind an
  /// indented line until an empty one follows; it is invalid when something before its end cannot be read.
  package static func of(_ source: String, names: ParserNames = ParserNames()) -> Completeness {
    let scalars = Array(source.unicodeScalars)
    let list = Lexer.read(scalars)
    if list.isTextOpen { return .incomplete(indent: "") }
    if !list.diagnostics.isEmpty { return .invalid }
    guard let piece = StatementSplitter.split(list.tokens).last, let last = piece.tokens.last else { return .complete }
    let parsed = Parser.parse(scalars, list, names: names)
    let end = last.range.end
    let isFaultBeforeEnd = parsed.diagnostics.contains { diagnostic in
      guard diagnostic.code != "E210" else { return false }
      return (diagnostic.range?.start ?? 0) < end
    }
    if isFaultBeforeEnd { return .invalid }
    if piece.openBracket != nil || StatementSplitter.continues(piece.tokens) { return .incomplete(indent: "    ") }
    if !parsed.diagnostics.isEmpty { return .incomplete(indent: "    ") }
    let lastLine = source.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
    let isIndented = lastLine.first == " " || lastLine.first == "\t"
    let isBlank = lastLine.allSatisfy { $0 == " " || $0 == "\t" || $0 == "\r" }
    if isIndented, !isBlank { return .incomplete(indent: String(lastLine.prefix { $0 == " " || $0 == "\t" })) }
    return .complete
  }
}
