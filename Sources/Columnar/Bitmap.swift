/// A packed array of bits, one a row; as a column's validity, a set bit says that the row has a value.
public struct Bitmap: Hashable, Sendable {
  /// The bits in order, least significant first; bits past `count` are zero.
  public private(set) var words: [UInt64]
  /// The number of bits.
  public let count: Int

  /// `count` equal bits.
  public init(repeating bit: Bool, count: Int) {
    self.count = count
    words = [UInt64](repeating: bit ? ~0 : 0, count: (count + 63) / 64)
    clearTail()
  }

  /// Takes packed words; bits past `count` are cleared, missing words are zero.
  public init(words: [UInt64], count: Int) {
    self.count = count
    self.words = words
    let needed = (count + 63) / 64
    if self.words.count > needed { self.words.removeLast(self.words.count - needed) }
    while self.words.count < needed { self.words.append(0) }
    clearTail()
  }

  /// One bit for each element.
  public init(_ bits: [Bool]) {
    count = bits.count
    words = bits.withUnsafeBufferPointer { bits in
      (0..<(bits.count + 63) / 64).map { place in
        var word: UInt64 = 0
        for i in place * 64..<min(bits.count, place * 64 + 64) { word |= (bits[i] ? 1 : 0) << UInt64(i & 63) }
        return word
      }
    }
  }

  /// One bit for each element.
  public init(_ bits: some Sequence<Bool>) {
    var words: [UInt64] = []
    var count = 0
    for bit in bits {
      if count & 63 == 0 { words.append(0) }
      if bit { words[count >> 6] |= 1 << UInt64(count & 63) }
      count += 1
    }
    self.words = words
    self.count = count
  }

  /// Reads or writes one bit.
  @inlinable public subscript(index: Int) -> Bool {
    get { words[index >> 6] >> UInt64(index & 63) & 1 == 1 }
    set { set(index, newValue) }
  }

  /// Writes one bit.
  @usableFromInline mutating func set(_ index: Int, _ bit: Bool) {
    let mask: UInt64 = 1 << UInt64(index & 63)
    if bit { words[index >> 6] |= mask } else { words[index >> 6] &= ~mask }
  }

  /// How many bits are set.
  public var population: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  /// Bitwise and of two bitmaps of the same length.
  public func intersection(_ other: Bitmap) -> Bitmap {
    precondition(count == other.count, "bitmaps of one table have one length")
    var result = self
    for i in words.indices { result.words[i] &= other.words[i] }
    return result
  }

  private mutating func clearTail() {
    let used = count & 63
    guard used != 0, !words.isEmpty else { return }
    words[words.count - 1] &= (1 << UInt64(used)) - 1
  }
}
