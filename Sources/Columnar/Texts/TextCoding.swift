import CScan

/// Gives codes to the texts of a column, in order of first appearance, on all cores.
///
/// Rows are dealt out by the hashes of their texts, so that the rows of one part are looked up in a table that stays in a
/// core's cache (radix partitioning: Manegold, Boncz and Kersten 2002). A short text goes along with its row, so that nobody
/// has to look at it again. Each row learns the first row with its text; how many first rows stand before that one is its code.
enum TextCoding {
  /// The codes of all texts. A row without bytes gets the code 0.
  static func codes(_ rows: TextRows) -> PackedValues {
    // Nobody raises the flag.
    codes(rows, Cancellation()) ?? PackedValues(taking: nothing(), .uint32, count: 0, .codes(TextDictionary([""])))
  }

  /// The same; nil when the flag was raised before all were found.
  static func codes(_ rows: TextRows, _ cancellation: Cancellation) -> PackedValues? {
    guard rows.count > 0, let room = martlet_room_resize(nil, 0, rows.count * 4) else {
      return PackedValues(taking: nothing(), .uint32, count: 0, .codes(TextDictionary([""])))
    }
    martlet_room_scattered(room, rows.count * 4)
    let work = Work(rows, room.bindMemory(to: UInt32.self, capacity: rows.count), cancellation)
    guard work.findFirstRows(), let dictionary = work.number() else {
      martlet_room_free(room, rows.count * 4)
      return nil
    }
    return PackedValues(taking: room, .uint32, count: rows.count, .codes(dictionary))
  }

  private static func nothing() -> UnsafeMutableRawPointer {
    martlet_room_resize(nil, 0, 1) ?? .allocate(byteCount: 1, alignment: 16)
  }
}

/// What the threads share while texts get codes; each writes only to its own rows, or to those of its part.
private final class Work: @unchecked Sendable {
  /// Rows of one task.
  static let taskRows = 1 << 16
  /// Rows of one part on average: their table of twice as many places fits into the second cache.
  static let partRows = 1 << 13
  /// Rows that are dealt out at a time, unless more have one text.
  static let roundRows = 1 << 22
  static let without = UInt32.max

  private let count: Int
  private let texts: TextRows.View
  /// Keeps the texts alive.
  private let rows: TextRows
  /// For each row the first with the same text, and in the end its code.
  private let codes: UnsafeMutablePointer<UInt32>
  private let cancellation: Cancellation
  private let tasks: Int
  private let parts: Int
  private let shift: UInt64
  /// For each task and part how many rows, and then where the task's next row of the part goes.
  private let places: UnsafeMutablePointer<UInt32>

  init(_ rows: TextRows, _ codes: UnsafeMutablePointer<UInt32>, _ cancellation: Cancellation) {
    (self.rows, self.codes, self.cancellation) = (rows, codes, cancellation)
    count = rows.count
    texts = rows.view
    tasks = (count + Work.taskRows - 1) / Work.taskRows
    var bits: UInt64 = 1
    while bits < 12, count >> Int(bits) > Work.partRows { bits += 1 }
    parts = 1 << Int(bits)
    shift = 64 - bits
    places = .allocate(capacity: tasks * parts)
  }

  deinit { places.deallocate() }

  /// Runs the body for each task; false when the flag was raised.
  private func each(_ tasks: Range<Int>, _ body: @Sendable (Int) -> Void) -> Bool {
    ParallelTasks.run(tasks: tasks.count) { _, queue in
      while !cancellation.isCancelled, let task = queue.next() { body(tasks.lowerBound + task) }
    }
    return !cancellation.isCancelled
  }

  private func range(_ task: Int) -> Range<Int> {
    task * Work.taskRows..<min(count, (task + 1) * Work.taskRows)
  }

  /// What tells the text of a row from others; nil when it has none.
  @inline(__always)
  private func key(_ row: Int) -> TextKey? {
    let (start, end) = (texts.start(row), Int(texts.ends[row]))
    return start == end ? nil : TextKey(UnsafeRawPointer(texts.bytes) + start, end &- start)
  }

  // MARK: First rows

