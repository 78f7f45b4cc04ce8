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
  /// The currency sign that stands before or after the digits.
  var currency: String?
  /// Whether a percent sign follows; the value is then divided by 100.
  var isPercent = false

  /// A whole number in plain digits; nil for anything else, also for a number with leading zeros, which is a label.
  @inline(__always)
  static func integer(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
    var place = 0
    var isNegative = false
    if bytes[0] == UInt8(ascii: "-") || bytes[0] == UInt8(ascii: "+") {
      isNegative = bytes[0] == UInt8(ascii: "-")
      place = 1
    }
    let digits = bytes.count - place
    if digits <= 0 || digits > 18 { return nil }
    if digits > 1, bytes[place] == UInt8(ascii: "0") { return nil }
    var value: Int64 = 0
    while place < bytes.count {
      let digit = bytes[place] &- UInt8(ascii: "0")
      if digit > 9 { return nil }
      value = value &* 10 &+ Int64(digit)
      place += 1
    }
    return isNegative ? -value : value
  }

  private static let powers: [Double] = (0...22).map { pow(10.0, Double($0)) }

  /// A number in this style. Up to 15 digits are exact: an integer divided by a power of ten is rounded once (Clinger 1990).
  func real(_ field: UnsafeBufferPointer<UInt8>) -> Double? {
    var bytes = field
    if currency != nil || isPercent { bytes = stripped(field) }
    guard !bytes.isEmpty else { return nil }
    var place = 0
    var isNegative = false
    if bytes[0] == UInt8(ascii: "-") || bytes[0] == UInt8(ascii: "+") {
      isNegative = bytes[0] == UInt8(ascii: "-")
      place = 1
    }
    var mantissa: Int64 = 0
    var digits = 0
    var decimals = -1
    while place < bytes.count {
      let byte = bytes[place]
      let digit = byte &- UInt8(ascii: "0")
      if digit <= 9 {
        mantissa = mantissa &* 10 &+ Int64(digit)
        digits += mantissa == 0 ? 0 : 1
        if decimals >= 0 { decimals += 1 }
        if digits > 15 { return slow(bytes) }
      } else if byte == decimal, decimals < 0 {
        decimals = 0
      } else if isGrouped, decimals < 0, isGroupSign(byte), place > 0 {
        // Checked whole: three digits must follow each group sign.
        guard isThreeDigits(bytes, place + 1) else { return nil }
      } else {
        return slow(bytes)
      }
      place += 1
    }
    let hasDigit = bytes.contains { $0 &- UInt8(ascii: "0") <= 9 }
    if !hasDigit || decimals > 22 { return nil }
    let value = Double(mantissa) / NumberStyle.powers[max(0, decimals)]
    let signed = isNegative ? -value : value
    return isPercent ? signed / 100 : signed
  }

  private func isGroupSign(_ byte: UInt8) -> Bool {
    byte == (decimal == UInt8(ascii: ".") ? UInt8(ascii: ",") : UInt8(ascii: ".")) || byte == UInt8(ascii: " ")
      || byte == UInt8(ascii: "'")
  }

  private func isThreeDigits(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Bool {
    guard start + 3 <= bytes.count else { return false }
    for place in start..<start + 3 where bytes[place] &- UInt8(ascii: "0") > 9 { return false }
    return start + 3 == bytes.count || bytes[start + 3] &- UInt8(ascii: "0") > 9
  }

  /// Exponents and long mantissas, by the C library.
  private func slow(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    guard bytes.count < 64 else { return nil }
    var text: [CChar] = []
    var digits = 0
    var isWhole = true
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        digits += 1
        text.append(CChar(byte))
      case decimal:
        isWhole = false
        text.append(CChar(UInt8(ascii: ".")))
      case UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "-"), UInt8(ascii: "+"): text.append(CChar(byte))
      default:
        if isGrouped, isWhole, isGroupSign(byte) { continue }
        return nil
      }
    }
    guard digits > 0 else { return nil }
    text.append(0)
    var end: UnsafeMutablePointer<CChar>?
    return text.withUnsafeMutableBufferPointer { buffer -> Double? in
      guard let base = buffer.baseAddress else { return nil }
      let value = strtod(base, &end)
      guard let end, end.pointee == 0, value.isFinite else { return nil }
      return isPercent ? value / 100 : value
    }
  }

  private func stripped(_ field: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var bytes = field
    func trim() {
      while let first = bytes.first, first == UInt8(ascii: " ") {
        bytes = UnsafeBufferPointer(rebasing: bytes.dropFirst())
      }
      while let last = bytes.last, last == UInt8(ascii: " ") { bytes = UnsafeBufferPointer(rebasing: bytes.dropLast()) }
    }
    trim()
    if isPercent {
      guard bytes.last == UInt8(ascii: "%") else { return bytes }
      bytes = UnsafeBufferPointer(rebasing: bytes.dropLast())
      trim()
      return bytes
    }
    guard let currency else { return bytes }
    let sign = Array(currency.utf8)
    if bytes.starts(with: sign) {
      bytes = UnsafeBufferPointer(rebasing: bytes.dropFirst(sign.count))
    } else if bytes.count > sign.count, bytes.suffix(sign.count).elementsEqual(sign) {
      bytes = UnsafeBufferPointer(rebasing: bytes.dropLast(sign.count))
    }
    trim()
    return bytes
  }

  /// The styles that are tried on a column, plain ones first.
  static func candidates(decimal: UInt8?) -> [NumberStyle] {
    let point = UInt8(ascii: ".")
    let comma = UInt8(ascii: ",")
    let signs = decimal.map { [$0] } ?? [point, comma]
    var styles = signs.flatMap { [NumberStyle(decimal: $0), NumberStyle(decimal: $0, isGrouped: true)] }
    // A point alone is the commoner decimal sign; grouping is looked at after both plain forms.
    styles.sort { !$0.isGrouped && $1.isGrouped }
    for sign in signs {
      for currency in ["£", "$", "€", "¥", "₹", "USD", "EUR", "GBP"] {
        styles.append(NumberStyle(decimal: sign, isGrouped: true, currency: currency))
      }
      styles.append(NumberStyle(decimal: sign, isGrouped: true, isPercent: true))
    }
    return styles
  }
}
