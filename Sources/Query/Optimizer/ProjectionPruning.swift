import Columnar

/// Drops columns that nobody looks at as early as possible, and computations whose result nobody looks at.
public struct ProjectionPruning: OptimizerRule {
  /// The rule's name.
  public let name = "projection pruning"

  /// Creates the rule.
  public init() {}

  /// The plan with the same columns at its end and no others on the way there.
  public func apply(_ plan: LogicalPlan) throws(QueryError) -> LogicalPlan {
    try prune(plan, needed: Set(plan.schema().names))
  }

  /// A plan that has at least the needed columns of the given one, in the same order.
  private func prune(_ plan: LogicalPlan, needed: Set<String>) throws(QueryError) -> LogicalPlan {
    switch plan {
    case .table(let table, _):
      let kept = table.schema.names.filter(needed.contains)
      guard kept.count < table.schema.names.count else { return plan }
      return .project(plan, kept.map { NamedExpr($0, .column($0)) })
    case .scan(_, let schema, _):
      let kept = schema.names.filter(needed.contains)
      guard kept.count < schema.names.count else { return plan }
      return .project(plan, kept.map { NamedExpr($0, .column($0)) })
    case .filter(let input, let predicate, let label):
      return .filter(try prune(input, needed: needed.union(predicate.columns)), predicate, label: label)
    case .project(let input, let items):
      let kept = items.filter { needed.contains($0.name) }
      let inner = try prune(input, needed: columns(kept.map(\.expr)))
      // What is read is read once: no projection need stand between it and the columns made of it.
      if input.inputs.isEmpty { return .project(input, kept) }
      return .project(inner, kept)
    case .aggregate(let input, let keys, let aggregates):
      let kept = aggregates.filter { needed.contains($0.name) }
      let used = columns(keys.map(\.expr) + kept.flatMap(\.arguments))
      return .aggregate(try prune(input, needed: used), keys: keys, kept)
    case .window(let input, let windows, let partition, let order):
      let kept = windows.filter { needed.contains($0.name) }
      let own = Set(windows.map(\.name))
      let used = columns(kept.flatMap(\.arguments) + partition + order.map(\.expr))
      let inner = try prune(input, needed: needed.subtracting(own).union(used))
      return kept.isEmpty ? inner : .window(inner, kept, partition: partition, order: order)
    case .join(let left, let right, let spec): return try join(left, right, spec, needed)
    case .append(let inputs):
      var pruned: [LogicalPlan] = []
      for input in inputs { pruned.append(try prune(input, needed: needed.intersection(input.schema().names))) }
      return .append(pruned)
    case .sort(let input, let keys):
      return .sort(try prune(input, needed: needed.union(columns(keys.map(\.expr)))), keys)
    case .limit(let input, let count): return .limit(try prune(input, needed: needed), count)
    case .distinct(let input, let names):
      guard !names.isEmpty else { return .distinct(try prune(input, needed: Set(input.schema().names)), names) }
      return .distinct(try prune(input, needed: needed.union(names)), names)
    }
  }

  /// Left columns that share a name with a right one stay: the right one's name in the answer depends on them.
  private func join(
    _ left: LogicalPlan, _ right: LogicalPlan, _ spec: JoinSpec, _ needed: Set<String>
  ) throws(QueryError) -> LogicalPlan {
    let (ours, theirs) = (try left.schema(), try right.schema())
    let added = spec.rightColumns(ours, theirs)
    let leftNeeded = Set(ours.names.filter { needed.contains($0) || theirs[$0] != nil }).union(spec.keys.map(\.left))
    let rightNeeded = Set(added.filter { needed.contains($0.name) }.map(\.source)).union(spec.keys.map(\.right))
    // A name that was given a number because several clash keeps it only if all of them stay.
    let isNumbered = added.contains { $0.name != $0.source && $0.name != "\(spec.suffix)_\($0.source)" }
    guard !isNumbered else {
      return .join(
        try prune(left, needed: Set(ours.names)), try prune(right, needed: Set(theirs.names)), spec)
    }
    return .join(try prune(left, needed: leftNeeded), try prune(right, needed: rightNeeded), spec)
  }

  private func columns(_ exprs: [Expr]) -> Set<String> {
    exprs.reduce(into: []) { $0.formUnion($1.columns) }
  }
}
