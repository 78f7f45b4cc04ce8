/// A column of the table while chunks are added to it in order.
final class ColumnSink {
  /// What its values were read as so far.
  private(set) var kind: ColumnKind
  /// Set when earlier rows have to be read again because a later one widened the column.
  private(set) var mustReread = false
  private(set) var dates = DateFacts()
  private(set) var count = 0
  private(set) var missing = 0
  private var words: [Int64] = []
  private var reals: [Double] = []
  private var booleans: [Bool] = []
  private var codes: [UInt32] = []
  private var dictionary = LocalDictionary()
  /// Bits of rows with a value; empty until a row is missing.
  private var valid: [UInt64] = []

  init(_ kind: ColumnKind, rows: Int) {
    self.kind = kind
    switch kind {
    case .integer, .date: words.reserveCapacity(rows)
    case .real: reals.reserveCapacity(rows)
    case .boolean: booleans.reserveCapacity(rows)
    case .text: codes.reserveCapacity(rows)
    }
  }

  /// Whether the distinct texts are too many for one dictionary.
  var isFull: Bool { dictionary.isFull }

  /// The distinct texts so far.
  var texts: LocalDictionary { dictionary }

  /// The first row whose text has the code.
  func row(of code: UInt32) -> Int? { codes.firstIndex(of: code) }

  /// Adds the first `rows` rows of a chunk.
  func append(_ chunk: ChunkColumn, rows: Int) {
    defer { count += rows }
    if mustReread { return }
    if chunk.kind != kind, !bringTogether(chunk.kind) {
      mustReread = true
      return
    }
    switch kind {
    case .integer: words.append(contentsOf: UnsafeBufferPointer(rebasing: chunk.words.prefix(rows)))
    case .date:
      words.append(contentsOf: UnsafeBufferPointer(rebasing: chunk.words.prefix(rows)))
      dates.join(chunk.dates)
    case .real:
      if chunk.kind == .integer {
        reals.append(contentsOf: chunk.words.prefix(rows).lazy.map(Double.init))
      } else {
        reals.append(contentsOf: UnsafeBufferPointer(rebasing: chunk.reals.prefix(rows)))
      }
    case .boolean: booleans.append(contentsOf: UnsafeBufferPointer(rebasing: chunk.booleans.prefix(rows)))
    case .text: appendTexts(chunk, rows)
    }
    markMissing(chunk, rows)
  }

  /// Makes the values so far fit a chunk that was read as another kind. False when the text of the rows is needed for that.
  private func bringTogether(_ other: ColumnKind) -> Bool {
    if kind.readsAll(of: other) { return true }
    guard other.readsAll(of: kind) else { return false }
    if case .integer = kind {
      reals.reserveCapacity(words.capacity)
      reals.append(contentsOf: words.lazy.map(Double.init))
      words = []
    }
    kind = other
    return true
  }

  private func appendTexts(_ chunk: ChunkColumn, _ rows: Int) {
    guard let map = chunk.coder?.map else { return }
    let own = UnsafeMutableBufferPointer(rebasing: chunk.codes.prefix(rows))
    var gap = 0
    map.codes.withUnsafeMutableBufferPointer { known in
      for row in own.indices {
        // The slot of a missing row must not bring a text in that no row has.
        if gap < chunk.gaps.count, chunk.gaps[gap] == UInt32(truncatingIfNeeded: row) {
          own[row] = 0
          gap += 1
          continue
        }
        let mine = Int(own[row])
        var code = known[mine]
        if code == TextCoder.CodeMap.unknown {
          let entry = map.entries[mine]
          code = dictionary.code(UnsafeBufferPointer(start: entry.bytes, count: Int(entry.count)))
          known[mine] = code
        }
        own[row] = code
      }
    }
    codes.append(contentsOf: UnsafeBufferPointer(own))
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

  /// The finished column. `texts` are its distinct texts in the encoding of the table.
  func column(_ texts: (LocalDictionary) -> TextDictionary) -> Column {
    let validity = missing > 0 ? Bitmap(words: valid, count: count) : nil
    switch kind {
    case .integer: return Column(.integer(words), validity: validity)
    case .real: return Column(.real(reals), validity: validity)
    case .boolean: return Column(.boolean(booleans), validity: validity)
    case .text: return Column(.text(codes: codes, texts(dictionary)), validity: validity)
    case .date:
      if dates.hasTime { return Column(.datetime(words), validity: validity) }
      return Column(
        .date(words.map { Int32(truncatingIfNeeded: $0 / Timestamp.perDay) }), validity: validity)
    }
  }
}
