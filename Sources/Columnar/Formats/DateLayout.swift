/// How the dates of a column are written.
public struct DateLayout: Hashable, Sendable {
  /// The order of the parts of the date.
  public enum Order: String, Hashable, Sendable {
    case yearMonthDay = "year-month-day"
    case monthDayYear = "month/day/year"
    case dayMonthYear = "day/month/year"
    /// `20111209`
    case compact = "yyyymmdd"
  }

  /// The order of the parts.
  public var order: Order
  /// Whether a time of day follows.
  public var hasTime: Bool

  /// Describes a layout.
  public init(_ order: Order, hasTime: Bool) {
    self.order = order
    self.hasTime = hasTime
  }
}

/// Reads dates written in digits or with English month names.
enum DateParser {
  /// A date as it is written: the first three numbers, and the time of day in microseconds.
  struct Parts {
    var a: Int
    var b: Int
    var c: Int
    /// Digits of the first number: four mean that it is the year.
    var firstDigits: Int
    /// Digits of the third number.
    var lastDigits: Int
    /// Whether the month was a name; then it stands in `b`, or in `a` when the month comes first.
    var namedMonth: Int?
    var separator: UInt8
    var time: Int64
    var hasTime: Bool
  }

  /// Reads a field into parts; nil when it has not the shape of a date.
  @inline(__always)
  static func parts(_ bytes: UnsafeBufferPointer<UInt8>) -> Parts? {
    var place = 0
    let count = bytes.count
    guard count >= 6, count <= 40 else { return nil }

    func number(_ limit: Int) -> (value: Int, digits: Int)? {
      var value = 0
      var digits = 0
      while place < count, digits < limit {
        let digit = bytes[place] &- UInt8(ascii: "0")
        if digit > 9 { break }
        value = value * 10 + Int(digit)
        digits += 1
        place += 1
      }
      return digits > 0 ? (value, digits) : nil
    }

    var named: Int?
    func part(_ slot: Int) -> (value: Int, digits: Int)? {
      if let n = number(4) { return n }
      guard named == nil, let month = monthName(bytes, &place) else { return nil }
      named = slot
      return (month, 2)
    }

    guard let first = part(0), place < count else { return nil }
    let separator = bytes[place]
    guard isSeparator(separator) else { return nil }
    place += 1
    guard let second = part(1), place < count, isSeparator(bytes[place]) else { return nil }
    // One kind of separator; names may stand between a blank and a comma: `Dec 9, 2011`.
    if bytes[place] != separator, named == nil { return nil }
    if bytes[place] == UInt8(ascii: ",") { place += 1 }
    if place < count, isSeparator(bytes[place]) { place += 1 }
    guard let third = number(4) else { return nil }
    var parts = Parts(
      a: first.value, b: second.value, c: third.value, firstDigits: first.digits, lastDigits: third.digits,
      namedMonth: named, separator: separator, time: 0, hasTime: false)
    if place == count { return parts }
    guard let time = timeOfDay(bytes, place) else { return nil }
    parts.time = time
    parts.hasTime = true
    return parts
  }

  private static func isSeparator(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "/") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: " ")
      || byte == UInt8(ascii: ",")
  }

  private static let names = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"].map {
    Array($0.utf8)
  }
  private static let longNames = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
  ].map { Array($0.utf8) }

  private static func monthName(_ bytes: UnsafeBufferPointer<UInt8>, _ place: inout Int) -> Int? {
    var letters: [UInt8] = []
    var end = place
    while end < bytes.count, letters.count < 10 {
      let lower = bytes[end] | 0x20
      guard lower >= UInt8(ascii: "a"), lower <= UInt8(ascii: "z") else { break }
      letters.append(lower)
      end += 1
    }
    guard letters.count >= 3 else { return nil }
    for (index, name) in longNames.enumerated() where letters == name || letters == names[index] {
      place = end
      return index + 1
    }
    if letters == Array("sept".utf8) {
      place = end
      return 9
    }
    return nil
  }

  /// ` 8:26`, `T08:26:05.5Z`, ` 08:26 PM`, with a zone that is dropped when it is UTC.
  @inline(__always)
  private static func timeOfDay(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int64? {
    var place = start
    let count = bytes.count
    guard bytes[place] == UInt8(ascii: " ") || bytes[place] == UInt8(ascii: "T") else { return nil }
    place += 1

    func number() -> Int? {
      var value = 0
      var digits = 0
      while place < count, digits < 2 {
        let digit = bytes[place] &- UInt8(ascii: "0")
        if digit > 9 { break }
        value = value * 10 + Int(digit)
        digits += 1
        place += 1
      }
      return digits > 0 ? value : nil
    }

    guard var hour = number(), hour < 24, place < count, bytes[place] == UInt8(ascii: ":") else { return nil }
    place += 1
    guard let minute = number(), minute < 60 else { return nil }
    var second = 0
    var fraction: Int64 = 0
    if place < count, bytes[place] == UInt8(ascii: ":") {
      place += 1
      guard let s = number(), s < 61 else { return nil }
      second = s
      if place < count, bytes[place] == UInt8(ascii: ".") {
        place += 1
        var unit: Int64 = 100_000
        while place < count, bytes[place] &- UInt8(ascii: "0") <= 9 {
          fraction += unit * Int64(bytes[place] &- UInt8(ascii: "0"))
          unit /= 10
          place += 1
        }
      }
    }
    if place < count {
      let rest = String(decoding: bytes[place...], as: UTF8.self).uppercased()
      switch rest.filter({ $0 != " " }) {
      case "Z", "+00:00", "+0000", "UTC": break
      case "AM":
        if hour > 12 { return nil }
        hour %= 12
      case "PM":
        if hour > 12 { return nil }
        hour = hour % 12 + 12
      default: return nil
      }
    }
    return Int64((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction
  }

  /// `20111209`
  static func compact(_ bytes: UnsafeBufferPointer<UInt8>) -> CivilDate? {
    guard bytes.count == 8 else { return nil }
    var value = 0
    for byte in bytes {
      let digit = byte &- UInt8(ascii: "0")
      if digit > 9 { return nil }
      value = value * 10 + Int(digit)
    }
    return CivilDate(year: value / 10_000, month: value / 100 % 100, day: value % 100)
  }

  /// The day that the parts name in the given order; two-digit years are 1970…2069.
  @inline(__always)
  static func date(_ parts: Parts, _ order: DateLayout.Order) -> CivilDate? {
    let (year, month, day): (Int, Int, Int)
    switch (parts.namedMonth, order) {
    case (0?, _): (year, month, day) = (parts.c, parts.a, parts.b)
    case (1?, _):
      (year, month, day) = parts.firstDigits == 4 ? (parts.a, parts.b, parts.c) : (parts.c, parts.b, parts.a)
    case (_, .yearMonthDay): (year, month, day) = (parts.a, parts.b, parts.c)
    case (_, .monthDayYear): (year, month, day) = (parts.c, parts.a, parts.b)
    case (_, .dayMonthYear): (year, month, day) = (parts.c, parts.b, parts.a)
    case (_, .compact): return nil
    }
    let isShort = order == .yearMonthDay && parts.namedMonth == nil ? parts.firstDigits <= 2 : max(year, 0) < 100
    return CivilDate(year: isShort ? (year < 70 ? 2000 + year : 1900 + year) : year, month: month, day: day)
  }
}
