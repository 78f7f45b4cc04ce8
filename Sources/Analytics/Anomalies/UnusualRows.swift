import Columnar

/// The rows with unusual values, a row for each value, made when somebody asks for them: mostly only their number is asked for.
package struct UnusualRows: TableScan {
  package let schema: Schema
  private let table: Table
  private let scans: [(name: String, outliers: ColumnOutliers)]

  /// The rows that were found in some columns of a table. The schema has the table's columns and then column, value, score,
  /// low, high and direction.
  package init(_ table: Table, _ scans: [(name: String, outliers: ColumnOutliers)], schema: Schema) {
    self.table = table
    self.scans = scans
    self.schema = schema
  }

  package func extremes(_ column: String) -> (Value, Value)? { nil }

  package func table(_ columns: [String], _ cancellation: Cancellation) throws -> Table {
    let rows = scans.flatMap(\.outliers.rows)
    let own = table.columns.count
    var found: [(value: Double, limits: OutlierRule.Limits)]?
    func values() -> [(value: Double, limits: OutlierRule.Limits)] {
      let made = found ?? scans.flatMap { $0.outliers.found() }
      found = made
      return made
    }
    var pairs: [(Field, Column)] = []
    for name in columns {
      try cancellation.check()
      guard let place = schema.index(of: name) else { continue }
      let column: Column =
        switch place - own {
        case ..<0: table.columns[place].taking(rows)
        case 0: .text(scans.flatMap { [String?](repeating: $0.name, count: $0.outliers.unusualCount) })
        case 1: .real(values().map(\.value))
        case 2: .real(values().map { $0.limits.score($0.value) })
        case 3: .real(values().map(\.limits.low))
        case 4: .real(values().map(\.limits.high))
        default: .text(values().map { $0.limits.score($0.value) > 0 ? "high" : "low" })
        }
      pairs.append((schema.fields[place], column))
    }
    return Table(schema: Schema(pairs.map(\.0)), columns: pairs.map(\.1), rowCount: rows.count)
  }

  package func mapParts<Result: Sendable>(
    _ columns: [String], within bounds: [ColumnBound], _ cancellation: Cancellation,
    until isEnough: (@Sendable (Result) -> Bool)?, _ body: @escaping @Sendable (Table) throws -> Result
  ) throws -> [Result] {
    [try body(try table(columns, cancellation))]
  }
}
