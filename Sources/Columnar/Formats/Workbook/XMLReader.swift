import CExpat

/// What stands in a part of a workbook, told element by element. Subclasses take what they need.
class XMLHandler {
  // Asked after each element: a check for exclusive access would cost more than the question.
  /// Whether nothing more is to be read: there is enough, or a failure.
  @exclusivity(unchecked) final var isDone = false
  /// Why reading cannot go on.
  final var failure: SourceError? { didSet { isDone = true } }

  func start(_ name: XMLName, _ attributes: XMLAttributes) {}
  func end(_ name: XMLName) {}
  func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
}

/// The name of an element, without a prefix before it.
struct XMLName {
  let bytes: UnsafePointer<UInt8>

  init(_ name: UnsafePointer<CChar>) {
    var start = UnsafeRawPointer(name).assumingMemoryBound(to: UInt8.self)
    var place = start
    while place.pointee != 0 {
      if place.pointee == UInt8(ascii: ":") { start = place + 1 }
      place += 1
    }
    bytes = start
  }

  /// The letter, when the name has only one; else 0.
  @inline(__always) var letter: UInt8 { bytes[0] != 0 && bytes[1] == 0 ? bytes[0] : 0 }

  @inline(__always)
  static func == (name: XMLName, text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    for place in 0..<count where name.bytes[place] != text.utf8Start[place] { return false }
    return name.bytes[count] == 0
  }
}

/// The attributes of an element: names and values in turn, ended by null.
struct XMLAttributes {
  let pairs: UnsafeMutablePointer<UnsafePointer<CChar>?>

  /// Calls the closure with each name, prefixes cut off, and value.
  @inline(__always)
  func each(_ body: (XMLName, UnsafePointer<UInt8>) -> Void) {
    var place = pairs
    while let name = place[0], let value = place[1] {
      body(XMLName(name), UnsafeRawPointer(value).assumingMemoryBound(to: UInt8.self))
      place += 2
    }
  }

  /// The value of an attribute.
  func text(_ wanted: StaticString) -> String? {
    var found: String?
    each { name, value in if name == wanted { found = String(cString: value) } }
    return found
  }
}

/// Reads the XML of one part by expat. Document types are refused: no workbook has one, and entities that grow without bounds
/// need one.
final class XMLReader {
  private let parser: XML_Parser
  private let handler: XMLHandler
  private var hasType = false

  init?(_ handler: XMLHandler) {
    guard let parser = XML_ParserCreate(nil) else { return nil }
    self.parser = parser
    self.handler = handler
    XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
    XML_SetElementHandler(
      parser,
      { reader, name, attributes in
        guard let name, let attributes else { return }
        XMLReader.with(reader) { $0.start(XMLName(name), XMLAttributes(pairs: attributes)) }
      },
      { reader, name in
        guard let name else { return }
        XMLReader.with(reader) { $0.end(XMLName(name)) }
      })
    XML_SetCharacterDataHandler(parser) { reader, text, count in
      guard let text else { return }
      let bytes = UnsafeRawPointer(text).assumingMemoryBound(to: UInt8.self)
      XMLReader.with(reader) { $0.text(UnsafeBufferPointer(start: bytes, count: Int(count))) }
    }
    XML_SetStartDoctypeDeclHandler(parser) { reader, _, _, _, _ in
      guard let reader else { return }
      Unmanaged<XMLReader>.fromOpaque(reader)._withUnsafeGuaranteedRef { reader in
        reader.hasType = true
        XML_StopParser(reader.parser, 0)
      }
    }
  }

  deinit { XML_ParserFree(parser) }

  /// Has the handler take something, and stops when that was enough.
  @inline(__always)
  private static func with(_ reader: UnsafeMutableRawPointer?, _ body: (XMLHandler) -> Void) {
    guard let reader else { return }
    Unmanaged<XMLReader>.fromOpaque(reader)._withUnsafeGuaranteedRef { reader in
      body(reader.handler)
      if reader.handler.isDone { XML_StopParser(reader.parser, 0) }
    }
  }

  /// Room for the next bytes.
  func room(_ count: Int) -> UnsafeMutableRawPointer? { XML_GetBuffer(parser, Int32(count)) }

  /// Parses the bytes that were put there; false when enough was read. Throws what the handler found, or the fault of the XML.
  func parse(_ count: Int, isLast: Bool, _ fault: (String) -> SourceError) throws(SourceError) -> Bool {
    try check(XML_ParseBuffer(parser, Int32(count), isLast ? 1 : 0), fault)
  }

  /// Parses bytes that stand elsewhere.
  func parse(_ bytes: [UInt8], isLast: Bool, _ fault: (String) -> SourceError) throws(SourceError) -> Bool {
    let status = bytes.withUnsafeBytes { bytes in
      XML_Parse(parser, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count), isLast ? 1 : 0)
    }
    return try check(status, fault)
  }

  private func check(_ status: XML_Status, _ fault: (String) -> SourceError) throws(SourceError) -> Bool {
    if let failure = handler.failure { throw failure }
    if handler.isDone { return false }
    if hasType { throw fault("declares a document type, which no workbook does") }
    if status == XML_STATUS_OK { return true }
    let words = XML_ErrorString(XML_GetErrorCode(parser)).map { String(cString: $0) } ?? "cannot be read"
    throw fault("is broken XML in line \(XML_GetCurrentLineNumber(parser)): \(words)")
  }
}

extension ZipArchive {
  /// Has a handler read the XML of a part. `place` says for messages where the handler is.
  func parse(
    _ part: UInt64, _ name: String, _ handler: XMLHandler, _ cancellation: Cancellation,
    place: () -> String
  ) throws {
    guard let reader = XMLReader(handler) else { return }
    try read(part, name, cancellation, room: reader.room) { count, isLast throws(SourceError) in
      try reader.parse(count, isLast: isLast) { self.damaged(place(), $0) }
    }
  }
}
