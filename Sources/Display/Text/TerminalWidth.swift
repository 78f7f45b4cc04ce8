/// How many columns of a terminal a text takes.
enum TerminalWidth {
  /// Two for the wide letters of East Asia and for pictographs, none for combining marks, one for all others
  /// (Unicode Standard Annex 11, simplified to blocks).
  static func of(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + of($1) }
  }

  private static func of(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x0300...0x036F, 0x200B...0x200F, 0xFE00...0xFE0F, 0x20D0...0x20FF: 0
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      2
    default: 1
    }
  }

  /// The text, filled with spaces on one side.
  static func pad(_ text: String, to width: Int, right: Bool) -> String {
    let fill = String(repeating: " ", count: max(0, width - of(text)))
    return right ? fill + text : text + fill
  }

  /// The text, cut with `…` where it is wider.
  static func cut(_ text: String, to width: Int) -> String {
    guard of(text) > width else { return text }
    var kept = ""
    var used = 0
    for character in text {
      let next = of(String(character))
      guard used + next < width else { break }
      kept.append(character)
      used += next
    }
    return kept + "…"
  }
}

/// Writes a table as aligned text.
package enum TextTable {
  /// Wider columns are cut in text; the other forms show all.
  private static let widest = 48

  /// The table, with its true number of rows below it.
  package static func markup(_ view: TableView, caption: String? = nil) -> String {
    guard !view.headings.isEmpty else { return "no columns\n" }
    let cells = view.rows.map { row in row.map { TerminalWidth.cut($0 ?? "–", to: widest) } }
    let widths = view.headings.indices.map { index in
      max(TerminalWidth.of(view.headings[index].name), cells.map { TerminalWidth.of($0[index]) }.max() ?? 0)
    }
    func line(_ texts: [String]) -> String {
      var line = texts.enumerated().map { index, text in
        TerminalWidth.pad(text, to: widths[index], right: view.headings[index].isNumber)
      }.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }
    return (caption.map { $0 + "\n" } ?? "") + line(view.headings.map(\.name))
      + widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ") + "\n" + cells.map(line).joined()
      + view.countLine + "\n"
  }
}
