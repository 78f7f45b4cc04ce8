import Columnar

/// One value a period without gaps, made of the aggregated rows of a table.
package struct RegularSeries: Sendable {
  /// What to write into a period without rows.
  package enum Fill: Hashable, Sendable {
    /// Nothing happened: sums and counts are 0.
    case zero
    /// The value went on: means and rates lie on the line between their neighbours.
    case interpolate
  }

  /// The values of the grouping columns; empty without groups.
  package var group: [Value]
  /// The first days of the periods, in order.
  package var periods: [CivilDate]
  package var values: [Double]
  /// Which periods had rows of their own.
  package var observed: [Bool]
  /// How many of the periods, from the first one, the data cover to their last day.
  package var completeCount: Int
  package let grain: Grain

  /// The periods that are covered to their last day: what a model may learn from.
  package var completeValues: [Double] { Array(values.prefix(completeCount)) }

  /// More periods than this are a wrong date, not a history.
  package static let mostPeriods = 200_000

  /// Series by group, in the order in which the groups appear in the table.
  ///
  /// - Parameters:
  ///   - table: one row for each group and period, with a period column
  ///   - period: the name of the period column; rows without a period are left out
  ///   - groups: the names of the grouping columns
  ///   - measure: the name of the number column
  ///   - fill: what a period without rows is given
  ///   - lastDay: the last day of the data; it decides which period is complete
  package static func make(
    _ table: Table, period: String, groups: [String], measure: String, fill: Fill, lastDay: CivilDate
  ) throws(AnalysisError) -> [RegularSeries] {
    let column = try table.require(period)
    guard case .period(let starts, let grain) = column.storage else {
      throw AnalysisError.engineLeftOut(column: period)
    }
    let numbers = try table.require(measure)
    let values = numbers.doubles()
    var keys: [Column] = []
    for group in groups { keys.append(try table.require(group)) }
    var order: [[Value]] = []
    var rows: [[Value]: [Int]] = [:]
    for row in 0..<table.rowCount where !column.isMissing(row) {
      let key = keys.map { $0[row] }
      if rows[key] == nil { order.append(key) }
      rows[key, default: []].append(row)
    }
    // All groups end together: one that has stopped buying has zeros, not an earlier end.
    guard let end = starts.indices.filter({ !column.isMissing($0) }).map({ starts[$0] }).max() else { return [] }
    var result: [RegularSeries] = []
    for key in order {
      let mine = rows[key] ?? []
      guard let first = mine.map({ starts[$0] }).min() else { continue }
      var periods: [CivilDate] = []
      var place: [Int32: Int] = [:]
      var day = CivilDate(days: first)
      while day.days <= end {
        if periods.count > mostPeriods { throw AnalysisError.tooManyPeriods(periods.count) }
        place[day.days] = periods.count
        periods.append(day)
        // An hour has no day of its own: hours are not periods of days.
        day = day.advanced(by: 1, grain == .hour ? .day : grain)
      }
      var filled = [Double](repeating: 0, count: periods.count)
      var observed = [Bool](repeating: false, count: periods.count)
      for row in mine {
        guard let index = place[starts[row]], !numbers.isMissing(row) else { continue }
        filled[index] = values[row]
        observed[index] = true
      }
      if fill == .interpolate { interpolate(&filled, observed) }
      let complete = periods.prefix { $0.advanced(by: 1, grain).days - 1 <= lastDay.days }.count
      result.append(
        RegularSeries(
          group: key, periods: periods, values: filled, observed: observed, completeCount: complete, grain: grain))
    }
    return result
  }

  private static func interpolate(_ values: inout [Double], _ observed: [Bool]) {
    var last: Int?
    for i in values.indices where observed[i] {
      if let from = last, i - from > 1 {
        for k in (from + 1)..<i {
          values[k] = values[from] + (values[i] - values[from]) * Double(k - from) / Double(i - from)
        }
      }
      last = i
    }
    if let last { for k in values.indices where k > last { values[k] = values[last] } }
  }

  /// The lengths of the seasons that a grain usually has.
  package static func seasons(_ grain: Grain) -> [Int] {
    switch grain {
    case .hour: [24, 168]
    case .day: [7, 365]
    case .week: [52]
    case .month: [12]
    case .quarter: [4]
    case .year: []
    }
  }

  /// The weekdays, Monday 1 … Sunday 7, on which nothing has ever happened, when there were at least eight of each.
  package var restDays: Set<Int> {
    guard grain == .day else { return [] }
    var seen = [Int](repeating: 0, count: 8)
    var active = [Bool](repeating: false, count: 8)
    for (day, value) in zip(periods, values) {
      seen[day.isoWeekday] += 1
      if value != 0 { active[day.isoWeekday] = true }
    }
    return Set((1...7).filter { seen[$0] >= 8 && !active[$0] })
  }
}
