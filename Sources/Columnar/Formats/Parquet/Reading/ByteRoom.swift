#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Memory for bytes that is used again and again, with some bytes behind them that may be read.
final class ByteRoom {
  /// Bytes behind the last one that may be read.
  static let padding = 64

  private(set) var base: UnsafeMutableRawPointer
  private(set) var capacity: Int

  init() {
    capacity = 0
    base = .allocate(byteCount: ByteRoom.padding, alignment: 64)
    base.initializeMemory(as: UInt8.self, repeating: 0, count: ByteRoom.padding)
  }

  deinit { base.deallocate() }

  /// Makes room for so many bytes, and keeps the first `kept` of those that are there.
  func reserve(_ wanted: Int, keeping kept: Int = 0) {
    guard wanted > capacity else { return }
    let larger = UnsafeMutableRawPointer.allocate(byteCount: wanted + ByteRoom.padding, alignment: 64)
    if kept > 0 { larger.copyMemory(from: base, byteCount: kept) }
    (larger + wanted).initializeMemory(as: UInt8.self, repeating: 0, count: ByteRoom.padding)
    base.deallocate()
    (base, capacity) = (larger, wanted)
  }
}

/// A part of a file in memory that moves forward: a column chunk is never held as a whole.
final class FileWindow {
  /// Bytes that are read at once, if there are so many.
  private static let step = 1 << 18

  private let source: any ByteSource
  private let room = ByteRoom()
  private var origin = 0
  private var count = 0

  init(_ source: any ByteSource) { self.source = source }

  /// The bytes of a range, fewer at the end of the file; good until the next call. Up to `limit`, more may be read with them.
  func load(_ range: Range<Int>, limit: Int) throws(SourceError) -> UnsafeRawBufferPointer {
    if range.lowerBound < origin || range.upperBound > origin + count {
      var kept = 0
      if range.lowerBound >= origin, range.lowerBound < origin + count {
        kept = origin + count - range.lowerBound
        memmove(room.base, room.base + range.lowerBound - origin, kept)
      }
      let wanted = max(range.count, min(FileWindow.step, limit - range.lowerBound))
      room.reserve(wanted, keeping: kept)
      (origin, count) = (range.lowerBound, kept)
      if wanted > kept { count += try source.read(origin + kept, wanted - kept, into: room.base + kept) }
    }
    let start = range.lowerBound - origin
    return UnsafeRawBufferPointer(start: room.base + start, count: max(0, min(range.count, count - start)))
  }
}
