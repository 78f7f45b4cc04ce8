/// Where the records of a document are.
struct JSONDocument {
  /// A place that could hold them.
  private struct Found {
    var path: String
    var range: Range<Int>
  }

  let path: String
  let bytes: [UInt8]
  /// Where the text begins.
  let start: Int

  /// The records' place.
  enum Place {
    /// The elements of an array, between its brackets; the names that lead there.
    case elements(Range<Int>, path: String)
    /// Values that follow one another.
    case values(Range<Int>)
  }

  /// Finds the array of objects that `wanted` names, or the only one. Throws `SourceError` or `JSONRecords.Fault`.
  func place(_ wanted: String?) throws -> Place {
    // What a walk over the document finds out, zeros behind it as the parser needs them.
    let padded = bytes + [UInt8](repeating: 0, count: 24)
    return try padded.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { throw SourceError.empty(path: path) }
      let parser = JSONParser(wanted: [], isByLine: false)
      parser.begin(base + start)
      do {
        return try place(wanted, parser)
      } catch let fault as JSONFault {
        throw JSONRecords.Fault(offset: start + fault.place, found: fault.found, isTooWide: false)
      }
    }
  }

  private func place(_ wanted: String?, _ parser: JSONParser) throws -> Place {
    parser.skipBlanks()
    let first = start + parser.offset
    var found: [Found] = []
    try walk(parser, "", wanted, 1, &found)
    let end = start + parser.offset
    parser.skipBlanks()
    if start + parser.offset < bytes.count {
      // More documents behind the first are records of a kind, when all are objects.
      guard bytes[first] == UInt8(ascii: "{"), parser.next == UInt8(ascii: "{") else {
        throw parser.expect("the end of the file")
      }
      if wanted != nil {
        throw SourceError.unsupported(
          path: path, feature: "several JSON documents, one behind the other, of which none is meant",
          advice: "leave path out: each document is a row")
      }
      return .values(first..<bytes.count)
    }
    if let wanted {
      if let place = found.first(where: { $0.path == wanted }) { return elements(place) }
      var all: [Found] = []
      parser.rewind()
      parser.skipBlanks()
      try walk(parser, "", nil, 1, &all)
      throw SourceError.chooseTable(
        path: path, option: "path", given: wanted, names: all.map(\.path).filter { $0 != "" })
    }
    if found.count > 1 {
      throw SourceError.chooseTable(path: path, option: "path", given: nil, names: found.map(\.path))
    }
    // An object without an array of objects in it is one row.
    return found.first.map(elements) ?? .values(first..<end)
  }

  private func elements(_ found: Found) -> Place {
    bytes[found.range.lowerBound] == UInt8(ascii: "[")
      ? .elements(found.range.lowerBound + 1..<found.range.upperBound - 1, path: found.path)
      : .values(found.range)
  }

  /// Moves over a value and notes the arrays of objects in it; with `wanted`, only what stands there.
  private func walk(
    _ parser: JSONParser, _ name: String, _ wanted: String?, _ depth: Int, _ found: inout [Found]
  ) throws {
    let begin = start + parser.offset
    let isWanted = name == wanted && !name.isEmpty
    if parser.next == UInt8(ascii: "[") || isWanted || depth > 8 || parser.next != UInt8(ascii: "{") {
      let isArray = parser.next == UInt8(ascii: "[")
      try parser.skip(depth)
      let range = begin..<start + parser.offset
      // An array at the outside is meant, whatever it holds; another one when it begins with an object, or is named.
      let isTable = isArray && (depth == 1 || isWanted || beginsWithObject(range))
      if isTable || (isWanted && bytes[begin] == UInt8(ascii: "{")) { found.append(Found(path: name, range: range)) }
      return
    }
    parser.skipByte()
    if parser.take(UInt8(ascii: "}")) { return }
    repeat {
      parser.skipBlanks()
      guard parser.next == UInt8(ascii: "\"") else { throw parser.expect("a name in quotes") }
      var key = ""
      try parser.string { key = String(decoding: $0, as: UTF8.self) }
      if !parser.take(UInt8(ascii: ":")) { throw parser.expect("`:`") }
      parser.skipBlanks()
      try walk(parser, name.isEmpty ? key : "\(name).\(key)", wanted, depth + 1, &found)
    } while parser.take(UInt8(ascii: ","))
    if !parser.take(UInt8(ascii: "}")) { throw parser.expect("`,` or `}`") }
  }

  private func beginsWithObject(_ range: Range<Int>) -> Bool {
    bytes[range].dropFirst().first { $0 > 0x20 } == UInt8(ascii: "{")
  }
}
