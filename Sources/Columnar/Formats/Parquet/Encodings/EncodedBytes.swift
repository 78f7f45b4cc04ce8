/// The bytes of a page from a place on; behind their end, `ByteRoom.padding` more may be read, whatever they are.
struct EncodedBytes {
  let base: UnsafeRawPointer
  let count: Int
  /// The place of the next byte.
  var place = 0

  init(_ base: UnsafeRawPointer, count: Int) {
    self.base = base
    self.count = count
  }

  /// Bytes that are left.
  var left: Int { count - place }

  /// What is left, as bytes of its own.
  var rest: EncodedBytes { EncodedBytes(base + place, count: left) }

  /// The next bytes, so many.
  mutating func take(_ wanted: Int) throws(ParquetFault) -> EncodedBytes {
    guard wanted >= 0, wanted <= left else { throw .damaged("has a page that ends too early") }
    defer { place += wanted }
    return EncodedBytes(base + place, count: wanted)
  }

  /// A number of 32 bits, as it stands.
  mutating func word() throws(ParquetFault) -> Int {
    let four = try take(4)
    return Int(four.base.loadUnaligned(as: UInt32.self).littleEndian)
  }

  /// A number of seven bits a byte.
  mutating func varint() throws(ParquetFault) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while shift < 64, place < count {
      let byte = base.load(fromByteOffset: place, as: UInt8.self)
      place += 1
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    throw .damaged("has a page that ends in the middle of a number")
  }

  /// A number with a sign.
  mutating func zigzag() throws(ParquetFault) -> Int64 {
    let value = try varint()
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }
}
