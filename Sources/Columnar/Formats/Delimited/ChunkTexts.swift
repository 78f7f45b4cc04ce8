/// The texts of one column of one chunk, one after another, where they are to get no codes yet.
final class ChunkTexts {
  private(set) var count = 0
  private var base = UnsafeMutablePointer<UInt8>.allocate(capacity: 1 << 12)
  private var capacity = 1 << 12

  deinit { base.deallocate() }

  /// The bytes so far.
  var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }

  /// Begins a chunk.
  func begin() { count = 0 }

  /// Adds a column's fields and writes where each ends. Rows without a value add nothing, and are added to `gaps`, `before` more
  /// than their place in the block.
  func append(
    _ block: FieldBlock, _ column: Int, _ missing: MissingTexts, ends: UnsafeMutablePointer<UInt32>, before: Int,
    _ gaps: inout [UInt32]
  ) {
    for row in 0..<block.rows {
      let field = block.field(row, column)
      // Short texts and such with a blank at an end may stand for a missing value.
      let isSuspect =
        field.count <= missing.longest || field.start[0] == UInt8(ascii: " ")
        || field.start[field.count &- 1] == UInt8(ascii: " ")
      if isSuspect, missing.contains(field) {
        gaps.append(UInt32(truncatingIfNeeded: before &+ row))
      } else if field.isQuoted, block.holdsQuote(field) {
        FieldBlock.undoubled(field.bytes).withUnsafeBufferPointer { add($0, isPadded: false) }
      } else {
        add(field.bytes, isPadded: true)
      }
      ends[row] = UInt32(truncatingIfNeeded: count)
    }
  }

  /// Adds a text; of a padded one some bytes behind it may be read.
  @inline(__always)
  private func add(_ text: UnsafeBufferPointer<UInt8>, isPadded: Bool) {
    guard let start = text.baseAddress else { return }
    if count + text.count + 16 > capacity { grow(to: count + text.count + 16) }
    let out = UnsafeMutableRawPointer(base + count)
    // Sixteen bytes at once, whether the text has so many or not: there is room, and the next text writes over them.
    if isPadded, text.count <= 16 {
      let from = UnsafeRawPointer(start)
      out.storeBytes(of: from.loadUnaligned(as: UInt64.self), as: UInt64.self)
      out.storeBytes(of: from.loadUnaligned(fromByteOffset: 8, as: UInt64.self), toByteOffset: 8, as: UInt64.self)
    } else {
      out.copyMemory(from: start, byteCount: text.count)
    }
    count &+= text.count
  }

  private func grow(to wanted: Int) {
    capacity = max(wanted, capacity * 2)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    larger.update(from: base, count: count)
    base.deallocate()
    base = larger
  }
}
