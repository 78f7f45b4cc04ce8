/// Text in LaTeX documents.
enum LaTeXText {
  /// The text with LaTeX's special characters replaced.
  static func escape(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\textbackslash{}"
      case "{", "}", "$", "&", "#", "%", "_": result += "\\" + String(scalar)
      case "~": result += "\\textasciitilde{}"
      case "^": result += "\\textasciicircum{}"
      case "<": result += "\\textless{}"
      case ">": result += "\\textgreater{}"
      case "–": result += "--"
      case "…": result += "\\ldots{}"
      case "→": result += "$\\rightarrow$"
      case "·": result += "$\\cdot$"
      case "×": result += "$\\times$"
      case "÷": result += "$\\div$"
      case "≥": result += "$\\geq$"
      case "≤": result += "$\\leq$"
      case "−": result += "$-$"
      case "\n", "\t": result += " "
      default: if scalar.value >= 0x20 { result.unicodeScalars.append(scalar) }
      }
    }
    return result
  }
}

/// Writes a table with LaTeX's own commands only, so that it compiles in any document with `graphicx`.
enum LaTeXTable {
  /// More rows than this do not fit on a page, and a scaled table cannot be broken.
  static let mostRows = 40

  static func markup(_ view: TableView, caption: String? = nil) -> String {
    let shown = view.prefix(mostRows)
    guard !shown.headings.isEmpty else { return "" }
    func line(_ cells: [String]) -> String { cells.joined(separator: " & ") + " \\\\\n" }
    let heads = shown.headings.map { "\\textbf{\(LaTeXText.escape($0.name))}" }
    var body = line(heads) + "\\hline\n"
    for row in shown.rows { body += line(row.map { LaTeXText.escape($0 ?? "–") }) }
    let sides = shown.headings.map { $0.isNumber ? "r" : "l" }.joined()
    let table = "\\begin{tabular}{\(sides)}\n\\hline\n\(body)\\hline\n\\end{tabular}"
    // A table that is wider than the line is made smaller; LaTeX itself would let it run off the page.
    return (caption.map { "\\par\\smallskip\\noindent\\textbf{\(LaTeXText.escape($0))}\n" } ?? "")
      + "\\par\\smallskip\\noindent\n\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{\\small\n\(table)}\n"
      + "\\par\\noindent{\\footnotesize \(LaTeXText.escape(shown.countLine))}\\par\n"
  }
}
