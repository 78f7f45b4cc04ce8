#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
import CZstd

/// Where the rows of an Arrow file are: its schema, its record batches and its dictionaries (Arrow columnar format 1.5, file
/// and stream).
struct ArrowFile: Sendable {
  /// A record batch: rows of all columns.
  struct Batch: Sendable {
    var rows: Int
    /// Rows and missing values of each node.
    var nodes: [[Int64]]
    /// Offset and length of each buffer in the body.
    var buffers: [[Int64]]
    /// Buffers of texts of each column of views.
    var variadics: [[Int64]]
    /// 0 for LZ4, 1 for zstd; nil for plain buffers.
    var codec: UInt8?
    /// The place of the body in the file.
    var body: Range<Int>
    /// By dictionary, the state that holds for these rows.
    var dictionaries: [Int64: Int] = [:]
  }

  let path: String
  let source: any ByteSource
  private(set) var fields: [ArrowField] = []
  private(set) var batches: [Batch] = []
  /// The batches that each state of a dictionary is made of.
  private(set) var dictionaries: [[Batch]] = []
  /// Whether it is a stream, without a list of its parts at the end.
  private(set) var isStream = false
  private var current: [Int64: Int] = [:]

  static let mark = Array("ARROW1".utf8)
  /// The mark of the first Feather format, which was another one.
  static let oldMark = Array("FEA1".utf8)
  private static let mostMetadata = 1 << 28

  init(_ path: String, _ source: any ByteSource) throws {
    self.path = path
    self.source = source
    let head = try source.bytes(0..<8)
    if head.starts(with: ArrowFile.oldMark) {
      throw SourceError.unsupported(
        path: path, feature: "the first Feather format, of before 2020",
        advice: "have it written as Feather 2, .parquet or .csv")
    }
    if head.starts(with: ArrowFile.mark) { try readFile() } else { try readStream() }
    let rows = batches.reduce(0) { $0.addingReportingOverflow($1.rows).partialValue }
    let most = max(1 << 24, source.count << 12)
    if rows < 0 || rows > most || batches.contains(where: { $0.rows > most }) {
      throw BinaryFault(place: "its metadata", found: "promise more rows than the file can hold")
    }
  }

  /// Rows of all batches.
  var rows: Int { batches.reduce(0) { $0 + $1.rows } }

  // MARK: Messages

  private mutating func readFile() throws {
    let tail = try source.bytes(max(0, source.count - 10)..<source.count)
    guard tail.count == 10, tail.suffix(6).elementsEqual(ArrowFile.mark) else {
      throw BinaryFault(place: "its end", found: "is missing: the file is cut off")
    }
    let size = Int(try FlatBuffer(bytes: tail).number(0, as: Int32.self))
    guard size > 0, size <= source.count - 18 else {
      throw BinaryFault(place: "its end", found: "names a footer of \(size) bytes")
    }
    let end = source.count - 10
    let footer = try FlatBuffer(bytes: try source.bytes(end - size..<end)).root
    guard let schema = try footer.table(1) else { throw BinaryFault(place: "its footer", found: "has no schema") }
    fields = try ArrowSchema(schema, path: path).fields
    for list in [2, 3] {
      // Offset, length of the metadata with four bytes to fill up, length of the body.
      for block in try footer.structs(list, words: 3) {
        guard let place = Int(exactly: block[0]), place >= 0, place < source.count else {
          throw BinaryFault(place: "its footer", found: "points behind the end of the file")
        }
        var next = place
        _ = try message(&next)
      }
    }
  }

  private mutating func readStream() throws {
    isStream = true
    var place = 0
    while place < source.count {
      if try !message(&place) { break }
    }
    if fields.isEmpty, batches.isEmpty {
      throw BinaryFault(place: "its beginning", found: "is no schema")
    }
  }

  /// Reads the message at a place and moves behind it; false for the mark of the end.
  private mutating func message(_ place: inout Int) throws -> Bool {
    let spot = "the message at byte \(place)"
    let start = FlatBuffer(bytes: try source.bytes(place..<place + 8))
    var size = Int(try number(start, 0, spot))
    var begin = place + 4
    // Files of before 2019 have no mark before the size.
    if size == -1 {
      size = Int(try number(start, 4, spot))
      begin += 4
    }
    if size == 0 { return false }
    guard size > 0, size <= ArrowFile.mostMetadata, size <= source.count - begin else {
      throw BinaryFault(place: spot, found: "is longer than the file: it is cut off or changed")
    }
    let message = try FlatBuffer(bytes: try source.bytes(begin..<begin + size)).root
    let body = try message.number(3, or: Int64(0))
    guard let length = Int(exactly: body), length >= 0, length <= source.count - begin - size else {
      throw BinaryFault(place: spot, found: "has a body that is longer than the file: it is cut off or changed")
    }
    let range = begin + size..<begin + size + length
    place = range.upperBound
    guard let header = try message.table(2) else { throw BinaryFault(place: spot, found: "has no header") }
    switch try message.number(1, or: UInt8(0)) {
    case 1: if fields.isEmpty { fields = try ArrowSchema(header, path: path).fields }
    case 2:
      guard let data = try header.table(1) else { throw BinaryFault(place: spot, found: "has no data") }
      let id = try header.number(0, or: Int64(0))
      let batch = try self.batch(data, range)
      if try header.number(2, or: UInt8(0)) != 0, let state = current[id] {
        dictionaries[state].append(batch)
      } else {
        current[id] = dictionaries.count
        dictionaries.append([batch])
      }
    case 3:
      var batch = try self.batch(header, range)
      batch.dictionaries = current
      batches.append(batch)
    default: break
    }
    return true
  }

