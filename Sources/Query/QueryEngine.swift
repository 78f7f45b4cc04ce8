import Columnar

/// Answers plans. The in-memory engine and the Spark engine conform, and pass one conformance suite.
public protocol QueryEngine: Sendable {
  /// Runs the plan to its end. Throws `Cancelled` when the flag is raised, `QueryError` when the data do not allow an answer.
  func run(_ plan: LogicalPlan, cancellation: Cancellation) throws -> QueryAnswer
}

/// A table and what happened on the way to it.
public struct QueryAnswer: Sendable {
  /// The rows that the plan asked for.
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

/// Why a plan has no meaning, or why the data do not allow an answer. The language turns these facts into prose.
public enum QueryError: Error, Hashable, Sendable {
  /// No incoming column has this name.
  case unknownColumn(String)
  /// Two columns of one table would have this name.
  case duplicateColumn(String)
  /// A value of another type was needed: the words of `ExprType.displayName`, and the part of the expression.
  case typeMismatch(expected: String, found: String, in: String)
  /// Money of two currencies was added, compared or mixed.
  case differentCurrencies(String, String, in: String)
  /// A function was given too few or too many arguments; `expected` reads like `2` or `1 or 2`.
  case wrongArgumentCount(expected: String, found: Int, in: String)
  /// An argument's value makes no sense: its name in the function table, and why.
  case invalidArgument(String, why: String, in: String)
  /// A text that should be a regular expression or a date format is none.
  case invalidPattern(String, why: String)
  /// A whole number went past ±9.2 × 10¹⁸.
  case overflow(in: String)
  /// Keys repeat on both sides of a join: how many do, and how many rows would come out of how many.
  case manyToMany(keys: Int, rowsIn: Int, rowsOut: Int)
  /// Anything else, in words.
  case other(String)
}
