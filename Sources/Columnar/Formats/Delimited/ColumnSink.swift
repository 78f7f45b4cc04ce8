/// A column of the table while chunks are added to it in order.
final class ColumnSink {
  /// What its values were read as so far.
  private(set) var kind: ColumnKind
  /// Set when earlier rows have to be read again because a later one widened the column.
  private(set) var mustReread = false
  private(set) var dates = DateFacts()
  private(set) var count = 0
  private(set) var missing = 0
  private let lanes: ColumnLanes
  private var dictionary = LocalDictionary()
  /// The texts, when they are left without codes.
  private var plain: TextRows?
  /// Decimals are kept as whole numbers times this.
  private let divisor: Double
  /// Bits of rows with a value; empty until a row is missing.
  private var valid: [UInt64] = []

  init(_ kind: ColumnKind, scale: Int?, _ options: CSVOptions) {
    self.kind = kind
    (manyTexts, mostPlainBytes) = (options.manyTexts, options.mostPlainBytes)
    divisor = NumberParser.powers[scale ?? 0]
    lanes = ColumnLanes(kind)
  }

  /// Whether the distinct texts are too many for one dictionary.
  var isFull: Bool { dictionary.isFull }

  /// Looks at the texts with bytes beyond ASCII, each of which has a number.
  func eachBeyondASCII(_ look: (UInt32, UnsafeBufferPointer<UInt8>) -> Void) {
    if let plain { plain.eachBeyondASCII(look) } else { dictionary.eachBeyondASCII(look) }
  }

  /// The bytes of all texts, or of the distinct ones.
  func withTextBytes<T>(_ body: (UnsafeBufferPointer<UInt8>) -> T) -> T {
    if let plain { body(plain.all) } else { dictionary.bytes.withUnsafeBufferPointer(body) }
  }

  /// The first row whose text has the number.
  func row(of number: UInt32) -> Int? { plain == nil ? lanes.firstRow(of: number) : Int(number) }

  // MARK: Texts without codes

  /// Whether so many texts are different, and in no order, that giving them codes costs more than it is likely to save.
  ///
  /// Of texts that are drawn from D different ones, n hold D (1 - exp(-n / D)): while nine in ten are new, D is more than four
  /// times n. `expected` is the number of rows to come, so that D is a twelfth of it at least.
  func repeatsRarely(of expected: Int) -> Bool {
    guard kind == .text, plain == nil, dictionary.isHashed, !isPlainRefused else { return false }
    return dictionary.count > max(manyTexts, expected / 64) && dictionary.count * 10 > (count - missing) * 9
  }

  private let manyTexts: Int
  private let mostPlainBytes: Int
  /// All texts are more than can be left without codes.
  private var isPlainRefused = false

  /// Leaves the texts, also those so far, without codes.
  func leavePlain() {
    let rows = TextRows(most: mostPlainBytes)
    let finished = dictionary.finished
    var hasRoom = true
    lanes.eachCode { row, code in
      let isValid = valid.isEmpty || valid[row >> 6] >> UInt64(row & 63) & 1 == 1
      let nothing = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
      hasRoom = hasRoom && (isValid ? finished.withBytes(of: Int(code), rows.append) : rows.append(nothing))
    }
    guard hasRoom else {
      isPlainRefused = true
      return
    }
    plain = rows
    dictionary = LocalDictionary()
    lanes.removeAll()
  }

  /// Gives codes to all texts so far, which are too many bytes to be kept as they are.
  private func leaveCoded() {
    guard let rows = plain else { return }
    (plain, isPlainRefused) = (nil, true)
    let view = rows.view
    var codes: [UInt32] = []
    for row in 0..<rows.count {
      codes.append(view[row].isEmpty ? 0 : dictionary.code(view[row]))
      if codes.count < 1 << 16, row + 1 < rows.count { continue }
      codes.withUnsafeBufferPointer { lanes.append(codes: $0, limit: dictionary.count) }
      codes.removeAll(keepingCapacity: true)
    }
  }

  private func appendPlain(_ chunk: ChunkColumn, _ rows: Int) {
    if plain == nil, !isPlainRefused { leavePlain() }
    let ends = UnsafeBufferPointer(rebasing: chunk.ends.prefix(rows))
    let bytes = UnsafeBufferPointer(rebasing: chunk.texts.bytes.prefix(Int(ends.last ?? 0)))
    if plain?.append(bytes, ends: ends) == true { return }
    if plain != nil { leaveCoded() }
    var start = 0
    let codes = ends.map { end -> UInt32 in
      let text = UnsafeBufferPointer(rebasing: bytes[start..<Int(end)])
      start = Int(end)
      return text.isEmpty ? 0 : dictionary.code(text)
    }
    codes.withUnsafeBufferPointer { lanes.append(codes: $0, limit: dictionary.count) }
  }

