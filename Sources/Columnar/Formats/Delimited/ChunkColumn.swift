import CScan

/// One column of one chunk, converted.
///
/// Whole numbers, decimals and moments are written as 32-bit numbers as long as all of the chunk fit, and in eight bytes from
/// the first on that does not.
final class ChunkColumn {
  /// How the values lie in memory.
  enum Form {
    /// `Int32`: whole numbers; decimals times a power of ten; seconds.
    case small
    /// `Int64`: whole numbers; microseconds.
    case words
    case reals
    case booleans
    case codes
    /// `UInt32`: where the texts end, which have no codes.
    case texts
  }

  /// What the values were read as.
  private(set) var kind = ColumnKind.text
  private(set) var form = Form.codes
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
  /// The texts that have no codes.
  let texts = ChunkTexts()
  /// The months of dates that were read last.
  private var months = martlet_months()
  /// Places of empty fields, as the quick readers note them.
  private let holes = NumberBuffer()
  /// The power of ten of decimals; nil when they are not to be kept as whole numbers.
  private var scale: Int?
  /// Eight bytes a row, of which the form may need fewer.
  private var room = UnsafeMutableRawPointer.allocate(byteCount: 1 << 12, alignment: 16)
  private var capacity = 1 << 12

  deinit { room.deallocate() }

  /// The values of the form `small`.
  var small: UnsafeMutableBufferPointer<Int32> { typed() }
  /// The values of the form `words`.
  var words: UnsafeMutableBufferPointer<Int64> { typed() }
  /// The values of the form `reals`.
  var reals: UnsafeMutableBufferPointer<Double> { typed() }
  /// The values of the form `booleans`.
  var booleans: UnsafeMutableBufferPointer<Bool> { typed() }
  /// The thread's codes of texts.
  var codes: UnsafeMutableBufferPointer<UInt32> { typed() }
  /// The ends of the form `texts`.
  var ends: UnsafeMutableBufferPointer<UInt32> { typed() }

  private func typed<T>() -> UnsafeMutableBufferPointer<T> {
    UnsafeMutableBufferPointer(start: room.assumingMemoryBound(to: T.self), count: count)
  }

  private func out<T>(_ type: T.Type = T.self) -> UnsafeMutablePointer<T> {
    room.assumingMemoryBound(to: T.self) + count
  }

