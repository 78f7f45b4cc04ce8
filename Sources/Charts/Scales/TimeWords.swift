import Columnar

/// Dates on axes and in tooltips.
enum TimeWords {
  /// The day of a place on a time axis.
  static func date(_ days: Double) -> CivilDate {
    CivilDate(days: Int32(exactly: days.rounded(.down)) ?? 0)
  }

  /// A place on a time axis in words: a period by its grain, an instant with its clock.
  static func text(_ days: Double, grain: Grain?) -> String {
    if let grain { return DateText.period(Period(grain, containing: date(days))) }
    let whole = days.rounded(.down)
    guard days > whole else { return date(days).description }
    let instant = Timestamp(date(days)).microseconds &+ Int64(((days - whole) * 86_400).rounded()) &* 1_000_000
    return Timestamp(microseconds: instant).description
  }

  /// Short labels of neighbouring periods: months say their year at the first label and in January only.
  static func short(_ periods: [Period]) -> [String] {
    var year: Int?
    return periods.map { period in
      let parts = period.start.components
      defer { year = parts.year }
      let isNewYear = parts.year != year
      switch period.grain {
      case .month: return DateText.monthName(parts.month) + (isNewYear ? " \(parts.year)" : "")
      case .quarter: return "Q\((parts.month - 1) / 3 + 1)" + (isNewYear ? " \(parts.year)" : "")
      case .year: return "\(parts.year)"
      case .hour, .day, .week:
        return "\(parts.day) \(DateText.monthName(parts.month))" + (isNewYear ? " \(parts.year)" : "")
      }
    }
  }

  /// The label of a period without the year at its end: `Jan` for `Jan 2011`.
  static func withoutYear(_ label: String) -> String {
    let parts = label.split(separator: " ")
    guard parts.count > 1, let last = parts.last, last.count == 4, last.allSatisfy(\.isNumber) else { return label }
    return parts.dropLast().joined(separator: " ")
  }
}

/// Where the ticks of a time axis stand.
enum TimeTicks {
  /// The calendar steps that ticks may have, from short to long, with their usual length in days.
  private static let steps: [(grain: Grain, count: Int, days: Double)] = [
    (.day, 1, 1), (.day, 2, 2), (.week, 1, 7), (.week, 2, 14), (.month, 1, 30.4), (.month, 2, 60.9), (.month, 3, 91.3),
    (.month, 6, 182.6), (.year, 1, 365.25), (.year, 2, 730.5), (.year, 5, 1826), (.year, 10, 3652), (.year, 25, 9131),
    (.year, 100, 36_525), (.year, 500, 182_625), (.year, 2000, 730_500),
  ]

  /// At most `limit` labelled starts of days, weeks, months or years within the range.
  static func between(_ lower: Double, _ upper: Double, limit: Int, grain: Grain?) -> [Tick] {
    let span = upper - lower
    guard span >= 0, abs(lower) < 4e6, abs(upper) < 4e6 else { return [] }
    if span < 2, grain == nil { return clock(lower, upper, limit: limit) }
    let shortest = grain.map(days(of:)) ?? 1
    let step =
      steps.first { $0.days >= shortest * 0.9 && span / $0.days <= Double(max(1, limit)) } ?? steps[steps.count - 1]
    var day = start(of: step, at: TimeWords.date(lower.rounded(.up)))
    var periods: [Period] = []
    while Double(day.days) <= upper, periods.count < 200 {
      if Double(day.days) >= lower { periods.append(Period(labelGrain(step.grain), containing: day)) }
      day = day.advanced(by: step.count, step.grain)
    }
    return zip(periods, TimeWords.short(periods)).map { Tick(value: Double($0.start.days), label: $1) }
  }

  /// Ticks of an hour or some hours, for spans below two days.
  private static func clock(_ lower: Double, _ upper: Double, limit: Int) -> [Tick] {
    let hours = [1.0, 2, 3, 6, 12].first { (upper - lower) * 24 / $0 <= Double(max(1, limit)) } ?? 24
    return Ticks.multiples(of: hours / 24, from: lower, to: upper).map { days in
      let minutes = ((days - days.rounded(.down)) * 1440).rounded()
      let date = TimeWords.date(days)
      let (_, month, day) = date.components
      let clock = DateText.formatted(
        Timestamp(date, minute: Int(exactly: minutes) ?? 0), pattern: "HH:mm")
      return Tick(value: days, label: minutes == 0 ? "\(day) \(DateText.monthName(month))" : clock)
    }
  }

  /// A tick that stands for a week is labelled with its Monday.
  private static func labelGrain(_ grain: Grain) -> Grain { grain == .week ? .day : grain }

  private static func days(of grain: Grain) -> Double {
    switch grain {
    case .hour, .day: 1
    case .week: 7
    case .month: 30.4
    case .quarter: 91.3
    case .year: 365.25
    }
  }

  private static func start(of step: (grain: Grain, count: Int, days: Double), at date: CivilDate) -> CivilDate {
    let (year, month, _) = date.components
    switch step.grain {
    case .month:
      let first = (month - 1) / step.count * step.count + 1
      return CivilDate(days: CivilDate.days(year: year, month: first, day: 1))
    case .year:
      let first = year >= 0 ? year / step.count * step.count : (year - step.count + 1) / step.count * step.count
      return CivilDate(days: CivilDate.days(year: first, month: 1, day: 1))
    case .hour, .day, .week, .quarter: return date.start(of: step.grain)
    }
  }
}
