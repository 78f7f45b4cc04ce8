#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What is wrong with a text as JSON (RFC 8259), and at which of its bytes.
struct JSONFault: Error {
  var place: Int
  var found: String
  /// The text is right, and cannot become a table.
  var isTooWide = false
}

/// Reads records out of JSON into columns: an object is a row, an object within it more columns with a dot in their names.
///
/// One thread has one reader. The bytes that it is given must be followed by a zero and by 16 more that can be read: no loop
/// asks for the end then.
final class JSONParser {
  /// Objects and arrays in one another; what is deeper is not written by people or their programs.
  static let deepest = 100
  static let mostColumns = 20_000

  // One thread reads millions of values through these.
  @exclusivity(unchecked) private(set) var tree: JSONTree
  @exclusivity(unchecked) private var place: UnsafePointer<UInt8>
  @exclusivity(unchecked) private var scratch: [UInt8] = []
  private var base: UnsafePointer<UInt8>
  /// Whether a record ends with its line.
  private let isByLine: Bool

  /// What is read before anything begins.
  private let nothing = UnsafeMutablePointer<UInt8>.allocate(capacity: 24)

  init(wanted: Set<String>?, isByLine: Bool) {
    tree = JSONTree(wanted)
    self.isByLine = isByLine
    nothing.initialize(repeating: 0, count: 24)
    (base, place) = (UnsafePointer(nothing), UnsafePointer(nothing))
  }

  deinit { nothing.deallocate() }

  /// Begins a text.
  func begin(_ text: UnsafePointer<UInt8>) {
    (base, place) = (text, text)
    tree.beginPiece()
  }

  /// The byte at which the reader is.
  var offset: Int { place - base }

  /// The byte at which the reader is; zero at the end.
  var next: UInt8 { place.pointee }

  func fault(_ found: String) -> JSONFault { JSONFault(place: offset, found: found) }

  /// What stands at the reader's place, for messages.
  private var found: String {
    switch place.pointee {
    case 0: "the end"
    case UInt8(ascii: "\n"): "the end of the line"
    case 0x21..<0x7f: "`\(UnicodeScalar(place.pointee))`"
    default: "byte \(place.pointee)"
    }
  }

  func expect(_ what: String) -> JSONFault { fault("has \(found) where \(what) should be") }

  /// Moves over blanks.
  @inline(__always)
  func skipBlanks() {
    while true {
      let byte = place.pointee
      guard byte == 0x20 || byte == 0x09 || byte == 0x0d || (byte == 0x0a && !isByLine) else { return }
      place += 1
    }
  }

  /// Moves over blanks and one byte; false when that is not there.
  @inline(__always)
  func take(_ byte: UInt8) -> Bool {
    skipBlanks()
    if place.pointee != byte { return false }
    place += 1
    return true
  }

  /// Moves to the end of the line.
  func skipLine(_ end: Int) {
    while offset < end, place.pointee != 0x0a { place += 1 }
  }

  /// Moves over a byte that was looked at.
  func skipByte() { place += 1 }

  /// Begins the text again.
  func rewind() { place = base }

  /// Takes back a row that turned out to be none.
  func cut(to row: Int) { tree.cut(to: row) }

  // MARK: Records

  /// Reads an object into a row.
  func record(_ row: Int) throws(JSONFault) {
    skipBlanks()
    guard place.pointee == UInt8(ascii: "{") else { throw expect("an object `{`") }
    try object(JSONTree.root, row, 1)
  }

  private func object(_ node: Int, _ row: Int, _ depth: Int) throws(JSONFault) {
    if depth > JSONParser.deepest { throw fault("has objects in objects, more than \(JSONParser.deepest) deep") }
    place += 1
    if take(UInt8(ascii: "}")) { return }
    var last = -1
    repeat {
      skipBlanks()
      guard place.pointee == UInt8(ascii: "\"") else { throw expect("a name in quotes") }
      let start = place
      var child = -1
      try string { child = tree.child($0, of: node, after: last) }
      if tree.isTooWide {
        place = start
        throw JSONFault(place: offset, found: "", isTooWide: true)
      }
      if !take(UInt8(ascii: ":")) { throw expect("`:`") }
      skipBlanks()
      try value(child, row, depth)
      last = child
    } while take(UInt8(ascii: ","))
    if !take(UInt8(ascii: "}")) { throw expect("`,` or `}`") }
  }

