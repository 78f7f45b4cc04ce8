import Columnar

/// The values of one column for one batch of rows: a borrowed buffer, and validity bits when rows may be missing.
///
/// Physical types: number `Int64` and `Double`, text `UInt32` codes, bool `Bool`, date and period `Int32`, datetime `Int64`.
/// A missing row's value and the bits past the last row are arbitrary. A vector lives until its scratch is reset.
struct Vector {
  let base: UnsafeRawPointer
  let validity: UnsafePointer<UInt64>?

  init<T: BitwiseCopyable>(_ values: UnsafePointer<T>, validity: UnsafePointer<UInt64>? = nil) {
    base = UnsafeRawPointer(values)
    self.validity = validity
  }

  init<T: BitwiseCopyable>(_ values: UnsafeMutablePointer<T>, validity: UnsafePointer<UInt64>? = nil) {
    base = UnsafeRawPointer(values)
    self.validity = validity
  }

  init(_ base: UnsafeRawPointer, validity: UnsafePointer<UInt64>?) {
    self.base = base
    self.validity = validity
  }

  @inline(__always) func values<T: BitwiseCopyable>(of: T.Type = T.self) -> UnsafePointer<T> {
    base.assumingMemoryBound(to: T.self)
  }

  @inline(__always) func isValid(_ row: Int) -> Bool { validity.map { bit($0, row) } ?? true }
}

/// The bit of one row.
@inline(__always) func bit(_ words: UnsafePointer<UInt64>, _ row: Int) -> Bool {
  words[row >> 6] >> UInt64(truncatingIfNeeded: row & 63) & 1 != 0
}

/// Bit operations on the validity of vectors.
enum Bits {
  /// Both, where nil stands for all bits set.
  static func and(
    _ a: UnsafePointer<UInt64>?, _ b: UnsafePointer<UInt64>?, _ count: Int, _ scratch: Scratch
  ) -> UnsafePointer<UInt64>? {
    guard let a else { return b }
    guard let b, a != b else { return a }
    let words = scratch.allocateBits(count)
    for w in 0..<(count + 63) / 64 { words[w] = a[w] & b[w] }
    return UnsafePointer(words)
  }

  /// The number of set bits among the first `count`.
  static func population(_ words: UnsafePointer<UInt64>, _ count: Int) -> Int {
    var sum = 0
    for w in 0..<count / 64 { sum &+= words[w].nonzeroBitCount }
    if count & 63 != 0 { sum &+= (words[count / 64] & ((1 << UInt64(count & 63)) - 1)).nonzeroBitCount }
    return sum
  }

  /// The number of true bytes.
  static func count(_ bytes: UnsafePointer<Bool>, _ count: Int) -> Int {
    let raw = UnsafeRawPointer(bytes)
    var sum = 0
    var row = 0
    while row + 8 <= count {
      let eight = raw.loadUnaligned(fromByteOffset: row, as: UInt64.self)
      sum &+= Int(truncatingIfNeeded: (eight &* 0x0101_0101_0101_0101) >> 56)
      row += 8
    }
    while row < count {
      sum &+= bytes[row] ? 1 : 0
      row += 1
    }
    return sum
  }

  /// Packs bytes that are 0 or 1 into bits; false bytes stay cleared bits, and so do the bits past the end.
  static func pack(_ bytes: UnsafePointer<Bool>, _ count: Int, into words: UnsafeMutablePointer<UInt64>) {
    let raw = UnsafeRawPointer(bytes)
    for w in 0..<count / 64 {
      var word: UInt64 = 0
      for group in 0..<8 {
        let eight = raw.loadUnaligned(fromByteOffset: w * 64 + group * 8, as: UInt64.self)
        // The multiplication gathers the lowest bit of each of the eight bytes into the top byte.
        word |= ((eight &* 0x0102_0408_1020_4080) >> 56) << UInt64(group * 8)
      }
      words[w] = word
    }
    if count & 63 != 0 {
      var word: UInt64 = 0
      for i in count / 64 * 64..<count where bytes[i] { word |= 1 << UInt64(i & 63) }
      words[count / 64] = word
    }
  }

  /// Spreads bits into bytes that are 0 or 1.
  static func unpack(_ words: UnsafePointer<UInt64>, _ count: Int, into bytes: UnsafeMutablePointer<Bool>) {
    let raw = UnsafeMutableRawPointer(bytes)
    var row = 0
    while row + 8 <= count {
      let eight = words[row >> 6] >> UInt64(row & 63) & 0xFF
      // Each byte of the product has the bit of its place, shifted to it; comparing with zero makes it 0 or 1.
      let spread = (eight &* 0x0101_0101_0101_0101) & 0x8040_2010_0804_0201
      let ones = ((spread &+ 0x7F7F_7F7F_7F7F_7F7F) | spread) >> 7 & 0x0101_0101_0101_0101
      raw.storeBytes(of: ones, toByteOffset: row, as: UInt64.self)
      row += 8
    }
    while row < count {
      bytes[row] = bit(words, row)
      row += 1
    }
  }
}
