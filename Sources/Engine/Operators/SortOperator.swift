import Columnar
import Query

/// Orders rows.
enum SortOperator {
  /// The pipeline's rows in order; with a limit, the first ones alone.
  static func run(
    _ pipeline: Pipeline, _ keys: [SortKey], limit: Int?, _ context: ExecutionContext
  ) throws -> Table {
    let table = try pipeline.collect(context)
    let rows = try order(table, keys, limit: limit, context)
    return try Slicing.rows(table, rows.map { Int32(bitPattern: $0) }, context)
  }

  /// The rows of a table in order.
  static func order(
    _ table: Table, _ keys: [SortKey], limit: Int? = nil, _ context: ExecutionContext
  ) throws -> [UInt32] {
    guard table.rowCount < Int(Int32.max) else {
      throw QueryError.other("a table of more than 2^31 rows cannot be sorted")
    }
    let computed = Pipeline(table, context)
    try computed.project(keys.enumerated().map { NamedExpr("key \($0)", $1.expr) }, context)
    let sortKeys = try SortKeys(try computed.collect(context), descending: keys.map(\.descending), context)
    if let limit, limit < table.rowCount / 16 { return try sortKeys.top(limit, context) }
    let order = try sortKeys.order(context)
    return limit.map { Array(order.prefix(max(0, $0))) } ?? order
  }
}