  /// Finds for each row the first one with the same text. False when the flag was raised.
  func findFirstRows() -> Bool {
    let counted = each(0..<tasks) { task in
      let counts = self.places + task * self.parts
      counts.initialize(repeating: 0, count: self.parts)
      for row in self.range(task) {
        guard let key = self.key(row) else {
          self.codes[row] = Work.without
          continue
        }
        counts[Int(key.hash &>> self.shift)] &+= 1
      }
    }
    guard counted else { return false }
    var first = 0
    while first < parts {
      // As many parts as fit into a round, one at least.
      var ends: [Int] = []
      while first + ends.count < parts {
        let next = number(first + ends.count, from: ends.last ?? 0)
        if next > Work.roundRows, !ends.isEmpty { break }
        ends.append(next)
        place(first + ends.count - 1, from: ends.dropLast().last ?? 0)
      }
      guard findFirstRows(first..<(first + ends.count), ends) else { return false }
      first += ends.count
    }
    return true
  }

  /// Where the rows of a part end that begin at a place.
  private func number(_ part: Int, from start: Int) -> Int {
    (0..<tasks).reduce(start) { $0 + Int(places[$1 * parts + part]) }
  }

  /// Makes places of a part's counts.
  private func place(_ part: Int, from start: Int) {
    var next = start
    for task in 0..<tasks {
      let own = Int(places[task * parts + part])
      places[task * parts + part] = UInt32(truncatingIfNeeded: next)
      next += own
    }
  }

  /// The same for the rows of some parts, each of which ends at its place when they are dealt out.
  private func findFirstRows(_ round: Range<Int>, _ ends: [Int]) -> Bool {
    guard let all = ends.last, all > 0 else { return true }
    let bytes = all * MemoryLayout<TextKey.Dealt>.stride
    let room = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    defer { room.deallocate() }
    martlet_room_scattered(room, bytes)
    let dealt = Dealt(base: room.bindMemory(to: TextKey.Dealt.self, capacity: all))
    let isDealt = each(0..<tasks) { task in
      let places = self.places + task * self.parts
      for row in self.range(task) {
        guard let key = self.key(row) else { continue }
        let part = Int(key.hash &>> self.shift)
        guard round.contains(part) else { continue }
        dealt.base[Int(places[part])] = TextKey.Dealt(key: key, row: UInt32(truncatingIfNeeded: row))
        places[part] &+= 1
      }
    }
    return isDealt
      && each(round) { part in
        let start = part == round.lowerBound ? 0 : ends[part - round.lowerBound - 1]
        self.find(UnsafeBufferPointer(start: dealt.base + start, count: ends[part - round.lowerBound] - start))
      }
  }

  private struct Dealt: @unchecked Sendable {
    let base: UnsafeMutablePointer<TextKey.Dealt>
  }

  /// Finds the first rows of one part.
  private func find(_ own: UnsafeBufferPointer<TextKey.Dealt>) {
    var table = FirstRows(rows: min(own.count, Work.partRows * 4))
    for entry in own {
      table.reserve()
      var place = Int(truncatingIfNeeded: entry.key.hash) & table.mask
      while true {
        let candidate = table.slots[place]
        if candidate.row == Work.without {
          table.slots[place] = entry
          table.filled &+= 1
          codes[Int(entry.row)] = entry.row
          break
        }
        if candidate.key == entry.key, !entry.key.isLong || isSame(Int(entry.row), Int(candidate.row)) {
          codes[Int(entry.row)] = candidate.row
          break
        }
        place = (place &+ 1) & table.mask
      }
    }
    table.deallocate()
  }

  private func isSame(_ a: Int, _ b: Int) -> Bool { texts[a].elementsEqual(texts[b]) }

  // MARK: Numbering

