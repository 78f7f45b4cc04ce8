/// Some records of a file.
struct JSONPiece: Sendable {
  var number: Int
  /// The place of the first byte in the unpacked file.
  var offset: Int
  /// The records, and zeros behind them that are not counted.
  var bytes: [UInt8]
  var count: Int

  init(number: Int, offset: Int, _ records: some Collection<UInt8>) {
    self.number = number
    self.offset = offset
    count = records.count
    bytes = Array(records)
    bytes.append(contentsOf: repeatElement(0, count: 24))
  }
}

/// Cuts a file of records into pieces, each for one thread.
protocol JSONCutter: Sendable {
  /// The next piece; nil at the end.
  mutating func next() throws(SourceError) -> JSONPiece?
}

/// Cuts at the ends of lines.
struct JSONLineCutter: JSONCutter {
  private let source: any ByteSource
  private let pieceBytes: Int
  private var place: Int
  private var number = 0

  init(_ source: any ByteSource, from start: Int, pieceBytes: Int) {
    self.source = source
    self.pieceBytes = max(1, pieceBytes)
    place = start
  }

  mutating func next() throws(SourceError) -> JSONPiece? {
    if place >= source.count { return nil }
    var wanted = pieceBytes
    while true {
      let bytes = try source.bytes(place..<(place + wanted))
      let isLast = place + bytes.count >= source.count || bytes.count < wanted
      guard let end = isLast ? bytes.count : bytes.lastIndex(of: 0x0a).map({ $0 + 1 }) else {
        wanted *= 2
        continue
      }
      if end == 0 { return nil }
      defer {
        place = isLast ? source.count : place + end
        number += 1
      }
      return JSONPiece(number: number, offset: place, bytes[..<end])
    }
  }
}

/// Cuts between the elements of an array, or between values that follow one another, in a document that is in memory.
struct JSONValueCutter: JSONCutter {
  private let document: [UInt8]
  private let pieceBytes: Int
  private let end: Int
  private var place: Int
  private var number = 0

  /// The bytes of a range, which are values with commas or blanks between them.
  init(_ document: [UInt8], _ range: Range<Int>, pieceBytes: Int) {
    self.document = document
    self.pieceBytes = max(1, pieceBytes)
    (place, end) = (range.lowerBound, range.upperBound)
  }

  mutating func next() -> JSONPiece? {
    if place >= end { return nil }
    let cut = document.withUnsafeBufferPointer { bytes in
      var depth = 0
      var at = place
      while at < end {
        switch bytes[at] {
        case UInt8(ascii: "\""):
          at += 1
          while at < end, bytes[at] != UInt8(ascii: "\"") { at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1 }
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
          depth -= 1
          // Behind a value at the outside.
          if depth == 0, at - place > pieceBytes { return at + 1 }
        default: break
        }
        at += 1
      }
      return end
    }
    defer {
      place = cut
      number += 1
    }
    return JSONPiece(number: number, offset: place, document[place..<cut])
  }
}
