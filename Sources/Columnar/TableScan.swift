/// A table whose rows are read when somebody asks for them: all of some columns, or part after part in little memory.
public protocol TableScan: Sendable {
  /// The columns that the table is expected to have.
  var schema: Schema { get }

  /// The smallest and largest value of a column, when reading has found them out; nil when nobody has looked yet.
  func extremes(_ column: String) -> (Value, Value)?

  /// All rows of some columns, of the types that the schema promises.
  func table(_ columns: [String], _ cancellation: Cancellation) throws -> Table

  /// What a closure makes of each part of the rows, in their order. The closure runs on several threads at once, and possibly
  /// on a part whose result is thrown away.
  func mapParts<Result: Sendable>(
    _ columns: [String], _ cancellation: Cancellation, _ body: @escaping @Sendable (Table) throws -> Result
  ) throws -> [Result]
}