  /// Makes codes of first rows, and the dictionary of their texts; nil when the flag was raised.
  func number() -> TextDictionary? {
    let words = (count + 63) / 64
    let firsts = UnsafeMutablePointer<UInt64>.allocate(capacity: words)
    let before = UnsafeMutablePointer<UInt32>.allocate(capacity: words)
    defer {
      firsts.deallocate()
      before.deallocate()
    }
    let bitmap = Bits(firsts: firsts, before: before)
    let found = TaskResults<(texts: Int, bytes: Int)>(tasks)
    guard each(0..<tasks, { found.put($0, self.markFirsts($0, bitmap)) }) else { return nil }
    var (texts, bytes) = (0, 0)
    let starts = found.all.map { own -> (texts: Int, bytes: Int) in
      defer { (texts, bytes) = (texts + own.texts, bytes + own.bytes) }
      return (texts, bytes)
    }
    if texts == 0 {
      codes.update(repeating: 0, count: count)
      return TextDictionary([""])
    }
    guard let dictionary = dictionary(texts, bytes, starts, bitmap) else { return nil }
    let isNumbered = each(0..<tasks) { task in
      for row in self.range(task) {
        let first = Int(self.codes[row])
        self.codes[row] = first == Int(Work.without) ? 0 : bitmap.rank(first)
      }
    }
    return isNumbered ? dictionary : nil
  }

  /// A bit for each row that is the first with its text, and how many such rows stand before each 64.
  private struct Bits: @unchecked Sendable {
    let firsts: UnsafeMutablePointer<UInt64>
    let before: UnsafeMutablePointer<UInt32>

    @inline(__always)
    func rank(_ row: Int) -> UInt32 {
      let below = firsts[row &>> 6] & ((1 &<< UInt64(truncatingIfNeeded: row & 63)) &- 1)
      return before[row &>> 6] &+ UInt32(truncatingIfNeeded: below.nonzeroBitCount)
    }
  }

  /// Marks a task's first rows; gives how many they are, and their texts' bytes.
  private func markFirsts(_ task: Int, _ bitmap: Bits) -> (texts: Int, bytes: Int) {
    let rows = range(task)
    var found = (texts: 0, bytes: 0)
    for start in stride(from: rows.lowerBound, to: rows.upperBound, by: 64) {
      var bits: UInt64 = 0
      for row in start..<min(rows.upperBound, start + 64) where Int(codes[row]) == row {
        bits |= 1 &<< UInt64(truncatingIfNeeded: row & 63)
        found.bytes &+= texts[row].count
      }
      bitmap.firsts[start / 64] = bits
      found.texts &+= bits.nonzeroBitCount
    }
    return found
  }

  private func dictionary(
    _ count: Int, _ bytes: Int, _ starts: [(texts: Int, bytes: Int)], _ bitmap: Bits
  ) -> TextDictionary? {
    var offsets: [UInt32] = []
    var isWritten = false
    let all = [UInt8](unsafeUninitializedCapacity: bytes) { bytesOut, made in
      made = bytes
      offsets = [UInt32](unsafeUninitializedCapacity: count + 1) { offsetsOut, made in
        made = count + 1
        guard let bytesOut = bytesOut.baseAddress, let offsetsOut = offsetsOut.baseAddress else { return }
        offsetsOut[0] = 0
        let out = Out(bytes: bytesOut, offsets: offsetsOut)
        isWritten = each(0..<tasks) { self.write($0, starts[$0], bitmap, out) }
      }
    }
    return isWritten ? TextDictionary(bytes: all, offsets: offsets) : nil
  }

  private struct Out: @unchecked Sendable {
    let bytes: UnsafeMutablePointer<UInt8>
    let offsets: UnsafeMutablePointer<UInt32>
  }

  /// Writes the texts of a task's first rows, and how many stand before each 64 rows.
  private func write(_ task: Int, _ start: (texts: Int, bytes: Int), _ bitmap: Bits, _ out: Out) {
    let rows = range(task)
    var (code, place) = (start.texts, start.bytes)
    for word in (rows.lowerBound / 64)..<((rows.upperBound + 63) / 64) {
      bitmap.before[word] = UInt32(truncatingIfNeeded: code)
      var bits = bitmap.firsts[word]
      while bits != 0 {
        let text = texts[word &* 64 &+ bits.trailingZeroBitCount]
        bits &= bits &- 1
        if let from = text.baseAddress { (out.bytes + place).update(from: from, count: text.count) }
        place &+= text.count
        code &+= 1
        out.offsets[code] = UInt32(truncatingIfNeeded: place)
      }
    }
  }
}

