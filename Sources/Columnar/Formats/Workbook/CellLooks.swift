/// What the number format of a cell makes of its number.
enum CellLook: Hashable, Sendable {
  case plain
  /// A day, with or without a time.
  case date
  /// A time of day.
  case clock
  /// A length of time.
  case elapsed
  case percent
  case currency(String)
}

/// The number formats of a workbook's cells.
final class CellLooks: XMLHandler {
  /// The look of each style, by its number.
  private(set) var all: [CellLook] = []
  private var custom: [Int: String] = [:]
  private var isInCellStyles = false

  override func start(_ name: XMLName, _ attributes: XMLAttributes) {
    if name == "numFmt" {
      if let id = attributes.text("numFmtId").flatMap({ Int($0) }) { custom[id] = attributes.text("formatCode") }
    } else if name == "cellXfs" {
      isInCellStyles = true
    } else if isInCellStyles, name == "xf", all.count < 1 << 20 {
      let id = attributes.text("numFmtId").flatMap { Int($0) } ?? 0
      all.append(custom[id].map(CellLooks.look) ?? CellLooks.builtIn(id))
    }
  }

  override func end(_ name: XMLName) {
    if name == "cellXfs" { isInCellStyles = false }
  }

  /// The formats that need no text in the file (ECMA-376, part 1, 18.8.30), the East Asian dates among them.
  private static func builtIn(_ id: Int) -> CellLook {
    switch id {
    case 14...17, 22, 27...31, 36, 50...54, 57, 58: .date
    case 18...21, 32...35, 45, 47, 55, 56: .clock
    case 46: .elapsed
    case 9, 10: .percent
    default: .plain
    }
  }

  /// What a format of somebody's own says: letters of dates count outside of quotes and brackets only.
  static func look(_ format: String) -> CellLook {
    var (hasDay, hasClock, hasMonthOrMinute, isPercent) = (false, false, false, false)
    var sign: String?
    var characters = Array(format.unicodeScalars)[...]
    while let character = characters.popFirst() {
      switch character {
      case "\"":
        let quoted = characters.prefix { $0 != "\"" }
        characters = characters.dropFirst(quoted.count + 1)
        sign = sign ?? currency(quoted)
      case "\\", "_", "*":
        // The next character is shown, or is as wide as a blank, or fills the cell.
        let next = characters.popFirst()
        if character == "\\", let next { sign = sign ?? currency([next]) }
      case "[":
        let inner = characters.prefix { $0 != "]" }
        characters = characters.dropFirst(inner.count + 1)
        if let first = inner.first, !inner.isEmpty,
          inner.allSatisfy({ $0 == first }), "hHmMsS".unicodeScalars.contains(first)
        {
          return .elapsed
        }
        if inner.first == "$" { sign = sign ?? currency(inner.dropFirst().prefix { $0 != "-" }) }
      // Formats of negative numbers, zero and text follow.
      case ";": characters = []
      case "y", "Y", "d", "D": hasDay = true
      case "h", "H", "s", "S": hasClock = true
      case "m", "M": hasMonthOrMinute = true
      case "%": isPercent = true
      default: sign = sign ?? currency([character])
      }
    }
    if hasDay { return .date }
    if hasClock { return .clock }
    if hasMonthOrMinute { return .date }
    if isPercent { return .percent }
    return sign.map { .currency($0) } ?? .plain
  }

  private static func currency(_ text: some Sequence<UnicodeScalar>) -> String? {
    var name = ""
    for scalar in text where scalar != " " && scalar != "\u{a0}" { name.unicodeScalars.append(scalar) }
    let known = [
      "$": "$", "€": "€", "£": "£", "¥": "¥", "₹": "₹", "US$": "$", "USD": "$", "EUR": "€", "GBP": "£", "CHF": "CHF",
      "R$": "R$", "kr": "kr", "kr.": "kr", "zł": "zł",
    ]
    return known[name]
  }
}
