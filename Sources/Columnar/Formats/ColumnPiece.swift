/// One column of one piece of a file, converted.
struct ColumnPiece: Sendable {
  enum Values: Sendable {
    case integer([Int64])
    case real([Double])
    case boolean([Bool])
    /// Microseconds since 1970-01-01T00:00.
    case instants([Int64])
    case text([UInt32], LocalDictionary)
  }

  /// A field that the kind does not fit: its row in the piece, and the bytes.
  struct Misfit: Sendable {
    var row: Int
    var place: Range<Int>
  }

  var values: Values
  /// The rows without a value.
  var missing: [Int32] = []
  var misfit: Misfit?
  /// Whether a date had a time of day.
  var hasTime = false
  /// The largest first and second number of dates that stand before the year.
  var largest = (first: 0, second: 0)

  /// Rows of the piece.
  var count: Int {
    switch values {
    case .integer(let v): v.count
    case .real(let v): v.count
    case .boolean(let v): v.count
    case .instants(let v): v.count
    case .text(let v, _): v.count
    }
  }
}

/// Converts the fields of one column of a piece.
struct ColumnConverter {
  let bytes: UnsafeBufferPointer<UInt8>
  let index: FieldIndex
  let columnCount: Int
  let missing: MissingTexts

  /// Converts column `column` as `kind`; stops at the first field that does not fit.
  func convert(_ column: Int, as kind: ColumnKind) -> ColumnPiece {
    switch kind {
    case .integer: integers(column)
    case .real(let style): reals(column, style)
    case .boolean: booleans(column)
    case .date(let layout): dates(column, layout)
    case .text: texts(column)
    }
  }

  @inline(__always)
  private func field(_ row: Int, _ column: Int) -> UnsafeBufferPointer<UInt8> {
    let (start, end) = index.places[row * columnCount + column]
    return UnsafeBufferPointer(rebasing: bytes[start..<(end & ~FieldIndex.doubled)])
  }

  @inline(__always)
  private func trimmed(_ field: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    guard let first = field.first, let last = field.last else { return field }
    if first != UInt8(ascii: " "), last != UInt8(ascii: " ") { return field }
    var (start, end) = (0, field.count)
    while start < end, field[start] == UInt8(ascii: " ") { start += 1 }
    while end > start, field[end - 1] == UInt8(ascii: " ") { end -= 1 }
    return UnsafeBufferPointer(rebasing: field[start..<end])
  }

  /// The loop that all typed conversions share; it is inlined into each of them with its parser.
  @inline(__always)
  private func each<T>(
    _ column: Int, blank: T, _ wrap: ([T]) -> ColumnPiece.Values, _ parse: (UnsafeBufferPointer<UInt8>) -> T?
  ) -> ColumnPiece {
    var values: [T] = []
    values.reserveCapacity(index.rows)
    var gaps: [Int32] = []
    var misfit: ColumnPiece.Misfit?
    for row in 0..<index.rows {
      let text = trimmed(field(row, column))
      if let value = text.isEmpty ? nil : parse(text) {
        values.append(value)
      } else if missing.contains(text) {
        gaps.append(Int32(row))
        values.append(blank)
      } else {
        let (start, end) = index.places[row * columnCount + column]
        misfit = ColumnPiece.Misfit(row: row, place: start..<(end & ~FieldIndex.doubled))
        break
      }
    }
    return ColumnPiece(values: wrap(values), missing: gaps, misfit: misfit)
  }

  private func integers(_ column: Int) -> ColumnPiece {
    each(column, blank: 0, { .integer($0) }) { NumberStyle.integer($0) }
  }

  private func reals(_ column: Int, _ style: NumberStyle) -> ColumnPiece {
    each(column, blank: 0, { .real($0) }) { style.real($0) }
  }

  private func booleans(_ column: Int) -> ColumnPiece {
    each(column, blank: false, { .boolean($0) }) { ColumnKind.boolean($0) }
  }

  private func dates(_ column: Int, _ layout: DateLayout) -> ColumnPiece {
    var hasTime = false
    var largest = (first: 0, second: 0)
    // Rows of one order carry one date: the text before is compared first.
    var last = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    var lastValue: Int64 = 0
    var piece = each(column, blank: Int64(0), { .instants($0) }) { text in
      if text.count == last.count, text.elementsEqual(last) { return lastValue }
      guard let parts = DateParser.parts(text), let date = DateParser.date(parts, layout.order) else { return nil }
      if parts.namedMonth == nil {
        largest.first = max(largest.first, parts.a)
        largest.second = max(largest.second, parts.b)
      }
      hasTime = hasTime || parts.hasTime
      lastValue = Int64(date.days) * Timestamp.perDay + parts.time
      last = text
      return lastValue
    }
    piece.hasTime = hasTime
    piece.largest = largest
    return piece
  }

  private func texts(_ column: Int) -> ColumnPiece {
    var dictionary = LocalDictionary()
    var codes: [UInt32] = []
    codes.reserveCapacity(index.rows)
    var gaps: [Int32] = []
    var scratch: [UInt8] = []
    for row in 0..<index.rows {
      let text = field(row, column)
      if text.count <= missing.longest || text[0] == UInt8(ascii: " "), missing.contains(trimmed(text)) {
        gaps.append(Int32(row))
        codes.append(0)
      } else if index.places[row * columnCount + column].end & FieldIndex.doubled != 0 {
        scratch.removeAll(keepingCapacity: true)
        unescape(text, into: &scratch)
        codes.append(scratch.withUnsafeBufferPointer { dictionary.code($0) })
      } else {
        codes.append(dictionary.code(text))
      }
    }
    return ColumnPiece(values: .text(codes, dictionary), missing: gaps)
  }

  /// Turns doubled quotes into single ones.
  private func unescape(_ text: UnsafeBufferPointer<UInt8>, into out: inout [UInt8]) {
    var place = 0
    while place < text.count {
      out.append(text[place])
      place += text[place] == CSVDialect.quote && place + 1 < text.count ? 2 : 1
    }
  }
}

/// The texts that stand for a missing value.
struct MissingTexts: Sendable {
  private let texts: [[UInt8]]
  /// Bytes of the longest of them.
  let longest: Int

  init(_ texts: [String]) {
    self.texts = texts.map { Array($0.utf8) }
    longest = self.texts.map(\.count).max() ?? 0
  }

  @inline(__always)
  func contains(_ field: UnsafeBufferPointer<UInt8>) -> Bool {
    if field.isEmpty { return true }
    if field.count > longest { return false }
    for text in texts where text.count == field.count && field.elementsEqual(text) { return true }
    return false
  }
}
