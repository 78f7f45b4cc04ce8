import Charts
import Columnar

/// Writes cards of single numbers: words, which can be copied, and a small picture of each history.
enum HTMLCards {
  private static let card =
    "display:inline-block;vertical-align:top;min-width:150px;margin:0 10px 10px 0;padding:10px 14px;"
    + "border:1px solid rgba(128,128,128,0.3);border-radius:8px"

  static func markup(_ cards: [Card]) -> String {
    var html = "<div style=\"margin:4px 0\">\n"
    for item in cards {
      html += "<div style=\"\(card)\">\n"
      html += "<div style=\"font-size:0.85em;opacity:0.75\">\(HTMLText.escape(item.label))</div>\n"
      html += "<div style=\"font-size:1.6em;font-weight:600;line-height:1.3;white-space:nowrap\">"
      html += "\(HTMLText.escape(item.value))</div>\n"
      if let change = item.change {
        html += "<div style=\"font-size:0.85em;color:\(color(item.trend))\">\(HTMLText.escape(change))</div>\n"
      }
      if let picture = sparkline(item.history) {
        html += "<img alt=\"history of \(HTMLText.escape(item.label))\" width=\"140\" height=\"28\" "
        html += "style=\"display:block;margin:4px 0 0\" src=\"data:image/svg+xml;base64,\(picture)\">\n"
      }
      html += "</div>\n"
    }
    return html + "</div>\n"
  }

  private static func color(_ trend: Card.Trend) -> String {
    switch trend {
    case .better: Palette.gain
    case .worse: Palette.loss
    case .neutral: "inherit;opacity:0.7"
    }
  }

  /// A line of the last values in base64; nil when there are fewer than two.
  private static func sparkline(_ history: [Double]) -> String? {
    let values = history.filter(\.isFinite)
    guard values.count > 1, let low = values.min(), let high = values.max() else { return nil }
    let points = values.enumerated().map { index, value in
      let x = 2 + 136 * Double(index) / Double(values.count - 1)
      let y = high > low ? 25 - 22 * (value - low) / (high - low) : 14
      return FixedPoint.digits(x, decimals: 1) + "," + FixedPoint.digits(y, decimals: 1)
    }
    let svg =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"140\" height=\"28\"><polyline fill=\"none\" stroke=\"\(Palette.series(0))\" "
      + "stroke-width=\"1.6\" points=\"\(points.joined(separator: " "))\"/></svg>"
    return Base64.encode(Array(svg.utf8))
  }
}
