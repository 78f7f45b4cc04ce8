/// A hash of texts for the tables that number them. No result depends on it.
public enum TextHash {
  /// A hash of bytes, eight at a time (multiply and fold).
  @inlinable @inline(__always)
  public static func of(_ text: UnsafeBufferPointer<UInt8>) -> UInt32 {
    let raw = UnsafeRawBufferPointer(text)
    var hash: UInt64 = 0x9e37_79b9_7f4a_7c15 ^ UInt64(truncatingIfNeeded: raw.count)
    var place = 0
    while place &+ 8 <= raw.count {
      hash = (hash ^ raw.loadUnaligned(fromByteOffset: place, as: UInt64.self)) &* 0xff51_afd7_ed55_8ccd
      hash ^= hash >> 32
      place &+= 8
    }
    var tail: UInt64 = 0
    while place < raw.count {
      tail = tail << 8 | UInt64(raw[place])
      place &+= 1
    }
    hash = (hash ^ tail) &* 0xc4ce_b9fe_1a85_ec53
    hash ^= hash >> 29
    return UInt32(truncatingIfNeeded: hash ^ hash >> 32)
  }
}
