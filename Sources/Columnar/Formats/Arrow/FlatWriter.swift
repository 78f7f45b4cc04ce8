/// A value of a FlatBuffers table.
indirect enum FlatValue {
  case byte(UInt8)
  case short(Int16)
  case int(Int32)
  case long(Int64)
  case text(String)
  /// The fields that are present, by number.
  case table([(field: Int, value: FlatValue)])
  case tables([FlatValue])
  /// Structs of numbers of eight bytes each.
  case structs([[Int64]])
}

/// Writes FlatBuffers from front to back: what a table points at follows it.
struct FlatWriter {
  private(set) var bytes: [UInt8] = []

  /// The bytes of a root table, as many as a multiple of eight.
  static func bytes(_ root: FlatValue) -> [UInt8] {
    var writer = FlatWriter()
    writer.put(Int32(0))
    writer.patch(0, to: writer.write(root))
    writer.align(8)
    return writer.bytes
  }

  private mutating func put<N: FixedWidthInteger>(_ number: N) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  private mutating func set<N: FixedWidthInteger>(_ place: Int, _ number: N) {
    withUnsafeBytes(of: number.littleEndian) { for (i, byte) in $0.enumerated() { bytes[place + i] = byte } }
  }

  /// Makes the offset at a place point at another one behind it.
  private mutating func patch(_ place: Int, to target: Int) { set(place, Int32(truncatingIfNeeded: target - place)) }

  /// Fills up until the next byte, and some more, would be a multiple.
  private mutating func align(_ width: Int, before more: Int = 0) {
    while (bytes.count + more) % width != 0 { bytes.append(0) }
  }

  /// Writes what an offset points at; gives its place.
  private mutating func write(_ value: FlatValue) -> Int {
    switch value {
    case .byte, .short, .int, .long: return bytes.count
    case .text(let text):
      align(4)
      let place = bytes.count
      put(Int32(truncatingIfNeeded: text.utf8.count))
      bytes += text.utf8
      bytes.append(0)
      return place
    case .tables(let values):
      align(4)
      let place = bytes.count
      put(Int32(truncatingIfNeeded: values.count))
      for _ in values { put(Int32(0)) }
      for (i, value) in values.enumerated() { patch(place + 4 + 4 * i, to: write(value)) }
      return place
    case .structs(let values):
      align(8, before: 4)
      let place = bytes.count
      put(Int32(truncatingIfNeeded: values.count))
      for number in values.joined() { put(number) }
      return place
    case .table(let fields): return table(fields)
    }
  }

  private mutating func table(_ fields: [(field: Int, value: FlatValue)]) -> Int {
    // The largest first, so that no gaps are between them.
    let sorted = fields.sorted { FlatWriter.width($0.value) > FlatWriter.width($1.value) }
    var offsets: [Int: Int] = [:]
    // The first eight bytes: where the list of the fields is, and room to fill up.
    var size = 8
    for (field, value) in sorted {
      offsets[field] = size
      size += FlatWriter.width(value)
    }
    align(2)
    let list = bytes.count
    let entries = (fields.map(\.field).max() ?? -1) + 1
    put(UInt16(truncatingIfNeeded: 4 + 2 * entries))
    put(UInt16(truncatingIfNeeded: size))
    for field in 0..<entries { put(UInt16(truncatingIfNeeded: offsets[field] ?? 0)) }
    align(8)
    let place = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: size))
    set(place, Int32(truncatingIfNeeded: place - list))
    for (field, value) in sorted {
      let at = place + (offsets[field] ?? 0)
      switch value {
      case .byte(let number): set(at, number)
      case .short(let number): set(at, number)
      case .int(let number): set(at, number)
      case .long(let number): set(at, number)
      default: patch(at, to: write(value))
      }
    }
    return place
  }

  private static func width(_ value: FlatValue) -> Int {
    switch value {
    case .byte: 1
    case .short: 2
    case .long: 8
    default: 4
    }
  }
}