  private func number(_ bytes: FlatBuffer, _ place: Int, _ spot: String) throws -> Int32 {
    do { return try bytes.number(place) } catch { throw BinaryFault(place: spot, found: "is cut off") }
  }

  private func batch(_ table: FlatTable, _ body: Range<Int>) throws -> Batch {
    guard let rows = Int(exactly: try table.number(0, or: Int64(0))), rows >= 0 else {
      throw BinaryFault(place: "a record batch", found: "has a negative number of rows")
    }
    let codec = try table.table(3).map { compression throws(BinaryFault) in try compression.number(0, or: UInt8(0)) }
    return Batch(
      rows: rows, nodes: try table.structs(1, words: 2), buffers: try table.structs(2, words: 2),
      variadics: try table.structs(4, words: 1), codec: codec, body: body)
  }

  // MARK: Buffers

  /// The bytes of one buffer, unpacked; at least `least` of them.
  func buffer(_ number: Int, of batch: Batch, least: Int, _ column: String) throws -> ArrowBuffer {
    let place = "column `\(column)`"
    guard batch.buffers.indices.contains(number),
      let offset = Int(exactly: batch.buffers[number][0]), let count = Int(exactly: batch.buffers[number][1]),
      offset >= 0, count >= 0, offset <= batch.body.count, count <= batch.body.count - offset
    else { throw BinaryFault(place: place, found: "has a buffer outside of its record batch") }
    let start = batch.body.lowerBound + offset
    var buffer = try read(start, count, place)
    if let codec = batch.codec, count > 0 { buffer = try unpacked(buffer, codec, place) }
    if buffer.count < least {
      throw BinaryFault(place: place, found: "has \(buffer.count) bytes where \(least) are needed")
    }
    return buffer
  }

  private func read(_ start: Int, _ count: Int, _ place: String) throws -> ArrowBuffer {
    guard let buffer = ArrowBuffer(count) else { throw BinaryFault(place: place, found: "does not fit into memory") }
    guard try source.read(start, count, into: buffer.base) == count else {
      throw BinaryFault(place: place, found: "is cut off")
    }
    return buffer
  }

  private func unpacked(_ packed: ArrowBuffer, _ codec: UInt8, _ place: String) throws -> ArrowBuffer {
    guard packed.count >= 8 else {
      throw BinaryFault(place: place, found: "has a packed buffer of \(packed.count) bytes")
    }
    let size = Int64(littleEndian: packed.base.loadUnaligned(as: Int64.self))
    let data = UnsafeRawBufferPointer(start: packed.base + 8, count: packed.count - 8)
    if size == -1 { return packed.dropping(8) }
    // Neither packs to less than this.
    guard size >= 0, size <= max(1 << 24, Int64(clamping: data.count) << 16) else {
      throw BinaryFault(place: place, found: "has a packed buffer that promises \(size) bytes")
    }
    guard let room = ArrowBuffer(Int(size)) else { throw BinaryFault(place: place, found: "does not fit into memory") }
    let isRight: Bool
    switch codec {
    case 0:
      guard let lz4 = ArrowLZ4.shared else {
        throw SourceError.missingLibrary(path: path, library: "liblz4", debian: "liblz4-1", homebrew: "lz4")
      }
      isRight = lz4.unpack(data, into: UnsafeMutableRawBufferPointer(start: room.base, count: room.count))
    case 1: isRight = ZSTD_decompress(room.base, room.count, data.baseAddress, data.count) == room.count
    default:
      throw SourceError.unsupported(
        path: path, feature: "buffers packed in way \(codec)", advice: "have it written with zstd, LZ4 or unpacked")
    }
    if !isRight { throw BinaryFault(place: place, found: "has a packed buffer that is damaged") }
    return room
  }
}

/// Bytes in memory, some zeros behind them.
final class ArrowBuffer {
  let base: UnsafeMutableRawPointer
  let count: Int
  private let start: UnsafeMutableRawPointer
  private let owner: ArrowBuffer?

  /// Nil without memory.
  init?(_ count: Int) {
    guard let room = malloc(count + 64) else { return nil }
    (room + count).initializeMemory(as: UInt8.self, repeating: 0, count: 64)
    (base, start, self.count, owner) = (room, room, count, nil)
  }

  private init(_ owner: ArrowBuffer, from offset: Int) {
    (base, start, count, self.owner) = (owner.base + offset, owner.base, owner.count - offset, owner)
  }

  deinit { if owner == nil { free(start) } }

  /// The same bytes without the first ones.
  func dropping(_ bytes: Int) -> ArrowBuffer { ArrowBuffer(self, from: min(bytes, count)) }

  /// The bit of a row, least significant first; the row must be within.
  @inline(__always)
  func bit(_ row: Int) -> Bool { base.load(fromByteOffset: row >> 3, as: UInt8.self) >> UInt8(row & 7) & 1 != 0 }

  /// A number; it must be within.
  @inline(__always)
  func number<N: BitwiseCopyable>(_ index: Int, as type: N.Type = N.self) -> N {
    base.loadUnaligned(fromByteOffset: index &* MemoryLayout<N>.size, as: N.self)
  }

  /// Some bytes; they must be within.
  @inline(__always)
  func bytes(_ start: Int, _ count: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: (base + start).assumingMemoryBound(to: UInt8.self), count: count)
  }
}
