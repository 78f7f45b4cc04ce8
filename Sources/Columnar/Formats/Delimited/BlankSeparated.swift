/// Text whose fields are separated by any number of blanks, as in files of fixed width.
enum BlankSeparated {
  /// The text with one blank between fields and none at the ends of lines.
  static func collapsed(_ bytes: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var gap = false
    var isAtStart = true
    for byte in bytes {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"): gap = true
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        out.append(byte)
        gap = false
        isAtStart = true
      default:
        if gap, !isAtStart { out.append(CSVDialect.blank) }
        out.append(byte)
        gap = false
        isAtStart = false
      }
    }
    return out
  }

  /// Whether lines that no delimiter cuts are such text: all have the same number of words, two at least, and some column is
  /// of numbers only.
  static func isLikely(_ sample: [UInt8]) -> Bool {
    let lines = collapsed(sample).split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }.dropLast().prefix(200)
    guard lines.count > 2 else { return false }
    let rows = lines.map { $0.split(separator: CSVDialect.blank) }
    guard let first = rows.first, first.count > 1, rows.allSatisfy({ $0.count == first.count }) else { return false }
    return first.indices.contains { column in
      rows.dropFirst().allSatisfy { row in
        Array(row[column]).withUnsafeBufferPointer {
          NumberStyle().real($0) ?? NumberStyle.integer($0).map(Double.init)
        } != nil
      }
    }
  }
}
