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
  /// The value of each of these rows.
  package var values: [Double]
  /// The limits that each of these values was held against.
  package var rowLimits: [OutlierRule.Limits]
  /// The rows that have a value.
  package var presentCount: Int

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
        let column = columns[task]
        let answer = ColumnOutliers(
          column.doubles(), validity: column.validity, groups: groups, groupCount: groupCount, rule: rule,
          threshold: threshold)
        answers.withLock { $0[task] = answer }
      }
    }
    return answers.withLock { $0.compactMap { $0 } }
  }

  init(
    _ numbers: [Double], validity: Bitmap?, groups: [Int]?, groupCount: Int, rule: OutlierRule?, threshold: Double?
  ) {
    let present = validity.map { bits in numbers.indices.filter { bits[$0] } }
    let all = present.map { rows in rows.map { numbers[$0] } } ?? numbers
    let rule = rule ?? OutlierRule(OutlierRule.automatic(all).method, threshold: threshold)
    self.rule = rule
    presentCount = all.count
    guard let groups else {
      let only = rule.limits(all)
      let outside = only.map { Self.rows(outside: $0, numbers, validity) } ?? []
      limits = [only]
      rows = outside
      values = outside.map { numbers[$0] }
      rowLimits = only.map { [OutlierRule.Limits](repeating: $0, count: outside.count) } ?? []
      return
    }
    var members = [[Double]](repeating: [], count: groupCount)
    for row in numbers.indices where validity?[row] ?? true { members[groups[row]].append(numbers[row]) }
    let limits = members.map(rule.limits)
    self.limits = limits
    let outside = numbers.indices.filter { row in
      (validity?[row] ?? true) && (limits[groups[row]]?.isUnusual(numbers[row]) ?? false)
    }
    rows = outside
    values = outside.map { numbers[$0] }
    rowLimits = outside.compactMap { limits[groups[$0]] }
  }

  /// The values that are farthest out, the farthest first.
  package func strongest(_ count: Int) -> [Double] {
    var best: [(score: Double, place: Int)] = []
    for (place, limits) in rowLimits.enumerated() {
      let score = abs(limits.score(values[place]))
      guard best.count < count || score > (best.last?.score ?? 0) else { continue }
      let position = best.firstIndex { $0.score < score } ?? best.count
      best.insert((score, place), at: position)
      if best.count > count { best.removeLast() }
    }
    return best.map { values[$0.place] }
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
