#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Bytes that any thread can read at any place.
protocol ByteSource: Sendable {
  /// The number of bytes.
  var count: Int { get }
  /// Copies up to `count` bytes from `offset` on into `room`, fewer only at the end; gives how many.
  func read(_ offset: Int, _ count: Int, into room: UnsafeMutableRawPointer) throws(SourceError) -> Int
  /// Whether any place is as near as the next one; packed bytes are unpacked from the beginning on.
  var isSeekable: Bool { get }
  /// The number of bytes as far as it can be told before all are read.
  var expectedCount: Int { get }
  /// Whether there is a byte at a place.
  func reaches(_ offset: Int) throws(SourceError) -> Bool
  /// Says that bytes before a place will not be read again on this way through the source.
  func forget(before offset: Int)
  /// The same bytes for another way through them.
  func afresh(_ cancellation: Cancellation) -> any ByteSource
}

extension ByteSource {
  var isSeekable: Bool { true }
  var expectedCount: Int { count }
  func reaches(_ offset: Int) throws(SourceError) -> Bool { offset < count }
  func forget(before offset: Int) {}
  func afresh(_ cancellation: Cancellation) -> any ByteSource { self }
}

/// Bytes in memory.
struct MemorySource: ByteSource {
  let bytes: [UInt8]

  var count: Int { bytes.count }

  func read(_ offset: Int, _ count: Int, into room: UnsafeMutableRawPointer) -> Int {
    let taken = max(0, min(count, bytes.count - offset))
    if taken == 0 { return 0 }
    bytes.withUnsafeBytes { source in
      guard let base = source.baseAddress else { return }
      room.copyMemory(from: base + offset, byteCount: taken)
    }
    return taken
  }
}

/// A file, read in place: mapping it would count all of it as resident, and is no faster.
final class FileSource: ByteSource {
  let path: String
  let count: Int
  private let descriptor: Int32

  /// Takes over an open file.
  init(path: String, descriptor: Int32, count: Int) {
    self.path = path
    self.descriptor = descriptor
    self.count = count
  }

  deinit { close(descriptor) }

  func read(_ offset: Int, _ count: Int, into room: UnsafeMutableRawPointer) throws(SourceError) -> Int {
    let wanted = max(0, min(count, self.count - offset))
    var taken = 0
    while taken < wanted {
      let got = pread(descriptor, room + taken, wanted - taken, off_t(offset + taken))
      if got < 0, errno == EINTR { continue }
      if got < 0 { throw .notReadable(path: path, why: String(cString: strerror(errno))) }
      // A file that shrinks while it is read ends where it now ends.
      if got == 0 { break }
      taken += got
    }
    return taken
  }
}

extension ByteSource {
  /// Some bytes as an array.
  func bytes(_ range: Range<Int>) throws(SourceError) -> [UInt8] {
    let wanted = max(0, min(range.upperBound, count) - range.lowerBound)
    let room = UnsafeMutableRawPointer.allocate(byteCount: max(1, wanted), alignment: 16)
    defer { room.deallocate() }
    let got = try read(range.lowerBound, wanted, into: room)
    return Array(UnsafeRawBufferPointer(start: room, count: got))
  }
}

/// A reused piece of a source in memory, with room around it so that wide loads at its edges touch no foreign memory.
final class ChunkBuffer {
  /// Bytes before and behind the text that may be read.
  static let padding = 128

  /// The first byte.
  private(set) var base: UnsafeMutablePointer<UInt8>
  /// Where in the source the first byte stands.
  private(set) var origin = 0
  /// Bytes that are loaded.
  private(set) var count = 0
  private var capacity: Int
  private var room: UnsafeMutableRawPointer

  init(capacity: Int = 1 << 16) {
    self.capacity = capacity
    room = .allocate(byteCount: capacity + 2 * ChunkBuffer.padding, alignment: 64)
    room.initializeMemory(as: UInt8.self, repeating: 0, count: capacity + 2 * ChunkBuffer.padding)
    base = (room + ChunkBuffer.padding).assumingMemoryBound(to: UInt8.self)
  }

  deinit { room.deallocate() }

  /// Loads the bytes of a range, which may reach behind the end of the source.
  func load(_ source: some ByteSource, _ range: Range<Int>) throws(SourceError) {
    if range.count > capacity { grow(to: range.count, keeping: 0) }
    origin = range.lowerBound
    count = try source.read(range.lowerBound, range.count, into: base)
  }

  /// Loads more bytes behind those that are there. False at the end of the source.
  func extend(_ source: some ByteSource, by more: Int) throws(SourceError) -> Bool {
    if count + more > capacity { grow(to: max(count + more, capacity + capacity / 2), keeping: count) }
    let got = try source.read(origin + count, more, into: base + count)
    count += got
    return got > 0
  }

  private func grow(to wanted: Int, keeping kept: Int) {
    let larger = UnsafeMutableRawPointer.allocate(byteCount: wanted + 2 * ChunkBuffer.padding, alignment: 64)
    larger.initializeMemory(as: UInt8.self, repeating: 0, count: ChunkBuffer.padding)
    (larger + ChunkBuffer.padding).copyMemory(from: base, byteCount: kept)
    (larger + ChunkBuffer.padding + wanted).initializeMemory(as: UInt8.self, repeating: 0, count: ChunkBuffer.padding)
    room.deallocate()
    room = larger
    capacity = wanted
    base = (room + ChunkBuffer.padding).assumingMemoryBound(to: UInt8.self)
  }
}
