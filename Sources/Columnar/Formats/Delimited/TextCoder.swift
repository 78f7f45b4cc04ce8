import CScan

/// Gives the texts of one column codes while one thread reads its chunks. The codes are the thread's own; a sink turns them
/// into the codes of the whole column when the chunk is added.
final class TextCoder {
  /// One distinct text. Its bytes never move: a chunk that waits to be added may point at them.
  struct Entry {
    let bytes: UnsafePointer<UInt8>
    let count: Int
  }

  /// The codes of the whole column by those of the thread; only the thread that adds chunks touches it.
  final class CodeMap {
    static let unknown = UInt32.max
    var entries: [Entry] = []
    var codes: [UInt32] = []
  }

  let map = CodeMap()
  private(set) var entries: [Entry] = []
  /// Texts that had to be looked up in this chunk, for the question whether it pays to keep them.
  private(set) var lookups = 0
  private var taken = 0
  private var slots: TextSlots
  private var segments: [UnsafeMutablePointer<UInt8>] = []
  private var freeBytes = 0
  private var free: UnsafeMutablePointer<UInt8>?
  /// Rows of the block at hand that have to be looked up.
  private let queue = LookupQueue()

  init() { slots = TextSlots(capacity: 256) }

  deinit {
    slots.deallocate()
    for segment in segments { segment.deallocate() }
  }

  /// Begins a chunk.
  func beginChunk() { lookups = 0 }

  /// Entries that were added since the last were taken.
  var newEntries: Int { entries.count - taken }

  /// The entries that were added since this was last asked, in the order of their codes.
  func takeNewEntries() -> ArraySlice<Entry> {
    defer { taken = entries.count }
    return entries[taken...]
  }

  /// Writes the codes of a column's fields. Rows without a value get the code 0 and are added to `gaps`, `before` more than
  /// their place in the block.
  func code(
    _ block: FieldBlock, _ column: Int, _ missing: MissingTexts, into out: UnsafeMutablePointer<UInt32>, before: Int,
    _ gaps: inout [UInt32]
  ) {
    // First all texts are hashed, so that the slots of the table are on their way when they are looked up.
    queue.reserve(block.rows)
    let longest = missing.longest
    let (slots, pending) = (slots, queue.base)
    var queued = 0
    var last = FieldBlock.Field(start: block.base, count: -1, isQuoted: false)
    for row in 0..<block.rows {
      let field = block.field(row, column)
      // Rows of one order stand together and share most of their texts.
      if field.count == last.count, TextSlots.isEqual(field.start, last.start, field.count) {
        out[row] = TextSlots.sameAsBefore
        continue
      }
      if field.count <= longest || field.start[0] == UInt8(ascii: " "), missing.contains(field) {
        gaps.append(UInt32(truncatingIfNeeded: before &+ row))
        out[row] = 0
        last = FieldBlock.Field(start: block.base, count: -1, isQuoted: false)
        continue
      }
      if field.isQuoted, block.holdsQuote(field) {
        out[row] = undoubled(field)
        last = FieldBlock.Field(start: block.base, count: -1, isQuoted: false)
        continue
      }
      let key = TextSlots.key(field.start, field.count)
      martlet_prefetch(slots.base + Int(key.hash & slots.mask))
      pending[queued] = Lookup(row: UInt32(truncatingIfNeeded: row), hash: key.hash, head: key.head, field: field)
      queued &+= 1
      last = field
    }
    lookups += queued
    look(queued, out)
    var code: UInt32 = 0
    for row in 0..<block.rows {
      if out[row] == TextSlots.sameAsBefore { out[row] = code } else { code = out[row] }
    }
  }

  /// Looks up what is queued.
  private func look(_ queued: Int, _ out: UnsafeMutablePointer<UInt32>) {
    var (slots, pending) = (slots, queue.base)
    for place in 0..<queued {
      let lookup = pending[place]
      let found = slots.find(lookup)
      if found != TextSlots.absent {
        out[Int(lookup.row)] = found
      } else {
        out[Int(lookup.row)] = insert(lookup)
        slots = self.slots
      }
    }
  }

