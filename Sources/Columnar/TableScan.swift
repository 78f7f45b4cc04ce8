/// A table whose rows are read when somebody asks for them: all of some columns, or part after part in little memory.
public protocol TableScan: Sendable {
  /// The columns that the table is expected to have.
  var schema: Schema { get }

  /// The smallest and largest value of a column, when reading has found them out; nil when nobody has looked yet.
  func extremes(_ column: String) -> (Value, Value)?

  /// All rows of some columns, of the types that the schema promises.
  func table(_ columns: [String], _ cancellation: Cancellation) throws -> Table

  /// What a closure makes of each part of the rows, in their order. The closure runs on several threads at once, and possibly
  /// on a part whose result is thrown away. Parts in which no row is within the bounds may be left out. `isEnough` is asked
  /// after each result, in their order; when it says yes, no further part is read.
  func mapParts<Result: Sendable>(
    _ columns: [String], within bounds: [ColumnBound], _ cancellation: Cancellation,
    until isEnough: (@Sendable (Result) -> Bool)?, _ body: @escaping @Sendable (Table) throws -> Result
  ) throws -> [Result]

  /// How many rows stand in the parts that `mapParts` leaves out for these bounds.
  func rowsLeftOut(by bounds: [ColumnBound]) -> Int
}

extension TableScan {
  /// What a closure makes of all parts that may matter.
  public func mapParts<Result: Sendable>(
    _ columns: [String], within bounds: [ColumnBound], _ cancellation: Cancellation,
    _ body: @escaping @Sendable (Table) throws -> Result
  ) throws -> [Result] {
    try mapParts(columns, within: bounds, cancellation, until: nil, body)
  }

  /// All parts are read.
  public func rowsLeftOut(by bounds: [ColumnBound]) -> Int { 0 }
}

/// The values of a column that a question is about: what is outside of them, or missing, cannot change its answer.
public struct ColumnBound: Hashable, Sendable {
  /// The column's name.
  public var column: String
  /// The smallest value, itself included; nil for no limit.
  public var low: Value?
  /// The largest value, itself included; nil for no limit.
  public var high: Value?

  /// Values between two limits.
  public init(_ column: String, low: Value?, high: Value?) {
    self.column = column
    self.low = low
    self.high = high
  }
}

/// A scan of a file, which knows what the load card says.
public protocol ReportedScan: TableScan {
  /// What is known before a row was read.
  var report: LoadReport { get }
  /// The same with what passes over the rows have found out.
  var reportAfterReading: LoadReport { get }
  /// What is known of each of several files.
  var reports: [LoadReport] { get }
  /// The same with what passes over their rows have found out.
  var reportsAfterReading: [LoadReport] { get }
}

extension ReportedScan {
  /// There is one file.
  public var reports: [LoadReport] { [report] }
  /// There is one file.
  public var reportsAfterReading: [LoadReport] { [reportAfterReading] }
}
