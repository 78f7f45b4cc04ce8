import Columnar

/// Moves filters towards the tables: through orders, through projections that only rename what they look at, into the
/// inputs of `append`, and, when nobody counts rows, into the left side of joins and below groups whose keys they test.
public struct FilterPushdown: OptimizerRule {
  /// The rule's name.
  public let name = "filter pushdown"

  /// Creates the rule.
  public init() {}

  /// The plan with filters as near to the tables as they may go.
  public func apply(_ plan: LogicalPlan) throws(QueryError) -> LogicalPlan {
    try plan.rewritten { step throws(QueryError) in
      guard case .filter(let input, let predicate, let label) = step else { return step }
      return try push(predicate, label, into: input)
    }
  }

  /// The filter of an input whose own filters have been moved already.
  private func push(_ predicate: Expr, _ label: String?, into input: LogicalPlan) throws(QueryError) -> LogicalPlan {
    let stays = LogicalPlan.filter(input, predicate, label: label)
    switch input {
    case .sort(let inner, let keys): return .sort(try push(predicate, label, into: inner), keys)
    case .project(let inner, let items):
      guard let moved = FilterPushdown.renamed(predicate, items) else { return stays }
      return .project(try push(moved, label, into: inner), items)
    case .filter(let inner, let first, nil) where label == nil:
      return .filter(inner, .and(first, predicate), label: nil)
    case .append(let inners) where label == nil:
      return try append(predicate, inners) ?? stays
    case .aggregate(let inner, let keys, let aggregates) where label == nil && !keys.isEmpty:
      guard let moved = FilterPushdown.renamed(predicate, keys) else { return stays }
      return .aggregate(try push(moved, nil, into: inner), keys: keys, aggregates)
    case .join(let left, let right, let spec) where label == nil && spec.label == nil && spec.kind != .full:
      guard spec.allowsManyToMany || spec.kind == .semi || spec.kind == .anti else { return stays }
      let schema = try left.schema()
      guard predicate.columns.allSatisfy({ schema[$0] != nil }) else { return stays }
      return .join(try push(predicate, nil, into: left), right, spec)
    default: return stays
    }
  }

  /// Only where all inputs have the columns with one type: a column that an input lacks is missing there.
  private func append(_ predicate: Expr, _ inputs: [LogicalPlan]) throws(QueryError) -> LogicalPlan? {
    var moved: [LogicalPlan] = []
    for input in inputs {
      let schema = try input.schema()
      guard predicate.columns.allSatisfy({ schema[$0] != nil }), (try? predicate.type(in: schema)) != nil else {
        return nil
      }
      moved.append(try push(predicate, nil, into: input))
    }
    return .append(moved)
  }

  /// The predicate in terms of the columns before a projection, when it looks only at columns that are merely renamed:
  /// computing a column twice would cost more than the filter saves.
  static func renamed(_ predicate: Expr, _ items: [NamedExpr]) -> Expr? {
    var sources: [String: Expr] = [:]
    for item in items where item.measure == nil {
      if case .column = item.expr { sources[item.name] = item.expr }
    }
    guard predicate.columns.allSatisfy({ sources[$0] != nil }) else { return nil }
    return predicate.rewritten { part in
      if case .column(let name) = part { return sources[name] ?? part }
      return part
    }
  }
}
