/// Reads the rows of one column, row group after row group, as many at a time as are wanted. Its memory is used again.
final class ColumnChunkReader {
  /// Bytes that are not declared as text are none.
  struct NoText: Error {
    let column: String
  }

  /// Values that are looked at together: few enough to stay in the nearest cache.
  private static let block = 2048

  let column: ParquetColumn
  private let pages: PageReader
  private let end: Int
  private var place: ParquetPlace
  private let room = ByteRoom()
  private let codes = UnsafeMutablePointer<UInt32>.allocate(capacity: ColumnChunkReader.block + 8)
  private let words = UnsafeMutablePointer<Int64>.allocate(capacity: ColumnChunkReader.block + 8)

  /// The row group that is open, and the rows of it that were read or passed over.
  private(set) var group: Int?
  private(set) var row = 0
  private var stream = ValueStream.none
  private var levels: HybridDecoder?
  /// Rows of the open page that were not read.
  private var pageRows = 0
  private var numbers: NumberDictionary?
  private var pool = TextPool()

  init(_ file: ParquetFile, _ column: ParquetColumn, _ unpacker: PageUnpacker) {
    self.column = column
    pages = PageReader(file.source, column, unpacker)
    end = file.footerStart
    place = ParquetPlace(path: file.path, group: nil, column: column.name)
  }

  deinit {
    codes.deallocate()
    words.deallocate()
  }

  /// Begins with the first row of a row group.
  func open(_ group: Int, _ chunk: FileMetadata.ColumnChunk) throws {
    place.group = group
    (self.group, row, pageRows, stream, levels, numbers) = (group, 0, 0, .none, nil, nil)
    pool = TextPool()
    try located { try pages.open(chunk, end: end) }
  }

  /// Passes over rows; pages of which all are passed over are not unpacked.
  func skip(_ count: Int) throws {
    var left = count
    while left > 0 {
      if pageRows == 0 {
        let header = try located { try pages.next() }
        if header.kind != .dictionary, header.values <= left {
          try located { try pages.skip() }
          left -= header.values
          row += header.values
          continue
        }
        try located(openPage)
        continue
      }
      let some = min(left, pageRows)
      _ = try read(some)
      left -= some
    }
  }

  /// The next rows.
  func read(_ count: Int) throws -> Column {
    do {
      return try located { try readRows(count) }
    } catch SourceError.damaged where isUndeclared && isForeign {
      throw NoText(column: column.name)
    }
  }

  private var isUndeclared: Bool { column.meaning == .text(isDeclared: false) }
  private var isForeign = false

  private func located<T>(_ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let fault as ParquetFault {
      if case .badText = fault { isForeign = true }
      throw place.error(fault)
    }
  }

  // MARK: Pages

  /// Opens the next page of data; one with the dictionary may stand before it.
  private func openPage() throws {
    while pageRows == 0 {
      let page = try pages.open()
      if page.header.kind == .dictionary {
        try readDictionary(page)
        continue
      }
      stream = try ValueStream(page, column, room)
      levels = page.levels
      pageRows = page.header.values
    }
  }

  private var isText: Bool { column.type == .text }

  private func readDictionary(_ page: PageReader.Page) throws {
    guard row == 0, numbers == nil, pool.pageCount == 0 else { throw ParquetFault.damaged("has two dictionaries") }
    guard column.physical != .boolean else { throw ParquetFault.damaged("has a dictionary of truth values") }
    var page = page
    page.header.encoding = PageHeader.Encoding.plain.rawValue
    let count = page.header.values
    // Each entry takes a byte at least, unless all are empty.
    guard count <= page.values.count || column.plainWidth == 0 && count <= 1 else {
      if count == 0 { return }
      throw ParquetFault.damaged("has a dictionary with more entries than bytes")
    }
    if count == 0 {
      if isText { pool.endPage([]) } else { numbers = NumberDictionary([], kind, scale) }
      return
    }
    stream = try ValueStream(page, column, room)
    defer { stream = .none }
    if isText {
      var entries: [UInt32] = []
      entries.reserveCapacity(count)
      try eachTextBlock(count) { entries.append(contentsOf: UnsafeBufferPointer(start: codes, count: $0)) }
      pool.endPage(entries)
    } else {
      var entries: [Int64] = []
      entries.reserveCapacity(count)
      try eachNumberBlock(count) { entries.append(contentsOf: UnsafeBufferPointer(start: words, count: $0)) }
      numbers = NumberDictionary(entries, kind, scale)
    }
  }