/// What tells a text from others: the text itself when it has up to twelve bytes, else a hash of it.
private struct TextKey: Equatable {
  let a: UInt64
  let b: UInt32

  /// A row with the key of its text.
  struct Dealt {
    let key: TextKey
    let row: UInt32
  }

  /// Marks keys of which two may be equal and the texts not. No text of UTF-8 has such bytes.
  private static let long = UInt32.max

  /// The key of no text.
  init() { (a, b) = (0, 0) }

  /// Takes a text of one byte at least; some bytes behind it must be readable.
  @inline(__always)
  init(_ text: UnsafeRawPointer, _ count: Int) {
    let first = text.loadUnaligned(as: UInt64.self).littleEndian
    // Zeros behind a short text are no part of it: one that ends with a zero is not told by its bytes alone.
    if count <= 8, text.load(fromByteOffset: count &- 1, as: UInt8.self) != 0 {
      a = first & (~0 &>> UInt64(truncatingIfNeeded: 64 &- 8 &* count))
      b = 0
    } else if count <= 12, text.load(fromByteOffset: count &- 1, as: UInt8.self) != 0 {
      a = first
      let second = text.loadUnaligned(fromByteOffset: 8, as: UInt32.self).littleEndian
      b = second & (~0 &>> UInt32(truncatingIfNeeded: 96 &- 8 &* count))
    } else {
      a = TextKey.hash(text, count)
      b = TextKey.long
    }
  }

  /// Whether the texts have to be looked at when the keys are equal.
  @inline(__always) var isLong: Bool { b == TextKey.long }

  /// A hash whose bits are all of use (multiply and fold, after Wang Yi's wyhash).
  @inline(__always) var hash: UInt64 {
    let product = (a ^ 0xa076_1d64_78bd_642f)
      .multipliedFullWidth(by: UInt64(b) &* 0x9e37_79b9_7f4a_7c15 ^ 0xe703_7ed1_a0b4_28db)
    let h = (product.low ^ product.high) &* 0x9e37_79b9_7f4a_7c15
    return h ^ h &>> 32
  }

  private static func hash(_ text: UnsafeRawPointer, _ count: Int) -> UInt64 {
    var h = 0x9e37_79b9_7f4a_7c15 ^ UInt64(truncatingIfNeeded: count)
    var place = 0
    while place < count {
      // The last word may reach behind the text; those bytes are taken away.
      let rest = UInt64(truncatingIfNeeded: min(8, count &- place))
      let word = text.loadUnaligned(fromByteOffset: place, as: UInt64.self).littleEndian & (~0 &>> (64 &- 8 &* rest))
      let product = (h ^ word).multipliedFullWidth(by: 0xa076_1d64_78bd_642f)
      h = product.low ^ product.high
      place &+= 8
    }
    return h
  }
}

/// The first rows of one part by the hashes of their texts: open addressing.
private struct FirstRows {
  private(set) var slots: UnsafeMutablePointer<TextKey.Dealt>
  private(set) var mask: Int
  var filled = 0

  /// Makes a table that need not grow when half of so many rows are first ones.
  init(rows: Int) {
    var size = 64
    while size < rows { size *= 2 }
    slots = FirstRows.empty(size)
    mask = size - 1
  }

  /// Gives the memory back.
  func deallocate() { slots.deallocate() }

  /// Makes room for another row.
  @inline(__always)
  mutating func reserve() {
    if filled &* 2 > mask { grow() }
  }

  private mutating func grow() {
    let old = slots
    let size = mask + 1
    slots = FirstRows.empty(size * 2)
    mask = size * 2 - 1
    for place in 0..<size where old[place].row != Work.without {
      var new = Int(truncatingIfNeeded: old[place].key.hash) & mask
      while slots[new].row != Work.without { new = (new &+ 1) & mask }
      slots[new] = old[place]
    }
    old.deallocate()
  }

  private static func empty(_ size: Int) -> UnsafeMutablePointer<TextKey.Dealt> {
    let slots = UnsafeMutablePointer<TextKey.Dealt>.allocate(capacity: size)
    slots.initialize(repeating: TextKey.Dealt(key: TextKey(), row: Work.without), count: size)
    return slots
  }
}
