import CZlib
import CZstd

/// The ways in which pages are packed.
enum ParquetCodec: Int, Sendable {
  case none, snappy, gzip, lzo, brotli, lz4, zstd, lz4Raw

  /// The name on the load card.
  var name: String {
    switch self {
    case .none: "none"
    case .snappy: "Snappy"
    case .gzip: "gzip"
    case .lzo: "LZO"
    case .brotli: "Brotli"
    case .lz4: "LZ4 with Hadoop's frames"
    case .zstd: "zstd"
    case .lz4Raw: "LZ4"
    }
  }

  /// How many times as many bytes as before there can be after unpacking: what is above is a lie, and no room is made for it.
  private var largestRatio: Int {
    switch self {
    case .none: 1
    case .snappy: 64
    case .gzip: 1_100
    case .lz4, .lz4Raw, .lzo: 256
    case .brotli, .zstd: 1 << 20
    }
  }

  /// Whether a page of so many bytes may be made of so many. What would fill memory is refused, even if it could be.
  func isPossible(_ unpacked: Int, from packed: Int) -> Bool {
    if unpacked > 1 << 26, unpacked / 1000 > packed, self != .none { return false }
    return unpacked / largestRatio <= packed + 16
  }
}

/// Unpacks pages. It keeps what the libraries want to be kept: one for each thread.
final class PageUnpacker {
  private var zstd: OpaquePointer?

  deinit { ZSTD_freeDCtx(zstd) }

  /// Fills `room` with just as many bytes as it has, made of the packed ones.
  func unpack(
    _ packed: UnsafeRawBufferPointer, _ codec: ParquetCodec, into room: UnsafeMutableRawBufferPointer
  ) throws(ParquetFault) {
    if room.isEmpty { return }
    guard let from = packed.baseAddress, let to = room.baseAddress, !packed.isEmpty else { throw .cutShort }
    let isWhole: Bool
    switch codec {
    case .none:
      isWhole = packed.count == room.count
      if isWhole { to.copyMemory(from: from, byteCount: room.count) }
    case .zstd:
      zstd = zstd ?? ZSTD_createDCtx()
      isWhole = ZSTD_decompressDCtx(zstd, to, room.count, from, packed.count) == room.count
    case .gzip: isWhole = PageUnpacker.inflate(packed, room)
    case .snappy: isWhole = try Snappy.library().unpack(from, packed.count, to, room.count)
    case .lz4Raw: isWhole = try LZ4.library().unpack(from, packed.count, to, room.count)
    case .brotli: isWhole = try Brotli.library().unpack(from, packed.count, to, room.count)
    case .lzo, .lz4:
      throw .unsupported(
        "packed with \(codec.name)", advice: "write the file with zstd or Snappy, or leave the column out")
    }
    if !isWhole { throw .damaged("has a page whose \(codec.name) data are broken") }
  }

  private static func inflate(_ packed: UnsafeRawBufferPointer, _ room: UnsafeMutableRawBufferPointer) -> Bool {
    var stream = z_stream()
    guard inflateInit2_(&stream, 15 + 32, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      return false
    }
    defer { inflateEnd(&stream) }
    // Pages are below 2^31 bytes.
    stream.next_in = UnsafeMutablePointer(mutating: packed.baseAddress?.assumingMemoryBound(to: UInt8.self))
    stream.avail_in = UInt32(clamping: packed.count)
    stream.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.avail_out = UInt32(clamping: room.count)
    while true {
      let status = CZlib.inflate(&stream, Z_FINISH)
      guard status == Z_STREAM_END else { return false }
      if stream.avail_out == 0 { return true }
      // Members may follow one another.
      guard stream.avail_in > 0, inflateReset(&stream) == Z_OK else { return false }
    }
  }
}
