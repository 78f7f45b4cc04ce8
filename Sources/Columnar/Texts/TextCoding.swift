import CScan

/// Gives codes to the texts of a column, in order of first appearance, on all cores.
///
/// Rows are dealt out by the hashes of their texts, so that the rows of one part are looked up in a table that stays in a
/// core's cache (radix partitioning: Manegold, Boncz and Kersten 2002). Each row learns the first row with its text; how many
/// first rows stand before that one is its code.
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
    let work = Work(rows, room.bindMemory(to: UInt32.self, capacity: rows.count), cancellation)
    guard work.dealOut(), work.findFirstRows() else {
      martlet_room_free(room, rows.count * 4)
      return nil
    }
    let dictionary = work.number()
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
  /// Rows of one part on average: their table, eight bytes a place, fits into the second cache.
  static let partRows = 1 << 14
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
  /// For each task and part, where the task's next row of the part goes.
  private let places: UnsafeMutablePointer<UInt32>
  /// The rows by parts, in order within each: the hash above, the row below.
  private let dealt: UnsafeMutablePointer<UInt64>
  /// Where the rows of each part end.
  private var partEnds: [Int] = []

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
    dealt = .allocate(capacity: count)
    martlet_room_scattered(dealt, count * 8)
  }

  deinit {
    places.deallocate()
    dealt.deallocate()
  }

  /// Runs the body for each task; false when the flag was raised.
  private func each(_ tasks: Int, _ body: @Sendable (Int) -> Void) -> Bool {
    ParallelTasks.run(tasks: tasks) { _, queue in
      while !cancellation.isCancelled, let task = queue.next() { body(task) }
    }
    return !cancellation.isCancelled
  }

  private func range(_ task: Int) -> Range<Int> {
    task * Work.taskRows..<min(count, (task + 1) * Work.taskRows)
  }

  /// A hash of all bits (multiply and fold, after Wang Yi's wyhash).
  @inline(__always)
  private func hash(_ row: Int) -> (hash: UInt64, isEmpty: Bool) {
    let text = texts[row]
    let raw = UnsafeRawPointer(texts.bytes) + texts.start(row)
    var h = 0x9e37_79b9_7f4a_7c15 ^ UInt64(truncatingIfNeeded: text.count)
    var place = 0
    while place &+ 8 < text.count {
      let product = (h ^ raw.loadUnaligned(fromByteOffset: place, as: UInt64.self))
        .multipliedFullWidth(by: 0xa076_1d64_78bd_642f)
      h = product.low ^ product.high
      place &+= 8
    }
    // The last one to eight bytes; those behind them are not the text's.
    let rest = UInt64(truncatingIfNeeded: text.count &- place)
    let tail = raw.loadUnaligned(fromByteOffset: place, as: UInt64.self).littleEndian
    let own = tail & (~0 &>> (64 &- rest &* 8))
    let product = (h ^ own).multipliedFullWidth(by: 0xe703_7ed1_a0b4_28db)
    h = (product.low ^ product.high) &* 0x9e37_79b9_7f4a_7c15
    return (h ^ h &>> 32, text.isEmpty)
  }

  // MARK: Dealing out

  /// Puts the rows of each part together. False when the flag was raised.
  func dealOut() -> Bool {
    let counted = each(tasks) { task in
      let counts = self.places + task * self.parts
      counts.initialize(repeating: 0, count: self.parts)
      for row in self.range(task) {
        let (hash, isEmpty) = self.hash(row)
        if !isEmpty { counts[Int(hash &>> self.shift)] &+= 1 }
      }
    }
    guard counted else { return false }
    var next = 0
    partEnds = (0..<parts).map { part in
      for task in 0..<tasks {
        let own = Int(places[task * parts + part])
        places[task * parts + part] = UInt32(truncatingIfNeeded: next)
        next += own
      }
      return next
    }
    return each(tasks) { task in
      let places = self.places + task * self.parts
      for row in self.range(task) {
        let (hash, isEmpty) = self.hash(row)
        if isEmpty {
          self.codes[row] = Work.without
          continue
        }
        let part = Int(hash &>> self.shift)
        self.dealt[Int(places[part])] = hash &<< 32 | UInt64(truncatingIfNeeded: row)
        places[part] &+= 1
      }
    }
  }

  // MARK: First rows

  /// Finds for each row the first one with the same text. False when the flag was raised.
  func findFirstRows() -> Bool {
    each(parts) { part in
      let start = part == 0 ? 0 : self.partEnds[part - 1]
      let own = UnsafeBufferPointer(start: self.dealt + start, count: self.partEnds[part] - start)
      var table = FirstRows()
      for first in stride(from: 0, to: own.count, by: FirstRows.window) {
        table.reserve()
        self.find(UnsafeBufferPointer(rebasing: own[first..<min(own.count, first + FirstRows.window)]), &table)
      }
      table.deallocate()
    }
  }

  /// Looks some rows up together, so that the memory that each needs is on its way while the others are looked at.
  @inline(__always)
  private func find(_ some: UnsafeBufferPointer<UInt64>, _ table: inout FirstRows) {
    let (slots, mask) = (table.slots, table.mask)
    for entry in some { martlet_prefetch(texts.ends + Work.row(entry)) }
    for entry in some {
      let candidate = slots[Int(entry &>> 32 & mask)]
      if candidate &>> 32 == entry &>> 32 { martlet_prefetch(texts.ends + Work.row(candidate)) }
      martlet_prefetch(texts.bytes + texts.start(Work.row(entry)))
    }
    for entry in some {
      let candidate = slots[Int(entry &>> 32 & mask)]
      if candidate &>> 32 == entry &>> 32, candidate != FirstRows.free {
        martlet_prefetch(texts.bytes + texts.start(Work.row(candidate)))
      }
    }
    for entry in some {
      var place = Int(entry &>> 32 & mask)
      let row = Work.row(entry)
      while true {
        let candidate = slots[place]
        if candidate == FirstRows.free {
          slots[place] = entry
          table.filled &+= 1
          codes[row] = UInt32(truncatingIfNeeded: row)
          break
        }
        if candidate &>> 32 == entry &>> 32, isSame(row, Work.row(candidate)) {
          codes[row] = UInt32(truncatingIfNeeded: candidate)
          break
        }
        place = (place &+ 1) & Int(mask)
      }
    }
  }

  @inline(__always)
  private static func row(_ entry: UInt64) -> Int { Int(entry & 0xffff_ffff) }

  @inline(__always)
  private func isSame(_ a: Int, _ b: Int) -> Bool {
    let (x, y) = (texts[a], texts[b])
    guard x.count == y.count else { return false }
    let (p, q) = (UnsafeRawPointer(texts.bytes) + texts.start(a), UnsafeRawPointer(texts.bytes) + texts.start(b))
    var place = 0
    while place &+ 8 < x.count {
      if p.loadUnaligned(fromByteOffset: place, as: UInt64.self)
        != q.loadUnaligned(fromByteOffset: place, as: UInt64.self)
      {
        return false
      }
      place &+= 8
    }
    let rest = UInt64(truncatingIfNeeded: x.count &- place)
    let difference =
      p.loadUnaligned(fromByteOffset: place, as: UInt64.self) ^ q.loadUnaligned(fromByteOffset: place, as: UInt64.self)
    return difference.littleEndian & (~0 &>> (64 &- rest &* 8)) == 0
  }

  // MARK: Numbering

  /// Makes codes of first rows, and the dictionary of their texts.
  func number() -> TextDictionary {
    // What is left is a small part of the work: it is finished whatever the flag says.
    let words = (count + 63) / 64
    let firsts = UnsafeMutablePointer<UInt64>.allocate(capacity: words)
    let before = UnsafeMutablePointer<UInt32>.allocate(capacity: words)
    defer {
      firsts.deallocate()
      before.deallocate()
    }
    let bitmap = Bits(firsts: firsts, before: before)
    let found = ParallelTasks.results(tasks) { task in self.markFirsts(task, bitmap) }
    var (texts, bytes) = (0, 0)
    let starts = found.map { own -> (texts: Int, bytes: Int) in
      defer { (texts, bytes) = (texts + own.texts, bytes + own.bytes) }
      return (texts, bytes)
    }
    if texts == 0 {
      codes.update(repeating: 0, count: count)
      return TextDictionary([""])
    }
    let dictionary = dictionary(texts, bytes, starts, bitmap)
    ParallelTasks.run(tasks: tasks) { _, queue in
      while let task = queue.next() {
        for row in self.range(task) {
          let first = Int(self.codes[row])
          self.codes[row] = first == Int(Work.without) ? 0 : bitmap.rank(first)
        }
      }
    }
    return dictionary
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
  ) -> TextDictionary {
    var offsets: [UInt32] = []
    let all = [UInt8](unsafeUninitializedCapacity: bytes) { bytesOut, made in
      made = bytes
      offsets = [UInt32](unsafeUninitializedCapacity: count + 1) { offsetsOut, made in
        made = count + 1
        guard let bytesOut = bytesOut.baseAddress, let offsetsOut = offsetsOut.baseAddress else { return }
        offsetsOut[0] = 0
        let out = Out(bytes: bytesOut, offsets: offsetsOut)
        ParallelTasks.run(tasks: tasks) { _, queue in
          while let task = queue.next() { self.write(task, starts[task], bitmap, out) }
        }
      }
    }
    return TextDictionary(bytes: all, offsets: offsets)
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

/// The first rows of one part by the hashes of their texts: open addressing, the hash above, the row below.
private struct FirstRows {
  /// Rows that are looked up together.
  static let window = 32
  /// A place that nobody has; no row has this number.
  static let free = UInt64.max

  private(set) var slots: UnsafeMutablePointer<UInt64>
  private(set) var mask: UInt64
  var filled = 0

  init() {
    slots = FirstRows.empty(1 << 10)
    mask = (1 << 10) - 1
  }

  /// Gives the memory back.
  func deallocate() { slots.deallocate() }

  /// Makes room for another window.
  mutating func reserve() {
    let size = Int(mask) + 1
    guard (filled + FirstRows.window) * 2 > size else { return }
    let old = slots
    slots = FirstRows.empty(size * 2)
    mask = UInt64(truncatingIfNeeded: size * 2 - 1)
    for place in 0..<size where old[place] != FirstRows.free {
      var new = Int(old[place] &>> 32 & mask)
      while slots[new] != FirstRows.free { new = (new &+ 1) & Int(mask) }
      slots[new] = old[place]
    }
    old.deallocate()
  }

  private static func empty(_ size: Int) -> UnsafeMutablePointer<UInt64> {
    let slots = UnsafeMutablePointer<UInt64>.allocate(capacity: size)
    slots.initialize(repeating: free, count: size)
    return slots
  }
}
