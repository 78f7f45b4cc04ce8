import CScan

/// Cuts chunks of a source into rows and fields (RFC 4180, with `\n`, `\r\n` or `\r`).
///
/// The fast way finds separators by bit masks, where the parity of quotes says what stands within them. Quotes in the middle
/// of a bare field would break that: as soon as one is met, the chunk is cut byte by byte, where a quote means something only
/// at the beginning of a field.
final class RowScanner {
  /// How an attempt ended.
  enum Outcome {
    case done(RowCount)
    /// A quote stands where the fast way cannot deal with it.
    case stray
    /// A row has another number of fields, so that separators cannot be counted from its beginning on.
    case ragged
    /// The row at the end goes on for too long; the guess of where the chunk's first row begins is probably wrong.
    case gaveUp
  }

  let buffer = ChunkBuffer()
  private let source: any ByteSource
  private let dialect: CSVDialect
  private let columns: Int
  private let places = NumberBuffer()
  private let kept = NumberBuffer()
  private let starts = NumberBuffer()

  /// Bytes that are scanned before their fields are converted: their places stay in the cache.
  private static let blockBytes = 1 << 15
  /// A row longer than this has an open quote.
  private static let longestRow = 1 << 28

  init(_ source: any ByteSource, _ dialect: CSVDialect, columns: Int) {
    self.source = source
    self.dialect = dialect
    self.columns = columns
  }

  /// Loads a chunk with the byte before it and some behind it.
  func load(_ range: Range<Int>) throws(SourceError) {
    try buffer.load(source, max(0, range.lowerBound - 1)..<(range.upperBound + 4096))
  }

  // MARK: The fast way

  /// Cuts the rows that begin in `first..<boundary`, both places in the source, and hands them over block by block. With a
  /// choice the blocks hold the chosen fields only.
  func scan(
    from first: Int, to boundary: Int, limit: Int, guessed: Bool, _ choice: FieldChoice? = nil,
    _ each: (FieldBlock) -> Void
  ) throws(SourceError) -> Outcome {
    var count = RowCount()
    let width = choice?.fields.count ?? columns
    var state = martlet_scan_start()
    let edge = min(boundary - buffer.origin, buffer.count)
    var at = first - buffer.origin
    var open = at
    var found = 0
    var ended: UInt64 = 0
    while at < edge, count.rows < limit {
      let stop = min(at + RowScanner.blockBytes, edge)
      found = scan(at..<stop, found, choice, &state)
      at = stop
      if state.stray != 0 { return .stray }
      if state.ragged != 0 { return .ragged }
      if state.row_ends == ended { continue }
      var whole = found
      while buffer.base[Int(places.base[whole - 1])] != dialect.newline { whole -= 1 }
      emit(whole, open, Int(state.row_ends - ended), width, &count, each)
      ended = state.row_ends
      open = Int(places.base[whole - 1]) + 1
      found = places.dropFirst(whole, of: found)
    }
    if count.rows >= limit {
      count.next = buffer.origin + open
      return .done(count)
    }
    // The last row may end behind the chunk.
    while open < edge {
      if at == buffer.count, try !buffer.extend(source, by: max(1 << 16, (at - open) * 2)) {
        // Whether a quote is still open, and in which row, the slow way says.
        if state.within_quotes != 0 { return .stray }
        if choice != nil, state.field != UInt64(columns - 1) { return .ragged }
        buffer.base[at] = dialect.newline
        places.base[found] = UInt32(at)
        emit(found + 1, open, 1, width, &count, each)
        open = at
        break
      }
      let stop = min(at + 4096, buffer.count)
      let before = found
      found = scan(at..<stop, found, choice, &state)
      at = stop
      if state.stray != 0 { return .stray }
      if state.ragged != 0 { return .ragged }
      if state.row_ends > ended {
        var last = before
        while buffer.base[Int(places.base[last])] != dialect.newline { last += 1 }
        emit(last + 1, open, 1, width, &count, each)
        open = Int(places.base[last]) + 1
        break
      }
      if guessed, at - edge > 1 << 20 { return .gaveUp }
      if at - open > RowScanner.longestRow { return .stray }
    }
    count.next = buffer.origin + open
    return .done(count)
  }

  private func scan(
    _ range: Range<Int>, _ found: Int, _ choice: FieldChoice?, _ state: inout martlet_scan_state
  ) -> Int {
    places.reserve(found + range.count + 16)
    return found
      + (choice?.fields ?? []).withUnsafeBufferPointer { fields in
        martlet_scan(
          buffer.base + range.lowerBound, range.count, dialect.delimiter, dialect.newline,
          UInt32(truncatingIfNeeded: range.lowerBound), martlet_choice(fields: fields.baseAddress, count: fields.count),
          places.base + found, &state)
      }
  }

