import Columnar
import Synchronization

/// The unusual values of one column, held against the limits of all its values or of those of the row's group.
package struct ColumnOutliers: Sendable {
  /// The rule that was used; the one that fits the shape of the values when none was asked for.
  package var rule: OutlierRule
  /// The limits of each group; nil for a group of fewer than three values. One entry without groups.
  package var limits: [OutlierRule.Limits?]
  /// The rows with unusual values, rising.
  package var rows: [Int]
  /// The rows that have a value.
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
      rows = only.scale > 0 ? scaled.rows(below: only.low, above: only.high) : []
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
      rows = only.map { Self.rows(outside: $0, numbers, validity) } ?? []
      return
    }
    var members = [[Double]](repeating: [], count: groupCount)
    for row in numbers.indices where validity?[row] ?? true { members[groups[row]].append(numbers[row]) }
    let limits = members.map { rule.limits($0) }
    self.limits = limits
    rows = numbers.indices.filter { row in
      (validity?[row] ?? true) && (limits[groups[row]]?.isUnusual(numbers[row]) ?? false)
    }
  }

  /// The value of each of the rows, and the limits that it was held against.
  package func found() -> [(value: Double, limits: OutlierRule.Limits)] {
    let values = column.taking(rows).doubles()
    return zip(rows, values).compactMap { row, value in
      limits[groups?[row] ?? 0].map { (value, $0) }
    }
  }

  /// The values that are farthest out, the farthest first.
  private func strongest(_ count: Int) -> [Double] {
    let values = column.taking(rows).doubles()
    var best: [(score: Double, value: Double)] = []
    for (row, value) in zip(rows, values) {
      guard let limits = limits[groups?[row] ?? 0] else { continue }
      let score = abs(limits.score(value))
      guard best.count < count || score > (best.last?.score ?? 0) else { continue }
      let position = best.firstIndex { $0.score < score } ?? best.count
      best.insert((score, value), at: position)
      if best.count > count { best.removeLast() }
    }
    return best.map(\.value)
  }

  private static func rows(outside limits: OutlierRule.Limits, _ numbers: [Double], _ validity: Bitmap?) -> [Int] {
    guard limits.scale > 0 else { return [] }
    let (low, high) = (limits.low, limits.high)
    var rows: [Int] = []
    numbers.withUnsafeBufferPointer { numbers in
      for row in numbers.indices where numbers[row] < low || numbers[row] > high {
        if validity?[row] ?? true { rows.append(row) }
      }
    }
    return rows
  }
}
