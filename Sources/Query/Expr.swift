import Columnar

/// A computation over the columns of one table, one value a row. Names are resolved and types checked before one is made.
public indirect enum Expr: Hashable, Sendable {
  case column(String)
  case literal(Value)
  case negate(Expr)
  case not(Expr)
  case arithmetic(ArithmeticOperator, Expr, Expr)
  case compare(ComparisonOperator, Expr, Expr)
  case and(Expr, Expr)
  case or(Expr, Expr)
  /// The left value, or the right one where the left is missing: `x ?? 0`.
  case coalesce(Expr, Expr)
  case isMissing(Expr)
  case isIn(Expr, [Value])
  case textTest(TextTest, Expr, Expr)
  case conditional(Expr, then: Expr, else: Expr)
  case call(ScalarFunction, [Expr])
}

/// `+ - * / ^`. Division by zero is missing and is counted.
public enum ArithmeticOperator: String, Hashable, Sendable, CaseIterable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case power = "^"
}

/// `= != < <= > >=`. A comparison with missing is unknown, which is missing.
public enum ComparisonOperator: String, Hashable, Sendable, CaseIterable {
  case equal = "="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
}

/// The tests on text. `matches` takes a regular expression.
public enum TextTest: String, Hashable, Sendable, CaseIterable {
  case contains
  case startsWith = "starts with"
  case endsWith = "ends with"
  case matches
}

/// A function of values of one row.
public enum ScalarFunction: String, Hashable, Sendable, CaseIterable {
  // numbers
  case abs, round, floor, ceil, sqrt, exp, ln, log10, mod, clamp, sign, ratio
  // text
  case lower, upper, title, trim, length, left, right, mid, replace, extract, split, concat, text, number
  // dates
  case date, year, quarter, month, week, day, weekday, hour
  case monthName = "month_name"
  case startOf = "start_of"
  case endOf = "end_of"
  case daysBetween = "days_between"
  case period
  // groups of numbers
  case bin, band
}

/// An expression and the name and meaning of the column that it makes.
public struct NamedExpr: Hashable, Sendable {
  public var name: String
  public var expr: Expr
  /// Overrides the measure that follows from the expression.
  public var measure: Measure?
  public var format: DisplayFormat?

  /// Names an expression.
  public init(_ name: String, _ expr: Expr, measure: Measure? = nil, format: DisplayFormat? = nil) {
    self.name = name
    self.expr = expr
    self.measure = measure
    self.format = format
  }
}

/// A computation over many rows that gives one value. Missing values are skipped.
public enum AggregateFunction: String, Hashable, Sendable, CaseIterable {
  /// `count()` counts rows, `count(x)` the rows where x has a value.
  case count
  case countDistinct = "count_distinct"
  case sum, mean, median, min, max, sd
  case variance = "var"
  /// The second argument is the share of rows below, 0…1; linear interpolation (Hyndman and Fan 1996, type 7).
  case quantile
  case mode, first, last
  /// Mean of the first argument weighted by the second.
  case weightedMean = "wmean"
}

/// One aggregate with its arguments and the name of the column that it makes.
public struct NamedAggregate: Hashable, Sendable {
  public var name: String
  public var function: AggregateFunction
  public var arguments: [Expr]
  public var measure: Measure?

  /// Names an aggregate.
  public init(_ name: String, _ function: AggregateFunction, _ arguments: [Expr] = [], measure: Measure? = nil) {
    self.name = name
    self.function = function
    self.arguments = arguments
    self.measure = measure
  }
}

/// A computation that looks at a row and at its neighbours of the same partition.
public enum WindowFunction: Hashable, Sendable {
  case lag(Int)
  case lead(Int)
  case rowNumber
  case rank
  case denseRank
  case percentRank
  case ntile(Int)
  case cumulative
  /// The last `rows` rows with this one; missing until there are so many, unless `partial`.
  case rolling(rows: Int, AggregateFunction, partial: Bool)
  /// Value minus the row's before.
  case change
  /// Value divided by the row's before, minus 1.
  case growth
  /// Value divided by the partition's total.
  case share
  /// The aggregate of the whole partition, on each of its rows.
  case aggregate(AggregateFunction)
}

/// One window computation with its arguments and the name of the column that it makes.
public struct NamedWindow: Hashable, Sendable {
  public var name: String
  public var function: WindowFunction
  public var arguments: [Expr]
  public var measure: Measure?

  /// Names a window computation.
  public init(_ name: String, _ function: WindowFunction, _ arguments: [Expr] = [], measure: Measure? = nil) {
    self.name = name
    self.function = function
    self.arguments = arguments
    self.measure = measure
  }
}

/// One column of an order. Missing values stand last in both directions; ties keep the incoming order.
public struct SortKey: Hashable, Sendable {
  public var expr: Expr
  public var descending: Bool

  /// Orders by an expression.
  public init(_ expr: Expr, descending: Bool = false) {
    self.expr = expr
    self.descending = descending
  }
}
