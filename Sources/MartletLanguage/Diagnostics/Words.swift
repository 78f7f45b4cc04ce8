/// Small pieces of sentences that many messages need.
package enum Words {
  /// `1 row`, `3 rows`, `12,345 rows`.
  package static func count(_ n: Int, _ noun: String, plural: String? = nil) -> String {
    "\(grouped(n)) \(n == 1 ? noun : plural ?? noun + "s")"
  }

  /// The number with commas between thousands.
  package static func grouped(_ n: Int) -> String {
    let digits = Array(String(n.magnitude))
    var text = n < 0 ? "-" : ""
    for (i, digit) in digits.enumerated() {
      if i > 0, (digits.count - i) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }

  /// Names with commas, cut after a number of them.
  package static func list(_ names: [String], limit: Int) -> String {
    guard names.count > limit else { return names.joined(separator: ", ") }
    return names.prefix(limit).joined(separator: ", ") + " … (\(names.count) in all)"
  }

  /// `a number`, `text`, `missing`.
  package static func article(_ type: String) -> String {
    switch type {
    case "text", "missing", "money", "bool": type == "bool" ? "a truth value" : type
    default: type.first.map { "AEIOaeio".contains($0) } ?? false ? "an \(type)" : "a \(type)"
    }
  }

  /// A column's name as it is written in a cell: in backticks when it is not a plain name.
  package static func quotedName(_ name: String) -> String {
    let scalars = name.unicodeScalars
    guard let first = scalars.first, Lexer.startsName(first), scalars.allSatisfy(Lexer.continuesName),
      !ReservedWords.all.contains(name)
    else { return "`\(name)`" }
    return name
  }

  /// `0 and 5`, for a message about a value out of bounds.
  static func bounds(_ bounds: ClosedRange<Double>) -> String {
    "\(ValueText.number(bounds.lowerBound)) and \(bounds.upperBound.isInfinite ? "infinity" : ValueText.number(bounds.upperBound))"
  }

  /// `1 and 100`, for a message about a whole number out of bounds.
  static func bounds(_ bounds: ClosedRange<Int>) -> String {
    "\(grouped(bounds.lowerBound)) and \(grouped(bounds.upperBound))"
  }
}
