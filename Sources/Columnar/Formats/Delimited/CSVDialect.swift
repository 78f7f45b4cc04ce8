/// What separates fields and rows in a delimited text file.
struct CSVDialect: Hashable, Sendable {
  var delimiter: UInt8
  /// The byte that ends a row: `\n` (a `\r` before it belongs to it), or `\r` in files that have `\n` in quotes only.
  var newline: UInt8

  static let quote = UInt8(ascii: "\"")

  /// Finds what ends rows, and the delimiter that cuts the first rows into the same number of fields, the more the better.
  static func detect(_ sample: [UInt8], delimiter: UInt8?) -> CSVDialect {
    let newline = endsRowsWithReturns(sample) ? UInt8(ascii: "\r") : UInt8(ascii: "\n")
    if let delimiter { return CSVDialect(delimiter: delimiter, newline: newline) }
    var best = (score: 0.0, delimiter: UInt8(ascii: ","))
    for candidate in usual {
      let counts = fieldCounts(sample, candidate, newline)
      guard let first = counts.first, first > 1 else { continue }
      // Files from spreadsheets may have a ragged row; a delimiter that fits most rows is still the right one.
      let agreeing = Double(counts.count { $0 == first }) / Double(counts.count)
      let score = agreeing * agreeing * (1 + Double(min(first, 50)) / 100)
      if score > best.score { best = (score, candidate) }
    }
    return CSVDialect(delimiter: best.delimiter, newline: newline)
  }

  /// The delimiter of lines of any number of fields: the first usual one that occurs at all, else a blank.
  static func detectRagged(_ sample: [UInt8], delimiter: UInt8?) -> CSVDialect {
    let newline = detect(sample, delimiter: UInt8(ascii: ",")).newline
    let found = delimiter ?? usual.first(where: sample.contains)
    return CSVDialect(delimiter: found ?? blank, newline: newline)
  }

  private static func endsRowsWithReturns(_ sample: [UInt8]) -> Bool {
    guard sample.contains(UInt8(ascii: "\r")) else { return false }
    var inQuotes = false
    var hasReturn = false
    for (place, byte) in sample.enumerated() {
      if byte == quote { inQuotes.toggle() }
      if inQuotes { continue }
      if byte == UInt8(ascii: "\n") { return false }
      let isLast = place + 1 == sample.count
      if byte == UInt8(ascii: "\r"), isLast || sample[place + 1] != UInt8(ascii: "\n") { hasReturn = true }
    }
    return hasReturn
  }

  static let blank = UInt8(ascii: " ")
  private static let usual: [UInt8] = [",", ";", "\t", "|"].map { $0.utf8.first ?? 0 }

  private static func fieldCounts(_ sample: [UInt8], _ delimiter: UInt8, _ newline: UInt8) -> [Int] {
    var counts: [Int] = []
    var fields = 1
    var inQuotes = false
    var isBlank = true
    for byte in sample {
      if byte == quote { inQuotes.toggle() }
      if inQuotes { continue }
      if byte == delimiter {
        fields += 1
        isBlank = false
      } else if byte == newline {
        if !isBlank { counts.append(fields) }
        fields = 1
        isBlank = true
        if counts.count == 200 { break }
      } else if byte != UInt8(ascii: "\r") {
        isBlank = false
      }
    }
    if counts.isEmpty, !isBlank { counts.append(fields) }
    return counts
  }
}
