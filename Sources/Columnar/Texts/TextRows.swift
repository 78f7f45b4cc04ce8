import CScan

/// Texts row by row: the UTF-8 of all of them, one after another, and where each ends. A row without bytes has no value.
///
/// Whoever makes the rows adds to them; afterwards they are shared and do not change any more.
final class TextRows: @unchecked Sendable {
  /// The number of rows.
  private(set) var count = 0
  /// Bytes of all texts.
  private(set) var byteCount = 0
  private var bytes: UnsafeMutableRawPointer?
  private var bytesRoom = 0
  private var ends: UnsafeMutableRawPointer?
  private var endsRoom = 0

  /// Bytes behind the texts that may be read.
  static let padding = 32
  /// Ends are counted by 32 bits.
  static let mostBytes = Int(UInt32.max)
  private let most: Int

  /// No rows yet, and never more bytes than `most`.
  init(most: Int = TextRows.mostBytes) {
    self.most = min(most, TextRows.mostBytes)
    reserve(rows: 1024, bytes: 1 << 14)
  }

  deinit {
    martlet_room_free(bytes, bytesRoom)
    martlet_room_free(ends, endsRoom)
  }

  // MARK: Reading

  /// The bytes of all texts.
  var all: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: view.bytes, count: byteCount) }

  /// The texts as plain addresses, which are valid until a row is added.
  struct View {
    let bytes: UnsafePointer<UInt8>
    let ends: UnsafePointer<UInt32>

    /// Where the text of a row begins.
    @inline(__always) func start(_ row: Int) -> Int { row == 0 ? 0 : Int(ends[row &- 1]) }

    /// The text of a row.
    @inline(__always) subscript(row: Int) -> UnsafeBufferPointer<UInt8> {
      let start = start(row)
      return UnsafeBufferPointer(start: bytes + start, count: Int(ends[row]) &- start)
    }
  }

  /// The texts as plain addresses.
  var view: View {
    // Both rooms are there from the beginning on.
    View(
      bytes: UnsafePointer((bytes ?? TextRows.nothing).assumingMemoryBound(to: UInt8.self)),
      ends: UnsafePointer((ends ?? TextRows.nothing).assumingMemoryBound(to: UInt32.self)))
  }

  private nonisolated(unsafe) static let nothing = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 64)

  /// The text of a row.
  subscript(row: Int) -> String { String(decoding: view[row], as: UTF8.self) }

  /// Looks at the texts with bytes beyond ASCII.
  func eachBeyondASCII(_ look: (UInt32, UnsafeBufferPointer<UInt8>) -> Void) {
    let view = view
    let raw = UnsafeRawBufferPointer(all)
    let words = raw.count / 8
    // All bytes together first: mostly there is none.
    var bits: UInt64 = 0
    for word in 0..<words { bits |= raw.loadUnaligned(fromByteOffset: word &* 8, as: UInt64.self) }
    for place in (words * 8)..<raw.count { bits |= UInt64(raw[place]) }
    if bits & 0x8080_8080_8080_8080 == 0 { return }
    for row in 0..<count where view[row].contains(where: { $0 >= 0x80 }) { look(UInt32(row), view[row]) }
  }

  // MARK: Making

  /// Adds texts that stand one after another, the ends of which are counted from the first byte on. False when all
  /// would be too many bytes; then nothing is added.
  func append(_ texts: UnsafeBufferPointer<UInt8>, ends newEnds: UnsafeBufferPointer<UInt32>) -> Bool {
    guard byteCount + texts.count <= most else { return false }
    reserve(rows: count + newEnds.count, bytes: byteCount + texts.count)
    guard let bytes, let ends else { return false }
    if let start = texts.baseAddress { (bytes + byteCount).copyMemory(from: start, byteCount: texts.count) }
    let out = ends.assumingMemoryBound(to: UInt32.self) + count
    let before = UInt32(truncatingIfNeeded: byteCount)
    for row in 0..<newEnds.count { out[row] = before &+ newEnds[row] }
    byteCount += texts.count
    count += newEnds.count
    return true
  }

  /// Adds one text.
  func append(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    withUnsafePointer(to: UInt32(truncatingIfNeeded: text.count)) {
      append(text, ends: UnsafeBufferPointer(start: $0, count: 1))
    }
  }

  /// Gives back the room that is not needed.
  func trim() { resize(rows: count, bytes: byteCount) }

  private func reserve(rows: Int, bytes: Int) {
    if rows * 4 <= endsRoom, bytes + TextRows.padding <= bytesRoom { return }
    resize(rows: max(rows, rows * 4 > endsRoom ? rows + rows / 2 : endsRoom / 4), bytes: bytes + bytes / 2)
  }

  private func resize(rows: Int, bytes newBytes: Int) {
    let (endsWanted, bytesWanted) = (max(64, rows * 4), newBytes + TextRows.padding)
    // When there is no more memory, this fails as any allocation of Swift does.
    ends = martlet_room_resize(ends, endsRoom, endsWanted) ?? .allocate(byteCount: endsWanted, alignment: 16)
    bytes = martlet_room_resize(bytes, bytesRoom, bytesWanted) ?? .allocate(byteCount: bytesWanted, alignment: 16)
    (endsRoom, bytesRoom) = (endsWanted, bytesWanted)
    // When they get codes, they are looked at here and there.
    if let ends, let bytes {
      martlet_room_scattered(ends, endsRoom)
      martlet_room_scattered(bytes, bytesRoom)
    }
  }
}
