import Columnar

/// A computation over the columns of one table, one value a row. Names are resolved and types checked before one is made.
public indirect enum Expr: Hashable, Sendable {
  /// The value of a column of the incoming table, by its exact name.
  case column(String)
  /// The same value in every row.
  case literal(Value)
  /// The number with its sign changed.
  case negate(Expr)
  /// True where false, false where true, unknown where unknown.
  case not(Expr)
  /// `a + b` and its kin on numbers, dates and durations.
  case arithmetic(ArithmeticOperator, Expr, Expr)
  /// `a < b` and its kin; unknown where a side is missing.
  case compare(ComparisonOperator, Expr, Expr)
  /// Kleene's and: false where a side is false, even when the other is unknown.
  case and(Expr, Expr)
  /// Kleene's or: true where a side is true, even when the other is unknown.
  case or(Expr, Expr)
  /// The left value, or the right one where the left is missing: `x ?? 0`.
  case coalesce(Expr, Expr)
  /// Whether there is no value; never unknown.
  case isMissing(Expr)
  /// Whether the value is one of the list; unknown where it is missing.
  case isIn(Expr, [Value])
  /// A test of the left text with the right one, which is a pattern for `matches`.
  case textTest(TextTest, Expr, Expr)
  /// One of two values; the second where the condition is false or unknown.
  case conditional(Expr, then: Expr, else: Expr)
  /// A function of the table in `FunctionTable`.
  case call(ScalarFunction, [Expr])
}

/// `+ - * / ^`. Division by zero is missing and is counted.
public enum ArithmeticOperator: String, Hashable, Sendable, CaseIterable {
  /// Also a date and a duration.
  case add = "+"
  /// Two dates give whole days, two moments days with a fraction.
  case subtract = "-"
  /// The product.
  case multiply = "*"
  /// The quotient, always with a fraction.
  case divide = "/"
  /// The power; missing where it is not a real number.
  case power = "^"
}

/// `= != < <= > >=`. A comparison with missing is unknown, which is missing.
public enum ComparisonOperator: String, Hashable, Sendable, CaseIterable {
  /// The same value.
  case equal = "="
  /// Another value.
  case notEqual = "!="
  /// Before; texts in the order of their Unicode scalar values.
  case less = "<"
  /// Before or the same.
  case lessOrEqual = "<="
  /// After.
  case greater = ">"
  /// After or the same.
  case greaterOrEqual = ">="
}

/// The tests on text. `matches` takes a regular expression.
public enum TextTest: String, Hashable, Sendable, CaseIterable {
  /// The text stands somewhere in it.
  case contains
  /// It begins with the text.
  case startsWith = "starts with"
  /// It ends with the text.
  case endsWith = "ends with"
  /// The regular expression matches somewhere in it.
  case matches
}

/// A function of values of one row.
public enum ScalarFunction: String, Hashable, Sendable, CaseIterable {
  /// Numbers.
  case abs, round, floor, ceil, sqrt, exp, ln, log10, mod, clamp, sign, ratio
  /// Texts.
  case lower, upper, title, trim, length, left, right, mid, replace, extract, split, concat, text, number
  /// Dates and their parts.
  case date, year, quarter, month, week, day, weekday, hour
  /// January … December.
  case monthName = "month_name"
  /// The first day of the period that holds a date.
  case startOf = "start_of"
  /// The last day of the period that holds a date.
  case endOf = "end_of"
  /// Whole days from one date to another.
  case daysBetween = "days_between"
  /// The month, quarter … that holds a date.
  case period
  /// Groups of numbers.
  case bin, band
  /// The bit of a date in a set of 64 periods: 2 to the number of whole periods from the first one's day to the date. Days of
  /// other periods have no bit, which is 0. For analyses; not a function of the language.
  case periodBit = "period_bit"

  /// The functions of the language.
  public static let offered = allCases.filter { $0 != .periodBit }
}

/// An expression and the name and meaning of the column that it makes.
public struct NamedExpr: Hashable, Sendable {
  /// The name of the new column.
  public var name: String
  /// Its values.
  public var expr: Expr
  /// Overrides the measure that follows from the expression.
  public var measure: Measure?
  /// How the new column is shown; nil for what follows from its measure.
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
  /// Totals, centres and spreads of numbers, extremes of any ordered type; `sd` and `var` divide by n - 1.
  case sum, mean, median, min, max, sd
  case variance = "var"
  /// The second argument is the share of rows below, 0…1; linear interpolation (Hyndman and Fan 1996, type 7).
  case quantile
  /// The most frequent value (the smallest of several), and the first and last value in the order of the rows.
  case mode, first, last
  /// Mean of the first argument weighted by the second.
  case weightedMean = "wmean"
  /// The bits that some whole number of the group has. For analyses; not a function of the language.
  case bitOr = "bit_or"

  /// The functions of the language.
  public static let offered = allCases.filter { $0 != .bitOr }
}

/// One aggregate with its arguments and the name of the column that it makes.
public struct NamedAggregate: Hashable, Sendable {
  /// The name of the new column.
  public var name: String
  /// What is computed.
  public var function: AggregateFunction
  /// The function's arguments, computed for each row.
  public var arguments: [Expr]
  /// Overrides the measure that follows from the function.
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
  /// The value so many rows before.
  case lag(Int)
  /// The value so many rows after.
  case lead(Int)
  /// 1, 2, 3 … in the window's order.
  case rowNumber
  /// 1 + the rows that stand strictly before; equal rows share a rank.
  case rank
  /// Like `rank`, without gaps after equal rows.
  case denseRank
  /// (rank - 1) / (rows - 1), 0…1; 0 in a partition of one row.
  case percentRank
  /// The row's part when the partition is cut in so many parts of nearly equal size, 1…n, larger parts first.
  case ntile(Int)
  /// The sum up to this row; missing values are skipped.
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
  /// The name of the new column.
  public var name: String
  /// What is computed.
  public var function: WindowFunction
  /// The function's arguments, computed for each row.
  public var arguments: [Expr]
  /// Overrides the measure that follows from the function.
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
  /// The value that rows are ordered by.
  public var expr: Expr
  /// Whether the largest value comes first.
  public var descending: Bool

  /// Orders by an expression.
  public init(_ expr: Expr, descending: Bool = false) {
    self.expr = expr
    self.descending = descending
  }
}
