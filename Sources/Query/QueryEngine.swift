import Columnar

/// Answers plans. The in-memory engine and the Spark engine conform, and pass one conformance suite.
public protocol QueryEngine: Sendable {
  /// Runs the plan to its end. Throws `Cancelled` when the flag is raised, `QueryError` when the data do not allow an answer.
  func run(_ plan: LogicalPlan, cancellation: Cancellation) throws -> QueryAnswer
}

/// A table and what happened on the way to it.
public struct QueryAnswer: Sendable {
  public var table: Table
  /// What each labelled step did, by its label.
  public var steps: [String: StepReport]

  /// An answer with its reports.
  public init(_ table: Table, steps: [String: StepReport] = [:]) {
    self.table = table
    self.steps = steps
  }
}

/// What a labelled step of a plan did with its rows.
public enum StepReport: Hashable, Sendable {
  /// Rows that came in, rows kept, and rows left out because the condition was unknown (something was missing).
  case filter(rowsIn: Int, kept: Int, unknown: Int)
  /// Left rows with and without a partner, right rows that found none, and rows that came out.
  case join(matched: Int, unmatchedLeft: Int, unmatchedRight: Int, rowsOut: Int)
}

/// Why the data do not allow an answer.
public enum QueryError: Error, Hashable, Sendable {
  case unknownColumn(String)
  case typeMismatch(expected: String, found: String, in: String)
  case invalidPattern(String, why: String)
  /// Keys repeat on both sides of a join: how many do, and how many rows would come out of how many.
  case manyToMany(keys: Int, rowsIn: Int, rowsOut: Int)
  case other(String)
}
