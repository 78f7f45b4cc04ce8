/// Days and times as the numbers that spreadsheets keep.
struct SerialDate: Sendable {
  /// Whether days count from 1904-01-01, as they once did on the Macintosh.
  let countsFrom1904: Bool

  private static let first1904 = -24_107.0
  private static let largest = 2_958_466.0

  /// Microseconds since 1970, to the millisecond, beyond which a double of this size is noise; nil for numbers that are no day
  /// until the year 9999.
  func moment(_ serial: Double) -> Int64? {
    guard serial >= 0, serial < SerialDate.largest else { return nil }
    let day = serial.rounded(.down)
    // In the other calendar 1900 has a 29 February, day 60, as it had in Lotus 1-2-3.
    let shift = countsFrom1904 ? SerialDate.first1904 : day < 60 ? -25_568.0 : -25_569.0
    let milliseconds = ((serial - day) * 86_400_000).rounded()
    return Int64((day + shift) * 86_400_000 + milliseconds) * 1000
  }

  /// `08:26:00`, or `36:00:00` for more than a day.
  static func clock(_ serial: Double) -> String? {
    guard serial >= 0, serial < largest else { return nil }
    let seconds = Int((serial * 86_400).rounded())
    return "\(twoDigits(seconds / 3600)):\(twoDigits(seconds / 60 % 60)):\(twoDigits(seconds % 60))"
  }

  /// The number of a moment. The inverse of `moment` from March 1900 on.
  static func serial(microseconds: Int64) -> Double {
    let days = Timestamp(microseconds: microseconds).date.days
    let inDay = Timestamp(microseconds: microseconds).timeOfDay
    return Double(days) + 25_569 - (days < -25_508 ? 1 : 0) + Double(inDay) / Double(Timestamp.perDay)
  }
}
