import CZlib
import CZstd

/// Which packings there are, and how to begin unpacking them.
enum Decompression {
  /// Whether the bytes begin like a gzip file.
  static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.count > 2 && bytes[0] == 0x1f && bytes[1] == 0x8b }

  /// Whether the bytes begin like a zstd frame.
  static func isZstd(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x28, 0xb5, 0x2f, 0xfd]) }

  /// The packing that a file has by its first bytes, `gzip` or `zstd`; nil for a plain one.
  static func format(_ head: [UInt8]) -> String? { isGzip(head) ? "gzip" : isZstd(head) ? "zstd" : nil }

  /// Unpacks a file from its beginning; nil when the library has no memory.
  static func unpacker(_ format: String, _ packed: any ByteSource) -> (any Unpacker)? {
    format == "gzip" ? GzipUnpacker(packed) : ZstdUnpacker(packed)
  }
}

/// Unpacks a file piece by piece.
protocol Unpacker: AnyObject {
  /// Packed bytes that have been read.
  var packedCount: Int { get }
  /// Fills some room as far as it goes; gives how many bytes there are, and whether more may come.
  func fill(_ room: UnsafeMutableRawBufferPointer) throws(SourceError) -> (count: Int, state: UnpackState)
}

/// How the packed bytes go on.
enum UnpackState {
  case more
  case ended
  /// They end or break here.
  case damaged
}

/// A piece of a packed file in memory.
private struct PackedPiece {
  let source: any ByteSource
  let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 17, alignment: 16)
  /// Where in the file the next piece begins.
  private(set) var next = 0
  private(set) var count = 0

  init(_ source: any ByteSource) { self.source = source }

  /// Loads the next piece behind some bytes of this one that are kept; false at the end of the file.
  mutating func load(keeping kept: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0))
    throws(SourceError)
    -> Bool
  {
    guard let base = room.baseAddress else { return false }
    if let from = kept.baseAddress { base.copyMemory(from: from, byteCount: kept.count) }
    let got = try source.read(next, room.count - kept.count, into: base + kept.count)
    next += got
    count = kept.count + got
    return got > 0
  }
}

/// Unpacks all members of a gzip file (RFC 1952) by zlib.
private final class GzipUnpacker: Unpacker {
  private var piece: PackedPiece
  // zlib keeps the address.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private var isEnded = false

  var packedCount: Int { piece.next }

  init?(_ packed: any ByteSource) {
    piece = PackedPiece(packed)
    stream.initialize(to: z_stream())
    if inflateInit2_(stream, 15 + 32, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) != Z_OK { return nil }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    piece.room.deallocate()
  }

  func fill(_ room: UnsafeMutableRawBufferPointer) throws(SourceError) -> (count: Int, state: UnpackState) {
    if isEnded { return (0, .ended) }
    stream.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(clamping: room.count)
    while stream.pointee.avail_out > 0 {
      if stream.pointee.avail_in == 0, try !more() { return (made(room), .damaged) }
      switch inflate(stream, Z_NO_FLUSH) {
      case Z_OK, Z_BUF_ERROR: continue
      case Z_STREAM_END:
        // Members follow one another; anything else behind the last one is padding.
        while stream.pointee.avail_in < 2, try more() {}
        isEnded =
          stream.pointee.avail_in < 2 || stream.pointee.next_in[0] != 0x1f || stream.pointee.next_in[1] != 0x8b
        if isEnded { return (made(room), .ended) }
        if inflateReset(stream) != Z_OK { return (made(room), .damaged) }
      default: return (made(room), .damaged)
      }
    }
    return (made(room), .more)
  }

  private func made(_ room: UnsafeMutableRawBufferPointer) -> Int { room.count - Int(stream.pointee.avail_out) }

  private func more() throws(SourceError) -> Bool {
    let rest = UnsafeRawBufferPointer(start: stream.pointee.next_in, count: Int(stream.pointee.avail_in))
    let isMore = try piece.load(keeping: rest)
    stream.pointee.next_in = piece.room.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_in = UInt32(clamping: piece.count)
    return isMore
  }
}

/// Unpacks all frames of a zstd file (RFC 8878) by its library.
private final class ZstdUnpacker: Unpacker {
  private var piece: PackedPiece
  private let stream: OpaquePointer
  private var place = 0
  /// What the library last said: 0 at the end of a frame.
  private var hint = 1
  /// Whether a full room was handed out, so that more may come of what is in.
  private var isFull = false

  var packedCount: Int { piece.next }

  init?(_ packed: any ByteSource) {
    guard let stream = ZSTD_createDStream() else { return nil }
    self.stream = stream
    piece = PackedPiece(packed)
  }

  deinit {
    ZSTD_freeDStream(stream)
    piece.room.deallocate()
  }

  func fill(_ room: UnsafeMutableRawBufferPointer) throws(SourceError) -> (count: Int, state: UnpackState) {
    var to = ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
    while to.pos < to.size {
      if place == piece.count, !isFull {
        if try !piece.load() { return (to.pos, hint == 0 ? .ended : .damaged) }
        place = 0
      }
      var from = ZSTD_inBuffer(src: piece.room.baseAddress, size: piece.count, pos: place)
      let before = (to.pos, place)
      hint = ZSTD_decompressStream(stream, &to, &from)
      place = from.pos
      if ZSTD_isError(hint) != 0 { return (to.pos, .damaged) }
      isFull = to.pos == to.size && hint != 0
      // Nothing went in and nothing came out: what was kept back has all been given.
      if before == (to.pos, place) { isFull = false }
    }
    return (to.pos, .more)
  }
}
