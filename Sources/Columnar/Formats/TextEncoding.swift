/// The character encodings that a text file may have.
public enum TextEncoding: String, CaseIterable, Hashable, Sendable {
  case utf8 = "UTF-8"
  case utf8WithMark = "UTF-8 with BOM"
  case utf16LittleEndian = "UTF-16LE"
  case utf16BigEndian = "UTF-16BE"
  case latin1 = "ISO-8859-1"
  case windows1252 = "Windows-1252"

  /// The encoding that a person may write in several ways: `utf-8`, `latin1`, `cp1252`.
  public init?(named name: String) {
    switch name.lowercased().filter({ $0.isLetter || $0.isNumber }) {
    case "utf8": self = .utf8
    case "utf8sig", "utf8bom", "utf8withbom": self = .utf8WithMark
    case "utf16", "utf16le": self = .utf16LittleEndian
    case "utf16be": self = .utf16BigEndian
    case "latin1", "iso88591": self = .latin1
    case "windows1252", "cp1252": self = .windows1252
    default: return nil
    }
  }

  /// Whether each byte is one character, and ASCII means what it says.
  var isSingleByte: Bool { self == .latin1 || self == .windows1252 }

  /// Whether characters take two bytes or four.
  var isUTF16: Bool { self == .utf16LittleEndian || self == .utf16BigEndian }

  /// The encoding that a mark at the beginning of a file gives away.
  static func marked(_ head: [UInt8]) -> TextEncoding? {
    if head.starts(with: [0xef, 0xbb, 0xbf]) { return .utf8WithMark }
    if head.starts(with: [0xff, 0xfe]) { return .utf16LittleEndian }
    if head.starts(with: [0xfe, 0xff]) { return .utf16BigEndian }
    return nil
  }

  /// The single-byte encoding that bytes probably have: 0x80…0x9f are control characters in ISO 8859-1, and quotes, dashes and
  /// the euro in Windows-1252.
  static func singleByte(_ bytes: some Sequence<UInt8>) -> TextEncoding {
    bytes.contains { $0 >= 0x80 && $0 <= 0x9f } ? .windows1252 : .latin1
  }

  /// A short text in this encoding; empty when it cannot be written in it.
  func bytes(of text: String) -> [UInt8] {
    guard isSingleByte else { return Array(text.utf8) }
    var out: [UInt8] = []
    for scalar in text.unicodeScalars {
      if self == .windows1252, let place = TextEncoding.windows1252Scalars.firstIndex(of: scalar.value) {
        out.append(UInt8(0x80 + place))
      } else if scalar.value < 0x100 {
        out.append(UInt8(scalar.value))
      } else {
        return []
      }
    }
    return out
  }

  /// Adds bytes of a single-byte encoding to a text in UTF-8.
  func decode(_ bytes: some Sequence<UInt8>, into out: inout [UInt8]) {
    for byte in bytes {
      if byte < 0x80 {
        out.append(byte)
      } else if self == .windows1252, byte < 0xa0 {
        TextEncoding.append(TextEncoding.windows1252Scalars[Int(byte) - 0x80], to: &out)
      } else {
        TextEncoding.append(UInt32(byte), to: &out)
      }
    }
  }