  // MARK: Rows

  /// The least wide lane that the column's values may have.
  private var kind: PackedValues.Lane {
    switch column.meaning {
    case .whole: .int8
    case .decimal(_, let isWide): isWide ? .double : .int8
    case .days: .int32
    case .moments, .oldMoments: .int64
    case .real, .half, .largeWhole: .double
    case .boolean, .text, .uuid, .clock: .uint8
    }
  }

  private var scale: LaneBuffer.Scale {
    switch column.meaning {
    case .decimal(let scale, false): .divided(ColumnChunkReader.power(scale))
    case .moments, .oldMoments: .seconds
    default: .none
    }
  }

  private static func power(_ scale: Int) -> Double { (0..<scale).reduce(1.0) { power, _ in power * 10 } }

  private func readRows(_ count: Int) throws -> Column {
    pool.begin()
    if count > 0, pageRows == 0 { try openPage() }
    let first = isText ? LaneBuffer.narrowest(codes: pool.texts.count) : numbers?.narrowest ?? kind
    let buffer = LaneBuffer(first, rows: count, scale)
    var bits = [UInt64](repeating: 0, count: column.isOptional ? (count + 63) / 64 : 0)
    var done = 0
    while done < count {
      if pageRows == 0 { try openPage() }
      let some = min(count - done, pageRows)
      let present = try bits.withUnsafeMutableBufferPointer { words throws -> Int in
        guard column.isOptional, let words = words.baseAddress else { return some }
        return try mark(some, words, at: done)
      }
      if present > 0 { try take(present, buffer, at: done) }
      if present < some {
        bits.withUnsafeBufferPointer { words in
          if let words = words.baseAddress { buffer.spread(present, over: some, at: done, words) }
        }
      }
      pageRows -= some
      row += some
      done += some
    }
    return try finish(buffer, bits)
  }

  /// Sets the bits of rows that have a value, and gives their number.
  private func mark(_ count: Int, _ words: UnsafeMutablePointer<UInt64>, at row: Int) throws -> Int {
    if var levels {
      defer { self.levels = levels }
      return try levels.readBits(count, into: words, at: row)
    }
    HybridDecoder.setBits(count, words, at: row)
    return count
  }

  private func finish(_ buffer: LaneBuffer, _ bits: [UInt64]) throws -> Column {
    var bits = bits
    if buffer.lane == .double { ColumnChunkReader.clearNaN(buffer, &bits) }
    let meaning: PackedValues.Meaning
    switch column.meaning {
    case .whole: meaning = .whole
    case .decimal(let scale, _):
      meaning = buffer.lane == .double ? .real : .decimal(ColumnChunkReader.power(scale))
    case .days: meaning = .days
    case .moments, .oldMoments: meaning = buffer.lane == .int32 ? .seconds : .microseconds
    case .real, .half, .largeWhole: meaning = .real
    case .boolean: meaning = .boolean
    case .text, .uuid, .clock: meaning = .codes(try pool.finish())
    }
    let validity = bits.isEmpty ? nil : Bitmap(words: bits, count: buffer.rows)
    return Column(buffer.finish(meaning), validity: validity)
  }

  /// What is not a number is missing.
  private static func clearNaN(_ buffer: LaneBuffer, _ bits: inout [UInt64]) {
    let values = buffer.rows(from: 0, as: Double.self)
    var strange: UInt64 = 0
    for row in 0..<buffer.rows { strange |= values[row] != values[row] ? 1 : 0 }
    if strange == 0 { return }
    if bits.isEmpty { bits = Bitmap(repeating: true, count: buffer.rows).words }
    for row in 0..<buffer.rows where values[row].isNaN {
      bits[row >> 6] &= ~(1 << UInt64(row & 63))
      values[row] = 0
    }
  }

  // MARK: Values

