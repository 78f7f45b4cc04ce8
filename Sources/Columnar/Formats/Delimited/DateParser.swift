/// Reads dates written in digits or with English month names, with and without a time of day.
enum DateParser {
  /// A date as it is written.
  struct Parts {
    var a = 0
    var b = 0
    var c = 0
    /// Digits of the first number: four mean that it is the year.
    var firstDigits = 0
    /// Which of the parts was the name of a month: 0 or 1.
    var namedMonth: Int?
    var separator: UInt8 = 0
    /// Microseconds since midnight.
    var time: Int64 = 0
    var hasTime = false
  }

  /// Microseconds since 1970-01-01T00:00 of a field in the given order; nil when it is no such date.
  @inline(__always)
  static func instant(_ field: UnsafeBufferPointer<UInt8>, _ order: DateLayout.Order, _ facts: inout DateFacts)
    -> Int64?
  {
    switch order {
    case .compact: return compact(field).map { Int64($0.days) &* Timestamp.perDay }
    case .yearMonth: return yearMonth(field).map { Int64($0.days) &* Timestamp.perDay }
    case .yearMonthDay, .monthDayYear, .dayMonthYear: break
    }
    guard let parts = parts(field), let date = date(parts, order) else { return nil }
    if parts.namedMonth == nil, order != .yearMonthDay {
      facts.largestFirst = max(facts.largestFirst, parts.a)
      facts.largestSecond = max(facts.largestSecond, parts.b)
    }
    facts.hasTime = facts.hasTime || parts.hasTime
    return Int64(date.days) &* Timestamp.perDay &+ parts.time
  }

  /// Whether two texts of the same length are equal. Eight bytes behind each must be readable.
  @inline(__always)
  static func isSame(_ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    var place = 0
    while place < count {
      let difference =
        UnsafeRawPointer(a).loadUnaligned(fromByteOffset: place, as: UInt64.self)
        ^ UnsafeRawPointer(b).loadUnaligned(fromByteOffset: place, as: UInt64.self)
      let left = count &- place
      let relevant = left >= 8 ? difference : difference.littleEndian &<< UInt64(truncatingIfNeeded: 64 &- left &* 8)
      if relevant != 0 { return false }
      place &+= 8
    }
    return true
  }

  /// Reads a field into parts; nil when it has not the shape of a date.
  static func parts(_ bytes: UnsafeBufferPointer<UInt8>) -> Parts? {
    guard bytes.count >= 6, bytes.count <= 40 else { return nil }
    var reader = FieldReader(bytes)
    var parts = Parts()
    guard let first = part(&reader, &parts, 0), let separator = reader.peek, isSeparator(separator) else { return nil }
    parts.a = first.value
    parts.firstDigits = first.digits
    parts.separator = separator
    reader.place += 1
    guard let second = part(&reader, &parts, 1), let next = reader.peek, isSeparator(next) else { return nil }
    parts.b = second.value
    // One kind of separator; names may stand between a blank and a comma: `Dec 9, 2011`.
    if next != separator, parts.namedMonth == nil { return nil }
    reader.place += 1
    if next == UInt8(ascii: ","), reader.peek == UInt8(ascii: " ") { reader.place += 1 }
    guard let third = reader.number(4) else { return nil }
    parts.c = third.value
    if reader.isAtEnd { return parts }
    guard let time = timeOfDay(&reader) else { return nil }
    parts.time = time
    parts.hasTime = true
    return parts
  }

  private static func part(_ reader: inout FieldReader, _ parts: inout Parts, _ slot: Int) -> (value: Int, digits: Int)?
  {
    if let number = reader.number(4) { return number }
    guard parts.namedMonth == nil, let month = monthName(&reader) else { return nil }
    parts.namedMonth = slot
    return (month, 2)
  }

