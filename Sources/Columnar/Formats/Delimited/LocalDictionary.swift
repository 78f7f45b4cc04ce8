import CScan

/// Distinct texts with codes in order of first appearance, while a column is being read. Open addressing over one arena of
/// bytes: no object and no allocation per text.
struct LocalDictionary: Sendable {
  private(set) var bytes: [UInt8] = []
  private(set) var offsets: [UInt32] = [0]
  private var hashes: [UInt32] = []
  private var slots: [Int32]
  private var mask: Int

  /// Whether a text was left out because the bytes of all would no longer be counted by 32 bits.
  private(set) var isFull = false

  init(capacity: Int = 64) {
    var size = 64
    while size < capacity * 2 { size *= 2 }
    slots = [Int32](repeating: -1, count: size)
    mask = size - 1
  }

  var count: Int { offsets.count - 1 }

  /// The code of the text, a new one when it was not seen before.
  @inline(__always)
  mutating func code(_ text: UnsafeBufferPointer<UInt8>) -> UInt32 { code(text, TextHash.of(text)) }

  /// Asks for the memory in which a text with this hash will be looked up.
  @inline(__always)
  func prefetch(_ hash: UInt32) {
    slots.withUnsafeBufferPointer { slots in
      if let base = slots.baseAddress { martlet_prefetch(base + (Int(hash) & mask)) }
    }
  }

  /// The same of a text whose hash is known.
  @inline(__always)
  mutating func code(_ text: UnsafeBufferPointer<UInt8>, _ hash: UInt32) -> UInt32 {
    var slot = Int(hash) & mask
    while true {
      let code = slots[slot]
      if code < 0 { break }
      if hashes[Int(code)] == hash, isEqual(Int(code), text) { return UInt32(code) }
      slot = (slot + 1) & mask
    }
    return insert(text, hash, slot)
  }

  @inline(__always)
  private func isEqual(_ code: Int, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = Int(offsets[code])
    guard Int(offsets[code + 1]) - start == text.count else { return false }
    return bytes.withUnsafeBufferPointer { buffer in
      var place = 0
      while place < text.count {
        if buffer[start + place] != text[place] { return false }
        place += 1
      }
      return true
    }
  }

  @inline(never)
  private mutating func insert(_ text: UnsafeBufferPointer<UInt8>, _ hash: UInt32, _ slot: Int) -> UInt32 {
    if bytes.count + text.count > Int(UInt32.max) {
      isFull = true
      return 0
    }
    let code = count
    slots[slot] = Int32(code)
    hashes.append(hash)
    bytes.append(contentsOf: text)
    offsets.append(UInt32(truncatingIfNeeded: bytes.count))
    if count * 2 > slots.count { grow() }
    return UInt32(code)
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: slots.count * 2)
    mask = slots.count - 1
    for (code, hash) in hashes.enumerated() {
      var slot = Int(hash) & mask
      while slots[slot] >= 0 { slot = (slot + 1) & mask }
      slots[slot] = Int32(code)
    }
  }

  /// Looks at the texts with bytes beyond ASCII.
  func eachBeyondASCII(_ look: (UInt32, UnsafeBufferPointer<UInt8>) -> Void) {
    bytes.withUnsafeBufferPointer { buffer in
      var place = 0
      var code = 0
      let raw = UnsafeRawBufferPointer(buffer)
      while place < raw.count {
        if place &+ 8 <= raw.count,
          raw.loadUnaligned(fromByteOffset: place, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
        {
          place &+= 8
          continue
        }
        if raw[place] < 0x80 {
          place &+= 1
          continue
        }
        while Int(offsets[code + 1]) <= place { code += 1 }
        look(
          UInt32(truncatingIfNeeded: code),
          UnsafeBufferPointer(rebasing: buffer[Int(offsets[code])..<Int(offsets[code + 1])]))
        place = Int(offsets[code + 1])
      }
    }
  }

  /// Adds all texts of another dictionary; the result says which code each of its codes has here.
  mutating func merge(_ other: LocalDictionary) -> [UInt32] { merge(other.finished) }

  /// Adds all texts of a finished dictionary; the result says which code each of its codes has here.
  mutating func merge(_ other: TextDictionary) -> [UInt32] {
    other.bytes.withUnsafeBufferPointer { buffer in
      (0..<other.count).map { code in
        self.code(UnsafeBufferPointer(rebasing: buffer[Int(other.offsets[code])..<Int(other.offsets[code + 1])]))
      }
    }
  }

  /// The finished dictionary.
  var finished: TextDictionary { TextDictionary(bytes: bytes, offsets: offsets) }
}
