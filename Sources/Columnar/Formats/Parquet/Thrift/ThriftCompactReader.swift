/// Reads Thrift's compact protocol (Apache Thrift, "Thrift compact protocol encoding"), in which Parquet writes its metadata.
struct ThriftCompactReader {
  /// The kinds of values, as they stand in the head of a field.
  enum Kind: UInt8 {
    case yes = 1
    case no, byte, int16, int32, int64, double, binary, list, set, map, structure
  }

  /// The head of a field: its number and the kind of value behind it.
  struct Field {
    var id: Int
    var kind: Kind
  }

  /// Structures within structures that are skipped at most.
  private static let deepest = 32

  private let bytes: UnsafeRawBufferPointer
  /// The place of the next byte.
  private(set) var place = 0

  /// Reads from the beginning of some bytes.
  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// Bytes that are left.
  private var left: Int { bytes.count - place }

  private mutating func byte() throws(ParquetFault) -> UInt8 {
    guard place < bytes.count else { throw .cutShort }
    defer { place += 1 }
    return bytes[place]
  }

  private mutating func varint() throws(ParquetFault) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while shift < 64 {
      let next = try byte()
      value |= UInt64(next & 0x7f) << shift
      if next < 0x80 { return value }
      shift += 7
    }
    throw .damaged("holds a number of more than 64 bits")
  }

  private mutating func zigzag() throws(ParquetFault) -> Int64 {
    let value = try varint()
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }

  // MARK: Structures

  /// The head of the next field of a structure; nil at its end. `last` is the number of the field before, 0 at the beginning.
  mutating func field(_ last: inout Int) throws(ParquetFault) -> Field? {
    let head = try byte()
    if head == 0 { return nil }
    guard let kind = Kind(rawValue: head & 0xf) else { throw .damaged("holds a value of an unknown kind") }
    let step = Int(head >> 4)
    last = step == 0 ? Int(truncatingIfNeeded: try zigzag()) : last &+ step
    return Field(id: last, kind: kind)
  }

  /// A whole number.
  mutating func integer(_ field: Field) throws(ParquetFault) -> Int64 {
    switch field.kind {
    case .byte: return Int64(Int8(bitPattern: try byte()))
    case .int16, .int32, .int64: return try zigzag()
    default: throw wrongKind(field)
    }
  }

  /// A whole number of 32 bits.
  mutating func int32(_ field: Field) throws(ParquetFault) -> Int {
    guard let value = Int32(exactly: try integer(field)) else { throw .damaged("holds a number that is too large") }
    return Int(value)
  }

  /// A truth value, which stands in the head of its field.
  func boolean(_ field: Field) throws(ParquetFault) -> Bool {
    guard field.kind == .yes || field.kind == .no else { throw wrongKind(field) }
    return field.kind == .yes
  }

  /// Bytes of any length.
  mutating func binary(_ field: Field) throws(ParquetFault) -> [UInt8] {
    guard field.kind == .binary else { throw wrongKind(field) }
    return try binary()
  }

  private mutating func binary() throws(ParquetFault) -> [UInt8] {
    guard let count = Int(exactly: try varint()), count <= left else { throw .cutShort }
    defer { place += count }
    return Array(UnsafeRawBufferPointer(rebasing: bytes[place..<(place + count)]))
  }

  /// Text, in which bytes that are no UTF-8 are replaced.
  mutating func text(_ field: Field) throws(ParquetFault) -> String {
    String(decoding: try binary(field), as: UTF8.self)
  }

  /// Begins a structure.
  func open(_ field: Field) throws(ParquetFault) {
    guard field.kind == .structure else { throw wrongKind(field) }
  }

  /// Begins a list of structures and gives their number.
  mutating func structures(_ field: Field) throws(ParquetFault) -> Int {
    guard field.kind == .list else { throw wrongKind(field) }
    let (kind, count) = try listHead()
    guard kind == .structure || count == 0 else { throw wrongKind(field) }
    return count
  }

  private mutating func listHead() throws(ParquetFault) -> (kind: Kind, count: Int) {
    let head = try byte()
    let long = head >> 4 == 15
    let number = long ? try varint() : UInt64(head >> 4)
    // Each element takes a byte at least.
    guard let count = Int(exactly: number), count <= left else {
      throw .damaged("holds a list that is longer than itself")
    }
    if count == 0 { return (.byte, 0) }
    guard let kind = Kind(rawValue: head & 0xf) else { throw .damaged("holds a list of an unknown kind") }
    return (kind, count)
  }

  private func wrongKind(_ field: Field) -> ParquetFault {
    .damaged("has a value of another kind in field \(field.id)")
  }

  // MARK: Skipping

  /// Passes over a value that nobody asked for.
  mutating func skip(_ field: Field) throws(ParquetFault) { try skip(field.kind, inList: false, depth: 0) }

  private mutating func skip(_ kind: Kind, inList: Bool, depth: Int) throws(ParquetFault) {
    guard depth < ThriftCompactReader.deepest else { throw .damaged("nests structures too deeply") }
    switch kind {
    case .yes, .no: if inList { _ = try byte() }
    case .byte: _ = try byte()
    case .int16, .int32, .int64: _ = try varint()
    case .double:
      guard left >= 8 else { throw .cutShort }
      place += 8
    case .binary:
      guard let count = Int(exactly: try varint()), count <= left else { throw .cutShort }
      place += count
    case .list, .set:
      let (element, count) = try listHead()
      for _ in 0..<count { try skip(element, inList: true, depth: depth + 1) }
    case .map:
      guard let count = Int(exactly: try varint()), count <= left else { throw .cutShort }
      if count == 0 { return }
      let kinds = try byte()
      guard let key = Kind(rawValue: kinds >> 4), let value = Kind(rawValue: kinds & 0xf) else {
        throw .damaged("holds a map of an unknown kind")
      }
      for _ in 0..<count {
        try skip(key, inList: true, depth: depth + 1)
        try skip(value, inList: true, depth: depth + 1)
      }
    case .structure:
      var last = 0
      while let field = try field(&last) { try skip(field.kind, inList: false, depth: depth + 1) }
    }
  }
}
