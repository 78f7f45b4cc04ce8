/// One typed value, for the places where values are few: literals, parameters, keys of small results.
///
/// Columns never hold these; see `Column.Storage`.
public enum Value: Hashable, Sendable {
  case missing
  case integer(Int64)
  case real(Double)
  case text(String)
  case boolean(Bool)
  case date(CivilDate)
  case datetime(Timestamp)
  case period(Period)
  case duration(CalendarDuration)
  case list([Value])

  /// The number as a double, when the value is a number.
  public var number: Double? {
    switch self {
    case .integer(let i): Double(i)
    case .real(let d): d
    default: nil
    }
  }

  /// The type of the column that could hold the value; nil for missing, durations and lists.
  public var dataType: DataType? {
    switch self {
    case .missing, .duration, .list: nil
    case .integer: .integer
    case .real: .real
    case .text: .text
    case .boolean: .boolean
    case .date: .date
    case .datetime: .datetime
    case .period(let p): .period(p.grain)
    }
  }
}