  /// Writes the next values of the page, which stand from a row on until gaps are made.
  private func take(_ count: Int, _ buffer: LaneBuffer, at row: Int) throws {
    if case .bits(var decoder) = stream {
      defer { stream = .bits(decoder) }
      try eachBlock(count) { done, some in
        try decoder.read(some, into: codes)
        buffer.put(codes: codes, some, limit: 2, at: row + done)
      }
      return
    }
    if isText {
      var at = row
      try eachTextBlock(count) {
        buffer.put(codes: codes, $0, limit: pool.texts.count, at: at)
        at += $0
      }
      return
    }
    if case .codes(var decoder) = stream {
      defer { stream = .codes(decoder) }
      guard var dictionary = numbers else { throw ParquetFault.damaged("has a page of codes without a dictionary") }
      numbers = nil
      defer { numbers = dictionary }
      try eachBlock(count) { done, some in
        try decoder.read(some, into: codes)
        try check(some, dictionary.count)
        dictionary.put(codes, some, buffer, at: row + done)
      }
      return
    }
    if buffer.lane == .double, column.physical == .double, case .plain(var bytes) = stream {
      let taken = try bytes.take(count * 8)
      stream = .plain(bytes)
      UnsafeMutableRawPointer(buffer.rows(from: row, as: Double.self)).copyMemory(
        from: taken.base, byteCount: count * 8)
      return
    }
    // Microseconds need 64 bits, days have always 32, and real numbers are bit patterns here.
    buffer.widen(to: kind, used: row)
    var at = row
    if kind == .double {
      try eachNumberBlock(count) {
        UnsafeMutableRawPointer(buffer.rows(from: at, as: Double.self)).copyMemory(from: words, byteCount: $0 * 8)
        at += $0
      }
    } else {
      try eachNumberBlock(count) {
        buffer.put(words, $0, at: at)
        at += $0
      }
    }
  }

  private func eachBlock(_ count: Int, _ body: (_ done: Int, _ some: Int) throws -> Void) throws {
    var done = 0
    while done < count {
      let some = min(ColumnChunkReader.block, count - done)
      try body(done, some)
      done += some
    }
  }

  /// Throws unless all codes in the block are below a limit.
  private func check(_ count: Int, _ limit: Int) throws(ParquetFault) {
    var largest: UInt32 = 0
    for i in 0..<count { largest = max(largest, codes[i]) }
    if Int(largest) >= limit { throw .damaged("has a code that its dictionary does not have") }
  }

  // MARK: Texts

  /// Puts the codes of the next texts into `codes`, a block at a time.
  private func eachTextBlock(_ count: Int, _ body: (Int) throws -> Void) throws {
    try eachBlock(count) { _, some in
      switch stream {
      case .codes(var decoder):
        try decoder.read(some, into: codes)
        stream = .codes(decoder)
        try check(some, pool.pageCount)
        if let map = pool.codes { for i in 0..<some { codes[i] = map[Int(codes[i])] } }
      case .bytes(var decoder):
        stream = .none
        defer { stream = .bytes(decoder) }
        try readTexts(some, &decoder)
      default:
        guard case .clock(let unit) = column.meaning else { throw ParquetFault.damaged("has a page without values") }
        try readNumbers(some)
        for i in 0..<some { codes[i] = pool.code(words[i], unit) }
      }
      try body(some)
    }
  }

