/// The fields of one piece of a file, as places in its bytes.
struct FieldIndex: Sendable {
  /// A row with another number of fields than the table has columns; the row counts from 1 within the piece.
  struct Ragged: Sendable {
    var row: Int
    var found: Int
    var range: Range<Int>
  }

  /// For each field of the good rows, row by row: where its text begins and ends. The end's top bit says that the text
  /// holds doubled quotes.
  var places: [(start: Int, end: Int)] = []
  /// Good rows.
  var rows = 0
  /// All rows, blank lines not counted.
  var allRows = 0
  var ragged: [Ragged] = []
  var blankLines = 0
  /// Quotes in the middle of a field that did not begin with one: the borders of pieces cannot be trusted then.
  var strayQuotes = 0
  /// The row whose quote is never closed, counted like `Ragged.row`.
  var unclosed: Int?

  /// The mark of a field that holds doubled quotes.
  static let doubled = 1 << 62
}

/// Cuts bytes into rows and fields (RFC 4180, with `\n`, `\r\n` or `\r`).
struct CSVSplitter: Sendable {
  let dialect: CSVDialect

  /// The places at which rows begin such that pieces of about `size` bytes result; the last one is the end.
  ///
  /// A newline within quotes ends no row, so the parity of all quotes before a place decides what a newline is there.
  func borders(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, size: Int) -> [Int] {
    var borders = [start]
    var inQuotes = false
    var place = start
    var next = start + size
    while next < bytes.count {
      while place < next {
        if bytes[place] == CSVDialect.quote { inQuotes.toggle() }
        place += 1
      }
      while place < bytes.count, inQuotes || bytes[place] != dialect.newline {
        if bytes[place] == CSVDialect.quote { inQuotes.toggle() }
        place += 1
      }
      place += 1
      if place >= bytes.count { break }
      borders.append(place)
      next = place + size
    }
    borders.append(bytes.count)
    return borders
  }

  /// Cuts the rows that begin in the range. `columns` nil takes rows of any length, as for baskets.
  func split(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, columns: Int?, limit: Int = .max) -> FieldIndex {
    var index = FieldIndex()
    if let columns { index.places.reserveCapacity(range.count / 8 + columns) }
    let (delimiter, newline) = (dialect.delimiter, dialect.newline)
    let (quote, carriageReturn) = (CSVDialect.quote, UInt8(ascii: "\r"))
    let end = range.upperBound
    var place = range.lowerBound
    while place < end, index.rows < limit {
      if bytes[place] == newline || (bytes[place] == carriageReturn && place + 1 < end && bytes[place + 1] == newline) {
        place += bytes[place] == newline ? 1 : 2
        index.blankLines += 1
        continue
      }
      let rowStart = place
      let firstField = index.places.count
      var isLastField = false
      while !isLastField {
        var start = place
        var stop: Int
        var doubled = 0
        if place < end, bytes[place] == quote {
          start = place + 1
          place = start
          while true {
            while place < end, bytes[place] != quote { place += 1 }
            if place >= end {
              index.unclosed = index.unclosed ?? index.allRows + 1
              break
            }
            if place + 1 < end, bytes[place + 1] == quote {
              doubled = FieldIndex.doubled
              place += 2
              continue
            }
            break
          }
          stop = min(place, end)
          place = min(place + 1, end)
          // Text behind the closing quote: not RFC 4180. The field is taken as it stands, quotes and all.
          if place < end, bytes[place] != delimiter, bytes[place] != newline, bytes[place] != carriageReturn {
            index.strayQuotes += 1
            start -= 1
            doubled = 0
            while place < end, bytes[place] != delimiter, bytes[place] != newline { place += 1 }
            stop = place
            if stop > start, bytes[stop - 1] == carriageReturn { stop -= 1 }
          }
          if place < end, bytes[place] == carriageReturn, newline != carriageReturn { place += 1 }
        } else {
          while place < end, bytes[place] != delimiter, bytes[place] != newline {
            if bytes[place] == quote { index.strayQuotes += 1 }
            place += 1
          }
          stop = place
          if stop > start, bytes[stop - 1] == carriageReturn, place >= end || bytes[place] == newline { stop -= 1 }
        }
        index.places.append((start, stop | doubled))
        isLastField = place >= end || bytes[place] != delimiter
        place += 1
      }
      index.allRows += 1
      let found = index.places.count - firstField
      if let columns, found != columns {
        index.places.removeLast(found)
        index.ragged.append(
          FieldIndex.Ragged(row: index.allRows, found: found, range: rowStart..<max(rowStart, min(place - 1, end))))
      } else {
        index.rows += 1
      }
    }
    return index
  }
}
