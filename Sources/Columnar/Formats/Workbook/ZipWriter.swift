import CZlib

/// Writes a zip archive of deflated parts, of which each may be packed on all cores.
///
/// Blocks of a part are deflated one by one and joined: each ends on a byte, and only the last says that it is the last. All
/// times are 1980-01-01, so that the same table gives the same bytes.
final class ZipWriter {
  private struct Part {
    var name: [UInt8]
    var start: Int
    var check: UInt
    var packed: Int
    var unpacked: Int
  }

  private struct Block: Sendable {
    var bytes: [UInt8]
    var check: UInt
    var unpacked: Int
  }

  private let path: String
  private let output: FileOutput
  private var parts: [Part] = []

  init(_ path: String) throws(SourceError) {
    self.path = path
    output = try FileOutput(path)
  }

  /// Adds a part of one block.
  func add(_ name: String, _ text: String, _ cancellation: Cancellation) throws {
    let bytes = Array(text.utf8)
    try add(name, blocks: 1, cancellation) { _ in bytes }
  }

  /// Adds a part that is made block by block.
  func add(
    _ name: String, blocks: Int, _ cancellation: Cancellation, make: @escaping @Sendable (Int) -> [UInt8]
  ) throws {
    var part = Part(name: Array(name.utf8), start: output.count, check: 0, packed: 0, unpacked: 0)
    try output.write(header(part, isCentral: false) + part.name)
    try OrderedBlocks.run(blocks, cancellation) { index -> Block? in
      ZipWriter.pack(make(index), isLast: index == blocks - 1)
    } take: { block in
      guard let block else { throw SourceError.notWritable(path: path, why: "There is no memory to pack it in.") }
      try output.write(block.bytes)
      part.check = crc32_combine(part.check, block.check, block.unpacked)
      part.packed += block.bytes.count
      part.unpacked += block.unpacked
    }
    if max(part.unpacked, output.count) > Int(UInt32.max) {
      throw SourceError.notWritable(path: path, why: "The table is too large for a workbook: more than 4 GB.")
    }
    try output.patch(header(part, isCentral: false), at: part.start)
    parts.append(part)
  }

  /// Writes the list of the parts and ends the file.
  func finish() throws(SourceError) {
    let start = output.count
    for part in parts { try output.write(header(part, isCentral: true) + part.name) }
    var end: [UInt8] = [0x50, 0x4b, 5, 6, 0, 0, 0, 0]
    ZipWriter.put(parts.count, 2, &end)
    ZipWriter.put(parts.count, 2, &end)
    ZipWriter.put(output.count - start, 4, &end)
    ZipWriter.put(start, 4, &end)
    ZipWriter.put(0, 2, &end)
    try output.write(end)
    try output.close()
  }

  private func header(_ part: Part, isCentral: Bool) -> [UInt8] {
    var bytes: [UInt8] = isCentral ? [0x50, 0x4b, 1, 2, 20, 0] : [0x50, 0x4b, 3, 4]
    // Version 2.0; no flags; deflated; midnight; the first day that there is.
    for number in [20, 0, 8, 0, 0x21] { ZipWriter.put(number, 2, &bytes) }
    ZipWriter.put(Int(part.check), 4, &bytes)
    ZipWriter.put(part.packed, 4, &bytes)
    ZipWriter.put(part.unpacked, 4, &bytes)
    ZipWriter.put(part.name.count, 2, &bytes)
    ZipWriter.put(0, 2, &bytes)
    guard isCentral else { return bytes }
    // No comment; disk 0; attributes.
    for (number, width) in [(0, 2), (0, 2), (0, 2), (0, 4), (part.start, 4)] { ZipWriter.put(number, width, &bytes) }
    return bytes
  }

  private static func put(_ number: Int, _ width: Int, _ bytes: inout [UInt8]) {
    for place in 0..<width { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * place))) }
  }

  /// Deflates a block; nil without memory.
  private static func pack(_ input: [UInt8], isLast: Bool) -> Block? {
    var stream = z_stream()
    guard
      deflateInit2_(
        &stream, 5, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return nil }
    defer { deflateEnd(&stream) }
    let room = Int(deflateBound(&stream, UInt(input.count))) + 64
    let check = input.withUnsafeBufferPointer { crc32(0, $0.baseAddress, UInt32($0.count)) }
    let packed = [UInt8](unsafeUninitializedCapacity: room) { out, count in
      input.withUnsafeBufferPointer { input in
        stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.avail_in = UInt32(input.count)
        stream.next_out = out.baseAddress
        stream.avail_out = UInt32(room)
        _ = deflate(&stream, isLast ? Z_FINISH : Z_SYNC_FLUSH)
        count = room - Int(stream.avail_out)
      }
    }
    return Block(bytes: packed, check: check, unpacked: input.count)
  }
}