  private func readTexts(_ count: Int, _ decoder: inout BytesDecoder) throws {
    var pool = pool
    self.pool = TextPool()
    defer { self.pool = pool }
    var i = 0
    if column.meaning == .uuid {
      try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 36) { text in
        try decoder.each(count) { (bytes) throws(ParquetFault) in
          BytesNumbers.uuid(bytes, into: text)
          codes[i] = pool.code(UnsafeBufferPointer(text))
          i &+= 1
        }
      }
    } else {
      try decoder.each(count) { (bytes) throws(ParquetFault) in
        codes[i] = pool.code(bytes)
        i &+= 1
      }
    }
  }

  // MARK: Numbers

  /// Puts the next numbers into `words`, a block at a time, as what they are in a column: moments in microseconds, real
  /// numbers as bit patterns.
  private func eachNumberBlock(_ count: Int, _ body: (Int) throws -> Void) throws {
    try eachBlock(count) { _, some in
      try readNumbers(some)
      try convert(some)
      try body(some)
    }
  }

  /// Puts the next numbers of the page into `words`.
  private func readNumbers(_ count: Int) throws {
    switch stream {
    case .plain(var bytes):
      let width = column.plainWidth ?? 8
      let taken = try bytes.take(count * width)
      stream = .plain(bytes)
      readPlain(taken.base, count)
    case .delta(var decoder):
      stream = .none
      defer { stream = .delta(decoder) }
      try decoder.read(count, into: words)
      if column.physical == .int32 { for i in 0..<count { words[i] = Int64(Int32(truncatingIfNeeded: words[i])) } }
    case .bytes(var decoder):
      stream = .none
      defer { stream = .bytes(decoder) }
      try readBytes(count, &decoder)
    case .codes, .bits, .none: throw ParquetFault.damaged("has a page without values")
    }
  }

  private func readPlain(_ base: UnsafeRawPointer, _ count: Int) {
    switch column.physical {
    case .int32:
      for i in 0..<count { words[i] = Int64(base.loadUnaligned(fromByteOffset: i &* 4, as: Int32.self).littleEndian) }
    case .float:
      for i in 0..<count {
        let bits = base.loadUnaligned(fromByteOffset: i &* 4, as: UInt32.self).littleEndian
        words[i] = Int64(bitPattern: Double(Float(bitPattern: bits)).bitPattern)
      }
    case .int96:
      for i in 0..<count {
        let nanoseconds = base.loadUnaligned(fromByteOffset: i &* 12, as: Int64.self).littleEndian
        let day = base.loadUnaligned(fromByteOffset: i &* 12 &+ 8, as: Int32.self).littleEndian
        words[i] = BytesNumbers.moment(nanoseconds: nanoseconds, julianDay: day) ?? .max
      }
    default: UnsafeMutableRawPointer(words).copyMemory(from: base, byteCount: count * 8)
    }
  }

  private func readBytes(_ count: Int, _ decoder: inout BytesDecoder) throws {
    var i = 0
    let isHalf = column.meaning == .half
    var divisor: Double?
    if case .decimal(let scale, true) = column.meaning { divisor = ColumnChunkReader.power(scale) }
    try decoder.each(count) { (bytes) throws(ParquetFault) in
      if isHalf {
        guard bytes.count == 2 else { throw .cutShort }
        words[i] = Int64(bitPattern: BytesNumbers.half(UInt16(bytes[0]) | UInt16(bytes[1]) << 8).bitPattern)
      } else if let divisor {
        words[i] = Int64(bitPattern: (BytesNumbers.real(bytes) / divisor).bitPattern)
      } else if let number = BytesNumbers.integer(bytes) {
        words[i] = number
      } else {
        throw .damaged("has a decimal number with more digits than it announces")
      }
      i &+= 1
    }
  }

  /// Makes what a column holds of the numbers in `words`.
  private func convert(_ count: Int) throws(ParquetFault) {
    switch column.meaning {
    case .whole(isSigned: false):
      if column.physical == .int32 {
        for i in 0..<count { words[i] &= 0xffff_ffff }
      } else {
        var all: Int64 = 0
        for i in 0..<count { all |= words[i] }
        if all < 0 { throw .damaged("has a number above the largest that its statistics announce") }
      }
    case .largeWhole:
      for i in 0..<count { words[i] = Int64(bitPattern: Double(UInt64(bitPattern: words[i])).bitPattern) }
    case .moments(.milliseconds):
      var spread: UInt64 = 0
      for i in 0..<count { spread |= UInt64(bitPattern: words[i] ^ words[i] >> 63) }
      // 2^53 milliseconds are 285 thousand years.
      if spread >> 53 != 0 { throw .damaged("has a moment that is in no calendar") }
      for i in 0..<count { words[i] = words[i] &* 1000 }
    case .moments(.nanoseconds):
      for i in 0..<count {
        // Rounded down, before 1970 too.
        let sign = words[i] >> 63
        words[i] = (words[i] ^ sign) / 1000 ^ sign
      }
    case .oldMoments:
      for i in 0..<count where words[i] == .max { throw .damaged("has a moment that is in no calendar") }
    case .whole, .decimal, .days, .moments, .real, .half, .boolean, .text, .uuid, .clock: break
    }
  }
}
