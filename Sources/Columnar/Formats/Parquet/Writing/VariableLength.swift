/// Whole numbers in as many bytes as they need, as Thrift's compact protocol and Parquet's pages have them.
extension [UInt8] {
  /// Adds a number without a sign, seven bits a byte, lowest first; all bytes but the last have their highest bit set.
  mutating func append(varint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }

  /// Adds a number with a sign, so that those near zero are short: 0, -1, 1, -2 … as 0, 1, 2, 3 …
  mutating func append(zigzag value: Int64) { append(varint: UInt64(bitPattern: value << 1 ^ value >> 63)) }
}