  private func value(_ child: Int, _ row: Int, _ depth: Int) throws(JSONFault) {
    switch place.pointee {
    case UInt8(ascii: "\""): try string { tree.set(child, row, $0) }
    case UInt8(ascii: "{"): try object(tree.node(child), row, depth + 1)
    case UInt8(ascii: "["):
      let start = place
      try skip(depth)
      tree.set(child, row, UnsafeBufferPointer(start: start, count: place - start))
    case UInt8(ascii: "t"):
      try word("true")
      tree.set(child, row, .boolean, 1)
    case UInt8(ascii: "f"):
      try word("false")
      tree.set(child, row, .boolean, 0)
    case UInt8(ascii: "n"):
      try word("null")
      tree.set(child, row, .missing, 0)
    default:
      let (kind, bits) = try number()
      tree.set(child, row, kind, bits)
    }
  }

  private func word(_ word: StaticString) throws(JSONFault) {
    for i in 0..<word.utf8CodeUnitCount where place[i] != word.utf8Start[i] { throw expect("a value") }
    place += word.utf8CodeUnitCount
  }

  // MARK: Values that are passed over

  /// Moves over a value, which must be right.
  func skip(_ depth: Int) throws(JSONFault) {
    if depth > JSONParser.deepest { throw fault("has arrays in arrays, more than \(JSONParser.deepest) deep") }
    switch place.pointee {
    case UInt8(ascii: "\""): try string { _ in }
    case UInt8(ascii: "["):
      place += 1
      if take(UInt8(ascii: "]")) { return }
      repeat {
        skipBlanks()
        try skip(depth + 1)
      } while take(UInt8(ascii: ","))
      if !take(UInt8(ascii: "]")) { throw expect("`,` or `]`") }
    case UInt8(ascii: "{"):
      place += 1
      if take(UInt8(ascii: "}")) { return }
      repeat {
        skipBlanks()
        guard place.pointee == UInt8(ascii: "\"") else { throw expect("a name in quotes") }
        try string { _ in }
        if !take(UInt8(ascii: ":")) { throw expect("`:`") }
        skipBlanks()
        try skip(depth + 1)
      } while take(UInt8(ascii: ","))
      if !take(UInt8(ascii: "}")) { throw expect("`,` or `}`") }
    case UInt8(ascii: "t"): try word("true")
    case UInt8(ascii: "f"): try word("false")
    case UInt8(ascii: "n"): try word("null")
    default: _ = try number()
    }
  }

  // MARK: Texts

  /// Reads a text and hands its bytes over, escapes undone. They are valid until the next text.
  @inline(__always)
  func string(_ take: (UnsafeBufferPointer<UInt8>) -> Void) throws(JSONFault) {
    place += 1
    let start = place
    var all: UInt64 = 0
    // Eight bytes at a time until a quote, an escape or a control character is among them.
    while true {
      let word = UnsafeRawPointer(place).loadUnaligned(as: UInt64.self)
      let ones: UInt64 = 0x0101_0101_0101_0101
      let highs: UInt64 = 0x8080_8080_8080_8080
      let quote = word ^ (ones &* 0x22)
      let escape = word ^ (ones &* 0x5c)
      let special =
        (((quote &- ones) & ~quote) | ((escape &- ones) & ~escape) | ((word &- ones &* 0x20) & ~word)) & highs
      if special != 0 { break }
      all |= word
      place += 8
    }
    while place.pointee != 0x22, place.pointee != 0x5c, place.pointee >= 0x20 {
      all |= UInt64(place.pointee)
      place += 1
    }
    if place.pointee == 0x22 {
      let text = UnsafeBufferPointer(start: start, count: place - start)
      if all & 0x8080_8080_8080_8080 != 0 { try check(text, start) }
      take(text)
      place += 1
      return
    }
    try escaped(start)
    scratch.withUnsafeBufferPointer(take)
  }

  private func check(_ text: UnsafeBufferPointer<UInt8>, _ start: UnsafePointer<UInt8>) throws(JSONFault) {
    guard let stray = TextEncoding.census(text).firstStray else { return }
    place = start + stray
    throw fault("has the text \"\(TextEncoding.showing(text))\", which is not UTF-8")
  }

  /// The rest of a text with escapes, whose beginning has been passed over.
  private func escaped(_ start: UnsafePointer<UInt8>) throws(JSONFault) {
    scratch.removeAll(keepingCapacity: true)
    var plain = start
    while true {
      let byte = place.pointee
      if byte == 0x22 || byte == 0x5c {
        let text = UnsafeBufferPointer(start: plain, count: place - plain)
        try check(text, plain)
        scratch.append(contentsOf: text)
        place += 1
        if byte == 0x22 { return }
        try escape()
        plain = place
      } else if byte < 0x20 {
        throw fault(
          byte == 0 || (byte == 0x0a && isByLine) ? "has a text that does not end" : "has a control character in a text"
        )
      } else {
        place += 1
      }
    }
  }

