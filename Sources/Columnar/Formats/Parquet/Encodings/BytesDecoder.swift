/// Reads values that are bytes of some length, in any of the ways in which they are written.
struct BytesDecoder {
  private enum Form {
    /// Each behind its length.
    case plain
    /// All of one length.
    case fixed(Int)
    /// All behind the lengths of all.
    case lengths(DeltaDecoder)
    /// Each without what it has in common with the one before.
    case prefixes(DeltaDecoder, DeltaDecoder)
  }

  /// Lengths are read so many at a time.
  private static let block = 512

  private var bytes: EncodedBytes
  private var form: Form
  private var lengths: [Int64] = []
  private var commons: [Int64] = []
  private var next = 0
  private var unread = 0
  private var previous: [UInt8] = []

  /// Values behind their lengths, or of one length.
  init(plain bytes: EncodedBytes, fixed: Int?) {
    self.bytes = bytes
    form = fixed.map { .fixed($0) } ?? .plain
  }

  /// DELTA_LENGTH_BYTE_ARRAY.
  init(lengths encoded: EncodedBytes) throws(ParquetFault) {
    var rest = encoded
    let lengths = try BytesDecoder.numbers(&rest)
    (bytes, form, unread) = (rest.rest, .lengths(lengths), lengths.count)
  }

  /// DELTA_BYTE_ARRAY.
  init(prefixes encoded: EncodedBytes) throws(ParquetFault) {
    var rest = encoded
    let commons = try BytesDecoder.numbers(&rest)
    let lengths = try BytesDecoder.numbers(&rest)
    guard commons.count == lengths.count else { throw .damaged("has a page in which lengths are missing") }
    (bytes, form, unread) = (rest.rest, .prefixes(commons, lengths), lengths.count)
  }

  /// Differences, which are passed over to find where they end.
  private static func numbers(_ bytes: inout EncodedBytes) throws(ParquetFault) -> DeltaDecoder {
    let numbers = try DeltaDecoder(bytes.rest)
    var walker = numbers
    try walker.finish()
    _ = try bytes.take(walker.end)
    return numbers
  }

  /// Hands the next values to the closure, whose pointers are good until it returns.
  @inline(__always)
  mutating func each(
    _ count: Int, _ take: (UnsafeBufferPointer<UInt8>) throws(ParquetFault) -> Void
  ) throws(ParquetFault) {
    switch form {
    case .plain:
      var place = bytes.place
      for _ in 0..<count {
        guard bytes.count &- place >= 4 else { throw .damaged("has a page with fewer values than it announces") }
        let length = Int(bytes.base.loadUnaligned(fromByteOffset: place, as: UInt32.self).littleEndian)
        place &+= 4
        guard length <= bytes.count &- place else { throw .damaged("has a value that is longer than its page") }
        try take(text(place, length))
        place &+= length
      }
      bytes.place = place
    case .fixed(let length):
      for _ in 0..<count {
        let value = try bytes.take(length)
        try take(UnsafeBufferPointer(start: value.base.assumingMemoryBound(to: UInt8.self), count: length))
      }
    case .lengths, .prefixes:
      for _ in 0..<count {
        if next == lengths.count { try readLengths() }
        guard let length = Int(exactly: lengths[next]) else { throw .cutShort }
        let value = try bytes.take(length)
        let own = UnsafeBufferPointer(start: value.base.assumingMemoryBound(to: UInt8.self), count: length)
        if commons.isEmpty {
          try take(own)
        } else {
          let common = Int(commons[next])
          guard common >= 0, common <= previous.count else {
            throw .damaged("has a value with more in common with the one before than that has")
          }
          previous.removeLast(previous.count - common)
          previous.append(contentsOf: own)
          try previous.withUnsafeBufferPointer { (all) throws(ParquetFault) in try take(all) }
        }
        next += 1
      }
    }
  }

  private func text(_ place: Int, _ length: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: (bytes.base + place).assumingMemoryBound(to: UInt8.self), count: length)
  }

  private mutating func readLengths() throws(ParquetFault) {
    let some = min(BytesDecoder.block, unread)
    guard some > 0 else { throw .damaged("has a page with fewer values than it announces") }
    unread -= some
    next = 0
    switch form {
    case .lengths(var numbers):
      lengths = try BytesDecoder.read(&numbers, some)
      form = .lengths(numbers)
    case .prefixes(var first, var second):
      commons = try BytesDecoder.read(&first, some)
      lengths = try BytesDecoder.read(&second, some)
      form = .prefixes(first, second)
    case .plain, .fixed: break
    }
  }

  private static func read(_ numbers: inout DeltaDecoder, _ count: Int) throws(ParquetFault) -> [Int64] {
    var values = [Int64](repeating: 0, count: count)
    try values.withUnsafeMutableBufferPointer { (room) throws(ParquetFault) in
      if let out = room.baseAddress { try numbers.read(count, into: out) }
    }
    return values
  }
}
