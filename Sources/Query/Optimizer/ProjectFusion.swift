import Columnar

/// Makes one projection of two, unless a computed column would be computed more than once.
public struct ProjectFusion: OptimizerRule {
  /// The rule's name.
  public let name = "project fusion"

  /// Creates the rule.
  public init() {}

  /// The plan without projections of projections, and without projections that change nothing.
  public func apply(_ plan: LogicalPlan) throws(QueryError) -> LogicalPlan {
    try plan.rewritten { step throws(QueryError) in
      guard case .project(let input, let items) = step else { return step }
      let fused = try fuse(items, input)
      guard case .project(let inner, let all) = fused else { return fused }
      let names = try inner.schema().names
      let changesNothing =
        all.map(\.name) == names
        && all.allSatisfy { $0.expr == .column($0.name) && $0.measure == nil && $0.format == nil }
      return changesNothing ? inner : fused
    }
  }

  private func fuse(_ items: [NamedExpr], _ input: LogicalPlan) throws(QueryError) -> LogicalPlan {
    guard case .project(let inner, let sources) = input else { return .project(input, items) }
    var uses: [String: Int] = [:]
    for item in items { item.expr.visit { if case .column(let name) = $0 { uses[name, default: 0] += 1 } } }
    let isCheap = sources.allSatisfy { source in
      switch source.expr {
      case .column, .literal: true
      default: uses[source.name, default: 0] <= 1
      }
    }
    guard isCheap else { return .project(input, items) }
    let expressions = Dictionary(sources.map { ($0.name, $0.expr) }, uniquingKeysWith: { first, _ in first })
    let schema = try input.schema()
    var fused: [NamedExpr] = []
    for item in items {
      // What the result counts follows from the columns between, which may have been given a measure of their own.
      let field = try item.field(in: schema)
      let expr = item.expr.rewritten { part in
        if case .column(let name) = part { return expressions[name] ?? part }
        return part
      }
      let plain = NamedExpr(item.name, expr)
      let follows = (try? plain.field(in: inner.schema())) == field
      fused.append(follows ? plain : NamedExpr(item.name, expr, measure: field.measure, format: field.format))
    }
    guard (try? LogicalPlan.project(inner, fused).schema()) != nil else { return .project(input, items) }
    return .project(inner, fused)
  }
}
