import Columnar

/// Numbers the periods between the first and the last day.
struct PeriodIndex {
  let grain: Grain
  private let origin: Period
  private let firstDay: Int32
  private var ofDay: [Int32] = []

  /// Covers the given days; days may come in any order.
  init(_ grain: Grain, days: [Int32]) {
    let first = days.min() ?? 0
    self.grain = grain
    origin = Period(grain, containing: CivilDate(days: first))
    firstDay = origin.start.days
    let end = days.max() ?? 0
    // A calendar of a few thousand days is a table; one that spans ages because of a wrong date would not fit.
    guard Int(end) - Int(firstDay) < 4_000_000 else { return }
    extend(to: end)
  }

  private mutating func extend(to day: Int32) {
    var period = origin
    var number: Int32 = 0
    while period.start.days <= day {
      let next = period.advanced(by: 1)
      for _ in period.start.days..<max(next.start.days, period.start.days &+ 1) { ofDay.append(number) }
      period = next
      number &+= 1
    }
  }

  /// The number of the period that holds the day; days beyond the table are counted up to.
  func index(of day: Int32) -> Int {
    let place = Int(day) - Int(firstDay)
    if ofDay.indices.contains(place) { return Int(ofDay[place]) }
    return PeriodIndex.distance(origin, Period(origin.grain, containing: CivilDate(days: day)))
  }

  /// The period with this number.
  func period(_ index: Int) -> Period { origin.advanced(by: index) }

  private static func distance(_ from: Period, _ to: Period) -> Int {
    let days = Int(to.start.days) - Int(from.start.days)
    let (a, b) = (from.start.components, to.start.components)
    return switch from.grain {
    case .hour, .day: days
    case .week: days / 7
    case .month: (b.year - a.year) * 12 + b.month - a.month
    case .quarter: (b.year - a.year) * 4 + (b.month - a.month) / 3
    case .year: b.year - a.year
    }
  }
}
