import MartletLanguage

/// Texts laid out in the columns of a terminal.
enum TerminalWidth {
  /// How many columns the text takes.
  static func of(_ text: String) -> Int { text.unicodeScalars.reduce(0) { $0 + DisplayWidth.of($1) } }

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
