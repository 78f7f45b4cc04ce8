/// Numbers and names that are written as bytes of fixed or varying length.
enum BytesNumbers {
  /// A whole number of any length, highest byte first, when it has no more than 64 bits.
  static func integer(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
    let (number, isWhole) = number(bytes)
    return isWhole ? Int64(exactly: number) : nil
  }

  /// The same as a real number.
  static func real(_ bytes: UnsafeBufferPointer<UInt8>) -> Double {
    let (number, isWhole) = number(bytes)
    if isWhole { return Double(number) }
    return bytes[16...].reduce(Double(number)) { $0 * 256 + Double($1) }
  }

  /// The number that the first sixteen bytes are, and whether these are all.
  private static func number(_ bytes: UnsafeBufferPointer<UInt8>) -> (Int128, Bool) {
    guard let first = bytes.first else { return (0, true) }
    var number: Int128 = first >= 0x80 ? -1 : 0
    for byte in bytes.prefix(16) { number = number << 8 | Int128(byte) }
    return (number, bytes.count <= 16)
  }

  /// A real number of 16 bits (IEEE 754 binary16), lowest byte first.
  static func half(_ bits: UInt16) -> Double {
    let sign = bits >> 15 == 0 ? 1.0 : -1.0
    let exponent = Int(bits >> 10 & 0x1f)
    let fraction = Double(bits & 0x3ff)
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * Double(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
    }
  }

  /// A moment in microseconds, of the nanoseconds of a day and the Julian number of the day; nil when it has none.
  static func moment(nanoseconds: Int64, julianDay: Int32) -> Int64? {
    let (start, isFar) = (Int64(julianDay) - 2_440_588).multipliedReportingOverflow(by: Timestamp.perDay)
    let (moment, isFarther) = start.addingReportingOverflow(nanoseconds / 1000)
    return isFar || isFarther ? nil : moment
  }

  /// `123e4567-e89b-12d3-a456-426614174000`.
  static func uuid(_ bytes: UnsafeBufferPointer<UInt8>, into room: UnsafeMutableBufferPointer<UInt8>) {
    let digits = Array("0123456789abcdef".utf8)
    var place = 0
    for (number, byte) in bytes.enumerated() where place + 1 < room.count {
      if number == 4 || number == 6 || number == 8 || number == 10 {
        room[place] = UInt8(ascii: "-")
        place += 1
      }
      room[place] = digits[Int(byte >> 4)]
      room[place + 1] = digits[Int(byte & 0xf)]
      place += 2
    }
  }
}
