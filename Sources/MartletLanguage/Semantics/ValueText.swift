import Columnar

extension Value {
  /// The value as it may be shown: a text without the password of an address.
  var withoutPassword: Value { if case .text(let text) = self { .text(SourceAddress.redacted(text)) } else { self } }
}

/// Values as text inside sentences and interpolated texts.
package enum ValueText {
  /// The value as an analyst writes it: no thousands separators, percent with its sign.
  package static func plain(_ value: Value, _ measure: Measure = .plain) -> String {
    switch value {
    case .missing: "–"
    case .integer(let i): String(i)
    case .real(let d): measure == .percent ? number(d * 100) + "%" : number(d)
    case .text(let t): t
    case .boolean(let b): b ? "true" : "false"
    case .date(let d): d.description
    case .datetime(let t): t.description
    case .period(let p): p.description
    case .duration(let d): duration(d)
    case .list(let values): "[" + values.map { source($0) }.joined(separator: ", ") + "]"
    }
  }

  /// The value as it would be written in a cell; an address without its password.
  package static func source(_ value: Value, _ measure: Measure = .plain) -> String {
    switch value {
    case .text(let t):
      "\"" + SourceAddress.redacted(t).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    case .missing: "missing"
    case .datetime(let t): t.description.replacing(" ", with: "T")
    default: plain(value, measure)
    }
  }

  /// The shortest digits that give the number back, after rounding away the noise of binary fractions.
  static func number(_ d: Double) -> String {
    guard d.isFinite else { return "–" }
    if let whole = Int64(exactly: d) { return String(whole) }
    let scaled = (d * 1e12).rounded() / 1e12
    let cleaned = abs(d) < 1e3 && abs(d) >= 1e-3 && scaled.isFinite ? scaled : d
    if let whole = Int64(exactly: cleaned) { return String(whole) }
    return String(cleaned)
  }

  /// `90 days`, `3 months`, `12 hours`.
  package static func duration(_ d: CalendarDuration) -> String {
    func count(_ n: Int, _ unit: String) -> String { "\(n) \(unit)\(n == 1 ? "" : "s")" }
    var parts: [String] = []
    if d.months != 0 { parts.append(d.months % 12 == 0 ? count(d.months / 12, "year") : count(d.months, "month")) }
    if d.days != 0 { parts.append(count(d.days, "day")) }
    if d.microseconds != 0 { parts.append(count(Int(d.microseconds / Timestamp.perHour), "hour")) }
    return parts.isEmpty ? "0 days" : parts.joined(separator: " ")
  }
}
