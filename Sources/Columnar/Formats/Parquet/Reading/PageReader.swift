/// Walks through the pages of a column chunk and unpacks those that are wanted.
final class PageReader {
  /// No page is larger than this; what says so is a lie or made to fill memory.
  private static let largestPage = 1 << 30
  /// A page's header is not longer than this.
  private static let largestHeader = 1 << 24

  /// A page with its bytes unpacked. They are good until the next page is opened.
  struct Page {
    var header: PageHeader
    /// How many rows there are and which have a value; nil where all have one.
    var levels: HybridDecoder?
    var values: EncodedBytes
  }

  private let unpacker: PageUnpacker
  private let window: FileWindow
  private let room = ByteRoom()
  private var column: ParquetColumn
  private var chunk = FileMetadata.ColumnChunk()
  private var codec = ParquetCodec.none
  /// The place in the file of the next page's header, and of the first byte that cannot belong to the chunk.
  private var place = 0
  private var limit = 0
  private var current: PageHeader?

  init(_ source: any ByteSource, _ column: ParquetColumn, _ unpacker: PageUnpacker) {
    window = FileWindow(source)
    self.column = column
    self.unpacker = unpacker
  }

  /// Begins with the first page of a chunk. `end` is where the footer begins.
  func open(_ chunk: FileMetadata.ColumnChunk, end: Int) throws(ParquetFault) {
    guard let codec = ParquetCodec(rawValue: chunk.codec) else {
      throw .unsupported(
        "packed in an unknown way (codec \(chunk.codec))", advice: "write the file with zstd or Snappy")
    }
    // Some writers name a dictionary behind the data where there is none.
    let start = chunk.dictionaryOffset.map { min($0, chunk.dataOffset) } ?? chunk.dataOffset
    guard start >= 4, start < end else { throw .damaged("lies outside of the file") }
    let (chunkEnd, isFar) = start.addingReportingOverflow(chunk.packedBytes)
    guard !isFar, chunkEnd <= end else { throw .damaged("reaches behind the end of the file's data") }
    (self.chunk, self.codec, place, limit, current) = (chunk, codec, start, end, nil)
    ahead = chunkEnd
  }

  /// Where reading ahead ends.
  private var ahead = 0

  /// The header of the next page, index pages left out; it stays the next one until it is opened or skipped.
  func next() throws -> PageHeader {
    while true {
      if let current { return current }
      let header = try readHeader()
      if header.kind == .data || header.kind == .data2 || header.kind == .dictionary {
        current = header
        return header
      }
      try pass(header)
    }
  }

  /// Passes over the next page.
  func skip() throws {
    let header = try next()
    current = nil
    place += header.packed
  }

  private func pass(_ header: PageHeader) throws(ParquetFault) {
    guard header.packed <= limit - place else { throw .damaged("has a page that reaches behind its end") }
    place += header.packed
  }

  private func readHeader() throws -> PageHeader {
    var size = 1 << 10
    while true {
      guard place < limit else { throw ParquetFault.damaged("ends before all its rows") }
      let bytes = try window.load(place..<min(place + size, limit), limit: max(ahead, place))
      do throws(ParquetFault) {
        let header = try PageHeader(bytes)
        place += header.size
        guard header.packed <= limit - place else { throw .damaged("has a page that reaches behind its end") }
        return header
      } catch {
        // Statistics may make it long.
        guard error == .cutShort, size < PageReader.largestHeader, place + size < limit else {
          throw error == .cutShort ? ParquetFault.damaged("has a page header that is cut short") : error
        }
        size *= 8
      }
    }
  }

  /// Unpacks the next page.
  func open() throws -> Page {
    let header = try next()
    let packed = try window.load(place..<(place + header.packed), limit: max(ahead, place))
    guard packed.count == header.packed else { throw ParquetFault.damaged("ends in the middle of a page") }
    current = nil
    place += header.packed
    try check(header)
    return header.kind == .data2 ? try second(header, packed) : try first(header, packed)
  }

  /// Refuses pages that cannot be what they say they are before there is room made for them.
  private func check(_ header: PageHeader) throws(ParquetFault) {
    guard header.unpacked <= PageReader.largestPage else {
      throw .unsupported("with pages of more than a gigabyte", advice: "write the file with smaller pages")
    }
    let codec = header.kind == .data2 && !header.isPacked ? .none : codec
    guard codec.isPossible(header.unpacked, from: header.packed) else {
      throw .damaged("has a page that says that \(header.packed) bytes unpack to \(header.unpacked)")
    }
    // Values of fixed width bound a page's size: some more bytes for levels, heads and odd encodings.
    guard let width = column.plainWidth ?? (column.physical == .boolean ? 1 : nil) else { return }
    guard header.unpacked / (2 * width + 8) <= header.values + 4096 else {
      throw .damaged("has a page of \(header.unpacked) bytes for \(header.values) values")
    }
  }

  private func unpacked(_ bytes: UnsafeRawBufferPointer, _ size: Int, _ codec: ParquetCodec) throws -> EncodedBytes {
    if codec == .none {
      guard bytes.count == size, let base = bytes.baseAddress else {
        if size == 0 { return EncodedBytes(room.base, count: 0) }
        throw ParquetFault.damaged("has a page whose sizes differ, though it is not packed")
      }
      return EncodedBytes(base, count: size)
    }
    room.reserve(size)
    try unpacker.unpack(bytes, codec, into: UnsafeMutableRawBufferPointer(start: room.base, count: size))
    return EncodedBytes(room.base, count: size)
  }

  private func first(_ header: PageHeader, _ packed: UnsafeRawBufferPointer) throws -> Page {
    var bytes = try unpacked(packed, header.unpacked, codec)
    guard header.kind == .data, column.isOptional else { return Page(header: header, levels: nil, values: bytes) }
    let levels: HybridDecoder
    switch PageHeader.Encoding(rawValue: header.levelEncoding) {
    case .runLengths: levels = try HybridDecoder(try bytes.take(try bytes.word()), width: 1)
    case .bitPacked:
      throw ParquetFault.unsupported(
        "with missing values in a way that was given up long ago (BIT_PACKED)", advice: "write the file anew")
    default: throw ParquetFault.damaged("has a page whose missing values are written in an unknown way")
    }
    return Page(header: header, levels: levels, values: bytes.rest)
  }

  private func second(_ header: PageHeader, _ packed: UnsafeRawBufferPointer) throws -> Page {
    let before = header.repetitionBytes + header.definitionBytes
    guard before <= packed.count, before <= header.unpacked, let base = packed.baseAddress else {
      if packed.isEmpty, header.unpacked == 0, header.values == 0 {
        return Page(header: header, levels: nil, values: EncodedBytes(room.base, count: 0))
      }
      throw ParquetFault.damaged("has a page that is shorter than its levels")
    }
    var levels: HybridDecoder?
    if column.isOptional, header.definitionBytes > 0 {
      levels = try HybridDecoder(
        EncodedBytes(base + header.repetitionBytes, count: header.definitionBytes), width: 1)
    }
    let rest = UnsafeRawBufferPointer(rebasing: packed[before...])
    // A page without values may hold nothing at all behind its levels.
    let size = rest.isEmpty ? 0 : header.unpacked - before
    let values = try unpacked(rest, size, header.isPacked ? codec : .none)
    return Page(header: header, levels: levels, values: values)
  }
}
