import Columnar

/// A question about data, as a tree of relational steps that any engine can answer.
public indirect enum LogicalPlan: Sendable {
  /// A table in memory, with the name it has in the session.
  case table(Table, name: String)
  /// A table that is read when rows are asked for, with the meaning that its columns have in the session.
  case scan(any TableScan, Schema, name: String)
  /// Rows where the predicate is true. The label names the step in the answer's counters.
  case filter(LogicalPlan, Expr, label: String?)
  /// Exactly these columns, in this order.
  case project(LogicalPlan, [NamedExpr])
  /// One row for each combination of keys, in order of first appearance; without keys, one row.
  case aggregate(LogicalPlan, keys: [NamedExpr], [NamedAggregate])
  /// All incoming columns and rows, and one more column for each window computation.
  case window(LogicalPlan, [NamedWindow], partition: [Expr], order: [SortKey])
  /// Left rows with the matching right rows.
  case join(LogicalPlan, LogicalPlan, JoinSpec)
  /// The rows of all inputs, one after another; columns are matched by name.
  case append([LogicalPlan])
  /// The rows in the order of the keys; ties keep the incoming order.
  case sort(LogicalPlan, [SortKey])
  /// The first rows, at most so many.
  case limit(LogicalPlan, Int)
  /// The first row of each combination of the columns (all columns when the list is empty).
  case distinct(LogicalPlan, [String])
}

/// How two inputs are joined.
public struct JoinSpec: Hashable, Sendable {
  /// Which rows without a partner stay.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// All left rows; only rows with a partner; all rows of both sides.
    case left, inner, full
    /// Left rows that have a partner, left columns only.
    case semi
    /// Left rows that have none, left columns only.
    case anti
  }

  /// Which rows without a partner stay.
  public var kind: Kind
  /// Pairs of column names that must be equal; missing equals nothing.
  public var keys: [Key]
  /// A right column whose name the left side has already is called `<suffix>_<name>`.
  public var suffix: String
  /// The label of the step in the answer's counters.
  public var label: String?
  /// Whether keys may repeat on both sides; when they may not and do, the engine throws `QueryError.manyToMany`.
  public var allowsManyToMany: Bool

  /// One equality of a left and a right column.
  public struct Key: Hashable, Sendable {
    /// The column of the left side.
    public var left: String
    /// The column of the right side.
    public var right: String

    /// Pairs two columns by name.
    public init(_ left: String, _ right: String) {
      self.left = left
      self.right = right
    }
  }

  /// Describes a join.
  public init(
    _ kind: Kind, keys: [Key], suffix: String, label: String? = nil, allowsManyToMany: Bool = false
  ) {
    self.kind = kind
    self.keys = keys
    self.suffix = suffix
    self.label = label
    self.allowsManyToMany = allowsManyToMany
  }
}

extension LogicalPlan {
  /// Whether rows flow through all steps one by one, from a table in memory: an engine that runs the plan several times
  /// need not store anything.
  public var isFlowing: Bool {
    switch self {
    case .table: true
    case .filter(let input, _, _), .project(let input, _): input.isFlowing
    case .scan, .aggregate, .join, .window, .append, .sort, .limit, .distinct: false
    }
  }

  /// Whether the first rows come without reading all: they flow from a table in memory, or from one that is read part by part.
  public var beginsAtOnce: Bool {
    switch self {
    case .table, .scan: true
    case .filter(let input, _, _), .project(let input, _): input.beginsAtOnce
    case .aggregate, .join, .window, .append, .sort, .limit, .distinct: false
    }
  }

  /// The same without reports of the filters that rows flow through last: for a look at some of the rows.
  public var unreported: LogicalPlan {
    switch self {
    case .filter(let input, let predicate, _): .filter(input.unreported, predicate, label: nil)
    case .project(let input, let items): .project(input.unreported, items)
    default: self
    }
  }
}
