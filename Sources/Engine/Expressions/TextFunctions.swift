/// The scalar functions of one text.
enum TextFunctions {
  /// Each word's first letter a capital, the others small; a word begins after anything but a letter, digit or apostrophe.
  static func title(_ text: String) -> String {
    var result = ""
    var inWord = false
    for character in text {
      let isWordPart = character.isLetter || character.isNumber || character == "'" || character == "’"
      result += inWord ? character.lowercased() : character.uppercased()
      inWord = isWordPart
    }
    return result
  }

  /// Without white space at both ends.
  static func trim(_ text: String) -> String {
    var rest = Substring(text)
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
  }

  /// `count` characters from the 1-based place on.
  static func mid(_ text: String, _ start: Int, _ count: Int) -> String {
    String(text.dropFirst(max(0, start - 1)).prefix(max(0, count)))
  }

  /// Every occurrence of a text replaced, from left to right; an empty text occurs nowhere.
  static func replace(_ text: String, _ old: String, _ new: String) -> String {
    guard !old.isEmpty else { return text }
    return split(text, old).joined(separator: new)
  }

  /// The n-th part between separators, counted from 1, from the end when negative; nil when there is none.
  static func part(_ text: String, _ separator: String, _ n: Int) -> String? {
    let parts = separator.isEmpty ? [text] : split(text, separator)
    let index = n > 0 ? n - 1 : parts.count + n
    return n != 0 && parts.indices.contains(index) ? parts[index] : nil
  }

  private static func split(_ text: String, _ separator: String) -> [String] {
    let bytes = Array(text.utf8)
    let wanted = Array(separator.utf8)
    var parts: [String] = []
    var start = 0
    var place = 0
    while place + wanted.count <= bytes.count {
      if bytes[place] == wanted[0], bytes[place..<place + wanted.count].elementsEqual(wanted) {
        parts.append(String(decoding: bytes[start..<place], as: UTF8.self))
        place += wanted.count
        start = place
      } else {
        place += 1
      }
    }
    parts.append(String(decoding: bytes[start...], as: UTF8.self))
    return parts
  }

  /// The number that a text spells: a sign, digits with commas between thousands, a decimal point, an exponent, and a
  /// currency sign before or a percent sign after it. Nil for anything else.
  static func number(_ text: String) -> Double? {
    var rest = Substring(trim(text))
    var isNegative = false
    if rest.first == "-" || rest.first == "+" { isNegative = rest.removeFirst() == "-" }
    if let sign = rest.first, "£$€¥".contains(sign) { rest.removeFirst() }
    var scale = 1.0
    if rest.last == "%" {
      rest.removeLast()
      while rest.last == " " { rest.removeLast() }
      scale = 100
    }
    guard let first = rest.utf8.first, (0x30...0x39).contains(first) || first == 0x2E else { return nil }
    guard let plain = withoutThousands(rest), let value = Double(plain), value.isFinite else { return nil }
    return (isNegative ? -value : value) / scale
  }

  /// The digits without commas that stand before groups of three; nil when a comma stands elsewhere or a letter but `e`.
  private static func withoutThousands(_ text: Substring) -> String? {
    let allowed = text.utf8.allSatisfy {
      (0x30...0x39).contains($0) || $0 == 0x2E || $0 == 0x2C || $0 == 0x65 || $0 == 0x45 || $0 == 0x2D || $0 == 0x2B
    }
    guard allowed else { return nil }
    guard text.utf8.contains(0x2C) else { return String(text) }
    let whole = text.prefix { $0 != "." && $0 != "e" && $0 != "E" }
    let groups = whole.split(separator: ",", omittingEmptySubsequences: false)
    guard !text.dropFirst(whole.count).utf8.contains(0x2C), groups[0].count <= 3, !groups[0].isEmpty,
      groups.dropFirst().allSatisfy({ $0.count == 3 })
    else { return nil }
    return groups.joined() + text.dropFirst(whole.count)
  }

  /// What the first group of a pattern matches, or all of the match when it has no group.
  static func extract(_ text: String, _ pattern: Regex<AnyRegexOutput>) throws -> String? {
    guard let match = try pattern.firstMatch(in: text) else { return nil }
    let place = match.output.count > 1 ? 1 : 0
    return match.output[place].substring.map(String.init)
  }

  /// Whether the text stands in the other one, byte by byte; an empty text stands everywhere.
  static func contains(_ text: UnsafeBufferPointer<UInt8>, _ part: [UInt8]) -> Bool {
    guard let first = part.first else { return true }
    guard text.count >= part.count else { return false }
    for place in 0...(text.count - part.count) where text[place] == first {
      if matches(text, part, at: place) { return true }
    }
    return false
  }

  /// Whether the part stands at this place, which leaves room for it.
  static func matches(_ text: UnsafeBufferPointer<UInt8>, _ part: [UInt8], at place: Int) -> Bool {
    guard place >= 0, place + part.count <= text.count else { return false }
    for i in 0..<part.count where text[place + i] != part[i] { return false }
    return true
  }
}
