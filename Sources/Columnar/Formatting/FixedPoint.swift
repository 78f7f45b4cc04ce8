#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Writes numbers as decimal digits, always with `.` before the decimals, whatever the machine's locale is.
public enum FixedPoint {
  /// The number with exactly this many decimals (0…17), correctly rounded from its binary value, with `-0` written as `0`.
  ///
  /// Infinities are `∞` and `-∞`; a NaN, which no column holds, is `–`.
  public static func digits(_ number: Double, decimals: Int) -> String {
    if number.isNaN { return "–" }
    if number.isInfinite { return number < 0 ? "-∞" : "∞" }
    let places = max(0, min(17, decimals))
    var buffer = [CChar](repeating: 0, count: 400)
    let length = withVaList([Int32(places), number]) { vsnprintf(&buffer, buffer.count, "%.*f", $0) }
    guard length > 0, Int(length) < buffer.count else { return "\(number)" }
    let text = String(decoding: buffer[..<Int(length)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard text.hasPrefix("-"), !text.utf8.contains(where: { $0 >= 0x31 && $0 <= 0x39 }) else { return text }
    return String(text.dropFirst())
  }

  /// The digits with a comma between thousands: `-1234.5` becomes `-1,234.5`.
  public static func grouped(_ digits: String) -> String {
    let bytes = Array(digits.utf8)
    let start = bytes.firstIndex { $0 >= 0x30 && $0 <= 0x39 } ?? bytes.endIndex
    let end = bytes[start...].firstIndex { $0 < 0x30 || $0 > 0x39 } ?? bytes.endIndex
    guard end - start > 3 else { return digits }
    var grouped = Array(bytes[..<start])
    for (position, byte) in bytes[start..<end].enumerated() {
      if position > 0, (end - start - position) % 3 == 0 { grouped.append(0x2C) }
      grouped.append(byte)
    }
    grouped.append(contentsOf: bytes[end...])
    return String(decoding: grouped, as: UTF8.self)
  }

  /// The power of ten of the number's first digit: 2 for 345, -3 for 0.0012, 0 for 0.
  public static func magnitude(_ number: Double) -> Int {
    let size = abs(number)
    guard size > 0, size.isFinite else { return 0 }
    let power = log10(size).rounded(.down)
    return Int(exactly: power) ?? 0
  }
}
