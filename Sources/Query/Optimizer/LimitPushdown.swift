import Columnar

/// Moves limits below projections, where they meet the order that they cut: sort and limit are then one step (top-N).
public struct LimitPushdown: OptimizerRule {
  /// The rule's name.
  public let name = "limit pushdown"

  /// Creates the rule.
  public init() {}

  /// The plan with limits below projections, and of two limits the smaller one.
  public func apply(_ plan: LogicalPlan) throws(QueryError) -> LogicalPlan {
    try plan.rewritten { step throws(QueryError) in
      guard case .limit(let input, let count) = step else { return step }
      return push(count, into: input)
    }
  }

  private func push(_ count: Int, into input: LogicalPlan) -> LogicalPlan {
    switch input {
    case .project(let inner, let items): .project(push(count, into: inner), items)
    case .limit(let inner, let other): .limit(inner, min(count, other))
    default: .limit(input, count)
    }
  }
}
