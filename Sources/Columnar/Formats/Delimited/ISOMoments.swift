/// The quick way for the commonest layout: `2011-12-09`, `2011-12-09 12:50` and `2011-12-09 12:50:00`. Everything else, and what
/// is wrong, is left to `DateParser`.
///
/// The day is computed only when it differs from the one before, as sales of one day mostly stand together.
struct ISOMoments {
  private var yearAndMonth: UInt64 = 0
  private var dayOfMonth: UInt16 = 0
  /// When the day begins; nil before the first one was read, as its bytes above could be those of a field.
  private var startOfDay: Int64?

  /// Seconds since 1970-01-01T00:00; nil when the text is of another layout. Sixteen bytes must be readable.
  @inline(__always)
  mutating func seconds(_ text: UnsafePointer<UInt8>, _ count: Int) -> Int32? {
    guard count == 10 || count == 16 || count == 19 else { return nil }
    let raw = UnsafeRawPointer(text)
    let head = raw.loadUnaligned(as: UInt64.self)
    let day = raw.loadUnaligned(fromByteOffset: 8, as: UInt16.self)
    let secondsOfDay: Int64
    if head == yearAndMonth, day == dayOfMonth, let startOfDay {
      secondsOfDay = startOfDay
    } else {
      guard let start = ISOMoments.startOfDay(text) else { return nil }
      (yearAndMonth, dayOfMonth, startOfDay, secondsOfDay) = (head, day, start, start)
    }
    if count == 10 { return Int32(exactly: secondsOfDay) }
    guard text[10] == UInt8(ascii: " ") || text[10] == UInt8(ascii: "T"), text[13] == UInt8(ascii: ":") else {
      return nil
    }
    let (hour, minute) = (ISOMoments.pair(text + 11), ISOMoments.pair(text + 14))
    guard hour < 24, minute < 60 else { return nil }
    var second = 0
    if count == 19 {
      second = ISOMoments.pair(text + 17)
      guard text[16] == UInt8(ascii: ":"), second < 60 else { return nil }
    }
    return Int32(exactly: secondsOfDay &+ Int64((hour &* 60 &+ minute) &* 60 &+ second))
  }

  /// Two digits as a number; 100 or more when they are none.
  @inline(__always)
  private static func pair(_ text: UnsafePointer<UInt8>) -> Int {
    let (tens, ones) = (text[0] &- UInt8(ascii: "0"), text[1] &- UInt8(ascii: "0"))
    return tens < 10 && ones < 10 ? Int(tens) &* 10 &+ Int(ones) : 100
  }

  private static func startOfDay(_ text: UnsafePointer<UInt8>) -> Int64? {
    guard text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-") else { return nil }
    let (century, years, month, day) = (pair(text), pair(text + 2), pair(text + 5), pair(text + 8))
    guard century < 100, years < 100, month < 100, day < 100,
      let date = CivilDate(year: century * 100 + years, month: month, day: day), century > 0
    else { return nil }
    return Int64(date.days) &* 86_400
  }
}