  /// Hands over the rows of the first `found` places, `width` of them a row; ragged rows and blank lines are taken out and
  /// counted.
  private func emit(
    _ found: Int, _ open: Int, _ ends: Int, _ width: Int, _ count: inout RowCount, _ each: (FieldBlock) -> Void
  ) {
    let dropsReturn = dialect.newline == UInt8(ascii: "\n")
    if columns > 1, found == ends * width {
      starts.reserve(ends + 1)
      starts.base[0] = UInt32(open)
      var isRegular = true
      for row in 0..<ends {
        let end = places.base[row &* width &+ width &- 1]
        isRegular = isRegular && buffer.base[Int(end)] == dialect.newline
        starts.base[row &+ 1] = end &+ 1
      }
      if isRegular {
        count.rows += ends
        count.allRows += ends
        each(
          FieldBlock(
            base: buffer.base, ends: places.base, starts: starts.base, rows: ends, columns: width,
            dropsReturn: dropsReturn))
        return
      }
    }
    kept.reserve(found)
    starts.reserve(ends)
    var rows = 0
    var start = open
    var first = 0
    for place in 0..<found where buffer.base[Int(places.base[place])] == dialect.newline {
      let end = Int(places.base[place])
      if keepRow(start..<end, fields: place - first + 1, &count) {
        starts.base[rows] = UInt32(start)
        for field in 0..<columns { kept.base[rows * columns + field] = places.base[first + field] }
        rows += 1
      }
      first = place + 1
      start = end + 1
    }
    if rows == 0 { return }
    count.rows += rows
    each(
      FieldBlock(
        base: buffer.base, ends: kept.base, starts: starts.base, rows: rows, columns: columns, dropsReturn: dropsReturn)
    )
  }

  /// Counts a row. False when it is blank or ragged.
  private func keepRow(_ range: Range<Int>, fields: Int, _ count: inout RowCount) -> Bool {
    var end = range.upperBound
    if dialect.newline == UInt8(ascii: "\n"), end > range.lowerBound, buffer.base[end - 1] == UInt8(ascii: "\r") {
      end -= 1
    }
    if fields == 1 {
      var place = range.lowerBound
      while place < end, buffer.base[place] == UInt8(ascii: " ") || buffer.base[place] == UInt8(ascii: "\t") {
        place += 1
      }
      if place == end {
        count.blankLines += 1
        return false
      }
    }
    count.allRows += 1
    if fields == columns { return true }
    count.raggedRows += 1
    if count.firstRagged == nil {
      let text = UnsafeBufferPointer(start: buffer.base + range.lowerBound, count: min(120, end - range.lowerBound))
      count.firstRagged = RowCount.Ragged(
        row: count.allRows, found: fields, text: String(decoding: text, as: UTF8.self))
    }
    return false
  }

  // MARK: The slow way

  /// The same, byte by byte: exact for every text.
  func scanSlowly(
    from first: Int, to boundary: Int, limit: Int, guessed: Bool, _ each: (FieldBlock) -> Void
  ) throws(SourceError) -> Outcome {
    var count = RowCount()
    var open = first - buffer.origin
    let edge = min(boundary - buffer.origin, buffer.count)
    var rows = 0
    while open < edge, count.rows + rows < limit {
      places.reserve(1)
      var row = CutRow(next: nil, fields: 0, isUnclosed: false)
      while true {
        row = cutRow(open)
        if row.next != nil { break }
        if guessed, buffer.count - edge > 1 << 20 { return .gaveUp }
        let isTooLong = buffer.count - open > RowScanner.longestRow
        var isEnd = isTooLong
        if !isEnd { isEnd = try !buffer.extend(source, by: max(1 << 16, buffer.count - open)) }
        if isEnd {
          // Behind the last byte stands a row's end, as it were.
          buffer.base[buffer.count] = dialect.newline
          row = cutRow(open, isEnd: true)
          break
        }
      }
      if row.isUnclosed {
        count.unclosed = count.allRows + 1
        break
      }
      let next = row.next ?? buffer.count
      let end = Int(places.base[max(0, row.fields - 1)])
      if keepRow(open..<end, fields: row.fields, &count) {
        starts.reserve(rows + 1, keeping: rows)
        kept.reserve((rows + 1) * columns, keeping: rows * columns)
        starts.base[rows] = UInt32(open)
        for field in 0..<columns { kept.base[rows * columns + field] = places.base[field] }
        rows += 1
      }
      open = next
      if rows == 1024 { hand(&rows, &count, each) }
    }
    hand(&rows, &count, each)
    count.next = buffer.origin + open
    return .done(count)
  }

  private func hand(_ rows: inout Int, _ count: inout RowCount, _ each: (FieldBlock) -> Void) {
    if rows == 0 { return }
    count.rows += rows
    each(
      FieldBlock(
        base: buffer.base, ends: kept.base, starts: starts.base, rows: rows, columns: columns,
        dropsReturn: dialect.newline == UInt8(ascii: "\n")))
    rows = 0
  }

  /// One row cut byte by byte: where the next begins (nil when the bytes end before it does) and how many fields it has.
  struct CutRow {
    var next: Int?
    var fields: Int
    var isUnclosed: Bool
  }

