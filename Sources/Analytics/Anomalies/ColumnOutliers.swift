import Columnar
import Synchronization

/// The unusual values of one column, held against the limits of all its values or of those of the row's group.
package struct ColumnOutliers: Sendable {
  /// The rule that was used; the one that fits the shape of the values when none was asked for.
  package var rule: OutlierRule
  /// The limits of each group; nil for a group of fewer than three values. One entry without groups.
  package var limits: [OutlierRule.Limits?]
  /// A bit for each row, set where the value is unusual: a list of rows would be many times as large.
  private let unusual: Bitmap
  /// How many rows have a value.
  package var presentCount: Int
  /// The values that are farthest out, the farthest first; three at most.
  package private(set) var samples: [Double] = []
  private let column: Column
  private let groups: [Int]?

  /// Looks at all columns, on all cores.
  ///
  /// - Parameters:
  ///   - columns: number columns of one table
  ///   - groups: the number of each row's group, below `groupCount`; nil for one group of all
  ///   - rule: nil chooses by the shape of the values, with `threshold` unless that is nil too
  /// - Returns: one answer a column, in their order; empty ones after a cancellation
  package static func scan(
    _ columns: [Column], groups: [Int]?, groupCount: Int, rule: OutlierRule?, threshold: Double?,
    _ cancellation: Cancellation
  ) -> [ColumnOutliers] {
    let answers = Mutex([ColumnOutliers?](repeating: nil, count: columns.count))
    ParallelTasks.run(tasks: columns.count) { _, queue in
      while let task = queue.next() {
        if cancellation.isCancelled { continue }
        var answer = ColumnOutliers(
          columns[task], groups: groups, groupCount: groupCount, rule: rule, threshold: threshold)
        answer.samples = answer.strongest(3)
        let found = answer
        answers.withLock { $0[task] = found }
      }
    }
    return answers.withLock { $0.compactMap { $0 } }
  }

  init(_ column: Column, groups: [Int]?, groupCount: Int, rule: OutlierRule?, threshold: Double?) {
    self.column = column
    self.groups = groups
    presentCount = column.count - column.missingCount
    if groups == nil, presentCount >= 3, rule?.method != .mad, rule?.method != .stl,
      let scaled = ScaledNumbers(column)
    {
      let moments = rule?.method == .iqr ? nil : scaled.moments()
      let rule =
        rule ?? OutlierRule(OutlierRule.automatic(skewness: moments?.skewness ?? 0).method, threshold: threshold)
      self.rule = rule
      let only: OutlierRule.Limits
      if rule.method == .zscore, let moments {
        only = rule.limits(center: moments.mean, scale: moments.deviation)
      } else {
        only = rule.limits(quartiles: scaled.quantiles([0.25, 0.5, 0.75]))
      }
      limits = [only]
      unusual =
        only.scale > 0
        ? scaled.rows(below: only.low, above: only.high) : Bitmap(repeating: false, count: column.count)
      return
    }
    let (numbers, validity) = (column.doubles(), column.validity)
    let present = validity.map { bits in numbers.indices.filter { bits[$0] } }
    let all = present.map { rows in rows.map { numbers[$0] } } ?? numbers
    let rule = rule ?? OutlierRule(OutlierRule.automatic(all).method, threshold: threshold)
    self.rule = rule
    guard let groups else {
      let only = rule.limits(all)
      limits = [only]
      unusual = Bitmap(numbers.indices.map { (validity?[$0] ?? true) && (only?.isUnusual(numbers[$0]) ?? false) })
      return
    }
    var members = [[Double]](repeating: [], count: groupCount)
    for row in numbers.indices where validity?[row] ?? true { members[groups[row]].append(numbers[row]) }
    let limits = members.map { rule.limits($0) }
    self.limits = limits
    unusual = Bitmap(
      numbers.indices.map { row in
        (validity?[row] ?? true) && (limits[groups[row]]?.isUnusual(numbers[row]) ?? false)
      })
  }

  /// How many rows have an unusual value.
  package var unusualCount: Int { unusual.population }

  /// The rows with unusual values, rising.
  package var rows: [Int] { unusual.places }

  /// The value of each of the rows, and the limits that it was held against.
  package func found() -> [(value: Double, limits: OutlierRule.Limits)] {
    let rows = rows
    let values = column.taking(rows).doubles()
    return zip(rows, values).compactMap { row, value in
      limits[groups?[row] ?? 0].map { (value, $0) }
    }
  }

  /// The values that are farthest out, the farthest first.
  private func strongest(_ count: Int) -> [Double] {
    var best: [(score: Double, value: Double)] = []
    func take(_ value: Double, _ limits: OutlierRule.Limits?) {
      guard let limits else { return }
      let score = abs(limits.score(value))
      guard best.count < count || score > (best.last?.score ?? 0) else { return }
      let position = best.firstIndex { $0.score < score } ?? best.count
      best.insert((score, value), at: position)
      if best.count > count { best.removeLast() }
    }
    if groups == nil, let scaled = ScaledNumbers(column) {
      let only = limits[0]
      scaled.eachValue(unusual) { take($0, only) }
    } else {
      let rows = rows
      for (row, value) in zip(rows, column.taking(rows).doubles()) { take(value, limits[groups?[row] ?? 0]) }
    }
    return best.map(\.value)
  }
}
