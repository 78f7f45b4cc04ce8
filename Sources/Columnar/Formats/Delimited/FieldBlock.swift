import CScan

/// Some whole rows of the right number of fields, as places in a buffer.
struct FieldBlock {
  /// The buffer's first byte.
  let base: UnsafePointer<UInt8>
  /// Row by row, for each field the place of the separator behind it.
  let ends: UnsafePointer<UInt32>
  /// For each row the place of its first byte.
  let starts: UnsafePointer<UInt32>
  let rows: Int
  let columns: Int
  /// Whether a carriage return before a row's end belongs to that end.
  let dropsReturn: Bool

  /// One field's text without its quotes.
  struct Field {
    let start: UnsafePointer<UInt8>
    let count: Int
    /// Whether quotes stood around it, so that quotes in it are doubled.
    let isQuoted: Bool

    /// The text as a buffer.
    @inline(__always) var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }

    /// The text without blanks at its ends.
    var trimmed: Field {
      var (start, count) = (start, count)
      while count > 0, start[0] == UInt8(ascii: " ") {
        start += 1
        count -= 1
      }
      while count > 0, start[count - 1] == UInt8(ascii: " ") { count -= 1 }
      return Field(start: start, count: count, isQuoted: isQuoted)
    }
  }

  /// The field of a row. `column` must be the same in a whole loop, so that the edges' cases leave it.
  @inline(__always)
  func field(_ row: Int, _ column: Int) -> Field {
    let place = row &* columns &+ column
    let start = column == 0 ? Int(starts[row]) : Int(ends[place &- 1]) &+ 1
    var end = Int(ends[place])
    if column == columns &- 1, dropsReturn, end > start, base[end &- 1] == UInt8(ascii: "\r") { end &-= 1 }
    let count = end &- start
    if count > 0, base[start] == CSVDialect.quote, count > 1, base[end &- 1] == CSVDialect.quote {
      return Field(start: base + start + 1, count: count &- 2, isQuoted: true)
    }
    return Field(start: base + start, count: count, isQuoted: false)
  }

  /// A column of the rows, for readers in C.
  func fields(_ column: Int) -> martlet_fields {
    martlet_fields(
      base: base, ends: ends, starts: starts, columns: columns, column: column, drops_return: dropsReturn ? 1 : 0)
  }

  /// Whether a quote stands within a field.
  @inline(__always)
  func holdsQuote(_ field: Field) -> Bool {
    var place = 0
    while place < field.count {
      if field.start[place] == CSVDialect.quote { return true }
      place &+= 1
    }
    return false
  }

  /// The field as text, with doubled quotes made single.
  func text(_ row: Int, _ column: Int) -> [UInt8] {
    let field = field(row, column)
    return field.isQuoted ? FieldBlock.undoubled(field.bytes) : Array(field.bytes)
  }

  /// The text with doubled quotes made single.
  static func undoubled(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(text.count)
    var place = 0
    while place < text.count {
      out.append(text[place])
      place += text[place] == CSVDialect.quote && place + 1 < text.count && text[place + 1] == CSVDialect.quote ? 2 : 1
    }
    return out
  }
}

/// What was met while the rows of a chunk were cut.
struct RowCount: Sendable {
  /// A row with another number of fields than the table has columns.
  struct Ragged: Sendable {
    /// Counted from 1 within the chunk, blank lines left out.
    var row: Int
    var found: Int
    /// The beginning of the row.
    var text: String
  }

  /// Rows of the right number of fields.
  var rows = 0
  /// All rows; blank lines do not count.
  var allRows = 0
  var blankLines = 0
  /// How many rows are ragged, and the first of them.
  var raggedRows = 0
  var firstRagged: Ragged?
  /// The row whose quote is never closed, counted like `Ragged.row`.
  var unclosed: Int?
  /// Where in the source the first row behind the chunk begins.
  var next = 0
}
