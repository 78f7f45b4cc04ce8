import CScan

/// Gives the texts of one column codes while one thread reads its chunks. The codes are the thread's own; a sink turns them
/// into the codes of the whole column when the chunk is added.
///
/// What is looked up are the bytes as they stand in the file; a text with doubled quotes is looked up with all its quotes,
/// and made plain once when the sink gets to know it.
final class TextCoder {
  /// One distinct text. Its bytes never move: a chunk that waits to be added may point at them.
  struct Entry {
    let bytes: UnsafePointer<UInt8>
    let count: Int
    /// Whether the bytes have quotes around them, and doubled ones within.
    let isDoubled: Bool
  }

  /// The codes of the whole column by those of the thread; only the thread that adds chunks touches it.
  final class CodeMap {
    static let unknown = UInt32.max
    var entries: [Entry] = []
    var codes: [UInt32] = []
    /// The hashes of the first entries, as a dictionary of the column looks them up.
    var hashes: [UInt32] = []

    /// Begins anew with these entries.
    func restart(_ entries: [Entry]) {
      self.entries = entries
      codes = [UInt32](repeating: CodeMap.unknown, count: entries.count)
      hashes.removeAll(keepingCapacity: true)
    }
  }

  let map = CodeMap()
  private(set) var entries: [Entry] = []
  /// Texts that had to be looked up in this chunk, for the question whether it pays to keep them.
  private(set) var lookups = 0
  private var taken = 0
  private let slots = TextSlots()
  /// Nil from the first text on that did not rise; only from then on texts have slots.
  private var rising: RisingTexts? = RisingTexts()
  /// Whether all texts so far rose.
  var isRising: Bool { rising != nil }
  private let queue = LookupQueue()
  /// Codes of texts that stand for a missing value.
  private var missingCodes: [UInt32] = []
  private var segments: [UnsafeMutablePointer<UInt8>] = []
  private var freeBytes = 0
  private var free: UnsafeMutablePointer<UInt8>?

  deinit { for segment in segments { segment.deallocate() } }

  /// Begins a chunk.
  func beginChunk() { lookups = 0 }

  /// Entries that were added since the last were taken.
  var newEntries: Int { entries.count - taken }

  /// The entries that were added since this was last asked, in the order of their codes.
  func takeNewEntries() -> ArraySlice<Entry> {
    defer { taken = entries.count }
    return entries[taken...]
  }

  private static let sameAsBefore = UInt32.max - 1
  private static let gap = UInt32.max - 2

  /// Writes the codes of a column's fields. Rows without a value get the code 0 and are added to `gaps`, `before` more than
  /// their place in the block.
  func code(
    _ block: FieldBlock, _ column: Int, _ missing: MissingTexts, into out: UnsafeMutablePointer<UInt32>, before: Int,
    _ gaps: inout [UInt32]
  ) {
    queue.reserve(block.rows)
    let queued = enqueue(block, column, from: rise(block, column, missing, out), out)
    lookups += queued
    look(queued, missing, out)
    if !missingCodes.isEmpty {
      for row in 0..<block.rows where missingCodes.contains(out[row]) { out[row] = TextCoder.gap }
    }
    var code: UInt32 = 0
    for row in 0..<block.rows {
      if out[row] != TextCoder.sameAsBefore { code = out[row] }
      if code == TextCoder.gap { gaps.append(UInt32(truncatingIfNeeded: before &+ row)) }
      out[row] = code == TextCoder.gap ? 0 : code
    }
  }

  /// Codes texts as long as they rise. Gives the row at which that ends.
  private func rise(
    _ block: FieldBlock, _ column: Int, _ missing: MissingTexts, _ out: UnsafeMutablePointer<UInt32>
  ) -> Int {
    guard var rising else { return 0 }
    // Moved out, so that the loop changes a value of its own.
    self.rising = nil
    let masks = queue.masks
    var last = TextWords()
    var lastCount = -1
    for row in 0..<block.rows {
      let field = block.field(row, column)
      let words = TextWords(field.start, field.count, masks)
      if words == last, field.count == lastCount {
        out[row] = TextCoder.sameAsBefore
        continue
      }
      (last, lastCount) = (words, field.count)
      if field.count == 0 {
        out[row] = TextCoder.gap
        continue
      }
      let code = UInt32(truncatingIfNeeded: entries.count)
      var finding = RisingTexts.Finding.unclear
      if !field.isQuoted || !block.holdsQuote(field) {
        finding = rising.find(words.a.bigEndian, words.b.bigEndian, field.start[0], field.count, code: code)
      }
      switch finding {
      case .new:
        _ = insert(field.start, field.count, missing)
        lookups &+= 1
        out[row] = code
      case .known(let known): out[row] = known
      case .unclear:
        fillSlots()
        return row
      }
    }
    self.rising = rising
    return block.rows
  }