  private static func isSeparator(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "/") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: " ")
      || byte == UInt8(ascii: ",")
  }

  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
  ].map { Array($0.utf8) }

  /// A month's English name, whole or its first three letters (four for September), with a point or without.
  private static func monthName(_ reader: inout FieldReader) -> Int? {
    var letters: [UInt8] = []
    var end = reader.place
    while end < reader.bytes.count, letters.count < 10 {
      let lower = reader.bytes[end] | 0x20
      guard lower >= UInt8(ascii: "a"), lower <= UInt8(ascii: "z") else { break }
      letters.append(lower)
      end += 1
    }
    guard letters.count >= 3 else { return nil }
    for (index, name) in months.enumerated() where name.starts(with: letters) {
      guard letters.count == 3 || letters.count == name.count || (index == 8 && letters.count == 4) else { return nil }
      if letters.count < name.count, end + 1 < reader.bytes.count, reader.bytes[end] == UInt8(ascii: "."),
        reader.bytes[end + 1] == UInt8(ascii: " ")
      {
        end += 1
      }
      reader.place = end
      return index + 1
    }
    return nil
  }

  /// ` 8:26`, `T08:26:05.5Z`, ` 08:26 PM`. A zone's offset is read and left: times are in the data's own clock.
  private static func timeOfDay(_ reader: inout FieldReader) -> Int64? {
    let gap = reader.peek
    guard gap == UInt8(ascii: " ") || gap == UInt8(ascii: "T") || gap == UInt8(ascii: "t") else { return nil }
    reader.place += 1
    guard var hour = reader.number(2)?.value, hour < 24, reader.take(UInt8(ascii: ":")) else { return nil }
    guard let minute = reader.number(2), minute.digits == 2, minute.value < 60 else { return nil }
    var second = 0
    var fraction: Int64 = 0
    if reader.take(UInt8(ascii: ":")) {
      guard let s = reader.number(2), s.value < 61 else { return nil }
      second = s.value
      if reader.take(UInt8(ascii: ".")) || reader.take(UInt8(ascii: ",")) {
        var unit: Int64 = 100_000
        while let digit = reader.digit() {
          fraction += unit * digit
          unit /= 10
        }
      }
    }
    if !reader.isAtEnd {
      _ = reader.take(UInt8(ascii: " "))
      switch reader.peek {
      case UInt8(ascii: "Z"), UInt8(ascii: "z"): reader.place += 1
      case UInt8(ascii: "+"), UInt8(ascii: "-"):
        reader.place += 1
        guard let zone = reader.number(2), zone.digits == 2 else { return nil }
        _ = reader.take(UInt8(ascii: ":"))
        if !reader.isAtEnd, reader.number(2)?.digits != 2 { return nil }
      case UInt8(ascii: "a"), UInt8(ascii: "A"), UInt8(ascii: "p"), UInt8(ascii: "P"):
        guard (1...12).contains(hour), let half = reader.peek else { return nil }
        hour = hour % 12 + (half | 0x20 == UInt8(ascii: "p") ? 12 : 0)
        reader.place += 1
        guard reader.take(UInt8(ascii: "M")) || reader.take(UInt8(ascii: "m")) else { return nil }
      case UInt8(ascii: "U"):
        guard reader.bytes[reader.place...].elementsEqual("UTC".utf8) else { return nil }
        reader.place += 3
      default: return nil
      }
    }
    guard reader.isAtEnd else { return nil }
    return Int64((hour * 60 + minute.value) * 60 + second) * 1_000_000 + fraction
  }

  /// `20111209`, of the years 1900…2099.
  static func compact(_ bytes: UnsafeBufferPointer<UInt8>) -> CivilDate? {
    var reader = FieldReader(bytes)
    guard bytes.count == 8, let number = reader.number(8), number.digits == 8 else { return nil }
    let year = number.value / 10_000
    guard (1900..<2100).contains(year) else { return nil }
    return CivilDate(year: year, month: number.value / 100 % 100, day: number.value % 100)
  }

  /// `2011-12`, of the years 1900…2099.
  static func yearMonth(_ bytes: UnsafeBufferPointer<UInt8>) -> CivilDate? {
    var reader = FieldReader(bytes)
    guard bytes.count == 7, let year = reader.number(4), year.digits == 4, (1900..<2100).contains(year.value),
      reader.take(UInt8(ascii: "-")) || reader.take(UInt8(ascii: "/")), let month = reader.number(2), month.digits == 2
    else { return nil }
    return CivilDate(year: year.value, month: month.value, day: 1)
  }

  /// The day that the parts name in the given order; two-digit years are 1970…2069.
  static func date(_ parts: Parts, _ order: DateLayout.Order) -> CivilDate? {
    let (year, month, day): (Int, Int, Int)
    if parts.namedMonth == 0 {
      (year, month, day) = (parts.c, parts.a, parts.b)
    } else if parts.firstDigits > 2 {
      // The year stands first, whatever the order of the others.
      if order != .yearMonthDay, parts.namedMonth == nil { return nil }
      (year, month, day) = (parts.a, parts.b, parts.c)
    } else if parts.namedMonth == 1 {
      (year, month, day) = (parts.c, parts.b, parts.a)
    } else {
      switch order {
      case .yearMonthDay: (year, month, day) = (parts.a, parts.b, parts.c)
      case .monthDayYear: (year, month, day) = (parts.c, parts.a, parts.b)
      case .dayMonthYear: (year, month, day) = (parts.c, parts.b, parts.a)
      case .compact, .yearMonth: return nil
      }
    }
    let full = year >= 100 ? year : year < 70 ? 2000 + year : 1900 + year
    return CivilDate(year: full, month: month, day: day)
  }

  // MARK: Layouts

  /// The layout that all fields of a sample have; nil when they have none in common.
  static func layout(_ sample: [[UInt8]], options: CSVOptions) -> DateLayout? {
    if sample.allSatisfy({ $0.withUnsafeBufferPointer { yearMonth($0) != nil } }) { return DateLayout(.yearMonth) }
    var all: [Parts] = []
    for field in sample {
      guard let parts = field.withUnsafeBufferPointer(parts) else { return nil }
      all.append(parts)
    }
    guard let first = all.first else { return nil }
    let orders: [DateLayout.Order]
    if first.firstDigits > 2 {
      orders = [.yearMonthDay]
    } else if let given = options.dates {
      orders = [given == .dayFirst ? .dayMonthYear : given == .monthFirst ? .monthDayYear : .yearMonthDay]
    } else {
      // The usual order for the separator is tried first: with a point, and where commas are decimal, the day comes first.
      let dayFirst = first.separator == UInt8(ascii: ".") || options.decimal == UInt8(ascii: ",")
      orders = dayFirst ? [.dayMonthYear, .monthDayYear] : [.monthDayYear, .dayMonthYear]
    }
    for (place, order) in orders.enumerated() where all.allSatisfy({ date($0, order) != nil }) {
      var layout = DateLayout(order, hasTime: all.contains { $0.hasTime })
      layout.isTurned = place > 0
      return layout
    }
    return nil
  }
}

