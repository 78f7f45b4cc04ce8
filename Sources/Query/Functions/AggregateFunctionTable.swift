extension AggregateFunction {
  /// How the aggregate is called.
  public var signature: FunctionSignature {
    func make(
      _ parameters: [FunctionParameter], _ result: String, _ summary: String, _ example: String
    ) -> FunctionSignature {
      FunctionSignature(rawValue, parameters, result, summary, example: example)
    }
    let x = FunctionParameter("x", .value)
    let number = FunctionParameter("x", .number)
    let counted = FunctionParameter("x", .numberOrCondition)
    switch self {
    case .count:
      return make(
        [FunctionParameter("x", .value, optional: true)], "number",
        "rows, or rows where x has a value", "count()")
    case .countDistinct: return make([x], "number", "different values of x", "count_distinct(customer)")
    case .sum: return make([counted], "number", "total; of a condition, the rows where it is true", "sum(amount)")
    case .mean:
      return make([counted], "number", "average; of a condition, the share of rows where it is true", "mean(price)")
    case .median: return make([number], "number", "middle value", "median(amount)")
    case .min: return make([x], "as x", "smallest value", "min(date)")
    case .max: return make([x], "as x", "largest value", "max(date)")
    case .sd: return make([number], "number", "standard deviation of a sample (divided by n - 1)", "sd(amount)")
    case .variance: return make([number], "number", "variance of a sample (divided by n - 1)", "var(amount)")
    case .quantile:
      return make(
        [number, FunctionParameter("share", .numberConstant)], "number",
        "value with the given share of rows below it, interpolated", "quantile(amount, 90%)")
    case .mode: return make([x], "as x", "most frequent value, the smallest of several", "mode(country)")
    case .first: return make([x], "as x", "first value in the order of the rows", "first(status)")
    case .last: return make([x], "as x", "last value in the order of the rows", "last(status)")
    case .weightedMean:
      return make(
        [number, FunctionParameter("weight", .number)], "number", "mean of x weighted by w", "wmean(price, units)")
    case .bitOr: return make([number], "number", "the bits that some whole number x has", "bit_or(flags)")
    }
  }
}

extension WindowFunction {
  /// How each window function is called inside `add`; every aggregate works there too, once for each `by` group.
  public static let signatures: [FunctionSignature] = {
    let x = FunctionParameter("x", .number)
    let any = FunctionParameter("x", .value)
    let n = FunctionParameter("n", .wholeConstant, optional: true)
    func make(
      _ name: String, _ parameters: [FunctionParameter], _ result: String, _ summary: String, _ example: String
    ) -> FunctionSignature {
      FunctionSignature(name, parameters, result, summary, example: example)
    }
    return [
      make("lag", [any, n], "as x", "value n rows before, 1 unless said", "lag(amount)"),
      make("lead", [any, n], "as x", "value n rows after, 1 unless said", "lead(date)"),
      make("row_number", [], "number", "1, 2, 3 … in order", "row_number()"),
      make("rank", [], "number", "place in the order; equal rows share it", "rank()"),
      make("dense_rank", [], "number", "place in the order without gaps after equal rows", "dense_rank()"),
      make("percent_rank", [], "percent", "place in the order from 0 to 1", "percent_rank()"),
      make("ntile", [FunctionParameter("n", .wholeConstant)], "number", "part 1 to n of equal size", "ntile(4)"),
      make("cumulative", [x], "number", "total up to this row", "cumulative(amount)"),
      make(
        "rolling", [x, FunctionParameter("rows", .wholeConstant), FunctionParameter("aggregate", .textConstant)],
        "number",
        "aggregate of the last rows with this one", "rolling(amount, 7, mean)"),
      make("change", [x], "number", "value minus the row's before", "change(amount)"),
      make("growth", [x], "percent", "value divided by the row's before, minus 1", "growth(amount)"),
      make("share", [x], "percent", "value divided by the group's total", "share(amount)"),
    ]
  }()
}