  /// The code of a text with doubled quotes.
  private func undoubled(_ field: FieldBlock.Field) -> UInt32 {
    var plain = FieldBlock.undoubled(field.bytes)
    let count = plain.count
    // Texts are read in words of eight bytes.
    plain.append(contentsOf: repeatElement(0, count: 8))
    return plain.withUnsafeBufferPointer { text -> UInt32 in
      guard let start = text.baseAddress else { return 0 }
      let field = FieldBlock.Field(start: start, count: count, isQuoted: false)
      let key = TextSlots.key(start, count)
      let lookup = Lookup(row: 0, hash: key.hash, head: key.head, field: field)
      lookups += 1
      let found = slots.find(lookup)
      return found != TextSlots.absent ? found : insert(lookup)
    }
  }

  @inline(never)
  private func insert(_ lookup: Lookup) -> UInt32 {
    let count = lookup.field.count
    if freeBytes < count + 24 {
      freeBytes = max(min(1 << 20, max(1 << 12, segments.count << 14)), count + 24)
      let segment = UnsafeMutablePointer<UInt8>.allocate(capacity: freeBytes)
      segments.append(segment)
      free = segment
    }
    guard let place = free else { return 0 }
    let code = UInt32(truncatingIfNeeded: entries.count)
    // The code stands before the text: who has compared it has the code at hand.
    UnsafeMutableRawPointer(place).storeBytes(of: code, as: UInt32.self)
    let text = place + 8
    text.update(from: lookup.field.start, count: count)
    entries.append(Entry(bytes: UnsafePointer(text), count: count))
    let used = (count + 23) & ~7
    free = place + used
    freeBytes -= used
    slots.insert(lookup, code, UnsafePointer(text))
    if entries.count * 3 > (Int(slots.mask) + 1) * 2 { slots.grow() }
    return code
  }
}

/// A row whose text has to be looked up.
struct Lookup {
  let row: UInt32
  let hash: UInt32
  let head: UInt64
  let field: FieldBlock.Field
}

/// A reused buffer of look-ups.
final class LookupQueue {
  private(set) var base = UnsafeMutablePointer<Lookup>.allocate(capacity: 512)
  private var capacity = 512

  deinit { base.deallocate() }

  /// Makes room for so many; what is there is lost.
  func reserve(_ count: Int) {
    guard count > capacity else { return }
    base.deallocate()
    capacity = count * 2
    base = .allocate(capacity: capacity)
  }
}

/// An open-addressing table of texts. A text of up to eight bytes is compared within its slot.
struct TextSlots {
  struct Slot {
    /// The first eight bytes of the text, zeros behind a shorter one.
    var head: UInt64 = 0
    /// The hash; and the text's length, or 255 when it is longer than eight bytes.
    var hash: UInt32 = 0
    var length: UInt32 = TextSlots.free
    /// The code of a short text, or where the bytes of a long one stand.
    var reference: UInt = 0
  }

  static let absent = UInt32.max
  static let sameAsBefore = UInt32.max - 1
  private static let free: UInt32 = 1 << 16
  private static let long: UInt32 = 255

  private(set) var base: UnsafeMutablePointer<Slot>
  private(set) var mask: UInt32

  init(capacity: Int) {
    base = .allocate(capacity: capacity)
    base.initialize(repeating: Slot(), count: capacity)
    mask = UInt32(capacity - 1)
  }

  func deallocate() { base.deallocate() }

  /// The first `count` bytes of the word that begins at a place, 1 to 8; eight bytes there must be readable.
  @inline(__always)
  private static func word(_ text: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
    UnsafeRawPointer(text).loadUnaligned(as: UInt64.self).littleEndian
      & (~0 &>> UInt64(truncatingIfNeeded: 64 &- count &* 8))
  }

