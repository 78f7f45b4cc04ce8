import Columnar
import Query

extension LogicalPlan {
  /// One row for each combination of keys, with a column for each measure: an aggregate, then window functions over the
  /// groups where a measure has them, and a projection when some measure is made of several aggregates.
  ///
  /// `isPeriodic` says that the last key is a period: `growth` and its like then look at the periods in order, within the
  /// other keys, and `share` at the groups of one period.
  package func measured(by keys: [NamedExpr], _ measures: [ResolvedMeasure], isPeriodic: Bool = false) -> LogicalPlan {
    let plan = LogicalPlan.aggregate(self, keys: keys, measures.flatMap(\.aggregates))
    let isPlain = measures.allSatisfy { $0.aggregates.count == 1 && $0.value == .column($0.name) }
    guard !isPlain else { return plan }
    let kept = keys.map { NamedExpr($0.name, .column($0.name), measure: $0.measure, format: $0.format) }
    let values = measures.map { NamedExpr($0.name, $0.value, measure: $0.field.measure, format: $0.field.format) }
    return .project(plan.windowed(measures.flatMap(\.windows), keys, isPeriodic), kept + values)
  }

  private func windowed(_ windows: [NamedWindow], _ keys: [NamedExpr], _ isPeriodic: Bool) -> LogicalPlan {
    let names = keys.map { Expr.column($0.name) }
    let shares = windows.filter { $0.function == .share }
    let others = windows.filter { $0.function != .share }
    var plan = self
    if !shares.isEmpty {
      let partition = isPeriodic && names.count > 1 ? names.suffix(1) : []
      plan = .window(plan, shares, partition: Array(partition), order: [])
    }
    if !others.isEmpty {
      let partition = isPeriodic ? Array(names.dropLast()) : []
      let order = (isPeriodic ? Array(names.suffix(1)) : names).map { SortKey($0) }
      plan = .window(plan, others, partition: partition, order: order)
    }
    return plan
  }
}
