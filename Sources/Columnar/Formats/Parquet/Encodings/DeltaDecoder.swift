/// Reads whole numbers that are written as packed differences (DELTA_BINARY_PACKED; after Lemire and Boytsov, "Decoding
/// billions of integers per second through vectorization", 2012).
struct DeltaDecoder {
  /// More numbers than this in a block are a lie, or nonsense.
  private static let largestBlock = 1 << 16

  private var bytes: EncodedBytes
  private let perPiece: Int
  private let pieces: Int
  /// Numbers in all.
  let count: Int
  /// Numbers that no block has given yet; the first one stands in the head.
  private var unread: Int
  private var last: Int64
  private var least: Int64 = 0
  /// The place of the widths of the pieces of this block, and the next piece.
  private var widths = 0
  private var piece: Int
  /// Numbers that are unpacked, and how many of them were handed out.
  private var ready: [Int64]
  private var taken = 0

  init(_ encoded: EncodedBytes) throws(ParquetFault) {
    bytes = encoded
    let (block, pieces, count) = (try bytes.varint(), try bytes.varint(), try bytes.varint())
    guard block > 0, block <= DeltaDecoder.largestBlock, pieces > 0, pieces <= block, block % pieces == 0,
      block / pieces % 8 == 0, count <= UInt64(Int32.max)
    else { throw .damaged("has a page of differences with an absurd head") }
    perPiece = Int(block / pieces)
    self.pieces = Int(pieces)
    self.count = Int(count)
    piece = self.pieces
    last = try bytes.zigzag()
    unread = max(0, self.count - 1)
    ready = count > 0 ? [last] : []
  }

  /// Where the numbers end; known when all have been read.
  var end: Int { bytes.place }

  /// Writes the next numbers.
  mutating func read(_ count: Int, into out: UnsafeMutablePointer<Int64>) throws(ParquetFault) {
    var done = 0
    while done < count {
      if taken == ready.count { try unpack() }
      let some = min(ready.count - taken, count - done)
      ready.withUnsafeBufferPointer { ready in
        guard let from = ready.baseAddress else { return }
        (out + done).update(from: from + taken, count: some)
      }
      taken += some
      done += some
    }
  }

  /// Passes over all numbers.
  mutating func finish() throws(ParquetFault) {
    while unread > 0 { try unpack() }
    // What a last block has left of its pieces is not written.
    taken = ready.count
  }

  private mutating func unpack() throws(ParquetFault) {
    guard unread > 0 else { throw .damaged("has a page with fewer values than it announces") }
    if piece == pieces {
      least = try bytes.zigzag()
      widths = bytes.place
      _ = try bytes.take(pieces)
      piece = 0
    }
    let width = Int(bytes.base.load(fromByteOffset: widths + piece, as: UInt8.self))
    guard width <= 64 else { throw .damaged("has a page of differences of \(width) bits") }
    let wanted = min(perPiece, unread)
    // Some writers leave out what a last piece does not need.
    let needed = (wanted * width + 7) / 8
    let packed = try bytes.take(max(needed, min(perPiece * width / 8, bytes.left)))
    var sum = last
    let least = least
    ready = [Int64](unsafeUninitializedCapacity: wanted) { out, made in
      if let out = out.baseAddress {
        BitUnpacking.runningSums(packed.base, width: width, count: wanted, least: least, &sum, into: out)
      }
      made = wanted
    }
    last = sum
    taken = 0
    unread -= wanted
    piece += 1
  }
}
