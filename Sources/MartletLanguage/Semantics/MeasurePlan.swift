import Columnar
import Query

extension LogicalPlan {
  /// One row for each combination of keys, with a column for each measure: an aggregate, and a projection when some
  /// measure is made of several aggregates (`ratio(sum(a), sum(b))`).
  package func measured(by keys: [NamedExpr], _ measures: [ResolvedMeasure]) -> LogicalPlan {
    let plan = LogicalPlan.aggregate(self, keys: keys, measures.flatMap(\.aggregates))
    let isPlain = measures.allSatisfy { $0.aggregates.count == 1 && $0.value == .column($0.name) }
    guard !isPlain else { return plan }
    let kept = keys.map { NamedExpr($0.name, .column($0.name), measure: $0.measure, format: $0.format) }
    let values = measures.map { NamedExpr($0.name, $0.value, measure: $0.field.measure, format: $0.field.format) }
    return .project(plan, kept + values)
  }
}
