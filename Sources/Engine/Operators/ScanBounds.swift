import Columnar
import Query

/// What the filter directly above a scan says of single columns, so that a scan need not read parts in which no row passes.
///
/// Filters above that one say nothing here: each filter reports how many rows came to it, and those must be counted.
struct ScanBounds {
  /// The bounds, under the names that the columns have in the scan.
  let bounds: [ColumnBound]
  /// The label of the filter that they are of.
  let label: String?

  /// Nil when no filter stands on the scan itself, or it says nothing of that kind.
  static func of(_ plan: LogicalPlan, _ schema: Schema) -> ScanBounds? {
    switch plan {
    case .filter(let input, let predicate, let label) where isOnScan(input):
      let bounds = bounds(predicate, schema)
      return bounds.isEmpty ? nil : ScanBounds(bounds: bounds, label: label)
    case .filter(let input, _, _), .project(let input, _): return of(input, schema)
    default: return nil
    }
  }

  /// Whether columns still have the names and values of the scan, and no row is missing.
  private static func isOnScan(_ plan: LogicalPlan) -> Bool {
    switch plan {
    case .scan: true
    case .project(let input, let items): isOnScan(input) && items.allSatisfy { $0.expr == .column($0.name) }
    default: false
    }
  }

  /// Conditions that must all be true, and that compare a column with a constant.
  private static func bounds(_ predicate: Expr, _ schema: Schema) -> [ColumnBound] {
    switch predicate {
    case .and(let a, let b): return bounds(a, schema) + bounds(b, schema)
    case .compare(let comparison, .column(let name), .literal(let value)):
      return bound(name, comparison, value, schema)
    case .compare(let comparison, .literal(let value), .column(let name)):
      return bound(name, comparison.mirrored, value, schema)
    default: return []
    }
  }

  private static func bound(
    _ name: String, _ comparison: ComparisonOperator, _ value: Value, _ schema: Schema
  ) -> [ColumnBound] {
    guard let type = schema[name]?.type, let limit = limit(value, type) else { return [] }
    switch comparison {
    case .equal: return [ColumnBound(name, low: limit, high: limit)]
    case .greater, .greaterOrEqual: return [ColumnBound(name, low: limit, high: nil)]
    case .less, .lessOrEqual: return [ColumnBound(name, low: nil, high: limit)]
    case .notEqual: return []
    }
  }

  /// The constant as a value of the column's type; nil where they are not compared as such.
  private static func limit(_ value: Value, _ type: DataType) -> Value? {
    switch (value, type) {
    case (.integer, .integer), (.real, .real), (.real, .integer), (.text, .text), (.date, .date),
      (.datetime, .datetime):
      value
    case (.integer(let i), .real): .real(Double(i))
    case (.date(let day), .datetime): .datetime(Timestamp(microseconds: Int64(day.days) * Timestamp.perDay))
    default: nil
    }
  }
}
