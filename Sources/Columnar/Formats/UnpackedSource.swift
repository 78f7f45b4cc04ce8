import Synchronization

/// The bytes behind a packed file, unpacked when they are asked for by whichever thread asks first, and kept until everybody
/// has read them. Asking for earlier ones begins anew.
final class UnpackedSource: ByteSource, @unchecked Sendable {
  private let packed: any ByteSource
  private let format: String
  private let path: String
  private let cancellation: Cancellation
  private let lock = Mutex(())

  // What follows is touched only by the thread that has the lock.
  private var unpacker: (any Unpacker)?
  /// Pieces in order, without gaps; all but the last are full.
  private var blocks: [[UInt8]] = []
  /// Where the first kept piece begins, and where the last one ends.
  private var start = 0
  private var end = 0
  private var isEnded = false
  /// The number of all bytes, once the end was seen.
  private var whole: Int?
  private var damage: SourceError?

  private static let blockBytes = 1 << 18

  /// The unpacked bytes of a file of this packing.
  init(_ packed: any ByteSource, _ format: String, path: String, _ cancellation: Cancellation) {
    self.packed = packed
    self.format = format
    self.path = path
    self.cancellation = cancellation
  }

  /// The number of bytes; `Int.max` as long as nobody has seen the end.
  var count: Int { lock.withLock { _ in whole ?? .max } }

  var isSeekable: Bool { false }

  /// The number of bytes when all of the file is packed as well as its beginning.
  var expectedCount: Int {
    lock.withLock { _ in
      if let whole { return whole }
      let read = Double(max(1, unpacker?.packedCount ?? 0))
      return Int(clamping: Int64(Double(packed.count) / read * Double(end)))
    }
  }

  func read(_ offset: Int, _ count: Int, into room: UnsafeMutableRawPointer) throws(SourceError) -> Int {
    try lock.withLock { _ throws(SourceError) in
      try advance(past: offset + count, from: offset)
      let taken = max(0, min(count, end - offset))
      var copied = 0
      while copied < taken {
        let place = offset + copied - start
        let (block, within) = (place / UnpackedSource.blockBytes, place % UnpackedSource.blockBytes)
        let piece = min(taken - copied, blocks[block].count - within)
        blocks[block].withUnsafeBytes { bytes in
          guard let base = bytes.baseAddress else { return }
          (room + copied).copyMemory(from: base + within, byteCount: piece)
        }
        copied += piece
      }
      return taken
    }
  }

  func reaches(_ offset: Int) throws(SourceError) -> Bool {
    try lock.withLock { _ throws(SourceError) in
      try advance(past: offset, from: offset)
      return end > offset
    }
  }

  func forget(before offset: Int) {
    lock.withLock { _ in
      let passed = min(max(0, offset - start) / UnpackedSource.blockBytes, blocks.count)
      blocks.removeFirst(passed)
      start = min(end, start + passed * UnpackedSource.blockBytes)
    }
  }

  func afresh(_ cancellation: Cancellation) -> any ByteSource {
    UnpackedSource(packed, format, path: path, cancellation)
  }

  /// Reads what nobody has read yet, and keeps nothing of it. Throws `damagedArchive` when the file is damaged anywhere.
  func verify() throws(SourceError) {
    try lock.withLock { _ throws(SourceError) in
      while !isEnded, !cancellation.isCancelled {
        try advance(past: end, from: end)
        if blocks.count > 1 {
          start += (blocks.count - 1) * UnpackedSource.blockBytes
          blocks.removeFirst(blocks.count - 1)
        }
      }
      if let damage { throw damage }
    }
  }

  /// All bytes at once, for text that must be made anew before it is cut.
  func all() throws -> [UInt8] {
    var all: [UInt8] = []
    while true {
      try cancellation.check()
      let piece = try bytes(all.count..<(all.count + UnpackedSource.blockBytes * 4))
      if piece.isEmpty { return all }
      all += piece
      forget(before: all.count)
    }
  }

  // MARK: Under the lock

  /// Unpacks until a byte behind a place is there, or the end has been seen; bytes from `first` on are to be kept.
  private func advance(past wanted: Int, from first: Int) throws(SourceError) {
    if first < start { restart() }
    while end <= wanted, !isEnded, !cancellation.isCancelled { try unpack() }
    if let damage, end <= wanted { throw damage }
  }

  private func restart() {
    unpacker = nil
    blocks = []
    (start, end, isEnded, damage) = (0, 0, false, nil)
  }

  private func unpack() throws(SourceError) {
    guard let unpacker = unpacker ?? Decompression.unpacker(format, packed) else {
      throw .notReadable(path: path, why: "there is no memory to unpack it")
    }
    self.unpacker = unpacker
    var outcome: Result<(count: Int, state: UnpackState), SourceError> = .success((0, .more))
    let block = [UInt8](unsafeUninitializedCapacity: UnpackedSource.blockBytes) { room, made in
      outcome = Result { () throws(SourceError) in try unpacker.fill(UnsafeMutableRawBufferPointer(room)) }
      if case .success(let filled) = outcome { made = filled.count }
    }
    let filled = try outcome.get()
    if filled.count > 0 { blocks.append(block) }
    end += filled.count
    switch filled.state {
    case .more: return
    case .ended: whole = end
    case .damaged: damage = try describeDamage()
    }
    isEnded = true
  }

  /// How far the file can be unpacked, in bytes and in lines. They are counted only when it is damaged.
  private func describeDamage() throws(SourceError) -> SourceError {
    var (bytes, lines) = (0, 0)
    let again = Decompression.unpacker(format, packed)
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: UnpackedSource.blockBytes, alignment: 16)
    defer { room.deallocate() }
    var state = again == nil ? UnpackState.damaged : .more
    while let again, state == .more, !cancellation.isCancelled {
      let filled = try again.fill(room)
      state = filled.state
      bytes += filled.count
      for byte in room.prefix(filled.count) where byte == UInt8(ascii: "\n") { lines += 1 }
    }
    return .damagedArchive(path: path, format: format, unpacked: bytes, lines: lines)
  }
}
