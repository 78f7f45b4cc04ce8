/// Lays a diagnostic out as text: what is wrong, the line with a caret, why, and a line that repairs it.
///
/// ```text
/// error E101: `sales` has no column `Quantty`
///   2 | | where Quantty > 0
///     |         ^^^^^^^ did you mean `Quantity`?
///   columns: InvoiceNo, Quantity, InvoiceDate
///   fix: …
/// ```
package struct DiagnosticRenderer: Sendable {
  /// Whether colours are written, as terminal escape sequences.
  package var isColoured: Bool

  package init(isColoured: Bool = false) { self.isColoured = isColoured }

  /// The widest stretch of a source line that is shown.
  private static let width = 110

  /// The diagnostic as lines without a final newline.
  package func render(_ rendered: RenderedDiagnostic) -> String {
    let diagnostic = rendered.diagnostic
    let severity = diagnostic.severity.rawValue
    let colour = diagnostic.severity == .error ? Style.red : .yellow
    var lines = [
      paint("\(severity) \(diagnostic.code)", colour, bold: true) + paint(": \(diagnostic.message)", bold: true)
    ]
    if let range = diagnostic.range, let place = place(of: range, in: rendered.source) {
      let number = String(place.line)
      let margin = String(repeating: " ", count: max(3, number.unicodeScalars.count))
      let label = String(repeating: " ", count: max(0, 3 - number.unicodeScalars.count)) + number
      lines.append(paint("\(label) |", .blue) + " " + place.text)
      let caret =
        String(repeating: " ", count: place.indent)
        + paint(String(repeating: "^", count: place.length), colour, bold: true)
      lines.append(paint("\(margin) |", .blue) + " " + caret + (diagnostic.hint.map { " " + paint($0, .cyan) } ?? ""))
    } else if let hint = diagnostic.hint {
      lines.append("  " + paint(hint, .cyan))
    }
    lines += diagnostic.details.map { "  \($0)" }
    if let fix = diagnostic.fix { lines.append("  " + paint("fix:", .green, bold: true) + " " + fix) }
    return lines.joined(separator: "\n")
  }

  /// The short form for the value of an error: the message without its place.
  package func headline(_ diagnostic: Diagnostic) -> String { "\(diagnostic.code): \(diagnostic.message)" }

  // MARK: The line

  private struct Place {
    /// From 1.
    var line: Int
    var text: String
    /// Columns before the caret.
    var indent: Int
    var length: Int
  }

  private func place(of range: SourceRange, in source: String) -> Place? {
    let scalars = Array(source.unicodeScalars)
    guard !scalars.isEmpty else { return nil }
    // A fault at the very end is shown behind the last character of the last line that has one.
    var start = min(max(0, range.start), scalars.count)
    if range.start >= scalars.count {
      while start > 0, scalars[start - 1].properties.isWhitespace { start -= 1 }
    }
    var first = start
    while first > 0, scalars[first - 1] != "\n" { first -= 1 }
    var last = start
    while last < scalars.count, scalars[last] != "\n" { last += 1 }
    let line = scalars[..<first].count { $0 == "\n" } + 1
    let end = min(max(range.end, start + 1), max(last, start + 1))
    return cut(Array(scalars[first..<last]), line: line, from: start - first, to: end - first)
  }

  /// A long line is cut around the caret.
  private func cut(_ scalars: [Unicode.Scalar], line: Int, from: Int, to: Int) -> Place {
    var first = 0
    var last = scalars.count
    if scalars.count > DiagnosticRenderer.width {
      first = max(0, min(from - 40, scalars.count - DiagnosticRenderer.width))
      last = min(scalars.count, first + DiagnosticRenderer.width)
    }
    var text = String.UnicodeScalarView()
    if first > 0 { text.append("…") }
    for scalar in scalars[first..<last] {
      text.append(scalar.properties.isWhitespace || scalar.value < 32 ? " " : scalar)
    }
    if last < scalars.count { text.append("…") }
    let shown = scalars[first..<min(max(from, first), last)]
    let indent = (first > 0 ? 1 : 0) + shown.reduce(0) { $0 + DisplayWidth.of($1) } + max(0, from - last)
    let marked = scalars[min(from, last)..<min(max(to, from), last)]
    return Place(
      line: line, text: String(text), indent: indent, length: max(1, marked.reduce(0) { $0 + DisplayWidth.of($1) }))
  }

  // MARK: Colours

  private enum Style: String {
    case red = "31"
    case yellow = "33"
    case blue = "34"
    case green = "32"
    case cyan = "36"
  }

  private func paint(_ text: String, _ style: Style? = nil, bold: Bool = false) -> String {
    guard isColoured, style != nil || bold else { return text }
    let codes = [bold ? "1" : nil, style?.rawValue].compactMap { $0 }.joined(separator: ";")
    return "\u{1B}[\(codes)m\(text)\u{1B}[0m"
  }
}

/// How many columns of a terminal a character takes.
package enum DisplayWidth {
  /// 0 for combining marks, 2 for East Asian wide characters and emoji, otherwise 1.
  package static func of(_ scalar: Unicode.Scalar) -> Int {
    if scalar.isASCII { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
