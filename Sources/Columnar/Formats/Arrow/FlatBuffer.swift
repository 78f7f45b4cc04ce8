/// What contradicts itself in a binary file.
struct BinaryFault: Error {
  var place: String
  var found: String
}

/// Bytes in the format of FlatBuffers, of which every offset is checked before it is followed.
struct FlatBuffer: Sendable {
  let bytes: [UInt8]

  /// A little-endian number at a place.
  func number<N: FixedWidthInteger>(_ place: Int, as type: N.Type = N.self) throws(BinaryFault) -> N {
    let width = MemoryLayout<N>.size
    guard place >= 0, place <= bytes.count - width else { throw FlatBuffer.fault }
    return bytes.withUnsafeBytes { N(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: N.self)) }
  }

  /// The table that the buffer begins with.
  var root: FlatTable {
    get throws(BinaryFault) { FlatTable(buffer: self, place: Int(try number(0, as: UInt32.self))) }
  }

  static let fault = BinaryFault(place: "its metadata", found: "point behind their end")
}

/// A table of named fields, some of which may be absent.
struct FlatTable: Sendable {
  let buffer: FlatBuffer
  let place: Int

  /// The place of a field; nil when it is absent.
  private func field(_ number: Int) throws(BinaryFault) -> Int? {
    let back = Int(try buffer.number(place, as: Int32.self))
    let list = place - back
    let size = Int(try buffer.number(list, as: UInt16.self))
    let entry = 4 + 2 * number
    guard entry + 2 <= size else { return nil }
    let offset = Int(try buffer.number(list + entry, as: UInt16.self))
    return offset == 0 ? nil : place + offset
  }

  /// A number, or what it is when absent.
  func number<N: FixedWidthInteger>(_ field: Int, or usual: N) throws(BinaryFault) -> N {
    guard let place = try self.field(field) else { return usual }
    return try buffer.number(place)
  }

  /// The place that an offset in a field leads to.
  private func target(_ field: Int) throws(BinaryFault) -> Int? {
    guard let place = try self.field(field) else { return nil }
    return place + Int(try buffer.number(place, as: UInt32.self))
  }

  func table(_ field: Int) throws(BinaryFault) -> FlatTable? {
    try target(field).map { FlatTable(buffer: buffer, place: $0) }
  }

  func text(_ field: Int) throws(BinaryFault) -> String? {
    guard let (start, count) = try list(field, width: 1) else { return nil }
    return String(decoding: buffer.bytes[start..<start + count], as: UTF8.self)
  }

  /// The place of the first element of a list, and their number.
  private func list(_ field: Int, width: Int) throws(BinaryFault) -> (start: Int, count: Int)? {
    guard let place = try target(field) else { return nil }
    let count = Int(try buffer.number(place, as: UInt32.self))
    guard count <= (buffer.bytes.count - place - 4) / width else { throw FlatBuffer.fault }
    return (place + 4, count)
  }

  func tables(_ field: Int) throws(BinaryFault) -> [FlatTable] {
    guard let (start, count) = try list(field, width: 4) else { return [] }
    var tables: [FlatTable] = []
    for i in 0..<count {
      let place = start + 4 * i
      tables.append(FlatTable(buffer: buffer, place: place + Int(try buffer.number(place, as: UInt32.self))))
    }
    return tables
  }

  /// Structs of numbers of eight bytes each.
  func structs(_ field: Int, words: Int) throws(BinaryFault) -> [[Int64]] {
    guard let (start, count) = try list(field, width: 8 * words) else { return [] }
    var structs: [[Int64]] = []
    for i in 0..<count {
      var one: [Int64] = []
      for word in 0..<words { one.append(try buffer.number(start + 8 * (i * words + word))) }
      structs.append(one)
    }
    return structs
  }
}
