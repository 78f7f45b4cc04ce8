/// One worker's memory for intermediate vectors: allocation is a bump of a pointer, and all of it is given back at once.
///
/// The same few pages are used again for every batch, so that they stay in the core's cache and are never paid for twice.
final class Scratch {
  private static let blockBytes = 2 << 20
  private static let alignment = 64

  private var blocks: [UnsafeMutableRawBufferPointer] = []
  private var block = 0
  private var offset = 0

  deinit {
    for block in blocks { block.deallocate() }
  }

  /// Room for `count` values, valid until `reset`. The values are arbitrary.
  func allocate<T: BitwiseCopyable>(_ count: Int, of: T.Type = T.self) -> UnsafeMutablePointer<T> {
    let bytes = max(1, count) * MemoryLayout<T>.stride
    let size = (bytes + Scratch.alignment - 1) / Scratch.alignment * Scratch.alignment
    while true {
      if block == blocks.count {
        let capacity = max(Scratch.blockBytes, size)
        blocks.append(.allocate(byteCount: capacity, alignment: Scratch.alignment))
        offset = 0
      }
      let current = blocks[block]
      if offset + size <= current.count, let base = current.baseAddress {
        let place = base + offset
        offset += size
        return place.bindMemory(to: T.self, capacity: max(1, count))
      }
      block += 1
      offset = 0
    }
  }

  /// Words for a bitmap of `count` rows, arbitrary at first.
  func allocateBits(_ count: Int) -> UnsafeMutablePointer<UInt64> { allocate((count + 63) / 64) }

  /// Gives all memory back for the next batch.
  func reset() {
    block = 0
    offset = 0
  }
}
