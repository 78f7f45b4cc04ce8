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

  /// The encoding that the bytes have: by their mark, else UTF-8 when they are valid, else a single-byte one.
  static func detect(_ bytes: [UInt8]) -> TextEncoding {
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { return .utf8WithMark }
    if bytes.starts(with: [0xff, 0xfe]) { return .utf16LittleEndian }
    if bytes.starts(with: [0xfe, 0xff]) { return .utf16BigEndian }
    if firstInvalidUTF8(bytes) == nil { return .utf8 }
    // 0x80…0x9f are control characters in ISO 8859-1, and quotes, dashes and the euro in Windows-1252.
    return bytes.contains { $0 >= 0x80 && $0 <= 0x9f } ? .windows1252 : .latin1
  }

  /// The bytes as UTF-8 without a mark.
  func decode(_ bytes: [UInt8], path: String) throws(SourceError) -> [UInt8] {
    switch self {
    case .utf8, .utf8WithMark:
      let body = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? Array(bytes.dropFirst(3)) : bytes
      if let place = TextEncoding.firstInvalidUTF8(body) {
        let row = body[..<place].count { $0 == UInt8(ascii: "\n") } + 1
        throw .badEncoding(path: path, encoding: rawValue, row: row)
      }
      return body
    case .latin1, .windows1252:
      var out: [UInt8] = []
      out.reserveCapacity(bytes.count + bytes.count / 16)
      for byte in bytes {
        if byte < 0x80 {
          out.append(byte)
        } else if self == .windows1252, byte < 0xa0 {
          TextEncoding.append(TextEncoding.windows1252Scalars[Int(byte) - 0x80], to: &out)
        } else {
          TextEncoding.append(UInt32(byte), to: &out)
        }
      }
      return out
    case .utf16LittleEndian, .utf16BigEndian:
      let shift = self == .utf16LittleEndian ? 0 : 1
      var units: [UInt16] = []
      units.reserveCapacity(bytes.count / 2)
      var place = 0
      while place + 1 < bytes.count {
        let (low, high) = (bytes[place + shift], bytes[place + 1 - shift])
        units.append(UInt16(high) << 8 | UInt16(low))
        place += 2
      }
      if units.first == 0xfeff { units.removeFirst() }
      return Array(String(decoding: units, as: UTF16.self).utf8)
    }
  }

  /// The place of the first byte that is no UTF-8.
  private static func firstInvalidUTF8(_ bytes: [UInt8]) -> Int? {
    bytes.withUnsafeBytes { raw -> Int? in
      let count = raw.count
      var i = 0
      while i < count {
        // Eight bytes of ASCII at a time.
        if i + 8 <= count, raw.loadUnaligned(fromByteOffset: i, as: UInt64.self) & 0x8080_8080_8080_8080 == 0 {
          i += 8
          continue
        }
        let lead = raw[i]
        if lead < 0x80 {
          i += 1
          continue
        }
        let length: Int
        var lowest: UInt8 = 0x80
        var highest: UInt8 = 0xbf
        switch lead {
        case 0xc2...0xdf: length = 2
        case 0xe0...0xef:
          length = 3
          if lead == 0xe0 { lowest = 0xa0 }
          if lead == 0xed { highest = 0x9f }
        case 0xf0...0xf4:
          length = 4
          if lead == 0xf0 { lowest = 0x90 }
          if lead == 0xf4 { highest = 0x8f }
        default: return i
        }
        if i + length > count { return i }
        if raw[i + 1] < lowest || raw[i + 1] > highest { return i }
        for k in 2..<max(2, length) where raw[i + k] & 0xc0 != 0x80 { return i }
        i += length
      }
      return nil
    }
  }

  private static func append(_ scalar: UInt32, to out: inout [UInt8]) {
    if scalar < 0x800 {
      out.append(UInt8(truncatingIfNeeded: 0xc0 | scalar >> 6))
    } else {
      out.append(UInt8(truncatingIfNeeded: 0xe0 | scalar >> 12))
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