  /// Cuts the row at a place of the buffer; its separators' places are left in `places`.
  private func cutRow(_ start: Int, isEnd: Bool = false) -> CutRow {
    let (base, count) = (buffer.base, buffer.count)
    let (delimiter, newline, quote) = (dialect.delimiter, dialect.newline, CSVDialect.quote)
    var place = start
    var fields = 0
    while true {
      if place < count, base[place] == quote {
        place += 1
        while true {
          while place < count, base[place] != quote { place += 1 }
          if place >= count { return CutRow(next: nil, fields: fields, isUnclosed: true) }
          // Whether this quote is doubled, the byte behind it says.
          if place + 1 >= count, !isEnd { return CutRow(next: nil, fields: fields, isUnclosed: false) }
          if place + 1 < count, base[place + 1] == quote {
            place += 2
            continue
          }
          place += 1
          break
        }
      }
      // Text behind a closing quote, and quotes in bare text, stand for themselves.
      while place < count, base[place] != delimiter, base[place] != newline { place += 1 }
      if place >= count, !isEnd { return CutRow(next: nil, fields: fields, isUnclosed: false) }
      places.reserve(fields + 1, keeping: fields)
      places.base[fields] = UInt32(place)
      fields += 1
      if place >= count { return CutRow(next: count, fields: fields, isUnclosed: false) }
      place += 1
      if base[place - 1] == newline { return CutRow(next: place, fields: fields, isUnclosed: false) }
    }
  }

  /// Up to `most` whole rows from a place of the source on, within what is loaded; their fields without quotes. `isWhole` says
  /// that the loaded bytes reach to the end of the source.
  func rows(from first: Int, most: Int, isWhole: Bool) -> (rows: [[[UInt8]]], next: Int, isUnclosed: Bool) {
    var rows: [[[UInt8]]] = []
    var open = first - buffer.origin
    if isWhole { buffer.base[buffer.count] = dialect.newline }
    while open < buffer.count, rows.count < most {
      let row = cutRow(open, isEnd: isWhole)
      if row.isUnclosed { return (rows, buffer.origin + open, isWhole) }
      guard let next = row.next else { break }
      starts.base[0] = UInt32(open)
      let block = FieldBlock(
        base: buffer.base, ends: places.base, starts: starts.base, rows: 1, columns: row.fields,
        dropsReturn: dialect.newline == UInt8(ascii: "\n"))
      let fields = (0..<row.fields).map { block.text(0, $0) }
      if fields.count > 1 || fields.first?.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) == false
      {
        rows.append(fields)
      }
      open = next
    }
    return (rows, buffer.origin + min(open, buffer.count), false)
  }

  // MARK: Guessing

  /// Where the first row begins at or behind the byte before the chunk, when nothing is known of the text before it: both
  /// readings, outside and within quotes, are tried, and the one after which the rows have the right number of fields is
  /// taken. Nil when no row begins in what is loaded. The guess is checked when the chunk before is known.
  func guessStart() -> Int? {
    for window in [min(buffer.count, 1 << 14), buffer.count] {
      let outside = firstRow(window, withinQuotes: false)
      if fittingRows(outside, window) == RowScanner.rowsTried { return outside.map { buffer.origin + $0 } }
      let within = firstRow(window, withinQuotes: true)
      let better = fittingRows(within, window) > fittingRows(outside, window) ? within : outside
      if let better { return buffer.origin + better }
    }
    return nil
  }

  private static let rowsTried = 8

  private func firstRow(_ window: Int, withinQuotes: Bool) -> Int? {
    let base = buffer.base
    var isInside = withinQuotes
    for place in 0..<window {
      if base[place] == CSVDialect.quote { isInside.toggle() }
      if !isInside, base[place] == dialect.newline { return place + 1 }
    }
    return nil
  }

  private func fittingRows(_ start: Int?, _ window: Int) -> Int {
    guard var place = start else { return -1 }
    var fitting = 0
    for _ in 0..<RowScanner.rowsTried {
      let row = cutRow(place)
      guard let next = row.next, next <= window || row.fields == columns else { break }
      if row.fields == columns { fitting += 1 }
      place = next
    }
    return fitting
  }
}

/// A reused buffer of 32-bit numbers that grows.
final class NumberBuffer {
  private(set) var base: UnsafeMutablePointer<UInt32>
  private var capacity: Int

  init(capacity: Int = 1 << 12) {
    self.capacity = capacity
    base = .allocate(capacity: capacity)
  }

  deinit { base.deallocate() }

  /// Makes room for so many numbers; the first `kept` stay (all that fit when it is left out).
  @inline(__always)
  func reserve(_ count: Int, keeping kept: Int? = nil) {
    if count > capacity { grow(to: max(count, capacity * 2), keeping: kept ?? capacity) }
  }

  private func grow(to wanted: Int, keeping kept: Int) {
    let larger = UnsafeMutablePointer<UInt32>.allocate(capacity: wanted)
    larger.update(from: base, count: min(kept, capacity))
    base.deallocate()
    base = larger
    capacity = wanted
  }

  /// Moves the numbers behind the first `dropped` to the front; gives how many they are.
  func dropFirst(_ dropped: Int, of count: Int) -> Int {
    if dropped < count { base.update(from: base + dropped, count: count - dropped) }
    return max(0, count - dropped)
  }
}