  private func escape() throws(JSONFault) {
    let byte = place.pointee
    place += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): scratch.append(byte)
    case UInt8(ascii: "b"): scratch.append(0x08)
    case UInt8(ascii: "f"): scratch.append(0x0c)
    case UInt8(ascii: "n"): scratch.append(0x0a)
    case UInt8(ascii: "r"): scratch.append(0x0d)
    case UInt8(ascii: "t"): scratch.append(0x09)
    case UInt8(ascii: "u"):
      var scalar = try unit()
      if scalar & 0xfc00 == 0xd800, place[0] == UInt8(ascii: "\\"), place[1] == UInt8(ascii: "u") {
        let before = place
        place += 2
        let low = try unit()
        if low & 0xfc00 == 0xdc00 {
          scalar = 0x10000 + (scalar - 0xd800) << 10 + (low - 0xdc00)
        } else {
          place = before
        }
      }
      // Half a pair stands for nothing.
      if scalar & 0xffff_f800 == 0xd800 { scalar = 0xfffd }
      if scalar < 0x80 { scratch.append(UInt8(scalar)) } else { TextEncoding.append(scalar, to: &scratch) }
    default:
      place -= 1
      throw expect("an escape")
    }
  }

  private func unit() throws(JSONFault) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      let byte = place.pointee
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      default: throw expect("a hexadecimal digit")
      }
      value = value << 4 | UInt32(digit)
      place += 1
    }
    return value
  }

  // MARK: Numbers

  private func number() throws(JSONFault) -> (CellColumn.Kind, UInt64) {
    let start = place
    let isNegative = place.pointee == UInt8(ascii: "-")
    if isNegative { place += 1 }
    if place.pointee == UInt8(ascii: "N") || place.pointee == UInt8(ascii: "I") { return try noNumber(isNegative) }
    let first = place
    var mantissa: UInt64 = 0
    var digit = place.pointee &- 0x30
    guard digit <= 9 else { throw expect(place == start ? "a value" : "a digit") }
    repeat {
      mantissa = mantissa &* 10 &+ UInt64(digit)
      place += 1
      digit = place.pointee &- 0x30
    } while digit <= 9
    var digits = place - first
    if digits > 1, first.pointee == 0x30 {
      place = first
      throw fault("has a number that begins with a zero")
    }
    var exponent = 0
    let isWhole = place.pointee != UInt8(ascii: ".") && place.pointee | 0x20 != UInt8(ascii: "e")
    if isWhole, digits <= 18 {
      let value = Int64(mantissa)
      return (.integer, UInt64(bitPattern: isNegative ? -value : value))
    }
    if place.pointee == UInt8(ascii: ".") {
      place += 1
      let point = place
      while place.pointee &- 0x30 <= 9 {
        mantissa = mantissa &* 10 &+ UInt64(place.pointee &- 0x30)
        place += 1
      }
      if place == point { throw expect("a digit") }
      exponent = point - place
      digits += place - point
    }
    if place.pointee | 0x20 == UInt8(ascii: "e") {
      place += 1
      let isSmall = place.pointee == UInt8(ascii: "-")
      if isSmall || place.pointee == UInt8(ascii: "+") { place += 1 }
      guard place.pointee &- 0x30 <= 9 else { throw expect("a digit") }
      var power = 0
      while place.pointee &- 0x30 <= 9 {
        power = min(100_000, power * 10 + Int(place.pointee &- 0x30))
        place += 1
      }
      exponent += isSmall ? -power : power
    }
    // One rounding of two exact numbers is exact (Clinger, 1990).
    if digits <= 19, mantissa < 1 << 53, abs(exponent) <= 22 {
      let value =
        exponent < 0
        ? Double(mantissa) / NumberParser.powers[-exponent] : Double(mantissa) * NumberParser.powers[exponent]
      return (.real, (isNegative ? -value : value).bitPattern)
    }
    return try long(start, isWhole: isWhole)
  }

  private func long(_ start: UnsafePointer<UInt8>, isWhole: Bool) throws(JSONFault) -> (CellColumn.Kind, UInt64) {
    let text = String(decoding: UnsafeBufferPointer(start: start, count: place - start), as: UTF8.self)
    if isWhole, let whole = Int64(text) { return (.integer, UInt64(bitPattern: whole)) }
    guard let value = Double(text), value.isFinite else {
      place = start
      throw fault("has a number beyond all that can be computed with")
    }
    return (.real, value.bitPattern)
  }

  /// `NaN` and `Infinity` are no JSON, but what some programs write for a number that is missing.
  private func noNumber(_ isNegative: Bool) throws(JSONFault) -> (CellColumn.Kind, UInt64) {
    if place.pointee == UInt8(ascii: "I") { try word("Infinity") } else { try word("NaN") }
    return (.missing, 0)
  }
}
