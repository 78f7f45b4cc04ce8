import Columnar

/// A rewriting of plans that keeps their answers.
public protocol OptimizerRule: Sendable {
  /// The rule's name, for tests and for those who look for a wrong rewriting.
  var name: String { get }
  /// The plan, rewritten where the rule applies. The plan's types have been checked.
  func apply(_ plan: LogicalPlan) throws(QueryError) -> LogicalPlan
}

/// Applies rules one after another, so that an engine moves fewer rows and columns.
///
/// Reports of labelled steps stay what they would have been: no rule moves rows across a step that counts them.
public struct Optimizer: Sendable {
  /// The rules in the order they are applied.
  public var rules: [any OptimizerRule]

  /// An optimizer with these rules.
  public init(_ rules: [any OptimizerRule]) { self.rules = rules }

  /// The rules that every engine gains from.
  public static let standard = Optimizer([
    ConstantFolding(), FilterPushdown(), LimitPushdown(), ProjectFusion(), ProjectionPruning(),
  ])

  /// The plan after all rules.
  public func optimize(_ plan: LogicalPlan) throws(QueryError) -> LogicalPlan {
    var plan = plan
    for rule in rules { plan = try rule.apply(plan) }
    return plan
  }
}

extension LogicalPlan {
  /// The plan with each step replaced by what the closure makes of it, tables first.
  func rewritten(_ transform: (LogicalPlan) throws(QueryError) -> LogicalPlan) throws(QueryError) -> LogicalPlan {
    var inputs: [LogicalPlan] = []
    for input in self.inputs { inputs.append(try input.rewritten(transform)) }
    return try transform(replacing(inputs: inputs))
  }

  /// The step with each of its own expressions replaced by what the closure makes of it.
  func mapExpressions(_ transform: (Expr) -> Expr) -> LogicalPlan {
    func named(_ items: [NamedExpr]) -> [NamedExpr] {
      items.map { NamedExpr($0.name, transform($0.expr), measure: $0.measure, format: $0.format) }
    }
    switch self {
    case .filter(let input, let predicate, let label): return .filter(input, transform(predicate), label: label)
    case .project(let input, let items): return .project(input, named(items))
    case .aggregate(let input, let keys, let aggregates):
      let mapped = aggregates.map {
        NamedAggregate($0.name, $0.function, $0.arguments.map(transform), measure: $0.measure)
      }
      return .aggregate(input, keys: named(keys), mapped)
    case .window(let input, let windows, let partition, let order):
      let mapped = windows.map {
        NamedWindow($0.name, $0.function, $0.arguments.map(transform), measure: $0.measure)
      }
      return .window(
        input, mapped, partition: partition.map(transform),
        order: order.map { SortKey(transform($0.expr), descending: $0.descending) })
    case .sort(let input, let keys):
      return .sort(input, keys.map { SortKey(transform($0.expr), descending: $0.descending) })
    case .table, .scan, .join, .append, .limit, .distinct: return self
    }
  }
}
