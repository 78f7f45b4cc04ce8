#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How numbers are written in a column.
struct NumberStyle: Hashable, Sendable {
  /// The decimal sign.
  var decimal = UInt8(ascii: ".")
  /// Whether digits may be grouped by thousands, with the other of `.` and `,`, a blank or an apostrophe.
  var isGrouped = false
  /// The currency sign that may stand before or after the digits, as it is shown, and its bytes in the file.
  var currency: String?
  var currencyBytes: [UInt8] = []
  /// Whether a percent sign follows; the value is then divided by 100.
  var isPercent = false

  /// Whether numbers are digits and a decimal sign, and nothing else.
  var isPlain: Bool { currency == nil && !isPercent }

  /// A whole number in plain digits, up to 18 of them; nil for anything else, also for a number with leading zeros, which is a
  /// label.
  static func integer(_ field: UnsafeBufferPointer<UInt8>) -> Int64? {
    var reader = FieldReader(field)
    let isNegative = reader.take(UInt8(ascii: "-"))
    let digits = field.count - reader.place
    if digits < 1 || digits > 18 || (digits > 1 && reader.peek == UInt8(ascii: "0")) { return nil }
    guard let number = reader.number(18), reader.isAtEnd else { return nil }
    return Int64(isNegative ? -number.value : number.value)
  }

  /// A number in this style; nil when the field is none.
  func real(_ field: UnsafeBufferPointer<UInt8>) -> Double? {
    if NumberStyle.isLabel(field) { return nil }
    var body = field[...]
    if isPercent {
      guard body.last == UInt8(ascii: "%") else { return nil }
      body = body.dropLast()
    }
    var isNegative = false
    if isGrouped, body.first == UInt8(ascii: "("), body.last == UInt8(ascii: ")") {
      isNegative = true
      body = body.dropFirst().dropLast()
    }
    takeSign(&body, &isNegative)
    if !currencyBytes.isEmpty { body = NumberStyle.without(currencyBytes, body) }
    takeSign(&body, &isNegative)
    body = NumberStyle.trimmed(body)
    guard let value = digits(UnsafeBufferPointer(rebasing: body)) else { return nil }
    let signed = isNegative ? -value : value
    return isPercent ? signed / 100 : signed
  }

  /// Whether every field that the other style reads is read to the same value by this one.
  func readsAll(of other: NumberStyle) -> Bool {
    decimal == other.decimal && isPercent == other.isPercent && (isGrouped || !other.isGrouped)
      && (other.currency == nil || currency == other.currency)
  }

  /// Digits that begin with a zero, or too many for a number: a label.
  private static func isLabel(_ field: UnsafeBufferPointer<UInt8>) -> Bool {
    guard field.count > 1, field[0] == UInt8(ascii: "0") || field.count > 18 else { return false }
    return field.allSatisfy { $0 &- UInt8(ascii: "0") <= 9 }
  }

  private func takeSign(_ body: inout Slice<UnsafeBufferPointer<UInt8>>, _ isNegative: inout Bool) {
    guard let first = body.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+"), !isNegative else { return }
    isNegative = first == UInt8(ascii: "-")
    body = body.dropFirst()
  }

