/// The parts of a zip archive, read from front to end.
final class ZipArchive: @unchecked Sendable {
  // One thread at a time unpacks; streams are handed from one to the next.
  private let path: String
  private let library: ZipLibrary
  private let archive: ZipLibrary.Archive

  private static let readOnly: Int32 = 16
  private static let anyCase: UInt32 = 1
  private static let openErrors: [Int32: String] = [
    7: "has an unsupported version", 14: "does not fit into memory", 19: "is no zip archive",
    21: "contradicts itself", 13: "is cut off or changed",
  ]

  /// Opens an archive. Throws `missingLibrary` or `damaged`.
  init(_ path: String) throws(SourceError) {
    guard let library = ZipLibrary.shared else {
      throw .missingLibrary(path: path, library: "libzip", debian: "libzip4", homebrew: "libzip")
    }
    var code: Int32 = 0
    guard let archive = library.open(path, ZipArchive.readOnly, &code) else {
      throw .damaged(
        path: path, format: WorkbookFormat.name, place: "its zip archive",
        found: ZipArchive.openErrors[code] ?? "cannot be opened")
    }
    self.path = path
    self.library = library
    self.archive = archive
  }

  deinit { library.discard(archive) }

  /// The number of the part with this name, letters' case aside; nil when there is none.
  func part(_ name: String) -> UInt64? { UInt64(exactly: library.locate(archive, name, ZipArchive.anyCase)) }

  /// A part that is unpacked from front to end; nil when it cannot be opened.
  func stream(_ part: UInt64) -> ZipStream? {
    guard let size = size(part), !size.isLocked, let file = library.openFile(archive, part, 0) else { return nil }
    let limit = size.packed.multipliedReportingOverflow(by: ZipArchive.largestRatio)
    return ZipStream(
      archive: self, library: library, file: file,
      limit: max(ZipArchive.harmlessBytes, limit.overflow ? Int.max : limit.partialValue))
  }

  /// Hands the bytes of a part to the closure, block by block in the room that it gives, until it wants no more.
  func read(
    _ part: UInt64, _ name: String, _ cancellation: Cancellation,
    room: (Int) -> UnsafeMutableRawPointer?, taken: (Int, Bool) throws -> Bool
  ) throws {
    if size(part)?.isLocked == true { throw SourceError.locked(path: path, format: WorkbookFormat.name) }
    guard let stream = stream(part) else { throw damaged(name, "cannot be unpacked") }
    while true {
      try cancellation.check()
      let block = 1 << 17
      guard let got = stream.read(block, into: room(block)) else {
        throw damaged(
          name,
          stream.isTooLong
            ? "unpacks to more than \(ZipArchive.largestRatio) times its size"
            : "cannot be unpacked: its data are cut off or changed")
      }
      if try !taken(got, got == 0) || got == 0 { return }
    }
  }

  private static let harmlessBytes = 1 << 28
  private static let largestRatio = 300

  private func size(_ part: UInt64) -> (packed: Int, isLocked: Bool)? {
    // struct zip_stat: valid, name, index, size, comp_size: 8 bytes each; mtime; crc: 4; methods of packing and locking: 2 each.
    let room = UnsafeMutableRawPointer.allocate(byteCount: 128, alignment: 16)
    defer { room.deallocate() }
    room.initializeMemory(as: UInt8.self, repeating: 0, count: 128)
    guard library.stat(archive, part, 0, room) == 0 else { return nil }
    let bytes = room.load(fromByteOffset: 32, as: UInt64.self)
    return (Int(clamping: bytes), room.load(fromByteOffset: 54, as: UInt16.self) != 0)
  }

  /// What is wrong with a part.
  func damaged(_ name: String, _ found: String) -> SourceError {
    .damaged(path: path, format: WorkbookFormat.name, place: name, found: found)
  }
}

/// A part of an archive while it is unpacked, by one thread after another.
///
/// What would unpack to hundreds of times its size is no workbook but a trap, and ends where that shows.
final class ZipStream: @unchecked Sendable {
  private let archive: ZipArchive
  private let library: ZipLibrary
  private let file: ZipLibrary.File
  private let limit: Int
  private var total = 0

  init(archive: ZipArchive, library: ZipLibrary, file: ZipLibrary.File, limit: Int) {
    self.archive = archive
    self.library = library
    self.file = file
    self.limit = limit
  }

  deinit { _ = library.closeFile(file) }

  /// Whether the part was a trap.
  var isTooLong: Bool { total > limit }

  /// Unpacks up to so many bytes: 0 at the end, nil when the data are damaged.
  func read(_ count: Int, into room: UnsafeMutableRawPointer?) -> Int? {
    guard let room, let got = Int(exactly: library.read(file, room, UInt64(count))), got >= 0 else { return nil }
    total += got
    return isTooLong ? nil : got
  }

  /// Unpacks up to so many bytes behind those that are there.
  func append(_ count: Int, to bytes: inout [UInt8]) -> Int? {
    let room = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 16)
    defer { room.deallocate() }
    guard let got = read(count, into: room) else { return nil }
    bytes.append(contentsOf: UnsafeRawBufferPointer(start: room, count: got))
    return got
  }
}
