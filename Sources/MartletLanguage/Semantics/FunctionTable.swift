/// A function of expressions: what completion, inspection and the checker know of it.
package struct FunctionSpec: Sendable {
  package var name: String
  /// How it is written: `round(x, digits = 0)`.
  package var signature: String
  /// One sentence.
  package var summary: String
  package var kind: Kind
  /// How many arguments it takes without names.
  package var arity: ClosedRange<Int>

  /// Where a function may stand.
  package enum Kind: String, Sendable {
    /// Looks at one row.
    case scalar
    /// Looks at many rows and gives one value.
    case aggregate
    /// Looks at a row and its neighbours; in `add` only.
    case window
    /// Asks the reader.
    case input
  }
}

/// The one table of functions.
package enum FunctionTable {
  /// All functions in the order of the reference.
  package static let all: [FunctionSpec] =
    aggregates + scalars + windows + [
      FunctionSpec(
        name: "ask", signature: "ask(\"prompt\", password = false)",
        summary: "Asks the reader of the notebook for a line of text.", kind: .input, arity: 1...1)
    ]

  /// Their names.
  package static let names = Set(all.map(\.name))

  /// The functions with this name: `share` is an aggregate and a window function.
  package static func functions(_ name: String) -> [FunctionSpec] { all.filter { $0.name == name } }

  private static let aggregates: [FunctionSpec] = [
    aggregate("count", "count() or count(x)", "Rows, or rows in which x has a value.", 0...1),
    aggregate("count_distinct", "count_distinct(x)", "Different values of x.", 1...1),
    aggregate("sum", "sum(x)", "Total; missing values are skipped.", 1...1),
    aggregate("mean", "mean(x)", "Arithmetic mean; missing values are skipped.", 1...1),
    aggregate("median", "median(x)", "The middle value.", 1...1),
    aggregate("min", "min(x)", "The least value.", 1...1),
    aggregate("max", "max(x)", "The greatest value.", 1...1),
    aggregate("sd", "sd(x)", "Standard deviation of the sample (n - 1).", 1...1),
    aggregate("var", "var(x)", "Variance of the sample (n - 1).", 1...1),
    aggregate("quantile", "quantile(x, 90%)", "The value below which the share lies, interpolated linearly.", 2...2),
    aggregate("mode", "mode(x)", "The most frequent value; the least one of several.", 1...1),
    aggregate("first", "first(x)", "The first value in the order of the rows.", 1...1),
    aggregate("last", "last(x)", "The last value in the order of the rows.", 1...1),
    aggregate("wmean", "wmean(x, w)", "Mean of x weighted by w.", 2...2),
  ]

  private static let scalars: [FunctionSpec] = [
    scalar("abs", "abs(x)", "The number without its sign.", 1...1),
    scalar("round", "round(x, digits = 0)", "Rounded to digits behind the point, halves away from zero.", 1...2),
    scalar("floor", "floor(x)", "The greatest whole number that is not above x.", 1...1),
    scalar("ceil", "ceil(x)", "The least whole number that is not below x.", 1...1),
    scalar("sqrt", "sqrt(x)", "The square root; missing below zero.", 1...1),
    scalar("exp", "exp(x)", "e to the power of x.", 1...1),
    scalar("ln", "ln(x)", "The natural logarithm; missing at zero and below.", 1...1),
    scalar("log10", "log10(x)", "The decimal logarithm; missing at zero and below.", 1...1),
    scalar("mod", "mod(a, b)", "What is left when a is divided by b, with the sign of b.", 2...2),
    scalar("clamp", "clamp(x, low, high)", "x, or the bound that it exceeds.", 3...3),
    scalar("sign", "sign(x)", "-1, 0 or 1.", 1...1),
    scalar("ratio", "ratio(a, b)", "a divided by b as a percentage; missing when b is 0.", 2...2),
    scalar("lower", "lower(t)", "The text in small letters.", 1...1),
    scalar("upper", "upper(t)", "The text in capitals.", 1...1),
    scalar("title", "title(t)", "Each word with a capital.", 1...1),
    scalar("trim", "trim(t)", "The text without spaces at both ends.", 1...1),
    scalar("length", "length(t)", "The number of characters.", 1...1),
    scalar("left", "left(t, n)", "The first n characters.", 2...2),
    scalar("right", "right(t, n)", "The last n characters.", 2...2),
    scalar("mid", "mid(t, from, n)", "n characters beginning with the one numbered from; the first is 1.", 3...3),
    scalar("replace", "replace(t, old, new)", "The text with each old replaced by new.", 3...3),
    scalar(
      "extract", "extract(t, \"pattern\")", "The first match of a regular expression, or of its first group.", 2...2),
    scalar("split", "split(t, \",\", n)", "The n-th piece of the text between separators; the first is 1.", 3...3),
    scalar("concat", "concat(a, b, …)", "The texts of all arguments, one after another.", 1...100),
    scalar("text", "text(x)", "The value as text.", 1...1),
    scalar("number", "number(t)", "The number that the text spells; missing when it spells none.", 1...1),
    scalar("date", "date(t, \"dd/mm/yyyy\")", "The date that the text spells, or the day of a moment.", 1...2),
    scalar("year", "year(d)", "The year of a date.", 1...1),
    scalar("quarter", "quarter(d)", "The quarter of a date, 1 to 4.", 1...1),
    scalar("month", "month(d)", "The month of a date, 1 to 12.", 1...1),
    scalar("week", "week(d)", "The ISO 8601 week of a date, 1 to 53.", 1...1),
    scalar("day", "day(d)", "The day of the month, 1 to 31.", 1...1),
    scalar("weekday", "weekday(d)", "The day of the week: Monday is 1, Sunday is 7.", 1...1),
    scalar("hour", "hour(d)", "The hour of a moment, 0 to 23.", 1...1),
    scalar("month_name", "month_name(d)", "The month's English name.", 1...1),
    scalar("start_of", "start_of(d, month)", "The first day of the week, month, quarter or year.", 2...2),
    scalar("end_of", "end_of(d, month)", "The last day of the week, month, quarter or year.", 2...2),
    scalar("days_between", "days_between(a, b)", "Days from a to b.", 2...2),
    scalar("period", "period(d, month)", "The month, quarter … that holds the date.", 2...2),
    scalar("bin", "bin(x, width)", "The lower end of the bin of that width.", 2...2),
    scalar(
      "band", "band(x, [0, 10, 30], [\"Low\", \"Mid\", \"High\"])", "The label of the interval that holds x.", 3...3),
  ]

  private static let windows: [FunctionSpec] = [
    window("lag", "lag(x, n = 1)", "The value n rows before.", 1...2),
    window("lead", "lead(x, n = 1)", "The value n rows behind.", 1...2),
    window("row_number", "row_number()", "1, 2, 3 … in each group.", 0...0),
    window("rank", "rank(x)", "The place of x, the greatest first; equal values share a place.", 1...1),
    window("dense_rank", "dense_rank(x)", "The place of x without gaps, the greatest first.", 1...1),
    window("percent_rank", "percent_rank(x)", "The share of rows that are less than x.", 1...1),
    window("ntile", "ntile(x, n)", "The group 1 … n of equal size by rising x.", 2...2),
    window("cumulative", "cumulative(x)", "The total up to this row.", 1...1),
    window("rolling", "rolling(x, n, mean, partial = false)", "An aggregate over the last n rows.", 2...3),
    window("change", "change(x)", "x minus the row's before.", 1...1),
    window("growth", "growth(x)", "x divided by the row's before, minus 1.", 1...1),
    window("share", "share(x)", "x divided by the group's total.", 1...1),
  ]

  private static func aggregate(_ name: String, _ signature: String, _ summary: String, _ arity: ClosedRange<Int>)
    -> FunctionSpec
  {
    FunctionSpec(name: name, signature: signature, summary: summary, kind: .aggregate, arity: arity)
  }

  private static func scalar(_ name: String, _ signature: String, _ summary: String, _ arity: ClosedRange<Int>)
    -> FunctionSpec
  {
    FunctionSpec(name: name, signature: signature, summary: summary, kind: .scalar, arity: arity)
  }

  private static func window(_ name: String, _ signature: String, _ summary: String, _ arity: ClosedRange<Int>)
    -> FunctionSpec
  {
    FunctionSpec(name: name, signature: signature, summary: summary, kind: .window, arity: arity)
  }
}
