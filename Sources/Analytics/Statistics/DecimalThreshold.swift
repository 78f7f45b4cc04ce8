/// A threshold such as 30 % as an exact fraction, so that a ratio of two counts can be compared with it without rounding.
///
/// `0.3` as a binary number lies a little below three tenths, and `3.0 / 10` may land on either side of it. The number that
/// was meant is the shortest decimal that reads back as the same double (Steele and White 1990), and that is what is kept.
package struct DecimalThreshold: Hashable, Sendable {
  /// The value, `numerator / denominator`.
  package let value: Double
  let numerator: UInt128
  let denominator: UInt128

  /// The exact decimal of a finite number ≥ 0; nil for negative numbers, infinities and NaN.
  ///
  /// Digits beyond the 18th decimal place are cut, which is finer than any ratio of counts below 10⁹.
  package init?(_ value: Double) {
    guard value.isFinite, value >= 0, value < 1e15 else { return nil }
    var digits: UInt128 = 0
    var places = 0
    var exponent = 0
    var afterPoint = false
    let text = value.description
    var rest = text.utf8.makeIterator()
    while let byte = rest.next() {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        digits = digits * 10 + UInt128(byte - UInt8(ascii: "0"))
        if afterPoint { places += 1 }
      case UInt8(ascii: "."): afterPoint = true
      case UInt8(ascii: "e"):
        exponent = Int(text.drop { $0 != "e" }.dropFirst()) ?? 0
        while rest.next() != nil {}
      default: return nil
      }
    }
    places -= exponent
    while places < 0 {
      digits *= 10
      places += 1
    }
    while places > 18 {
      digits /= 10
      places -= 1
    }
    var scale: UInt128 = 1
    for _ in 0..<places { scale *= 10 }
    self.value = value
    numerator = digits
    denominator = scale
  }

  /// The smallest whole count that is at least this share of `total`.
  package func leastCount(of total: Int) -> Int {
    let product = numerator.multipliedReportingOverflow(by: UInt128(max(total, 0)))
    guard !product.overflow else { return Int.max }
    let quotient = product.partialValue / denominator
    let rounded = quotient * denominator == product.partialValue ? quotient : quotient + 1
    return Int(exactly: rounded) ?? Int.max
  }

  /// Whether `part / whole` is at least the threshold, for counts ≥ 0 with products below 2⁶³; false when `whole` is 0.
  package func isReached(by part: UInt128, of whole: UInt128) -> Bool {
    guard whole > 0 else { return false }
    let left = part.multipliedReportingOverflow(by: denominator)
    let right = numerator.multipliedReportingOverflow(by: whole)
    if left.overflow || right.overflow { return Double(part) / Double(whole) >= value }
    return left.partialValue >= right.partialValue
  }
}
