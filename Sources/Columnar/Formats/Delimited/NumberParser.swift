/// Reads short numbers eight bytes at a time. The texts must stand in a buffer with eight readable bytes before them.
enum NumberParser {
  /// 1, 10, 100 … 10^22: all exact.
  static let powers: [Double] = (0...22).reduce(into: []) { powers, _ in powers.append((powers.last ?? 0.1) * 10) }

  private static let zeros: UInt64 = 0x3030_3030_3030_3030

  /// The text's last eight bytes, those before its beginning as zeros, each less the code of `0`.
  @inline(__always)
  private static func digits(_ text: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
    let word = UnsafeRawPointer(text + count - 8).loadUnaligned(as: UInt64.self).littleEndian ^ zeros
    let foreign = UInt64(truncatingIfNeeded: 64 &- count &* 8)
    return (word &>> foreign) &<< foreign
  }

  /// Whether all eight bytes are 0…9.
  @inline(__always)
  private static func areDigits(_ word: UInt64) -> Bool {
    ((word &+ 0x7676_7676_7676_7676) | word) & 0x8080_8080_8080_8080 == 0
  }

  /// The number that eight digits make, the first in the lowest byte (Lemire, "Quickly parsing eight digits", 2018).
  @inline(__always)
  private static func combine(_ word: UInt64) -> UInt64 {
    let pairs = word &* 10 &+ (word >> 8)
    let mask: UInt64 = 0x0000_00ff_0000_00ff
    return ((pairs & mask) &* 0x000f_4240_0000_0064 &+ ((pairs >> 16) & mask) &* 0x0000_2710_0000_0001) >> 32
  }

  /// A whole number in plain digits, up to 18 of them; nil for anything else, also for a number with leading zeros, which is a
  /// label. The text must not be empty.
  @inline(__always)
  static func integer(_ text: UnsafePointer<UInt8>, _ count: Int) -> Int64? {
    let isNegative = text[0] == UInt8(ascii: "-")
    let start = isNegative ? text + 1 : text
    let digits = isNegative ? count &- 1 : count
    if digits <= 0 || (start[0] == UInt8(ascii: "0") && digits > 1) { return nil }
    if digits <= 8 {
      let word = NumberParser.digits(start, digits)
      if !areDigits(word) { return nil }
      let value = Int64(truncatingIfNeeded: combine(word))
      return isNegative ? 0 &- value : value
    }
    return long(start, digits, isNegative)
  }

  private static func long(_ text: UnsafePointer<UInt8>, _ count: Int, _ isNegative: Bool) -> Int64? {
    if count > 18 { return nil }
    var value: Int64 = 0
    for place in 0..<count {
      let digit = text[place] &- UInt8(ascii: "0")
      if digit > 9 { return nil }
      value = value &* 10 &+ Int64(digit)
    }
    return isNegative ? 0 &- value : value
  }

  /// The same of up to eight digits, and of nine and ten where they fit.
  @inline(__always)
  static func small(_ text: UnsafePointer<UInt8>, _ count: Int) -> Int32? {
    integer(text, count).flatMap { Int32(exactly: $0) }
  }

  /// A plain number with up to `scale` decimals, times ten to that power; nil for what must be read the long way, for what
  /// does not fit, and for minus zero, which is no integer.
  @inline(__always)
  static func scaled(
    _ text: UnsafePointer<UInt8>, _ count: Int, _ decimal: UInt8, _ scale: Int, _ factors: UnsafePointer<UInt64>
  ) -> Int32? {
    let isNegative = text[0] == UInt8(ascii: "-")
    let start = isNegative ? text + 1 : text
    let length = isNegative ? count &- 1 : count
    guard let (mantissa, decimals) = plain(start, length, decimal), decimals <= scale else { return nil }
    let value = mantissa &* factors[scale &- decimals]
    if value > UInt64(Int32.max) || (isNegative && value == 0) { return nil }
    let signed = Int32(truncatingIfNeeded: value)
    return isNegative ? 0 &- signed : signed
  }

  /// Powers of ten as whole numbers, for `scaled`.
  static let factors: [UInt64] = (0...8).reduce(into: []) { powers, _ in powers.append(powers.last.map { $0 * 10 } ?? 1)
  }

  /// The digits of a number of up to eight characters without a sign, and how many of them are decimals.
  @inline(__always)
  private static func plain(
    _ start: UnsafePointer<UInt8>, _ length: Int, _ decimal: UInt8
  ) -> (mantissa: UInt64, decimals: Int)? {
    if length <= 0 || length > 8 { return nil }
    // Leading zeros make a label, unless the decimal sign follows.
    if start[0] == UInt8(ascii: "0"), length > 1, start[1] != decimal { return nil }
    var word = digits(start, length)
    let sign = 0x0101_0101_0101_0101 &* UInt64(decimal ^ UInt8(ascii: "0"))
    let difference = word ^ sign
    let low: UInt64 = 0x7f7f_7f7f_7f7f_7f7f
    let mark = ~(((difference & low) &+ low) | difference | low)
    var decimals = 0
    if mark != 0 {
      if length == 1 { return nil }
      let place = mark.trailingZeroBitCount & ~7
      let shift = UInt64(truncatingIfNeeded: place)
      let before = word & (1 &<< shift &- 1)
      let behind = ((word &>> shift) & ~0xff) &<< shift
      word = behind | before << 8
      decimals = 7 &- place >> 3
    }
    if !areDigits(word) { return nil }
    return (combine(word), decimals)
  }

  /// A plain number of up to eight characters without its sign, as most prices are; nil for what must be read the long way.
  /// An integer divided by a power of ten is rounded once, so the value is exact (Clinger, 1990).
  @inline(__always)
  static func short(
    _ text: UnsafePointer<UInt8>, _ count: Int, _ decimal: UInt8, _ powers: UnsafePointer<Double>
  ) -> Double? {
    let isNegative = text[0] == UInt8(ascii: "-")
    let start = isNegative ? text + 1 : text
    let length = isNegative ? count &- 1 : count
    guard let (mantissa, decimals) = plain(start, length, decimal) else { return nil }
    let value = Double(mantissa) / powers[decimals]
    return isNegative ? -value : value
  }
}
