import Columnar

/// Writes a table as self-contained HTML.
package enum HTMLTable {
  /// The most bytes of a table: larger ones make notebooks slow.
  package static let mostBytes = 200_000

  private static let cell = "padding:3px 10px;border-bottom:1px solid rgba(128,128,128,0.18);vertical-align:top"
  private static let head =
    "padding:4px 10px;border-bottom:1.5px solid rgba(128,128,128,0.55);vertical-align:bottom;font-weight:600"

  /// The table, with its true number of rows below it.
  package static func markup(_ view: TableView, caption: String? = nil) -> String {
    guard !view.headings.isEmpty else { return HTMLText.small("no columns") }
    var html = "<div style=\"overflow-x:auto;margin:4px 0 8px\">\n"
    if let caption { html += "<div style=\"font-weight:600;margin:4px 0\">\(HTMLText.escape(caption))</div>\n" }
    html +=
      "<table style=\"border-collapse:collapse;font-variant-numeric:tabular-nums;margin:0;border:none\">\n<thead><tr>"
    for heading in view.headings {
      let side = heading.isNumber ? "right" : "left"
      html += "<th align=\"\(side)\" style=\"text-align:\(side);\(head)\">\(HTMLText.escape(heading.name))</th>"
    }
    html += "</tr></thead>\n<tbody>\n"
    let foot = 400
    var shown = 0
    for row in view.rows.indices {
      let line = markup(view, row: row)
      guard html.utf8.count + line.utf8.count + foot <= mostBytes else { break }
      html += line
      shown += 1
    }
    let visible = shown == view.rows.count ? view : view.prefix(shown)
    return html + "</tbody>\n</table>\n" + HTMLText.small(visible.countLine) + "</div>\n"
  }

  private static func markup(_ view: TableView, row: Int) -> String {
    var html = view.isPale[row] ? "<tr style=\"opacity:0.6\">" : "<tr>"
    for (index, heading) in view.headings.enumerated() {
      let side = heading.isNumber ? "right" : "left"
      var style = "text-align:\(side);\(cell)"
      let isShort = (view.rows[row][index]?.count ?? 0) <= 34
      style += heading.isNumber || isShort ? ";white-space:nowrap" : ";min-width:180px;max-width:420px"
      if let share = view.shares[row][index] {
        let stop = FixedPoint.digits(share * 100, decimals: 1)
        style += ";background:linear-gradient(90deg,rgba(47,111,191,0.2) \(stop)%,transparent \(stop)%)"
      }
      let words =
        view.rows[row][index].map(HTMLText.escape) ?? "<span style=\"opacity:0.5\">\(ValueFormat.missing)</span>"
      html += "<td align=\"\(side)\" style=\"\(style)\">\(words)</td>"
    }
    return html + "</tr>\n"
  }
}
