import Columnar

/// Builds a dictionary of distinct texts: gives each new text the next code and finds known ones again.
///
/// Open addressing over hashes of the UTF-8 bytes, which stand in one buffer.
struct TextInterner {
  private(set) var bytes: [UInt8] = []
  private(set) var offsets: [UInt32] = [0]
  /// Code + 1 of the entry that lies in a slot; 0 is free. The number of slots is a power of two.
  private var slots: [UInt32]
  private var hashes: [UInt32] = []

  /// An empty dictionary with room for some entries.
  init(capacity: Int = 16) {
    var size = 32
    while size < capacity * 2 { size *= 2 }
    slots = Array(repeating: 0, count: size)
  }

  /// A dictionary that goes on from another one, whose codes stay.
  init(_ dictionary: TextDictionary) {
    self.init(capacity: dictionary.count)
    for code in 0..<dictionary.count { _ = dictionary.withBytes(of: code) { intern($0) } }
  }

  /// The number of distinct texts.
  var count: Int { offsets.count - 1 }

  /// The finished dictionary.
  var dictionary: TextDictionary { TextDictionary(bytes: bytes, offsets: offsets) }

  /// The code of the text with these bytes, which is new or known.
  mutating func intern(_ text: UnsafeBufferPointer<UInt8>) -> UInt32 {
    let hash = TextHash.of(text)
    let slot = slot(of: text, hash)
    if slots[slot] != 0 { return slots[slot] - 1 }
    let code = UInt32(count)
    bytes.append(contentsOf: text)
    offsets.append(UInt32(truncatingIfNeeded: bytes.count))
    hashes.append(hash)
    slots[slot] = code + 1
    if count * 2 > slots.count { grow() }
    return code
  }

  /// The code of a text, which is new or known.
  mutating func intern(_ text: String) -> UInt32 {
    var text = text
    return text.withUTF8 { intern($0) }
  }

  /// The code of a known text.
  func find(_ text: UnsafeBufferPointer<UInt8>) -> UInt32? {
    let slot = slot(of: text, TextHash.of(text))
    return slots[slot] == 0 ? nil : slots[slot] - 1
  }

  /// The slot that holds the text's code plus one, or the empty one where it belongs.
  private func slot(of text: UnsafeBufferPointer<UInt8>, _ hash: UInt32) -> Int {
    var slot = Int(hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let code = Int(slots[slot]) - 1
      if hashes[code] == hash, matches(code, text) { return slot }
      slot = (slot + 1) & (slots.count - 1)
    }
    return slot
  }

  private func matches(_ code: Int, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let (from, to) = (Int(offsets[code]), Int(offsets[code + 1]))
    guard to - from == text.count else { return false }
    return bytes.withUnsafeBufferPointer { own in
      for i in 0..<text.count where own[from + i] != text[i] { return false }
      return true
    }
  }

  private mutating func grow() {
    let size = slots.count * 2
    slots = Array(repeating: 0, count: size)
    for (code, hash) in hashes.enumerated() {
      var slot = Int(hash) & (size - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (size - 1) }
      slots[slot] = UInt32(code) + 1
    }
  }
}

extension TextDictionary {
  /// Whether both hold the same texts under the same codes because they are the same buffers.
  func isIdentical(to other: TextDictionary) -> Bool {
    guard count == other.count, bytes.count == other.bytes.count else { return false }
    return offsets.withUnsafeBufferPointer { a in
      other.offsets.withUnsafeBufferPointer { b in a.baseAddress == b.baseAddress }
    }
      && bytes.withUnsafeBufferPointer { a in
        other.bytes.withUnsafeBufferPointer { b in a.baseAddress == b.baseAddress }
      }
  }

  /// The code of an entry with these bytes, found by looking at each: for one search in a dictionary.
  func code(of text: String) -> UInt32? {
    var text = text
    return text.withUTF8 { wanted in
      bytes.withUnsafeBufferPointer { all in
        for code in 0..<count where Int(offsets[code + 1] - offsets[code]) == wanted.count {
          let from = Int(offsets[code])
          var same = true
          for i in 0..<wanted.count where all[from + i] != wanted[i] {
            same = false
            break
          }
          if same { return UInt32(code) }
        }
        return nil
      }
    }
  }
}