  @inline(__always)
  private static func load(_ text: UnsafePointer<UInt8>, _ place: Int) -> UInt64 {
    UnsafeRawPointer(text).loadUnaligned(fromByteOffset: place, as: UInt64.self)
  }

  /// A hash of a text, eight bytes at a time (multiply and fold), and its first eight bytes.
  @inline(__always)
  static func key(_ text: UnsafePointer<UInt8>, _ count: Int) -> (hash: UInt32, head: UInt64) {
    let seed = 0x9e37_79b9_7f4a_7c15 ^ UInt64(truncatingIfNeeded: count)
    let head = count < 8 ? word(text, count) : load(text, 0).littleEndian
    var h = (seed ^ head) &* 0xff51_afd7_ed55_8ccd
    if count > 8 {
      var place = 8
      while place &+ 8 < count {
        h = ((h ^ h >> 32) ^ load(text, place)) &* 0xff51_afd7_ed55_8ccd
        place &+= 8
      }
      h = ((h ^ h >> 32) ^ load(text, count &- 8)) &* 0xff51_afd7_ed55_8ccd
    }
    h ^= h >> 29
    h = h &* 0xc4ce_b9fe_1a85_ec53
    return (UInt32(truncatingIfNeeded: h >> 32), head)
  }

  /// Whether two texts of the same length are equal.
  @inline(__always)
  static func isEqual(_ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    if count <= 8 { return count == 0 || word(a, count) == word(b, count) }
    var place = 0
    while place &+ 8 < count {
      if load(a, place) != load(b, place) { return false }
      place &+= 8
    }
    return load(a, count &- 8) == load(b, count &- 8)
  }

  /// The code of a text, or `absent`.
  @inline(__always)
  func find(_ lookup: Lookup) -> UInt32 {
    var place = Int(lookup.hash & mask)
    let count = lookup.field.count
    let length = count > 8 ? TextSlots.long : UInt32(truncatingIfNeeded: count)
    while true {
      let slot = base[place]
      if slot.head == lookup.head, slot.length == length {
        if count <= 8 { return UInt32(truncatingIfNeeded: slot.reference) }
        if slot.hash == lookup.hash, let text = UnsafePointer<UInt8>(bitPattern: slot.reference) {
          let header = UnsafeRawPointer(text - 8)
          if header.load(fromByteOffset: 4, as: UInt32.self) == UInt32(truncatingIfNeeded: count),
            TextSlots.isEqual(text, lookup.field.start, count)
          {
            return header.load(as: UInt32.self)
          }
        }
      } else if slot.length == TextSlots.free {
        return TextSlots.absent
      }
      place = (place &+ 1) & Int(mask)
    }
  }

  /// Adds a text that is not there. Before the bytes of a long one stand its code and its length.
  func insert(_ lookup: Lookup, _ code: UInt32, _ text: UnsafePointer<UInt8>) {
    let count = lookup.field.count
    UnsafeMutableRawPointer(mutating: text - 4).storeBytes(of: UInt32(truncatingIfNeeded: count), as: UInt32.self)
    put(
      Slot(
        head: lookup.head, hash: lookup.hash, length: count > 8 ? TextSlots.long : UInt32(truncatingIfNeeded: count),
        reference: count > 8 ? UInt(bitPattern: text) : UInt(code)))
  }

  private func put(_ slot: Slot) {
    var place = Int(slot.hash & mask)
    while base[place].length != TextSlots.free { place = (place + 1) & Int(mask) }
    base[place] = slot
  }

  /// Doubles the room.
  mutating func grow() {
    let (old, size) = (base, Int(mask) + 1)
    self = TextSlots(capacity: size * 2)
    for place in 0..<size where old[place].length != TextSlots.free { put(old[place]) }
    old.deallocate()
  }
}
