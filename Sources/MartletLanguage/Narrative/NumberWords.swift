import Columnar

/// Numbers of facts as they stand in a sentence or a note.
enum NumberWords {
  /// `33.4 %`.
  static func share(_ value: Double, decimals: Int = 1) -> String { ValueFormat.percent(decimals).text(value) }

  /// An amount in the unit of its column: `£1,335`, `12,450`.
  static func amount(_ value: Double, _ measure: Measure) -> String {
    ValueFormat(Field("amount", .real, measure: measure), .real([value])).text(value)
  }

  /// `1.25`, `12`, with at most two decimals.
  static func plain(_ value: Double, decimals: Int = 2) -> String {
    ValueFormat.number(value == value.rounded() ? 0 : decimals).text(value)
  }

  /// `a`, `a and b`, `a, b and c`.
  static func list(_ parts: [String], last word: String = "and") -> String {
    guard let last = parts.last, parts.count > 1 else { return parts.first ?? "" }
    return parts.dropLast().joined(separator: ", ") + " \(word) " + last
  }
}
