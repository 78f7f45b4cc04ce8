/// The distinct texts of a column, each with a code 0, 1, 2 … in order of first appearance.
///
/// All UTF-8 bytes stand in one buffer, so that a million texts are two arrays and not a million objects.
public struct TextDictionary: Sendable {
  /// The UTF-8 of all entries, one after another.
  public let bytes: [UInt8]
  /// Entry `i` is `bytes[offsets[i] ..< offsets[i + 1]]`; there is one more offset than entries.
  public let offsets: [UInt32]

  /// Takes the entries' bytes and their offsets; entries must be distinct valid UTF-8.
  public init(bytes: [UInt8], offsets: [UInt32]) {
    self.bytes = bytes
    self.offsets = offsets.isEmpty ? [0] : offsets
  }

  /// Takes distinct texts in code order.
  public init(_ texts: some Sequence<String>) {
    var bytes: [UInt8] = []
    var offsets: [UInt32] = [0]
    for text in texts {
      bytes.append(contentsOf: text.utf8)
      offsets.append(UInt32(bytes.count))
    }
    self.init(bytes: bytes, offsets: offsets)
  }

  /// The number of distinct texts.
  public var count: Int { offsets.count - 1 }

  /// The text with this code.
  public subscript(code: Int) -> String {
    String(decoding: bytes[Int(offsets[code])..<Int(offsets[code + 1])], as: UTF8.self)
  }

  /// The UTF-8 of the text with this code.
  @inlinable public func withBytes<R>(of code: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R {
    try bytes.withUnsafeBufferPointer { all in
      try body(UnsafeBufferPointer(rebasing: all[Int(offsets[code])..<Int(offsets[code + 1])]))
    }
  }

  /// All texts in code order. Decodes each one: for small dictionaries and for work done once per entry.
  public var texts: [String] { (0..<count).map { self[$0] } }

  /// For each code its place in the order of Unicode scalar values, which is the byte order of UTF-8.
  public var ranks: [UInt32] {
    let order = bytes.withUnsafeBufferPointer { buffer in
      // Mostly the first eight bytes decide. Zeros behind a shorter text sort it before all that go on.
      let entries = (0..<count).map { code -> (head: UInt64, code: UInt32) in
        let range = Int(offsets[code])..<Int(offsets[code + 1])
        var head: UInt64 = 0
        for place in range.prefix(8) { head = head << 8 | UInt64(buffer[place]) }
        return (range.count < 8 ? head << UInt64(64 - 8 * range.count) : head, UInt32(code))
      }
      return entries.sorted { a, b in
        if a.head != b.head { return a.head < b.head }
        let x = buffer[Int(offsets[Int(a.code)])..<Int(offsets[Int(a.code) + 1])]
        let y = buffer[Int(offsets[Int(b.code)])..<Int(offsets[Int(b.code) + 1])]
        return x.lexicographicallyPrecedes(y)
      }
    }
    var ranks = [UInt32](repeating: 0, count: count)
    for (rank, entry) in order.enumerated() { ranks[Int(entry.code)] = UInt32(rank) }
    return ranks
  }
}
