import Columnar
import Query

/// A row expression with the column that it makes.
package struct ResolvedItem: Sendable {
  package var expr: Expr
  /// The column: its name was given, or is the column's own, or follows from the source text.
  package var field: Field
  package var isNamed: Bool
  package var descending: Bool
  package var range: SourceRange
  /// The role that the item was written as, when it was.
  package var role: Role?

  /// The column's name.
  package var name: String { field.name }
  /// The expression with its name, for a plan.
  package var named: NamedExpr { NamedExpr(field.name, expr, measure: field.measure, format: field.format) }
}

/// One number for a group of rows: what the engine has to aggregate, and the value made of that.
package struct ResolvedMeasure: Sendable {
  /// The aggregates, with names that are unique in their command.
  package var aggregates: [NamedAggregate]
  /// Window functions over the groups, such as a share of the total; empty for most.
  package var windows: [NamedWindow] = []
  /// The value over the aggregates' columns; just a column when there is one aggregate.
  package var value: Expr
  package var field: Field
  package var range: SourceRange
  /// Whether values of parts add up to that of the whole: sums and counts do, means and ratios do not.
  package var isAdditive: Bool
  /// Whether a period without rows has the value 0: nothing sold, nobody there. A mean has no value then.
  package var isZeroWithoutRows: Bool {
    guard !isAdditive else { return true }
    guard aggregates.count == 1, let only = aggregates.first, value == .column(only.name) else { return false }
    return [.sum, .count, .countDistinct].contains(only.function)
  }
  /// What was assumed when no aggregate was written: `sum` or `mean`.
  package var assumed: AggregateFunction?

  /// The column's name.
  package var name: String { field.name }
}

/// `per month`, `per 2 weeks`.
package struct PerClause: Hashable, Sendable {
  package var grain: Grain
  package var count: Int
  package var range: SourceRange
}

/// `vs last year`, `vs previous`.
package struct ComparisonClause: Hashable, Sendable {
  package var word: String
  package var grain: Grain?
  package var range: SourceRange
}
