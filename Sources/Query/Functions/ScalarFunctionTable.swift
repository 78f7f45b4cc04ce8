import Columnar

extension ScalarFunction {
  /// How the function is called.
  public var signature: FunctionSignature {
    switch self {
    case .abs, .round, .floor, .ceil, .sqrt, .exp, .ln, .log10, .mod, .clamp, .sign, .ratio, .bin, .band, .number:
      numericSignature
    case .lower, .upper, .title, .trim, .length, .left, .right, .mid, .replace, .extract, .split, .concat, .text:
      textSignature
    case .date, .year, .quarter, .month, .week, .day, .weekday, .hour, .monthName, .startOf, .endOf, .daysBetween,
      .period, .periodBit:
      dateSignature
    }
  }

  private func make(
    _ parameters: [FunctionParameter], _ result: String, _ summary: String, _ example: String
  ) -> FunctionSignature {
    FunctionSignature(rawValue, parameters, result, summary, example: example)
  }

  private var numericSignature: FunctionSignature {
    let x = FunctionParameter("x", .number)
    switch self {
    case .round:
      let digits = FunctionParameter("digits", .wholeConstant, optional: true)
      return make([x, digits], "number", "x rounded to so many decimals, halves away from zero", "round(price, 1)")
    case .floor: return make([x], "number", "the largest whole number not above x", "floor(price)")
    case .ceil: return make([x], "number", "the smallest whole number not below x", "ceil(units / 12)")
    case .sqrt: return make([x], "number", "square root; missing below zero", "sqrt(variance)")
    case .exp: return make([x], "number", "e to the power of x", "exp(0.05)")
    case .ln: return make([x], "number", "natural logarithm; missing for zero and below", "ln(amount)")
    case .log10: return make([x], "number", "logarithm to base 10; missing for zero and below", "log10(amount)")
    case .mod:
      return make(
        [x, FunctionParameter("divisor", .number)], "number", "rest of a division, with the divisor's sign",
        "mod(order_id, 10)")
    case .clamp:
      return make(
        [x, FunctionParameter("low", .number), FunctionParameter("high", .number)], "number",
        "x, but not below low and not above high", "clamp(score, 0, 100)")
    case .sign: return make([x], "number", "-1, 0 or 1", "sign(change)")
    case .ratio:
      return make(
        [FunctionParameter("part", .number), FunctionParameter("whole", .number)], "number, a percent for like kinds",
        "part divided by whole; missing where whole is 0", "ratio(profit, revenue)")
    case .bin:
      return make(
        [x, FunctionParameter("width", .numberConstant)], "number", "lower edge of the bin of this width that holds x",
        "bin(age, 10)")
    case .band:
      return make(
        [x, FunctionParameter("cuts", .numberList), FunctionParameter("labels", .textList)], "text",
        "label of the band that holds x; each cut begins a band",
        "band(units, [0, 10, 30], [\"Low\", \"Mid\", \"High\"])")
    case .number:
      return make(
        [FunctionParameter("text", .text)], "number", "the number a text spells; missing where it spells none",
        "number(\"12\")")
    default: return make([x], "number", "x without its sign", "abs(change)")
    }
  }

  private var textSignature: FunctionSignature {
    let x = FunctionParameter("x", .text)
    let n = FunctionParameter("n", .number)
    switch self {
    case .upper: return make([x], "text", "x in capital letters", "upper(code)")
    case .title: return make([x], "text", "x with each word's first letter a capital", "title(name)")
    case .trim: return make([x], "text", "x without spaces around it", "trim(name)")
    case .length: return make([x], "number", "how many characters x has", "length(code)")
    case .left: return make([x, n], "text", "the first n characters", "left(code, 2)")
    case .right: return make([x, n], "text", "the last n characters", "right(code, 1)")
    case .mid:
      return make(
        [x, FunctionParameter("start", .number), n], "text", "n characters from the given place on, counted from 1",
        "mid(code, 3, 2)")
    case .replace:
      return make(
        [x, FunctionParameter("old", .text), FunctionParameter("new", .text)], "text",
        "x with every old text replaced by the new one", "replace(name, \"&\", \"and\")")
    case .extract:
      return make(
        [x, FunctionParameter("pattern", .textConstant)], "text",
        "what a regular expression's first group (or all of it) matches; missing where it does not",
        "extract(code, \"([0-9]+)\")")
    case .split:
      return make(
        [x, FunctionParameter("separator", .text), n], "text",
        "the n-th part of x between separators, counted from 1, from the end when negative", "split(email, \"@\", 2)")
    case .concat:
      return make(
        [FunctionParameter("x", .value, repeats: true)], "text", "all values written one after another",
        "concat(first, \" \", last)")
    case .text: return make([FunctionParameter("x", .value)], "text", "the value as text", "text(order_id)")
    default: return make([x], "text", "x in small letters", "lower(email)")
    }
  }

  private var dateSignature: FunctionSignature {
    let x = FunctionParameter("x", .dateOrPeriod)
    let grain = FunctionParameter("unit", .grain)
    switch self {
    case .year: return make([x], "number", "year", "year(date)")
    case .quarter: return make([x], "number", "quarter, 1 to 4", "quarter(date)")
    case .month: return make([x], "number", "month, 1 to 12", "month(date)")
    case .week: return make([x], "number", "ISO week, 1 to 53", "week(date)")
    case .day: return make([x], "number", "day of the month, 1 to 31", "day(date)")
    case .weekday: return make([x], "number", "day of the week, Monday is 1 and Sunday 7", "weekday(date)")
    case .hour: return make([FunctionParameter("x", .moment)], "number", "hour of the day, 0 to 23", "hour(date)")
    case .monthName: return make([x], "text", "name of the month", "month_name(date)")
    case .startOf: return make([x, grain], "date", "first day of the period that holds x", "start_of(date, month)")
    case .endOf: return make([x, grain], "date", "last day of the period that holds x", "end_of(date, month)")
    case .daysBetween:
      return make(
        [FunctionParameter("from", .dateOrPeriod), FunctionParameter("to", .dateOrPeriod)], "number of days",
        "whole days from one date to another", "days_between(order_date, ship_date)")
    case .period:
      return make([x, grain], "period", "the week, month, quarter or year that holds x", "period(date, month)")
    case .periodBit:
      return make(
        [x, grain, FunctionParameter("first", .date)], "number",
        "2 to the number of periods from the first to that of x; 0 for more than 63", "period_bit(date, month, start)")
    default:
      return make(
        [FunctionParameter("x", .dateOrText), FunctionParameter("format", .textConstant, optional: true)], "date",
        "the date that a text spells, or the day of a moment; missing where it spells none", "date(day, \"dd/mm/yyyy\")"
      )
    }
  }
}
