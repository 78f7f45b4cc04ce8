/// A piece of a report: any of a title, a sentence, tables and notes, in all three markups.
struct ResultPage {
  var title: String?
  var headline: String?
  var receipt: String?
  var tables: [(caption: String?, view: TableView)] = []
  var notes: [NoteLine] = []

  /// Whether there is nothing to show.
  var isEmpty: Bool { title == nil && headline == nil && receipt == nil && tables.isEmpty && notes.isEmpty }

  /// The page as HTML, LaTeX for print, and text.
  var bundle: DisplayBundle {
    DisplayBundle([
      DisplayBundle.Part("text/html", .text(html)), DisplayBundle.Part("text/latex", .text(latex)),
      DisplayBundle.Part("text/plain", .text(text)),
    ])
  }

  private var html: String {
    (title.map(HTMLText.title) ?? "") + (headline.map(HTMLText.headline) ?? "")
      + (receipt.map { "<div style=\"margin:2px 0\">\(HTMLText.escape($0))</div>\n" } ?? "")
      + tables.map { HTMLTable.markup($0.view, caption: $0.caption) }.joined() + HTMLNotes.markup(notes)
  }

  private var latex: String {
    func paragraph(_ text: String) -> String { "\\par\\noindent \(text)\\par\n" }
    return (title.map { paragraph("\\textbf{\\large \(LaTeXText.escape($0))}") } ?? "")
      + (headline.map { paragraph(LaTeXText.escape($0)) } ?? "")
      + (receipt.map { paragraph(LaTeXText.escape($0)) } ?? "")
      + tables.map { LaTeXTable.markup($0.view, caption: $0.caption) }.joined()
      + notes.map {
        paragraph("{\\footnotesize \\textbf{\(LaTeXText.escape($0.label)):} \(LaTeXText.escape($0.text))}")
      }.joined()
  }

  private var text: String {
    let parts =
      [title, headline, receipt].compactMap { $0 }
      + tables.map { TextTable.markup($0.view, caption: $0.caption).trimmingLastNewline }
      + (notes.isEmpty ? [] : [notes.map(\.plain).joined(separator: "\n")])
    return parts.joined(separator: "\n")
  }
}

extension String {
  fileprivate var trimmingLastNewline: String { last == "\n" ? String(dropLast()) : self }
}