/// A place in a field that moves on as parts of it are read.
struct FieldReader {
  let bytes: UnsafeBufferPointer<UInt8>
  var place = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  var isAtEnd: Bool { place >= bytes.count }

  /// The byte at the place; nil at the end.
  @inline(__always) var peek: UInt8? { place < bytes.count ? bytes[place] : nil }

  /// Moves on when the byte at the place is this one.
  @inline(__always)
  mutating func take(_ byte: UInt8) -> Bool {
    guard place < bytes.count, bytes[place] == byte else { return false }
    place += 1
    return true
  }

  /// One digit.
  @inline(__always)
  mutating func digit() -> Int64? {
    guard place < bytes.count else { return nil }
    let digit = bytes[place] &- UInt8(ascii: "0")
    if digit > 9 { return nil }
    place += 1
    return Int64(digit)
  }

  /// A number of up to so many digits; nil when there is no digit.
  @inline(__always)
  mutating func number(_ limit: Int) -> (value: Int, digits: Int)? {
    var value = 0
    var digits = 0
    while digits < limit, place < bytes.count {
      let digit = bytes[place] &- UInt8(ascii: "0")
      if digit > 9 { break }
      value = value &* 10 &+ Int(digit)
      digits &+= 1
      place &+= 1
    }
    return digits > 0 ? (value, digits) : nil
  }
}
