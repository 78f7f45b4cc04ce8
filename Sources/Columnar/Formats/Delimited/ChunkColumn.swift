/// One column of one chunk, converted.
final class ChunkColumn {
  /// What the values were read as.
  private(set) var kind = ColumnKind.text
  /// Rows so far, those without a value among them.
  private(set) var count = 0
  /// The rows without a value.
  private(set) var gaps: [UInt32] = []
  /// A field that the kind does not fit: its row in the chunk, and its text. The column is read no further then.
  private(set) var misfit: (row: Int, text: [UInt8])?
  /// What is known of dates.
  private(set) var dates = DateFacts()
  /// The coder of texts, and the entries that this chunk added to it.
  private(set) var coder: TextCoder?
  private(set) var newEntries: [TextCoder.Entry] = []
  /// Eight bytes a row, or four or one, by the kind.
  private var room = UnsafeMutableRawPointer.allocate(byteCount: 1 << 12, alignment: 16)
  private var capacity = 1 << 12

  deinit { room.deallocate() }

  /// The values of a kind that takes whole numbers or instants.
  var words: UnsafeMutableBufferPointer<Int64> { typed() }
  /// The values of real numbers.
  var reals: UnsafeMutableBufferPointer<Double> { typed() }
  /// The values of booleans.
  var booleans: UnsafeMutableBufferPointer<Bool> { typed() }
  /// The thread's codes of texts.
  var codes: UnsafeMutableBufferPointer<UInt32> { typed() }

  private func typed<T>() -> UnsafeMutableBufferPointer<T> {
    UnsafeMutableBufferPointer(start: room.assumingMemoryBound(to: T.self), count: count)
  }

  /// Begins a chunk.
  func begin(_ kind: ColumnKind, _ coder: TextCoder?) {
    self.kind = kind
    self.coder = coder
    count = 0
    gaps.removeAll(keepingCapacity: true)
    newEntries.removeAll(keepingCapacity: true)
    misfit = nil
    dates = DateFacts()
    coder?.beginChunk()
  }

  /// Ends a chunk: the texts that were new in it go along with it.
  func end() {
    if let coder { newEntries.append(contentsOf: coder.takeNewEntries()) }
  }

  /// Called when the new texts are noted elsewhere.
  func forgetNewEntries() { newEntries.removeAll(keepingCapacity: true) }

  /// Whether so many texts of the chunk were new that keeping them only costs room.
  var repeatsRarely: Bool {
    guard let coder else { return false }
    return coder.entries.count > 2048 && coder.newEntries * 2 > coder.lookups
  }

  /// Adds the rows of a block.
  func append(_ block: FieldBlock, _ column: Int, _ missing: MissingTexts) {
    if misfit != nil { return }
    reserve(count + block.rows)
    switch kind {
    case .integer:
      let out = room.assumingMemoryBound(to: Int64.self) + count
      each(block, column, missing, out, blank: 0) { NumberParser.integer($0.start, $0.count) }
    case .real(let style):
      let out = room.assumingMemoryBound(to: Double.self) + count
      NumberParser.powers.withUnsafeBufferPointer { powers in
        guard let powers = powers.baseAddress else { return }
        if style.currency == nil, !style.isPercent {
          each(block, column, missing, out, blank: 0) { field in
            NumberParser.short(field.start, field.count, style.decimal, powers) ?? style.real(field.bytes)
          }
        } else {
          each(block, column, missing, out, blank: 0) { style.real($0.bytes) }
        }
      }
    case .boolean:
      let out = room.assumingMemoryBound(to: Bool.self) + count
      each(block, column, missing, out, blank: false) { ColumnKind.boolean($0.bytes) }
    case .date(let layout): appendDates(block, column, missing, layout)
    case .text: appendTexts(block, column, missing)
    }
    count += block.rows
  }

  /// The loop that all typed conversions share; it is inlined into each of them with its parser.
  @inline(__always)
  private func each<T>(
    _ block: FieldBlock, _ column: Int, _ missing: MissingTexts, _ out: UnsafeMutablePointer<T>, blank: T,
    _ parse: (FieldBlock.Field) -> T?
  ) {
    var gaps = takeGaps()
    defer { self.gaps = gaps }
    let before = count
    for row in 0..<block.rows {
      let field = block.field(row, column)
      if field.count > 0, let value = parse(field) {
        out[row] = value
      } else if field.count == 0 || missing.contains(field) {
        gaps.append(UInt32(truncatingIfNeeded: before &+ row))
        out[row] = blank
      } else {
        let inner = field.trimmed
        guard inner.count < field.count, let value = parse(inner) else {
          misfit = (before + row, Array(inner.bytes))
          return
        }
        out[row] = value
      }
    }
  }

  private func appendDates(_ block: FieldBlock, _ column: Int, _ missing: MissingTexts, _ layout: DateLayout) {
    let out = room.assumingMemoryBound(to: Int64.self) + count
    var facts = dates
    // Rows of one order carry one date: the text before is compared first.
    var last = UnsafePointer<UInt8>(room.assumingMemoryBound(to: UInt8.self))
    var lastCount = -1
    var lastValue: Int64 = 0
    each(block, column, missing, out, blank: 0) { field in
      if field.count == lastCount, DateParser.isSame(field.start, last, lastCount) { return lastValue }
      guard let value = DateParser.instant(field.bytes, layout.order, &facts) else { return nil }
      last = field.start
      lastCount = field.count
      lastValue = value
      return value
    }
    dates = facts
  }

  private func appendTexts(_ block: FieldBlock, _ column: Int, _ missing: MissingTexts) {
    let out = room.assumingMemoryBound(to: UInt32.self) + count
    var gaps = takeGaps()
    coder?.code(block, column, missing, into: out, before: count, &gaps)
    self.gaps = gaps
  }

  /// The gaps so far, moved out so that a loop adds to a value of its own.
  private func takeGaps() -> [UInt32] {
    let taken = gaps
    gaps = []
    return taken
  }

  private func reserve(_ rows: Int) {
    guard rows * 8 > capacity else { return }
    let wanted = max(rows * 8, capacity * 2)
    let larger = UnsafeMutableRawPointer.allocate(byteCount: wanted, alignment: 16)
    larger.copyMemory(from: room, byteCount: capacity)
    room.deallocate()
    room = larger
    capacity = wanted
  }
}