  private static func trimmed(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Slice<UnsafeBufferPointer<UInt8>> {
    var text = text
    while text.first == UInt8(ascii: " ") { text = text.dropFirst() }
    while text.last == UInt8(ascii: " ") { text = text.dropLast() }
    // The no-break space U+00A0 in UTF-8, which French spreadsheets put before the currency.
    while text.count > 2, text.suffix(2).elementsEqual([0xc2, 0xa0]) { text = text.dropLast(2) }
    return text
  }

  /// The text without the sign at its beginning or end.
  private static func without(
    _ sign: [UInt8], _ text: Slice<UnsafeBufferPointer<UInt8>>
  ) -> Slice<UnsafeBufferPointer<UInt8>> {
    let body = trimmed(text)
    if body.starts(with: sign) { return trimmed(body.dropFirst(sign.count)) }
    if body.count > sign.count, body.suffix(sign.count).elementsEqual(sign) {
      return trimmed(body.dropLast(sign.count))
    }
    return body
  }

  /// The value of digits with a decimal sign and groups. Up to 15 digits are exact: an integer divided by a power of ten is
  /// rounded once (Clinger, 1990). Longer numbers and exponents are left to the C library.
  private func digits(_ field: UnsafeBufferPointer<UInt8>) -> Double? {
    var mantissa: Int64 = 0
    var significant = 0
    var sinceSign = 0
    var decimals = -1
    var group: UInt8?
    for byte in field {
      let digit = byte &- UInt8(ascii: "0")
      if digit <= 9 {
        if significant > 15 { return slow(field) }
        mantissa = mantissa &* 10 &+ Int64(digit)
        significant += mantissa == 0 ? 0 : 1
        sinceSign += 1
      } else if byte == decimal, decimals < 0 {
        if group != nil, sinceSign != 3 { return nil }
        decimals = 0
        sinceSign = 0
      } else if isGrouped, decimals < 0, isGroupSign(byte), group ?? byte == byte {
        // Groups have three digits, the first one to three.
        guard sinceSign == 3 || (group == nil && sinceSign > 0 && sinceSign < 3) else { return nil }
        group = byte
        sinceSign = 0
      } else {
        return group == nil ? slow(field) : nil
      }
    }
    if decimals == 0 { decimals = sinceSign } else if group != nil, sinceSign != 3 { return nil }
    let hasDigit = field.contains { $0 &- UInt8(ascii: "0") <= 9 }
    guard hasDigit else { return nil }
    if significant > 15 || decimals > 22 { return slow(field) }
    return Double(mantissa) / NumberParser.powers[max(0, decimals)]
  }

  private func isGroupSign(_ byte: UInt8) -> Bool {
    byte == (decimal == UInt8(ascii: ".") ? UInt8(ascii: ",") : UInt8(ascii: ".")) || byte == UInt8(ascii: " ")
      || byte == UInt8(ascii: "'")
  }

  private func slow(_ field: UnsafeBufferPointer<UInt8>) -> Double? {
    guard field.count < 400 else { return nil }
    var text: [CChar] = []
    var hasDigit = false
    for byte in field {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        hasDigit = true
        text.append(CChar(byte))
      case decimal: text.append(CChar(UInt8(ascii: ".")))
      case UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "-"), UInt8(ascii: "+"):
        guard hasDigit else { return nil }
        text.append(CChar(byte))
      default:
        guard isGrouped, isGroupSign(byte) else { return nil }
      }
    }
    guard hasDigit else { return nil }
    text.append(0)
    return text.withUnsafeMutableBufferPointer { buffer -> Double? in
      guard let base = buffer.baseAddress else { return nil }
      var end: UnsafeMutablePointer<CChar>?
      let value = strtod(base, &end)
      guard let end, end.pointee == 0, value.isFinite else { return nil }
      return value
    }
  }

  /// Currencies as they are written, and the sign that is shown.
  private static let currencies = [
    ("£", "£"), ("$", "$"), ("€", "€"), ("¥", "¥"), ("₹", "₹"), ("US$", "$"), ("USD", "$"), ("EUR", "€"), ("GBP", "£"),
    ("CHF", "CHF"), ("R$", "R$"), ("kr", "kr"), ("zł", "zł"),
  ]

  /// The styles that are tried on a column, plain ones first.
  static func candidates(_ options: CSVOptions) -> [NumberStyle] {
    let sign = options.decimal ?? UInt8(ascii: ".")
    var styles = [NumberStyle(decimal: sign), NumberStyle(decimal: sign, isGrouped: true)]
    for (name, shown) in currencies {
      let bytes = (options.encoding ?? .utf8).bytes(of: name)
      if bytes.isEmpty { continue }
      styles.append(NumberStyle(decimal: sign, isGrouped: true, currency: shown, currencyBytes: bytes))
    }
    styles.append(NumberStyle(decimal: sign, isGrouped: true, isPercent: true))
    return styles
  }

  /// Which sign is the decimal one, by fields such as `2,55` or `1.234,50` that can be read in one way only; nil when there is
  /// none such.
  static func decimalSign(_ fields: some Sequence<[UInt8]>) -> UInt8? {
    var points = 0
    var commas = 0
    for field in fields where field.count < 32 {
      guard let last = field.lastIndex(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",") }) else { continue }
      let other = field[last] == UInt8(ascii: ".") ? UInt8(ascii: ",") : UInt8(ascii: ".")
      let behind = field[(last + 1)...].prefix { $0 &- UInt8(ascii: "0") <= 9 }.count
      // Three digits may be thousands, unless a zero or a group of the other sign stands before.
      let before = field[..<last].drop { $0 &- UInt8(ascii: "0") > 9 }
      let isCertain = behind != 3 || before.contains(other) || before.elementsEqual([UInt8(ascii: "0")])
      guard behind > 0, isCertain, before.allSatisfy({ $0 &- UInt8(ascii: "0") <= 9 || $0 == other }), !before.isEmpty,
        isNumber(field, decimal: field[last])
      else { continue }
      if field[last] == UInt8(ascii: ".") { points += 1 } else { commas += 1 }
    }
    if points == 0, commas == 0 { return nil }
    return commas > points ? UInt8(ascii: ",") : UInt8(ascii: ".")
  }

  /// Whether some style with this decimal sign reads the field.
  private static func isNumber(_ field: [UInt8], decimal: UInt8) -> Bool {
    var options = CSVOptions()
    options.decimal = decimal
    return field.withUnsafeBufferPointer { text in candidates(options).contains { $0.real(text) != nil } }
  }
}