  /// Adds texts that a thread has given codes.
  private func appendPlain(_ map: TextCoder.CodeMap, _ codes: UnsafeMutableBufferPointer<UInt32>, _ gaps: [UInt32]) {
    var next = 0
    for row in codes.indices {
      if next < gaps.count, Int(gaps[next]) == row {
        next += 1
        add(UnsafeBufferPointer(start: nil, count: 0))
        continue
      }
      let entry = map.entries[Int(codes[row])]
      let text = UnsafeBufferPointer(start: entry.bytes, count: entry.count)
      if entry.isDoubled {
        FieldBlock.undoubled(UnsafeBufferPointer(rebasing: text[1..<(entry.count - 1)])).withUnsafeBufferPointer(add)
      } else {
        add(text)
      }
    }
  }

  private func add(_ text: UnsafeBufferPointer<UInt8>) {
    if plain?.append(text) == true { return }
    if plain != nil { leaveCoded() }
    withUnsafePointer(to: text.isEmpty ? 0 : dictionary.code(text)) {
      lanes.append(codes: UnsafeBufferPointer(start: $0, count: 1), limit: dictionary.count)
    }
  }

  /// Adds the first `rows` rows of a chunk.
  func append(_ chunk: ChunkColumn, rows: Int) {
    defer { count += rows }
    if mustReread { return }
    if chunk.kind != kind, !bringTogether(chunk.kind) {
      mustReread = true
      return
    }
    switch kind {
    case .integer: appendIntegers(chunk, rows)
    case .real: appendReals(chunk, rows)
    case .date:
      appendIntegers(chunk, rows, factor: 1_000_000)
      dates.join(chunk.dates)
    case .boolean: lanes.append(UnsafeBufferPointer(rebasing: chunk.booleans.prefix(rows)))
    case .text: appendTexts(chunk, rows)
    }
    markMissing(chunk, rows)
  }

  /// Whole numbers, or moments, of which the small ones are to be multiplied when they stand among others.
  private func appendIntegers(_ chunk: ChunkColumn, _ rows: Int, factor: Int64 = 1) {
    if chunk.form == .words {
      lanes.makeWords(times: factor)
      lanes.append(UnsafeBufferPointer(rebasing: chunk.words.prefix(rows)))
    } else if lanes.isWide {
      lanes.append(UnsafeBufferPointer(rebasing: chunk.small.prefix(rows)), times: factor)
    } else {
      lanes.append(UnsafeBufferPointer(rebasing: chunk.small.prefix(rows)))
    }
  }

  private func appendReals(_ chunk: ChunkColumn, _ rows: Int) {
    // A chunk of whole numbers among those of decimals has another scale, unless that is one.
    let isWhole = chunk.kind == .integer
    if chunk.form == .small, !lanes.isWide, !isWhole || divisor == 1 {
      lanes.append(UnsafeBufferPointer(rebasing: chunk.small.prefix(rows)))
      return
    }
    lanes.makeReals(by: divisor)
    switch chunk.form {
    case .small: lanes.append(UnsafeBufferPointer(rebasing: chunk.small.prefix(rows)), by: isWhole ? 1 : divisor)
    case .words: lanes.appendReal(UnsafeBufferPointer(rebasing: chunk.words.prefix(rows)))
    default: lanes.append(UnsafeBufferPointer(rebasing: chunk.reals.prefix(rows)))
    }
  }

  /// Makes the values so far fit a chunk that was read as another kind. False when the text of the rows is needed for that.
  private func bringTogether(_ other: ColumnKind) -> Bool {
    if kind.readsAll(of: other) { return true }
    guard other.readsAll(of: kind) else { return false }
    if case .integer = kind, divisor != 1 || lanes.isWide { lanes.makeReals(by: 1) }
    kind = other
    return true
  }

