import Columnar

/// Reads a date, moment or period from a text, in the forms that a cell has for them.
enum DateLiteral {
  /// The value, or nil when the text spells none.
  static func value(_ text: String) -> Value? {
    var scalars = Array(text.unicodeScalars)
    // Translators write `2011-12-09 08:26:00`.
    if scalars.count > 10, scalars[10] == " " { scalars[10] = "T" }
    let list = Lexer.read(scalars)
    guard list.diagnostics.isEmpty, list.tokens.count == 1, case .literal(let value, .plain)? = list.tokens.first?.kind
    else { return nil }
    switch value {
    case .date, .datetime, .period: return value
    case .integer(let year) where (1000...9999).contains(year):
      return CivilDate(year: Int(year), month: 1, day: 1).map { .period(Period(.year, containing: $0)) }
    default: return nil
    }
  }
}
