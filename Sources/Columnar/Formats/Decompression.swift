import CZlib
import CZstd

/// Unpacks gzip and zstd by their libraries.
enum Decompression {
  /// Whether the bytes begin like a gzip file.
  static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.count > 2 && bytes[0] == 0x1f && bytes[1] == 0x8b }

  /// Whether the bytes begin like a zstd frame.
  static func isZstd(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x28, 0xb5, 0x2f, 0xfd]) }

  /// Unpacks all members of a gzip file.
  static func gunzip(_ input: [UInt8], path: String, _ cancellation: Cancellation) throws -> [UInt8] {
    var output: [UInt8] = []
    // A gzip file ends with its unpacked size (mod 2^32): a good guess for the room needed, bounded against lies.
    output.reserveCapacity(min(lastSize(input), input.count * 30) + 1024)
    var stream = z_stream()
    guard inflateInit2_(&stream, 15 + 32, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw SourceError.damagedArchive(path: path, format: "gzip", unpacked: 0, lines: 0)
    }
    defer { inflateEnd(&stream) }
    var block = [UInt8](repeating: 0, count: 1 << 20)
    let isWhole = input.withUnsafeBufferPointer { source -> Bool in
      guard let base = source.baseAddress else { return false }
      stream.next_in = UnsafeMutablePointer(mutating: base)
      var left = source.count
      stream.avail_in = 0
      while true {
        if stream.avail_in == 0 {
          let piece = min(left, Int(UInt32.max / 2))
          if piece == 0 { return false }
          stream.avail_in = UInt32(piece)
          left -= piece
        }
        let status = block.withUnsafeMutableBufferPointer { room -> Int32 in
          stream.next_out = room.baseAddress
          stream.avail_out = UInt32(room.count)
          let status = inflate(&stream, Z_NO_FLUSH)
          output.append(contentsOf: room.prefix(room.count - Int(stream.avail_out)))
          return status
        }
        switch status {
        case Z_OK, Z_BUF_ERROR: continue
        case Z_STREAM_END:
          // Members follow one another; anything else behind the last one is padding.
          let rest = Int(stream.avail_in) + left
          if rest < 2 || stream.next_in[0] != 0x1f || stream.next_in[1] != 0x8b { return true }
          if inflateReset(&stream) != Z_OK { return false }
        default: return false
        }
      }
    }
    if !isWhole { throw damaged(path, "gzip", output) }
    return output
  }

  private static func damaged(_ path: String, _ format: String, _ output: [UInt8]) -> SourceError {
    let lines = output.reduce(0) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
    return .damagedArchive(path: path, format: format, unpacked: output.count, lines: lines)
  }

  private static func lastSize(_ input: [UInt8]) -> Int {
    guard input.count >= 4 else { return 0 }
    return input.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// Unpacks all frames of a zstd file.
  static func unzstd(_ input: [UInt8], path: String, _ cancellation: Cancellation) throws -> [UInt8] {
    guard let stream = ZSTD_createDStream() else {
      throw SourceError.damagedArchive(path: path, format: "zstd", unpacked: 0, lines: 0)
    }
    defer { ZSTD_freeDStream(stream) }
    var output: [UInt8] = []
    var block = [UInt8](repeating: 0, count: ZSTD_DStreamOutSize())
    var hint = 1
    let isSound = input.withUnsafeBytes { source -> Bool in
      var from = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
      while from.pos < from.size {
        let made = block.withUnsafeMutableBytes { room -> Int? in
          var to = ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
          hint = ZSTD_decompressStream(stream, &to, &from)
          return ZSTD_isError(hint) != 0 ? nil : to.pos
        }
        guard let made else { return false }
        output.append(contentsOf: block.prefix(made))
      }
      // A full block may have been handed out with more to come.
      while hint != 0 {
        let made = block.withUnsafeMutableBytes { room -> Int? in
          var to = ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
          hint = ZSTD_decompressStream(stream, &to, &from)
          return ZSTD_isError(hint) != 0 ? nil : to.pos
        }
        guard let made else { return false }
        if made == 0 { break }
        output.append(contentsOf: block.prefix(made))
      }
      return true
    }
    if !isSound || hint != 0 { throw damaged(path, "zstd", output) }
    return output
  }
}