  /// UTF-16 as UTF-8 without a mark. Throws `badEncoding` for half a pair of surrogates or half a character at the end.
  func decodeUTF16(_ bytes: [UInt8], path: String) throws(SourceError) -> [UInt8] {
    let high = self == .utf16LittleEndian ? 1 : 0
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count / 2 + bytes.count / 16)
    var place = TextEncoding.marked(bytes) == self ? 2 : 0
    var row = 1
    func unit(_ place: Int) -> UInt32? {
      guard place + 1 < bytes.count else { return nil }
      return UInt32(bytes[place + high]) << 8 | UInt32(bytes[place + 1 - high])
    }
    while place < bytes.count {
      guard let first = unit(place), !(0xdc00..<0xe000).contains(first) else {
        throw .badEncoding(path: path, encoding: rawValue, row: row, column: nil, value: nil)
      }
      place += 2
      if first < 0x80 {
        if first == 10 { row += 1 }
        out.append(UInt8(truncatingIfNeeded: first))
      } else if !(0xd800..<0xdc00).contains(first) {
        TextEncoding.append(first, to: &out)
      } else if let second = unit(place), (0xdc00..<0xe000).contains(second) {
        place += 2
        TextEncoding.append(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00), to: &out)
      } else {
        throw .badEncoding(path: path, encoding: rawValue, row: row, column: nil, value: nil)
      }
    }
    return out
  }

  /// What a text in UTF-8 holds besides ASCII: whole characters, and bytes that belong to none.
  struct Census: Hashable, Sendable {
    var characters = 0
    var strayBytes = 0
    /// The place of the first stray byte.
    var firstStray: Int?
  }

  /// Counts the characters beyond ASCII, and the bytes that are no UTF-8 (the well-formed sequences of The Unicode Standard,
  /// table 3-7).
  static func census(_ bytes: UnsafeBufferPointer<UInt8>) -> Census {
    let raw = UnsafeRawBufferPointer(bytes)
    let count = raw.count
    var census = Census()
    var i = 0
    while i < count {
      // Eight bytes of ASCII at a time.
      if i &+ 8 <= count, raw.loadUnaligned(fromByteOffset: i, as: UInt64.self) & 0x8080_8080_8080_8080 == 0 {
        i &+= 8
        continue
      }
      if raw[i] < 0x80 {
        i &+= 1
        continue
      }
      let length = sequenceLength(raw, i)
      if length == 0 {
        census.strayBytes += 1
        census.firstStray = census.firstStray ?? i
      } else {
        census.characters += 1
      }
      i &+= max(1, length)
    }
    return census
  }

  /// A text for messages, with the bytes that are no UTF-8 as `\xE9`.
  static func showing(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    let raw = UnsafeRawBufferPointer(bytes)
    var out = ""
    var i = 0
    while i < min(raw.count, 60) {
      let length = raw[i] < 0x80 ? 1 : sequenceLength(raw, i)
      if length == 0 {
        out += "\\x" + String(raw[i], radix: 16, uppercase: true)
      } else {
        out += String(decoding: UnsafeRawBufferPointer(rebasing: raw[i..<(i + length)]), as: UTF8.self)
      }
      i += max(1, length)
    }
    return out
  }

  private static func sequenceLength(_ raw: UnsafeRawBufferPointer, _ i: Int) -> Int {
    let length: Int
    var lowest: UInt8 = 0x80
    var highest: UInt8 = 0xbf
    switch raw[i] {
    case 0xc2...0xdf: length = 2
    case 0xe0...0xef:
      length = 3
      if raw[i] == 0xe0 { lowest = 0xa0 }
      if raw[i] == 0xed { highest = 0x9f }
    case 0xf0...0xf4:
      length = 4
      if raw[i] == 0xf0 { lowest = 0x90 }
      if raw[i] == 0xf4 { highest = 0x8f }
    default: return 0
    }
    guard i + length <= raw.count, raw[i + 1] >= lowest, raw[i + 1] <= highest else { return 0 }
    for k in 2..<max(2, length) where raw[i + k] & 0xc0 != 0x80 { return 0 }
    return length
  }

  static func append(_ scalar: UInt32, to out: inout [UInt8]) {
    if scalar < 0x800 {
      out.append(UInt8(truncatingIfNeeded: 0xc0 | scalar >> 6))
    } else if scalar < 0x10000 {
      out.append(UInt8(truncatingIfNeeded: 0xe0 | scalar >> 12))
      out.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3f))
    } else {
      out.append(UInt8(truncatingIfNeeded: 0xf0 | scalar >> 18))
      out.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 12 & 0x3f))
      out.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3f))
    }
    out.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3f))
  }

  /// What 0x80…0x9f mean in Windows-1252; the five unassigned ones stay control characters.
  private static let windows1252Scalars: [UInt32] = [
    0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d, 0x017d,
    0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,
    0x017e, 0x0178,
  ]
}
