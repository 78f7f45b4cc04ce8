/// Addresses of databases, and how they are shown: nobody ever reads a password.
///
/// Every text that a reader may see, errors and kept cells included, goes through `redacted`.
public enum SourceAddress {
  /// What a database's address begins with.
  static let schemes = ["sqlite:", "postgres://", "postgresql://"]

  /// Whether a source is an address and not the path of a file or a pattern of such.
  public static func isAddress(_ source: String) -> Bool {
    let start = source.prefix(16).lowercased()
    return schemes.contains { start.hasPrefix($0) }
  }

  /// What stands for a password.
  public static let mask = "•••"

  /// A text in which the password of every address `scheme://user:password@…` is replaced, and those given as
  /// `password=…` in an address too.
  public static func redacted(_ text: String) -> String {
    redacted(text, moving: []).text
  }

  /// The same, and where places in the text, counted in Unicode scalars, are now; such within a password are before its mask.
  public static func redacted(_ text: String, moving places: [Int]) -> (text: String, places: [Int]) {
    guard text.utf8.contains(UInt8(ascii: "/")), text.contains("://") else { return (text, places) }
    let scalars = Array(text.unicodeScalars)
    var moved = places
    var out = String.UnicodeScalarView()
    var place = 0
    for range in secrets(in: scalars) {
      if range.lowerBound >= place {
        out.append(contentsOf: scalars[place..<range.lowerBound])
        for (position, old) in places.enumerated() where old > range.lowerBound {
          moved[position] += old < range.upperBound ? range.lowerBound - old : mask.unicodeScalars.count - range.count
        }
        out.append(contentsOf: mask.unicodeScalars)
      }
      place = max(place, range.upperBound)
    }
    out.append(contentsOf: scalars[place...])
    return (String(out), moved)
  }

  /// The passwords of an address, as they are written and as they are meant.
  static func secrets(of address: String) -> [String] {
    let scalars = Array(address.unicodeScalars)
    return secrets(in: scalars).flatMap { range -> [String] in
      var written = String.UnicodeScalarView()
      written.append(contentsOf: scalars[range])
      let text = String(written)
      return [text, decoded(text)].filter { !$0.isEmpty }
    }
  }

  /// A text without any of some passwords, nor those of addresses in it.
  static func redacted(_ text: String, without secrets: [String]) -> String {
    var text = text
    // Longer ones first: one may be a part of another.
    for secret in secrets.sorted(by: { $0.count > $1.count }) { text = text.replacing(secret, with: mask) }
    return redacted(text)
  }

  /// A text with `%2F` and the like as the bytes that are meant.
  static func decoded(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var out: [UInt8] = []
    var place = 0
    while place < bytes.count {
      if bytes[place] == UInt8(ascii: "%"), place + 2 < bytes.count, let high = digit(bytes[place + 1]),
        let low = digit(bytes[place + 2])
      {
        out.append(high << 4 | low)
        place += 3
      } else {
        out.append(bytes[place])
        place += 1
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  // MARK: Finding

  /// Where passwords stand in a text, in order.
  private static func secrets(in text: [Unicode.Scalar]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var place = 0
    while place + 2 < text.count {
      guard text[place] == ":", text[place + 1] == "/", text[place + 2] == "/", place > 0, isWord(text[place - 1])
      else {
        place += 1
        continue
      }
      let end = end(of: place + 3, in: text)
      found += secrets(in: text, (place + 3)..<end)
      place = max(place + 3, end)
    }
    return found
  }

  /// The end of the address whose scheme ends at a place: the quote that was opened before it, or the next blank.
  private static func end(of start: Int, in text: [Unicode.Scalar]) -> Int {
    var scheme = start - 3
    while scheme > 0, isWord(text[scheme - 1]) { scheme -= 1 }
    let opening = scheme > 0 ? text[scheme - 1] : " "
    let isQuoted = opening == "\"" || opening == "'" || opening == "`"
    var end = start
    while end < text.count, text[end] != "\n" {
      if isQuoted {
        if text[end] == opening { break }
        // An escaped quote does not end a text.
        if text[end] == "\\", end + 1 < text.count, text[end + 1] != "\n" { end += 1 }
      } else if text[end].properties.isWhitespace || text[end] == "\"" || text[end] == "`" {
        break
      }
      end += 1
    }
    return min(end, text.count)
  }

  /// The passwords of the address behind its scheme: what stands between the user's colon and the last `@` before the
  /// question mark, whatever signs it has; without an `@` what stands there is one, unless it is a port.
  private static func secrets(in text: [Unicode.Scalar], _ address: Range<Int>) -> [Range<Int>] {
    var found: [Range<Int>] = []
    if let at = text[address].lastIndex(of: "@") {
      if let colon = text[address.lowerBound..<at].firstIndex(of: ":"), colon + 1 < at {
        found.append((colon + 1)..<at)
      }
    } else {
      let end = text[address].firstIndex { $0 == "/" || $0 == "?" } ?? address.upperBound
      let isNumeric = text[address.lowerBound..<end].first == "["
      if !isNumeric, let colon = text[address.lowerBound..<end].firstIndex(of: ":"),
        !text[(colon + 1)..<end].allSatisfy({ ("0"..."9").contains($0) || $0 == "," || $0 == ":" })
      {
        found.append((colon + 1)..<end)
      }
    }
    // `?password=…&sslpassword=…`
    let key = Array("password=".unicodeScalars)
    var place = address.lowerBound
    while place + key.count <= address.upperBound {
      if text[place..<(place + key.count)].elementsEqual(key, by: { $0.properties.lowercaseMapping == String($1) }) {
        let start = place + key.count
        let end = text[start..<address.upperBound].firstIndex { $0 == "&" } ?? address.upperBound
        if end > start { found.append(start..<end) }
        place = max(end, place + 1)
      } else {
        place += 1
      }
    }
    return found.sorted { $0.lowerBound < $1.lowerBound }
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII
      && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "+-.".unicodeScalars.contains(scalar))
  }
}