  /// Makes slots of all texts so far.
  private func fillSlots() {
    for (code, entry) in entries.enumerated() {
      let words = TextWords(entry.bytes, entry.count, queue.masks)
      let lookup = Lookup(
        words: words, start: entry.bytes, hash: words.hash(entry.bytes, entry.count), count: entry.count, row: 0,
        code: 0)
      slots.insert(lookup, entry.bytes, UInt32(truncatingIfNeeded: code))
    }
  }

  /// Hashes all texts before any is looked up, so that the slots are on their way to the core by then.
  private func enqueue(
    _ block: FieldBlock, _ column: Int, from first: Int, _ out: UnsafeMutablePointer<UInt32>
  ) -> Int {
    let (pending, masks) = (queue.base, queue.masks)
    let view = slots.view
    var queued = 0
    var last = TextWords()
    var lastCount = -1
    var lastStart = block.base
    for row in first..<block.rows {
      let field = block.field(row, column)
      var (start, count) = (field.start, field.count)
      if field.isQuoted, block.holdsQuote(field) { (start, count) = (start - 1, count + 2) }
      let words = TextWords(start, count, masks)
      // Rows of one order stand together and share most of their texts.
      if words == last, count == lastCount, count <= 32 || TextWords.isEqualBehind(start, lastStart, count) {
        out[row] = TextCoder.sameAsBefore
        continue
      }
      (last, lastCount, lastStart) = (words, count, start)
      if count == 0 {
        out[row] = TextCoder.gap
        continue
      }
      let hash = words.hash(start, count)
      martlet_prefetch(view.base + Int(hash & view.mask))
      pending[queued] = Lookup(words: words, start: start, hash: hash, count: count, row: row, code: 0)
      queued &+= 1
    }
    return queued
  }

  /// Looks up what is queued: first the slots, so that the texts to compare with are on their way, then the texts.
  private func look(_ queued: Int, _ missing: MissingTexts, _ out: UnsafeMutablePointer<UInt32>) {
    let pending = queue.base
    var view = slots.view
    for place in 0..<queued {
      let code = view.candidate(pending[place].hash, pending[place].tag)
      pending[place].code = code
      martlet_prefetch(view.texts + Int(code == TextSlots.absent ? 0 : code))
    }
    for place in 0..<queued {
      let lookup = pending[place]
      if lookup.code != TextSlots.absent, view.isRight(lookup.code, lookup) {
        out[Int(lookup.row)] = lookup.code
      } else {
        out[Int(lookup.row)] = find(lookup, missing)
        view = slots.view
      }
    }
  }

  /// The code of a text that is new, or in whose slots another text of the same hash stands first.
  @inline(never)
  private func find(_ lookup: Lookup, _ missing: MissingTexts) -> UInt32 {
    let found = slots.view.find(lookup)
    if found != TextSlots.absent { return found }
    let code = insert(lookup.start, Int(lookup.count), missing)
    slots.insert(lookup, entries[Int(code)].bytes, code)
    return code
  }

  /// Keeps a new text.
  private func insert(_ start: UnsafePointer<UInt8>, _ count: Int, _ missing: MissingTexts) -> UInt32 {
    // Texts are read in words, so that some bytes behind them are ours too.
    if freeBytes < count + 32 {
      freeBytes = max(min(1 << 20, max(1 << 12, segments.count << 14)), count + 32)
      let segment = UnsafeMutablePointer<UInt8>.allocate(capacity: freeBytes)
      segments.append(segment)
      free = segment
    }
    guard let text = free else { return 0 }
    text.update(from: start, count: count)
    free = text + count
    freeBytes -= count
    let isDoubled = count > 1 && text[0] == CSVDialect.quote && text[count - 1] == CSVDialect.quote
    let code = UInt32(truncatingIfNeeded: entries.count)
    entries.append(Entry(bytes: UnsafePointer(text), count: count, isDoubled: isDoubled))
    let field = FieldBlock.Field(start: UnsafePointer(text), count: count, isQuoted: false)
    if missing.contains(field) { missingCodes.append(code) }
    return code
  }
}

/// The first 32 bytes of a text, zeros behind a shorter one.
struct TextWords: Equatable {
  var a: UInt64 = 0
  var b: UInt64 = 0
  var c: UInt64 = 0
  var d: UInt64 = 0

  init() {}

