/// Numbers 64-bit words in order of first appearance, as long as there are few of them.
struct WordNumbering {
  /// More distinct words than this are no dictionary.
  private static let most = 1 << 16

  private(set) var words: [UInt64] = []
  private var slots = [Int32](repeating: -1, count: 1 << 10)
  private var shift: UInt64 = 54

  /// The codes of words; nil when there are too many distinct ones.
  init?(_ all: UnsafeBufferPointer<UInt64>, codes: UnsafeMutablePointer<UInt32>) {
    for (place, word) in all.enumerated() {
      guard let code = code(word) else { return nil }
      codes[place] = code
    }
  }

  private mutating func code(_ word: UInt64) -> UInt32? {
    var slot = Int(truncatingIfNeeded: (word &* 0x9e37_79b9_7f4a_7c15) >> shift)
    while slots[slot] >= 0 {
      if words[Int(slots[slot])] == word { return UInt32(truncatingIfNeeded: slots[slot]) }
      slot = (slot &+ 1) & (slots.count &- 1)
    }
    guard words.count < WordNumbering.most else { return nil }
    let code = UInt32(truncatingIfNeeded: words.count)
    words.append(word)
    slots[slot] = Int32(bitPattern: code)
    if words.count * 2 > slots.count { grow() }
    return code
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: slots.count * 2)
    shift -= 1
    for (code, word) in words.enumerated() {
      var slot = Int(truncatingIfNeeded: (word &* 0x9e37_79b9_7f4a_7c15) >> shift)
      while slots[slot] >= 0 { slot = (slot &+ 1) & (slots.count &- 1) }
      slots[slot] = Int32(truncatingIfNeeded: code)
    }
  }
}
