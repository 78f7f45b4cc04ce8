import Columnar

/// Reads dates from text by a pattern of the letters `yyyy yy MM M mm m dd d HH H ss s` and `MMM`, or by ISO 8601.
public struct DateReader: Sendable {
  private enum Piece: Hashable, Sendable {
    case year(digits: Int)
    case month, monthName, day, hour, minute, second
    case literal(UInt8)
  }

  private let pieces: [Piece]

  /// A reader for the pattern; nil stands for ISO 8601 days and moments (`2011-12-09`, `2011-12-09T08:26:00`).
  public init?(pattern: String?) {
    guard let pattern else {
      pieces = []
      return
    }
    guard case .success(let pieces) = DateReader.parse(pattern) else { return nil }
    self.pieces = pieces
  }

  /// What is wrong with a pattern, or nil.
  public static func problem(with pattern: String) -> String? {
    if case .failure(let problem) = parse(pattern) { return problem.words }
    return nil
  }

  private struct Problem: Error { var words: String }

  private static func parse(_ pattern: String) -> Result<[Piece], Problem> {
    var pieces: [Piece] = []
    var rest = Substring(pattern)
    while let letter = rest.first {
      let run = rest.prefix { $0 == letter }
      switch letter {
      case "y": pieces.append(.year(digits: run.count == 2 ? 2 : 4))
      case "d": pieces.append(.day)
      case "M" where run.count >= 3: pieces.append(.monthName)
      case "M": pieces.append(.month)
      // Analysts write `dd/mm/yyyy`: a small m is a minute only after an hour.
      case "m" where run.count >= 3: pieces.append(.monthName)
      case "m": pieces.append(pieces.contains(.hour) ? .minute : .month)
      case "H", "h": pieces.append(.hour)
      case "s": pieces.append(.second)
      case let other where other.isLetter && other != "T":
        return .failure(Problem(words: "`\(other)` is no part of a date; use yyyy MM dd HH mm ss"))
      default: pieces.append(contentsOf: run.utf8.map { .literal($0) })
      }
      rest = rest.dropFirst(run.count)
    }
    let hasYear = pieces.contains(.year(digits: 4)) || pieces.contains(.year(digits: 2))
    guard hasYear, pieces.contains(.month) || pieces.contains(.monthName), pieces.contains(.day) else {
      return .failure(Problem(words: "a date needs a year, a month and a day, as in dd/mm/yyyy"))
    }
    return .success(pieces)
  }

  /// The day that the whole text spells, or nil.
  public func date(_ text: String) -> CivilDate? {
    var text = text
    return text.withUTF8 { bytes in
      var rest = Cursor(bytes: bytes)
      rest.skipSpaces()
      let date = pieces.isEmpty ? DateReader.iso(&rest) : patterned(&rest)
      rest.skipSpaces()
      return rest.isAtEnd ? date : nil
    }
  }

  private static func iso(_ cursor: inout Cursor) -> CivilDate? {
    guard let year = cursor.number(most: 4), cursor.take(0x2D), let month = cursor.number(most: 2), cursor.take(0x2D),
      let day = cursor.number(most: 2)
    else { return nil }
    if cursor.take(0x54) || cursor.take(0x20) {
      while !cursor.isAtEnd, cursor.number(most: 9) != nil || cursor.take(0x3A) || cursor.take(0x2E) {}
      _ = cursor.take(0x5A)
    }
    return CivilDate(year: year, month: month, day: day)
  }

  private func patterned(_ cursor: inout Cursor) -> CivilDate? {
    var year: Int?
    var month: Int?
    var day: Int?
    for piece in pieces {
      switch piece {
      case .year(let digits):
        guard let number = cursor.number(most: digits) else { return nil }
        year = digits == 2 ? number + (number < 70 ? 2000 : 1900) : number
      case .month:
        guard let number = cursor.number(most: 2) else { return nil }
        month = number
      case .monthName:
        guard let number = cursor.monthName() else { return nil }
        month = number
      case .day:
        guard let number = cursor.number(most: 2) else { return nil }
        day = number
      case .hour, .minute, .second:
        guard cursor.number(most: 2) != nil else { return nil }
      case .literal(let byte):
        guard cursor.take(byte) else { return nil }
      }
    }
    guard let year, let month, let day else { return nil }
    return CivilDate(year: year, month: month, day: day)
  }

  /// A place in the bytes of one text.
  private struct Cursor {
    let bytes: UnsafeBufferPointer<UInt8>
    var place = 0

    init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    var isAtEnd: Bool { place == bytes.count }

    mutating func skipSpaces() { while place < bytes.count, bytes[place] == 0x20 { place += 1 } }

    mutating func take(_ byte: UInt8) -> Bool {
      guard place < bytes.count, bytes[place] == byte else { return false }
      place += 1
      return true
    }

    mutating func number(most digits: Int) -> Int? {
      var value = 0
      let start = place
      while place < bytes.count, place - start < digits, bytes[place] &- 0x30 < 10 {
        value = value * 10 + Int(bytes[place] &- 0x30)
        place += 1
      }
      return place > start ? value : nil
    }

    /// An English month of three or more letters, in any case.
    mutating func monthName() -> Int? {
      let start = place
      while place < bytes.count, (bytes[place] | 0x20) &- 0x61 < 26 { place += 1 }
      let word = String(decoding: bytes[start..<place], as: UTF8.self).lowercased()
      guard word.utf8.count >= 3, let index = MonthNames.all.firstIndex(where: { $0.lowercased().hasPrefix(word) })
      else { return nil }
      return index + 1
    }
  }
}

/// The English names of the months.
public enum MonthNames {
  /// January … December.
  public static let all = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]
}