  private func appendTexts(_ chunk: ChunkColumn, _ rows: Int) {
    if chunk.form == .texts { return appendPlain(chunk, rows) }
    guard let map = chunk.coder?.map else { return }
    let own = UnsafeMutableBufferPointer(rebasing: chunk.codes.prefix(rows))
    if plain != nil { return appendPlain(map, own, chunk.gaps) }
    map.codes.withUnsafeMutableBufferPointer { known in
      var start = 0
      // The slot of a missing row must not bring a text in that no row has.
      for gap in chunk.gaps where gap < rows {
        translate(own, start..<Int(gap), known, map)
        own[Int(gap)] = 0
        start = Int(gap) + 1
      }
      translate(own, start..<rows, known, map)
    }
    lanes.append(codes: UnsafeBufferPointer(own), limit: dictionary.count)
  }

  /// Rows that are translated together, so that what is looked up for them is on its way to the core.
  private static let windowRows = 64

  /// Turns the thread's codes into those of the column.
  private func translate(
    _ codes: UnsafeMutableBufferPointer<UInt32>, _ rows: Range<Int>, _ known: UnsafeMutableBufferPointer<UInt32>,
    _ map: TextCoder.CodeMap
  ) {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: ColumnSink.windowRows) { pending in
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: ColumnSink.windowRows) { hashes in
        for start in stride(from: rows.lowerBound, to: rows.upperBound, by: ColumnSink.windowRows) {
          var count = 0
          let isHashed = dictionary.isHashed
          if isHashed { prepare(map) }
          for row in start..<min(start + ColumnSink.windowRows, rows.upperBound) {
            let mine = Int(codes[row])
            let code = known[mine]
            if code == TextCoder.CodeMap.unknown {
              pending[count] = row
              if isHashed { hashes[count] = map.hashes[mine] }
              count &+= 1
            } else {
              codes[row] = code
            }
          }
          if count == 0 { continue }
          if isHashed { dictionary.prefetch(UnsafeBufferPointer(rebasing: hashes[0..<count])) }
          for row in pending[0..<count] {
            let mine = Int(codes[row])
            if known[mine] == TextCoder.CodeMap.unknown {
              known[mine] = meet(map.entries[mine], isHashed ? map.hashes[mine] : nil)
            }
            codes[row] = known[mine]
          }
        }
      }
    }
  }

  /// Hashes what a thread has met since the last chunk.
  private func prepare(_ map: TextCoder.CodeMap) {
    if map.hashes.count == map.entries.count { return }
    for entry in map.entries[map.hashes.count...] {
      map.hashes.append(TextHash.of(UnsafeBufferPointer(start: entry.bytes, count: entry.count)))
    }
  }

  /// The column's code of a text that a thread has met.
  @inline(never)
  private func meet(_ entry: TextCoder.Entry, _ hash: UInt32?) -> UInt32 {
    let text = UnsafeBufferPointer(start: entry.bytes, count: entry.count)
    guard entry.isDoubled else { return hash.map { dictionary.code(text, $0) } ?? dictionary.code(text) }
    return FieldBlock.undoubled(UnsafeBufferPointer(rebasing: text[1..<(entry.count - 1)]))
      .withUnsafeBufferPointer { dictionary.code($0) }
  }

  private func markMissing(_ chunk: ChunkColumn, _ rows: Int) {
    let needed = (count + rows + 63) / 64
    if !valid.isEmpty, valid.count < needed { valid.append(contentsOf: repeatElement(~0, count: needed - valid.count)) }
    if chunk.gaps.isEmpty { return }
    if valid.isEmpty { valid = [UInt64](repeating: ~0, count: needed) }
    for gap in chunk.gaps where gap < rows {
      let row = count &+ Int(gap)
      valid[row &>> 6] &= ~(1 &<< UInt64(truncatingIfNeeded: row & 63))
      missing += 1
    }
  }

  /// The finished column. `hasTime` says whether dates are moments, which is otherwise for its rows to say.
  func column(hasTime: Bool? = nil, _ finish: TextFinish) -> Column {
    let validity = missing > 0 ? Bitmap(words: valid, count: count) : nil
    if let plain { return Column(PlainTexts(finish.decoded(plain)), validity: validity) }
    return Column(lanes.finish(meaning(hasTime ?? dates.hasTime, finish.decoded)), validity: validity)
  }

  private func meaning(_ hasTime: Bool, _ texts: (LocalDictionary) -> TextDictionary) -> PackedValues.Meaning {
    switch kind {
    case .integer: return .whole
    case .real: return lanes.isWide ? .real : .decimal(divisor)
    case .boolean: return .boolean
    case .text: return .codes(texts(dictionary))
    case .date(let layout):
      if hasTime { return lanes.isWide ? .microseconds : .seconds }
      lanes.makeDays()
      return layout.order == .yearMonth && layout.isPeriod ? .periods(.month) : .days
    }
  }
}
