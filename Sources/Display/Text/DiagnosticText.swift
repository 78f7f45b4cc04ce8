import MartletLanguage

/// Writes diagnostics with the line of the cell, a caret and what helps.
package enum DiagnosticText {
  /// The parts of a text that a terminal colours.
  private enum Style: String {
    case error = "1;31"
    case warning = "1;33"
    case gutter = "34"
    case caret = "31"
    case fix = "32"
    case strong = "1"
  }

  /// Lines without colours.
  package static func plain(_ rendered: RenderedDiagnostic) -> [String] { lines(rendered, isColored: false) }

  /// Lines with ANSI colours.
  package static func colored(_ rendered: RenderedDiagnostic) -> [String] { lines(rendered, isColored: true) }

  private static func lines(_ rendered: RenderedDiagnostic, isColored: Bool) -> [String] {
    let diagnostic = rendered.diagnostic
    func paint(_ text: String, _ style: Style) -> String {
      isColored ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }
    let severity: Style = diagnostic.severity == .error ? .error : .warning
    var lines = [
      paint("\(diagnostic.severity.rawValue) \(diagnostic.code): ", severity) + paint(diagnostic.message, .strong)
    ]
    if let range = diagnostic.range, let place = CellPlace(range, in: rendered.source) {
      let number = "\(place.line)"
      let margin = String(repeating: " ", count: number.count + 2)
      lines.append(paint("  \(number) |", .gutter) + " \(place.text)")
      let caret =
        String(repeating: " ", count: place.column) + paint(String(repeating: "^", count: place.length), .caret)
      lines.append(paint("\(margin) |", .gutter) + " " + caret + (diagnostic.hint.map { " \($0)" } ?? ""))
    } else if let hint = diagnostic.hint {
      lines.append("  \(hint)")
    }
    lines += diagnostic.details.map { "  \($0)" }
    if let fix = diagnostic.fix { lines.append("  " + paint("fix:", .fix) + " \(fix)") }
    return lines
  }
}

/// The line of a cell that a range points into, and where the carets stand below it.
struct CellPlace {
  /// Counted from one.
  var line: Int
  /// The line's text, tabs as single spaces so that carets stand right.
  var text: String
  /// Terminal columns before the first caret.
  var column: Int
  /// The number of carets.
  var length: Int

  /// Nil for an empty cell. A range beyond the cell points behind its last line.
  init?(_ range: SourceRange, in source: String) {
    let scalars = Array(source.unicodeScalars)
    guard !scalars.isEmpty else { return nil }
    let start = min(max(0, range.start), scalars.count)
    var first = start
    while first > 0, scalars[first - 1] != "\n" { first -= 1 }
    var last = start
    while last < scalars.count, scalars[last] != "\n", scalars[last] != "\r" { last += 1 }
    line = scalars[..<first].reduce(1) { $0 + ($1 == "\n" ? 1 : 0) }
    func words(_ part: ArraySlice<Unicode.Scalar>) -> String {
      var view = String.UnicodeScalarView()
      view.append(contentsOf: part.map { $0 == "\t" ? " " : $0 })
      return String(view)
    }
    text = words(scalars[first..<last])
    column = TerminalWidth.of(words(scalars[first..<min(start, last)]))
    let end = min(max(range.end, start), last)
    length = start < end ? max(1, TerminalWidth.of(words(scalars[start..<end]))) : 1
  }
}
