import CScan

/// Distinct texts with codes in order of first appearance, while a column is being read. Open addressing over one arena of
/// bytes: no object and no allocation per text. As long as texts rise there is no table at all.
struct LocalDictionary: Sendable {
  private(set) var bytes: [UInt8] = []
  private(set) var offsets: [UInt32] = [0]
  /// A place of the table: a text's hash beside its code, so that other texts are told apart without a look at them, and where
  /// its bytes stand, so that one look at them is all.
  private struct Slot {
    var hash: UInt32 = 0
    var code: Int32 = -1
    var start: UInt32 = 0
    var count: UInt32 = 0
  }

  private var slots: [Slot] = []
  private var mask = 0
  /// Nil from the first text on that did not rise.
  private var rising: RisingTexts? = RisingTexts()

  /// Whether a text was left out because the bytes of all would no longer be counted by 32 bits.
  private(set) var isFull = false

  var count: Int { offsets.count - 1 }

  /// Whether texts are looked up by their hashes.
  var isHashed: Bool { rising == nil }

  /// The code of the text, a new one when it was not seen before.
  @inline(__always)
  mutating func code(_ text: UnsafeBufferPointer<UInt8>) -> UInt32 {
    if rising != nil, let code = rise(text) { return code }
    return hashed(text, TextHash.of(text))
  }

  /// The same when the hash of the text is known.
  @inline(__always)
  mutating func code(_ text: UnsafeBufferPointer<UInt8>, _ hash: UInt32) -> UInt32 {
    if rising != nil, let code = rise(text) { return code }
    return hashed(text, hash)
  }

  /// Nil from the first text on that does not rise.
  private mutating func rise(_ text: UnsafeBufferPointer<UInt8>) -> UInt32? {
    let next = UInt32(truncatingIfNeeded: count)
    switch rising?.find(text, code: next) {
    case .known(let code): return code
    case .new: return append(text)
    case .unclear, nil:
      rising = nil
      hashAll()
      return nil
    }
  }

  @inline(__always)
  private mutating func hashed(_ text: UnsafeBufferPointer<UInt8>, _ hash: UInt32) -> UInt32 {
    var place = Int(hash) & mask
    while true {
      let slot = slots[place]
      if slot.code < 0 { break }
      if slot.hash == hash, isEqual(slot, text) { return UInt32(slot.code) }
      place = (place + 1) & mask
    }
    return insert(text, hash, place)
  }

  @inline(__always)
  private func isEqual(_ slot: Slot, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let (start, count) = (Int(slot.start), text.count)
    guard Int(slot.count) == count else { return false }
    return bytes.withUnsafeBufferPointer { buffer in
      let (own, other) = (UnsafeRawBufferPointer(buffer), UnsafeRawBufferPointer(text))
      if count < 8 {
        for place in 0..<count where own[start &+ place] != other[place] { return false }
        return true
      }
      var place = 0
      while place < count {
        // The last word overlaps the one before it.
        let here = min(place, count &- 8)
        if own.loadUnaligned(fromByteOffset: start &+ here, as: UInt64.self)
          != other.loadUnaligned(fromByteOffset: here, as: UInt64.self)
        {
          return false
        }
        place &+= 8
      }
      return true
    }
  }

  @inline(never)
  private mutating func insert(_ text: UnsafeBufferPointer<UInt8>, _ hash: UInt32, _ place: Int) -> UInt32 {
    let code = append(text)
    if isFull { return 0 }
    slots[place] = slot(code, hash)
    if count * 3 > slots.count * 2 { grow() }
    return code
  }

  /// The code of a text that is new.
  private mutating func append(_ text: UnsafeBufferPointer<UInt8>) -> UInt32 {
    if bytes.count + text.count > Int(UInt32.max) {
      isFull = true
      return 0
    }
    bytes.append(contentsOf: text)
    offsets.append(UInt32(truncatingIfNeeded: bytes.count))
    return UInt32(count - 1)
  }

  private func slot(_ code: UInt32, _ hash: UInt32) -> Slot {
    let (start, end) = (offsets[Int(code)], offsets[Int(code) + 1])
    return Slot(hash: hash, code: Int32(bitPattern: code), start: start, count: end - start)
  }

  /// Makes the table of all texts so far.
  private mutating func hashAll() {
    var size = 64
    while size < (count + 1) * 2 { size *= 2 }
    slots = LocalDictionary.empty(size)
    mask = size - 1
    bytes.withUnsafeBufferPointer { bytes in
      for code in 0..<count {
        let text = UnsafeBufferPointer(rebasing: bytes[Int(offsets[code])..<Int(offsets[code + 1])])
        put(slot(UInt32(truncatingIfNeeded: code), TextHash.of(text)))
      }
    }
  }

  private static func empty(_ size: Int) -> [Slot] {
    [Slot](unsafeUninitializedCapacity: size) { slots, count in
      martlet_room_scattered(slots.baseAddress, size * MemoryLayout<Slot>.stride)
      slots.initialize(repeating: Slot())
      count = size
    }
  }

  private mutating func put(_ slot: Slot) {
    var place = Int(slot.hash) & mask
    while slots[place].code >= 0 { place = (place + 1) & mask }
    slots[place] = slot
  }

  private mutating func grow() {
    let old = slots
    slots = LocalDictionary.empty(old.count * 2)
    mask = slots.count - 1
    for slot in old where slot.code >= 0 { put(slot) }
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
    var codes: [UInt32] = []
    codes.reserveCapacity(other.count)
    other.bytes.withUnsafeBufferPointer { buffer in
      func text(_ code: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: buffer[Int(other.offsets[code])..<Int(other.offsets[code + 1])])
      }
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { hashes in
        for first in stride(from: 0, to: other.count, by: 64) {
          let some = min(64, other.count - first)
          for i in 0..<some { hashes[i] = TextHash.of(text(first + i)) }
          prefetch(UnsafeBufferPointer(rebasing: hashes[0..<some]))
          for i in 0..<some { codes.append(code(text(first + i), hashes[i])) }
        }
      }
    }
    return codes
  }

  /// Asks for the memory that looking up these hashes will need, step by step for all of them together.
  func prefetch(_ hashes: UnsafeBufferPointer<UInt32>) {
    guard isHashed else { return }
    slots.withUnsafeBufferPointer { slots in
      bytes.withUnsafeBufferPointer { bytes in
        guard let slots = slots.baseAddress, let bytes = bytes.baseAddress else { return }
        for hash in hashes { martlet_prefetch(slots + (Int(hash) & mask)) }
        for hash in hashes where slots[Int(hash) & mask].hash == hash {
          martlet_prefetch(bytes + Int(slots[Int(hash) & mask].start))
        }
      }
    }
  }

  /// The finished dictionary.
  var finished: TextDictionary { TextDictionary(bytes: bytes, offsets: offsets) }
}
