import MartletLanguage

/// Writes the notes under a result.
enum HTMLNotes {
  /// One line a kind of note; warnings first and marked.
  static func markup(_ lines: [NoteLine]) -> String {
    guard !lines.isEmpty else { return "" }
    var html = "<div style=\"font-size:0.88em;line-height:1.5;max-width:860px;margin:4px 0 8px\">\n"
    for line in lines {
      let mark = line.isWarning ? "border-left:3px solid #dc9217;padding-left:8px" : "padding-left:11px;opacity:0.82"
      html +=
        "<div style=\"\(mark)\"><span style=\"font-weight:600\">\(HTMLText.escape(line.label)):</span> "
        + "\(HTMLText.escape(line.text))</div>\n"
    }
    return html + "</div>\n"
  }
}

/// The notes of one kind, joined.
package struct NoteLine: Hashable, Sendable {
  package var label: String
  package var text: String
  package var isWarning: Bool

  /// `Assumed: customer = CustomerID · order = InvoiceNo`.
  package var plain: String { "\(label): \(text)" }

  /// The lines of some notes, in the order of their kinds; equal notes are said once.
  package static func lines(_ notes: [Note], chart: [String] = []) -> [NoteLine] {
    var lines = Note.Kind.allCases.compactMap { kind -> NoteLine? in
      var texts: [String] = []
      for note in notes where note.kind == kind && !texts.contains(note.text) { texts.append(note.text) }
      guard !texts.isEmpty else { return nil }
      return NoteLine(label: kind.rawValue, text: texts.joined(separator: " · "), isWarning: kind == .warning)
    }
    if !chart.isEmpty { lines.append(NoteLine(label: "Chart", text: chart.joined(separator: " · "), isWarning: false)) }
    return lines
  }
}
