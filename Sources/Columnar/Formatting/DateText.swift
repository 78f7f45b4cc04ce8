/// Dates and periods in words that a reader of a report expects.
public enum DateText {
  /// `Jan` … `Dec`.
  public static let monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  /// `Dec` for 12; an empty text outside 1…12.
  public static func monthName(_ month: Int) -> String {
    monthNames.indices.contains(month - 1) ? monthNames[month - 1] : ""
  }

  /// A period as a table shows it: `2011-12-09`, `2011-W49`, `Dec 2011`, `2011 Q4`, `2011`.
  public static func period(_ period: Period) -> String {
    let (year, month, _) = period.start.components
    switch period.grain {
    case .hour, .day, .week, .year: return period.description
    case .month: return "\(monthName(month)) \(year)"
    case .quarter: return "\(year) Q\((month - 1) / 3 + 1)"
    }
  }

  /// An instant in the letters of Unicode TR 35 that Martlet knows: `yyyy yy MMM MM M dd d HH mm ss`; other letters stay.
  public static func formatted(_ instant: Timestamp, pattern: String) -> String {
    let (year, month, day) = instant.date.components
    let seconds = instant.timeOfDay / 1_000_000
    let values: [(String, String)] = [
      ("yyyy", "\(year)"), ("MMM", monthName(month)), ("MM", twoDigits(month)), ("dd", twoDigits(day)),
      ("HH", twoDigits(Int(seconds / 3600))), ("mm", twoDigits(Int(seconds / 60 % 60))),
      ("ss", twoDigits(Int(seconds % 60))), ("yy", twoDigits(((year % 100) + 100) % 100)), ("M", "\(month)"),
      ("d", "\(day)"),
    ]
    var text = ""
    var rest = pattern[...]
    while let first = rest.first {
      if let (letters, value) = values.first(where: { rest.hasPrefix($0.0) }) {
        text += value
        rest = rest.dropFirst(letters.count)
      } else {
        text.append(first)
        rest = rest.dropFirst()
      }
    }
    return text
  }
}