  /// Begins a chunk. Texts get no codes when there is no coder.
  func begin(_ kind: ColumnKind, _ coder: TextCoder?, scale: Int?) {
    self.kind = kind
    self.coder = coder
    self.scale = scale
    form =
      switch kind {
      case .integer, .date: .small
      case .real: scale == nil ? .reals : .small
      case .boolean: .booleans
      case .text: coder == nil ? .texts : .codes
      }
    texts.begin()
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

  /// Whether so many texts of the chunk were new that keeping them only costs room. Texts that rise hardly come again; of
  /// others a chunk may hold few of all that there are.
  var repeatsRarely: Bool {
    guard let coder else { return false }
    return coder.entries.count > (coder.isRising ? 1 << 11 : 1 << 17) && coder.newEntries * 2 > coder.lookups
  }

  /// Adds the rows of a block.
  func append(_ block: FieldBlock, _ column: Int, _ missing: MissingTexts) {
    if misfit != nil { return }
    reserve(count + block.rows)
    switch kind {
    case .integer: appendIntegers(block, column, missing)
    case .real(let style): appendReals(block, column, missing, style)
    case .boolean:
      _ = each(block, column, 0..<block.rows, missing, out(), blank: false) { ColumnKind.boolean($0.bytes) }
    case .date(let layout): appendDates(block, column, missing, layout)
    case .text:
      var gaps = takeGaps()
      if let coder {
        coder.code(block, column, missing, into: out(), before: count, &gaps)
      } else {
        texts.append(block, column, missing, ends: out(), before: count, &gaps)
      }
      self.gaps = gaps
    }
    count += block.rows
  }

  /// The loop that all typed conversions share; it is inlined into each of them with its parser. Gives the row at which it
  /// stopped because a wider form reads its field.
  @inline(__always)
  private func each<T>(
    _ block: FieldBlock, _ column: Int, _ rows: Range<Int>, _ missing: MissingTexts, _ out: UnsafeMutablePointer<T>,
    blank: T, wider: ((FieldBlock.Field) -> Bool)? = nil, _ parse: (FieldBlock.Field) -> T?
  ) -> Int {
    var gaps = takeGaps()
    defer { self.gaps = gaps }
    let before = count
    for row in rows {
      let field = block.field(row, column)
      if field.count > 0, let value = parse(field) {
        out[row] = value
      } else if field.count == 0 || missing.contains(field) {
        gaps.append(UInt32(truncatingIfNeeded: before &+ row))
        out[row] = blank
      } else {
        let inner = field.trimmed
        if inner.count < field.count, let value = parse(inner) {
          out[row] = value
          continue
        }
        if let wider, wider(inner) { return row }
        misfit = (before + row, Array(inner.bytes))
        return rows.upperBound
      }
    }
    return rows.upperBound
  }

  /// The rows of a block by a quick reader as far as it goes, and where it stops a few rows by the loop above. Gives the row at
  /// which a wider form is needed.
  @inline(__always)
  private func mostly(
    _ block: FieldBlock, _ few: Int, _ quick: (Int, inout martlet_gaps) -> Int, _ slow: (Range<Int>) -> Int
  ) -> Int {
    holes.reserve(block.rows)
    var (row, failures) = (0, 0)
    while row < block.rows {
      // Where hardly any field is plain, trying costs more than it saves.
      let isTried = failures < 4
      if isTried {
        var found = martlet_gaps(rows: holes.base, count: 0)
        let reached = quick(row, &found)
        for hole in 0..<found.count { gaps.append(UInt32(truncatingIfNeeded: count) &+ holes.base[hole]) }
        failures = reached == row ? failures + 1 : 0
        row = reached
      }
      let stop = isTried ? min(block.rows, row + few) : block.rows
      let reached = slow(row..<stop)
      if misfit != nil { return block.rows }
      if reached < stop { return reached }
      row = stop
    }
    return block.rows
  }

  private func appendIntegers(_ block: FieldBlock, _ column: Int, _ missing: MissingTexts) {
    var row = 0
    if form == .small {
      let (fields, out) = (block.fields(column), out(Int32.self))
      row = mostly(block, 4, { martlet_read_numbers(fields, $0, block.rows, 0, 0, out, &$1) }) {
        each(
          block, column, $0, missing, out, blank: 0, wider: { NumberParser.integer($0.start, $0.count) != nil },
          { NumberParser.small($0.start, $0.count) })
      }
      if row == block.rows { return }
      widen(count + row) { Int64($0) }
      form = .words
    }
    _ = each(block, column, row..<block.rows, missing, out(Int64.self), blank: 0) {
      NumberParser.integer($0.start, $0.count)
    }
  }

  private func appendReals(_ block: FieldBlock, _ column: Int, _ missing: MissingTexts, _ style: NumberStyle) {
    var row = 0
    if form == .small, let scale {
      let (fields, out) = (block.fields(column), out(Int32.self))
      NumberParser.factors.withUnsafeBufferPointer { factors in
        guard let factors = factors.baseAddress else { return }
        row = mostly(
          block, 4, { martlet_read_numbers(fields, $0, block.rows, style.decimal, UInt32(scale), out, &$1) }
        ) {
          each(
            block, column, $0, missing, out, blank: 0, wider: { style.real($0.bytes) != nil },
            { NumberParser.scaled($0.start, $0.count, style.decimal, scale, factors) })
        }
      }
      if row == block.rows { return }
      let divisor = NumberParser.powers[scale]
      widen(count + row) { Double($0) / divisor }
      form = .reals
    }
    let rest = row..<block.rows
    NumberParser.powers.withUnsafeBufferPointer { powers in
      guard let powers = powers.baseAddress else { return }
      if style.isPlain {
        _ = each(block, column, rest, missing, out(Double.self), blank: 0) { field in
          NumberParser.short(field.start, field.count, style.decimal, powers) ?? style.real(field.bytes)
        }
      } else {
        _ = each(block, column, rest, missing, out(Double.self), blank: 0) { style.real($0.bytes) }
      }
    }
  }

  private func appendDates(_ block: FieldBlock, _ column: Int, _ missing: MissingTexts, _ layout: DateLayout) {
    var facts = dates
    defer { dates = facts }
    // Rows of one order carry one date: the text before is compared first.
    var last = UnsafePointer<UInt8>(room.assumingMemoryBound(to: UInt8.self))
    var lastCount = -1
    var row = 0
    if form == .small {
      var lastValue: Int32 = 0
      let slow = { (rows: Range<Int>) in
        self.each(
          block, column, rows, missing, self.out(Int32.self), blank: 0,
          wider: { DateParser.instant($0.bytes, layout.order, &facts) != nil },
          { field in
            if field.count == lastCount, DateParser.isSame(field.start, last, lastCount) { return lastValue }
            guard let instant = DateParser.instant(field.bytes, layout.order, &facts) else { return nil }
            let seconds = instant / 1_000_000
            guard seconds &* 1_000_000 == instant, let value = Int32(exactly: seconds) else { return nil }
            (last, lastCount, lastValue) = (field.start, field.count, value)
            return value
          })
      }
      if layout.order == .yearMonthDay {
        let (fields, out) = (block.fields(column), out(Int32.self))
        var hasTime: Int32 = 0
        row = mostly(block, 1, { martlet_read_moments(fields, $0, block.rows, out, &$1, &months, &hasTime) }, slow)
        facts.hasTime = facts.hasTime || hasTime != 0
      } else {
        row = slow(0..<block.rows)
      }
      if misfit != nil || row == block.rows { return }
      widen(count + row) { Int64($0) * 1_000_000 }
      form = .words
      lastCount = -1
    }
    var lastValue: Int64 = 0
    _ = each(block, column, row..<block.rows, missing, out(Int64.self), blank: 0) { field in
      if field.count == lastCount, DateParser.isSame(field.start, last, lastCount) { return lastValue }
      guard let value = DateParser.instant(field.bytes, layout.order, &facts) else { return nil }
      (last, lastCount, lastValue) = (field.start, field.count, value)
      return value
    }
  }

  /// Makes eight bytes of each of the first numbers, from the last to the first because they stand in the same room.
  private func widen<T>(_ rows: Int, _ map: (Int32) -> T) {
    let (from, to) = (room.assumingMemoryBound(to: Int32.self), room.assumingMemoryBound(to: T.self))
    var row = rows - 1
    while row >= 0 {
      to[row] = map(from[row])
      row -= 1
    }
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
