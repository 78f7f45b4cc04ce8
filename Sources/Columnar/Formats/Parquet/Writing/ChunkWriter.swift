import CZstd

/// One column of a row group as bytes of a file, with what the footer says about it.
struct WrittenChunk: Sendable {
  var bytes: [UInt8] = []
  var type = FileMetadata.PhysicalType.int64
  var values = 0
  /// Bytes of all pages with their headers before packing.
  var unpackedBytes = 0
  /// Where the first page of data begins; the dictionary, if there is one, stands before it.
  var dataOffset = 0
  var hasDictionary = false
  var encoding = PageHeader.Encoding.plain
  var low: [UInt8]?
  var high: [UInt8]?
  var missing = 0
  /// Bytes in the file, when they are no longer in memory.
  private(set) var size = 0

  /// Gives up the bytes, which stand in the file.
  mutating func forgetBytes() {
    size = bytes.count
    bytes = []
  }
}

/// Encodes and packs one column of a row group.
struct ChunkWriter {
  /// Rows of a page; a multiple of 64, so that pages begin with whole words of the validity.
  private static let pageRows = 1 << 17
  /// Longer texts are not written as bounds.
  private static let longestBound = 256

  private let column: Column
  private let storage: Column.Storage?
  private let rows: Range<Int>
  private var chunk = WrittenChunk()
  private let packer: OpaquePointer?

  /// The rows must begin at a multiple of 64. `storage` are the column's values unless it is packed.
  init(_ column: Column, _ storage: Column.Storage?, _ rows: Range<Int>) {
    (self.column, self.storage, self.rows) = (column, storage, rows)
    packer = ZSTD_createCCtx()
  }

  /// The column's pages.
  static func write(_ column: Column, _ storage: Column.Storage?, _ rows: Range<Int>) -> WrittenChunk {
    var writer = ChunkWriter(column, storage, rows)
    defer { ZSTD_freeCCtx(writer.packer) }
    writer.write()
    return writer.chunk
  }

  private mutating func write() {
    chunk.values = rows.count
    switch column.type {
    case .integer, .datetime: whole(.int64)
    case .date, .period: whole(.int32)
    case .real: real()
    case .text: text()
    case .boolean: boolean()
    }
  }

  // MARK: Rows

  /// The values of the rows that have one, and the number of them in each page.
  private mutating func present<T: BitwiseCopyable>(_ type: T.Type, _ blank: T) -> (values: [T], pages: [Int]) {
    var values = [T](unsafeUninitializedCapacity: rows.count) { room, made in
      made = rows.count
      guard let to = room.baseAddress else { return }
      fill(UnsafeMutableRawPointer(to))
    }
    var pages: [Int] = []
    var kept = 0
    for start in stride(from: 0, to: rows.count, by: ChunkWriter.pageRows) {
      let end = min(rows.count, start + ChunkWriter.pageRows)
      let before = kept
      if let bits = column.validity {
        values.withUnsafeMutableBufferPointer { values in
          for row in start..<end {
            values[kept] = values[row]
            kept &+= bits[rows.lowerBound &+ row] ? 1 : 0
          }
        }
      } else {
        kept = end
      }
      pages.append(kept - before)
    }
    values.removeLast(rows.count - kept)
    chunk.missing = rows.count - kept
    return (values, pages)
  }

  /// Copies the values of all rows as their type has them.
  private func fill(_ room: UnsafeMutableRawPointer) {
    if let packed = column.packed { return packed.widen(rows, into: room) }
    func copy<T>(_ values: [T]) {
      guard rows.upperBound <= values.count else { return }
      values.withUnsafeBytes { bytes in
        guard let base = bytes.baseAddress else { return }
        let width = MemoryLayout<T>.stride
        room.copyMemory(from: base + rows.lowerBound * width, byteCount: rows.count * width)
      }
    }
    switch storage {
    case .integer(let values), .datetime(let values): copy(values)
    case .real(let values): copy(values)
    case .text(let codes, _): copy(codes)
    case .boolean(let values): copy(values)
    case .date(let values), .period(let values, _): copy(values)
    case nil: return
    }
  }

  // MARK: Types

