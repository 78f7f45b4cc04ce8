/// The values of one page, as they come out one after another.
enum ValueStream {
  /// Codes of a dictionary page's entries.
  case codes(HybridDecoder)
  /// Numbers of fixed width, one behind the other.
  case plain(EncodedBytes)
  /// Whole numbers as differences.
  case delta(DeltaDecoder)
  /// Truth values.
  case bits(HybridDecoder)
  /// Values of bytes.
  case bytes(BytesDecoder)
  /// None.
  case none

  /// The values of a page. `room` takes what has to be laid out anew.
  init(_ page: PageReader.Page, _ column: ParquetColumn, _ room: ByteRoom) throws(ParquetFault) {
    var bytes = page.values
    if bytes.count == 0, page.header.values == 0 || column.isOptional {
      // Rows without any value have no bytes; whoever reads a value all the same finds that there is none.
      self = .none
      return
    }
    let fixed = column.physical == .fixedLengthByteArray ? column.typeLength : nil
    switch (PageHeader.Encoding(rawValue: page.header.encoding), column.physical) {
    case (.plain, .boolean): self = .bits(HybridDecoder(packed: bytes, width: 1))
    case (.plain, .byteArray), (.plain, .fixedLengthByteArray): self = .bytes(BytesDecoder(plain: bytes, fixed: fixed))
    case (.plain, _): self = .plain(bytes)
    case (.dictionary, _), (.plainDictionary, _):
      let width = try bytes.take(1).base.load(as: UInt8.self)
      self = .codes(try HybridDecoder(bytes.rest, width: Int(width)))
    case (.runLengths, .boolean): self = .bits(try HybridDecoder(try bytes.take(try bytes.word()), width: 1))
    case (.deltaBinaryPacked, .int32), (.deltaBinaryPacked, .int64): self = .delta(try DeltaDecoder(bytes))
    case (.deltaLengthByteArray, .byteArray): self = .bytes(try BytesDecoder(lengths: bytes))
    case (.deltaByteArray, .byteArray), (.deltaByteArray, .fixedLengthByteArray):
      self = .bytes(try BytesDecoder(prefixes: bytes))
    case (.byteStreamSplit, _):
      guard let width = column.plainWidth, width > 0, column.physical != .int96 else { throw ValueStream.unknown(page) }
      let joined = ValueStream.joined(bytes, width, room)
      self = fixed == nil ? .plain(joined) : .bytes(BytesDecoder(plain: joined, fixed: fixed))
    default: throw ValueStream.unknown(page)
    }
  }

  private static func unknown(_ page: PageReader.Page) -> ParquetFault {
    .damaged("has a page in an encoding that its type cannot have (\(page.header.encoding))")
  }

  /// Numbers whose first bytes stand together, then their second bytes, and so on, as they usually lie.
  private static func joined(_ bytes: EncodedBytes, _ width: Int, _ room: ByteRoom) -> EncodedBytes {
    let count = bytes.count / width
    room.reserve(count * width)
    let from = bytes.base.assumingMemoryBound(to: UInt8.self)
    let to = room.base.assumingMemoryBound(to: UInt8.self)
    for lane in 0..<width {
      let plane = from + lane * count
      for i in 0..<count { to[i &* width &+ lane] = plane[i] }
    }
    return EncodedBytes(room.base, count: count * width)
  }
}
