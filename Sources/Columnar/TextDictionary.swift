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

  /// All texts in code order. Decodes each one: for small dictionaries and for work done once per entry.
  public var texts: [String] { (0..<count).map { self[$0] } }

  /// For each code its place in the order of Unicode scalar values, which is the byte order of UTF-8.
  public var ranks: [UInt32] {
    let order = bytes.withUnsafeBufferPointer { buffer in
      (0..<count).sorted { a, b in
        let x = buffer[Int(offsets[a])..<Int(offsets[a + 1])]
        let y = buffer[Int(offsets[b])..<Int(offsets[b + 1])]
        return x.lexicographicallyPrecedes(y)
      }
    }
    var ranks = [UInt32](repeating: 0, count: count)
    for (rank, code) in order.enumerated() { ranks[code] = UInt32(rank) }
    return ranks
  }
}