  private mutating func whole(_ type: FileMetadata.PhysicalType) {
    chunk.type = type
    let (numbers, pages): ([Int64], [Int])
    if type == .int32 {
      let (days, counts) = present(Int32.self, 0)
      (numbers, pages) = (days.map(Int64.init), counts)
    } else {
      (numbers, pages) = present(Int64.self, 0)
    }
    let width = type == .int32 ? 4 : 8
    if let low = numbers.min(), let high = numbers.max() {
      chunk.low = ChunkWriter.bytes(low, width)
      chunk.high = ChunkWriter.bytes(high, width)
    }
    var deltas = PageBytes(reserving: numbers.count)
    numbers.withUnsafeBufferPointer { deltas.delta($0, isNarrow: type == .int32) }
    let isCoded = numbers.withUnsafeBytes {
      coded($0.bindMemory(to: UInt64.self), pages, width: width, below: deltas.count)
    }
    if isCoded { return }
    chunk.encoding = .deltaBinaryPacked
    eachPage(pages) { _, range, page in
      numbers.withUnsafeBufferPointer { page.delta(UnsafeBufferPointer(rebasing: $0[range]), isNarrow: type == .int32) }
    }
  }

  private mutating func real() {
    chunk.type = .double
    let (numbers, pages) = present(Double.self, 0)
    let bounds = numbers.lazy.filter { !$0.isNaN }
    if let low = bounds.min(), let high = bounds.max() {
      // Whoever compares zeros by their bits is not to leave rows out.
      chunk.low = ChunkWriter.bytes(Int64(bitPattern: (low == 0 ? -0.0 : low).bitPattern), 8)
      chunk.high = ChunkWriter.bytes(Int64(bitPattern: (high == 0 ? 0.0 : high).bitPattern), 8)
    }
    let isCoded = numbers.withUnsafeBytes {
      coded($0.bindMemory(to: UInt64.self), pages, width: 8, below: numbers.count * 8)
    }
    if isCoded { return }
    eachPage(pages) { _, range, page in
      numbers.withUnsafeBufferPointer { page.append(plain: UnsafeBufferPointer(rebasing: $0[range])) }
    }
  }

  private mutating func boolean() {
    chunk.type = .boolean
    let (values, pages) = present(Bool.self, false)
    if !values.isEmpty {
      chunk.low = [values.allSatisfy { $0 } ? 1 : 0]
      chunk.high = [values.contains(true) ? 1 : 0]
    }
    eachPage(pages) { _, range, page in
      values.withUnsafeBufferPointer { page.bits(UnsafeBufferPointer(rebasing: $0[range])) }
    }
  }

