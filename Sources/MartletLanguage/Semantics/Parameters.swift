import Columnar

/// Converts the value that a tool such as papermill assigns to the type that the cell has declared.
enum ParameterConversion {
  /// The value in the type of the declared one; nil when it does not fit.
  static func convert(_ value: Value, like declared: Value) -> Value? {
    switch (declared, value) {
    case (.missing, _), (_, .missing): return value
    case (.integer, .integer), (.text, .text), (.boolean, .boolean), (.date, .date), (.datetime, .datetime),
      (.period, .period), (.duration, .duration), (.list, .list), (.real, .real):
      return value
    case (.real, .integer(let i)): return .real(Double(i))
    case (.integer, .real(let d)): return Int64(exactly: d).map { .integer($0) }
    case (.date, .text(let text)):
      switch DateLiteral.value(text) {
      case .date(let date)?: return .date(date)
      case .datetime(let time)?: return .date(time.date)
      default: return nil
      }
    case (.datetime, .text(let text)):
      switch DateLiteral.value(text) {
      case .date(let date)?: return .datetime(Timestamp(date))
      case .datetime(let time)?: return .datetime(time)
      default: return nil
      }
    case (.datetime, .date(let date)): return .datetime(Timestamp(date))
    case (.date, .datetime(let time)): return .date(time.date)
    case (.period(let p), .text(let text)):
      if case .period(let period)? = DateLiteral.value(text), period.grain == p.grain { return .period(period) }
      return nil
    case (.integer, .text(let text)): return Int64(text).map { .integer($0) }
    case (.real, .text(let text)): return Double(text).flatMap { $0.isFinite ? .real($0) : nil }
    case (.text, .integer), (.text, .real), (.text, .date): return .text(ValueText.plain(value))
    case (.boolean, .text(let text)): return ["true": true, "false": false][text.lowercased()].map { .boolean($0) }
    case (.duration, .text(let text)):
      if case .literal(.duration(let d), _)? = Parser.expression(text)?.kind { return .duration(d) }
      return nil
    default: return nil
    }
  }
}

/// Words that translators of other languages write for values: `True`, `None`, `float('nan')`.
enum ForeignWords {
  /// The same expression with foreign words replaced; names of the session are left alone.
  static func read(_ syntax: ExprSyntax, _ scope: Scope) -> ExprSyntax {
    switch syntax.kind {
    case .name(let name):
      guard scope.parameters[name] == nil, let value = words[name] else { return syntax }
      return ExprSyntax(.literal(value, .plain), syntax.range)
    case .call(let name, let arguments) where name.text == "float" && arguments.count == 1:
      return ExprSyntax(.literal(.missing, .plain), syntax.range)
    case .list(let items): return ExprSyntax(.list(items.map { read($0, scope) }), syntax.range)
    default: return syntax
    }
  }

  private static let words: [String: Value] = [
    "True": .boolean(true), "TRUE": .boolean(true), "False": .boolean(false), "FALSE": .boolean(false),
    "None": .missing, "nothing": .missing, "NULL": .missing, "null": .missing, "nan": .missing, "NA": .missing,
  ]
}
