/// Markup that is safe anywhere: every value is escaped, looks are `style=` attributes, and no colour is fixed that could
/// vanish on a light or a dark page.
enum HTMLText {
  /// The text with HTML's special characters replaced; control characters are left out.
  static func escape(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default:
        if scalar.value >= 0x20 || scalar == "\n" || scalar == "\t" { result.unicodeScalars.append(scalar) }
      }
    }
    return result
  }

  /// A line above a result.
  static func title(_ text: String) -> String {
    "<div style=\"font-size:1.15em;font-weight:600;margin:4px 0 2px\">\(escape(text))</div>\n"
  }

  /// The finding in a sentence.
  static func headline(_ text: String) -> String {
    "<div style=\"margin:2px 0 6px;max-width:760px;line-height:1.45\">\(escape(text))</div>\n"
  }

  /// A small line that is read second.
  static func small(_ text: String) -> String {
    "<div style=\"font-size:0.85em;opacity:0.7;margin:2px 0\">\(escape(text))</div>\n"
  }
}