  private static func bytes(_ number: Int64, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: number >> Int64(8 * $0)) }
  }

  /// Writes numbers as codes of a dictionary, when there are few enough of them for fewer bytes than `limit`.
  private mutating func coded(
    _ words: UnsafeBufferPointer<UInt64>, _ pages: [Int], width: Int, below limit: Int
  ) -> Bool {
    if words.isEmpty { return false }
    var codes = [UInt32](repeating: 0, count: words.count)
    let found = codes.withUnsafeMutableBufferPointer { room in
      room.baseAddress.flatMap { WordNumbering(words, codes: $0) }
    }
    guard let found, found.words.count * width + words.count * ChunkWriter.bits(found.words.count) / 8 < limit else {
      return false
    }
    var page = PageBytes(reserving: found.words.count * width)
    for word in found.words {
      if width == 4 { page.append(UInt32(truncatingIfNeeded: word)) } else { page.append(word) }
    }
    write(codes, found.words.count, dictionary: page, pages)
    return true
  }

  private static func bits(_ count: Int) -> Int { count <= 1 ? 1 : Int.bitWidth - (count - 1).leadingZeroBitCount }

  /// Writes a dictionary and pages of codes.
  private mutating func write(_ codes: [UInt32], _ count: Int, dictionary: PageBytes, _ pages: [Int]) {
    append(.dictionary, values: count, dictionary)
    (chunk.hasDictionary, chunk.encoding) = (true, .dictionary)
    let width = ChunkWriter.bits(count)
    eachPage(pages) { _, range, page in
      page.append(UInt8(width))
      codes.withUnsafeBufferPointer { page.hybrid(UnsafeBufferPointer(rebasing: $0[range]), width: width) }
    }
  }

  // MARK: Texts

  private mutating func text() {
    chunk.type = .byteArray
    guard let texts = column.dictionary else { return }
    var (codes, pages) = present(UInt32.self, 0)
    // The texts of this row group, in order of first appearance.
    var own = [UInt32](repeating: .max, count: texts.count)
    var used: [UInt32] = []
    var plainBytes = 0
    for place in codes.indices {
      let code = Int(codes[place])
      plainBytes += 4 + Int(texts.offsets[code + 1] - texts.offsets[code])
      if own[code] == .max {
        own[code] = UInt32(used.count)
        used.append(UInt32(code))
      }
    }
    bounds(used, texts)
    var page = PageBytes()
    for code in used { ChunkWriter.append(texts, Int(code), to: &page) }
    if !used.isEmpty, page.count + codes.count * ChunkWriter.bits(used.count) / 8 < plainBytes {
      for place in codes.indices { codes[place] = own[Int(codes[place])] }
      return write(codes, used.count, dictionary: page, pages)
    }
    eachPage(pages) { _, range, page in
      for code in codes[range] { ChunkWriter.append(texts, Int(code), to: &page) }
    }
  }

  private static func append(_ texts: TextDictionary, _ code: Int, to page: inout PageBytes) {
    let (start, end) = (Int(texts.offsets[code]), Int(texts.offsets[code + 1]))
    page.append(UInt32(truncatingIfNeeded: end - start))
    page.append(texts.bytes[start..<end])
  }

  private mutating func bounds(_ used: [UInt32], _ texts: TextDictionary) {
    func bytes(_ code: UInt32) -> ArraySlice<UInt8> {
      texts.bytes[Int(texts.offsets[Int(code)])..<Int(texts.offsets[Int(code) + 1])]
    }
    guard let low = used.min(by: { bytes($0).lexicographicallyPrecedes(bytes($1)) }),
      let high = used.max(by: { bytes($0).lexicographicallyPrecedes(bytes($1)) }),
      bytes(low).count <= ChunkWriter.longestBound, bytes(high).count <= ChunkWriter.longestBound
    else { return }
    (chunk.low, chunk.high) = (Array(bytes(low)), Array(bytes(high)))
  }

  // MARK: Pages

  /// Writes a page for each number of values; the closure adds the values of a range.
  private mutating func eachPage(_ pages: [Int], _ add: (ChunkWriter, Range<Int>, inout PageBytes) -> Void) {
    chunk.dataOffset = chunk.bytes.count
    var first = 0
    for (number, present) in pages.enumerated() {
      let start = number * ChunkWriter.pageRows
      let rows = min(ChunkWriter.pageRows, self.rows.count - start)
      var page = PageBytes(reserving: rows)
      if let bits = column.validity {
        let word = (self.rows.lowerBound + start) / 64
        page.levels(bits.words[word..<(word + (rows + 63) / 64)], rows: rows, present: present)
      }
      if present > 0 { add(self, first..<(first + present), &page) }
      append(.data, values: rows, page)
      first += present
    }
  }

  /// Packs a page and adds it behind its header.
  private mutating func append(_ kind: PageHeader.Kind, values: Int, _ page: PageBytes) {
    let packed = pack(page.bytes)
    var header = ThriftCompactWriter()
    let encoding = kind == .dictionary ? PageHeader.Encoding.plain : chunk.encoding
    header.root { header in
      header.int32(1, kind.rawValue)
      header.int32(2, page.count)
      header.int32(3, packed.count)
      header.structure(kind == .dictionary ? 7 : 5) { data in
        data.int32(1, values)
        data.int32(2, encoding.rawValue)
        if kind == .dictionary { return }
        data.int32(3, PageHeader.Encoding.runLengths.rawValue)
        data.int32(4, PageHeader.Encoding.runLengths.rawValue)
      }
    }
    chunk.bytes += header.bytes
    chunk.bytes += packed
    chunk.unpackedBytes += header.bytes.count + page.count
  }

  private func pack(_ bytes: [UInt8]) -> [UInt8] {
    let bound = ZSTD_compressBound(bytes.count)
    return [UInt8](unsafeUninitializedCapacity: bound) { room, made in
      bytes.withUnsafeBytes { from in
        let size = ZSTD_compressCCtx(packer, room.baseAddress, room.count, from.baseAddress, from.count, 1)
        made = ZSTD_isError(size) == 0 ? size : 0
      }
    }
  }
}