  /// Reads 32 bytes at a place, all of which must be readable; `masks` are those of `LookupQueue`.
  @inline(__always)
  init(_ text: UnsafePointer<UInt8>, _ count: Int, _ masks: UnsafePointer<UInt64>) {
    let raw = UnsafeRawPointer(text)
    let row = masks + min(count, 32) &* 4
    a = raw.loadUnaligned(as: UInt64.self) & row[0]
    b = raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self) & row[1]
    c = raw.loadUnaligned(fromByteOffset: 16, as: UInt64.self) & row[2]
    d = raw.loadUnaligned(fromByteOffset: 24, as: UInt64.self) & row[3]
  }

  @inline(__always)
  static func == (x: TextWords, y: TextWords) -> Bool {
    (x.a ^ y.a) | (x.b ^ y.b) | (x.c ^ y.c) | (x.d ^ y.d) == 0
  }

  /// A hash of the whole text: products of two words each, folded (after Wang Yi's wyhash).
  @inline(__always)
  func hash(_ text: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
    let x = (a ^ 0xa076_1d64_78bd_642f).multipliedFullWidth(by: b ^ 0xe703_7ed1_a0b4_28db)
    let y = (c ^ 0x8ebc_6af0_9c88_c6e3).multipliedFullWidth(
      by: d ^ 0x5899_65cc_7537_4cc3 ^ UInt64(truncatingIfNeeded: count))
    let h = x.low ^ x.high ^ y.low &* 0x9e37_79b9_7f4a_7c15 ^ y.high
    return count <= 32 ? h : TextWords.hashBehind(text, count, h)
  }

  private static func hashBehind(_ text: UnsafePointer<UInt8>, _ count: Int, _ seed: UInt64) -> UInt64 {
    let raw = UnsafeRawPointer(text)
    var h = seed
    var place = 32
    while place < count {
      // The last word overlaps the one before it.
      let word = raw.loadUnaligned(fromByteOffset: min(place, count &- 8), as: UInt64.self)
      let product = (h ^ word).multipliedFullWidth(by: 0xa076_1d64_78bd_642f)
      h = product.low ^ product.high
      place &+= 8
    }
    return h
  }

  /// Whether two texts of the same length, more than 32 bytes, are equal behind these.
  static func isEqualBehind(_ x: UnsafePointer<UInt8>, _ y: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    var place = 32
    while place < count {
      let here = min(place, count &- 8)
      let (p, q) = (UnsafeRawPointer(x), UnsafeRawPointer(y))
      if p.loadUnaligned(fromByteOffset: here, as: UInt64.self)
        != q.loadUnaligned(fromByteOffset: here, as: UInt64.self)
      {
        return false
      }
      place &+= 8
    }
    return true
  }
}

/// A row whose text has to be looked up.
struct Lookup {
  let words: TextWords
  let start: UnsafePointer<UInt8>
  let hash: UInt32
  /// What a slot remembers of the text: 24 more bits of the hash, and the length up to 255.
  let tag: UInt32
  let count: UInt32
  let row: UInt32
  /// The code in the first slot with this tag.
  var code: UInt32

  @inline(__always)
  init(words: TextWords, start: UnsafePointer<UInt8>, hash: UInt64, count: Int, row: Int, code: UInt32) {
    self.words = words
    self.start = start
    self.hash = UInt32(truncatingIfNeeded: hash)
    tag = UInt32(truncatingIfNeeded: hash >> 32) & ~0xff | UInt32(truncatingIfNeeded: min(count, 255))
    self.count = UInt32(truncatingIfNeeded: count)
    self.row = UInt32(truncatingIfNeeded: row)
    self.code = code
  }
}

/// A reused buffer of look-ups, and the masks that cut texts out of 32 bytes.
final class LookupQueue {
  private(set) var base = UnsafeMutablePointer<Lookup>.allocate(capacity: 512)
  /// For each length 0…32, four words.
  let masks = UnsafeMutablePointer<UInt64>.allocate(capacity: 33 * 4)
  private var capacity = 512

  init() {
    for count in 0...32 {
      for word in 0..<4 {
        let bytes = max(0, min(8, count - 8 * word))
        let bits: UInt64 = bytes == 8 ? ~0 : (1 << UInt64(8 * bytes)) - 1
        masks[4 * count + word] = bits.littleEndian
      }
    }
  }

  deinit {
    base.deallocate()
    masks.deallocate()
  }

  /// Makes room for so many; what is there is lost.
  func reserve(_ count: Int) {
    guard count > capacity else { return }
    base.deallocate()
    capacity = count * 2
    base = .allocate(capacity: capacity)
  }
}
