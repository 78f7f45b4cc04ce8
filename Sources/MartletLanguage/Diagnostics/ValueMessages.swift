import Columnar
import Query

/// The messages of the E3 family: types and values that do not fit. Alphabetical by name.
extension Diagnostic {
  static func aggregateInRow(_ name: String, verb: String, fix: String? = nil, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E302", "`\(name)` needs many rows, but `\(verb)` looks at one row at a time", at: range,
      hint: verb == "where" ? "total first, then filter" : "use `summarize` or `add`", fix: fix)
  }

  static func branchesDiffer(_ a: String, _ b: String, at range: SourceRange) -> Diagnostic {
    Diagnostic("E312", "one side is a \(a), the other a \(b)", at: range, hint: "both must be of one type")
  }

  /// A call whose arguments the engines' function table refuses.
  static func call(
    _ error: QueryError, _ function: FunctionSignature, _ arguments: [(type: String, range: SourceRange)],
    at range: SourceRange
  ) -> Diagnostic {
    let usage = "written `\(function.usage)`, such as `\(function.example)`"
    switch error {
    case .wrongArgumentCount(let expected, let found, _):
      let noun = expected == "1" ? "argument" : "arguments"
      return Diagnostic("E110", "`\(function.name)` takes \(expected) \(noun), found \(found)", at: range, hint: usage)
    case .typeMismatch(let expected, let found, _):
      let place = arguments.first { $0.type == found }?.range ?? range
      return Diagnostic(
        "E320", "`\(function.name)` needs \(Words.article(expected)), found \(Words.article(found))", at: place,
        hint: usage)
    case .invalidArgument(let name, let why, _):
      let position = function.parameters.firstIndex { $0.name == name }
      let place = position.flatMap { $0 < arguments.count ? arguments[$0].range : nil } ?? range
      return Diagnostic("E310", "`\(name)` of `\(function.name)` does not fit: \(why)", at: place, hint: usage)
    case .invalidPattern(let pattern, let why):
      return Diagnostic("E311", "`\(pattern)` cannot be used: \(why)", at: arguments.last?.range ?? range)
    case .differentCurrencies(let a, let b, _): return .currenciesDiffer(a, b, at: range)
    default: return .query(error, at: range)
    }
  }

  static func cannotConvert(_ column: String, from: String, to type: String, at range: SourceRange) -> Diagnostic {
    Diagnostic("E324", "`\(column)` is \(Words.article(from)) and cannot become \(Words.article(type))", at: range)
  }

  static func checkFailed(_ message: String, why: String, at range: SourceRange) -> Diagnostic {
    Diagnostic("E325", "check failed: \(message)", at: range, hint: why)
  }

  static func columnOutsideAggregate(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E305", "`\(name)` has many values in a group", at: range,
      hint: "say which: sum(\(name)), mean(\(name)), first(\(name)), or group by it")
  }

  static func comparedTypes(_ a: TypedExpr, _ b: TypedExpr) -> Diagnostic {
    func words(_ value: TypedExpr) -> String {
      if let literal = value.literal { return "`\(ValueText.source(literal, value.measure))`" }
      if case .column(let name) = value.expr { return "`\(name)`" }
      return "the \(value.range == a.range ? "left" : "right") side"
    }
    let types = (a.type.displayName, b.type.displayName)
    var hint: String?
    if case .column(let name) = a.expr, a.type.isNumeric, b.isText {
      hint = "drop the quotes, or `convert \(name) = text` if IDs are labels"
    } else if case .column(let name) = a.expr, a.isText, b.type.isNumeric {
      hint = "put the value in quotes, or `convert \(name) = number`"
    } else if a.isTemporal || b.isTemporal {
      hint = "dates are written 2011-12-09"
    }
    return Diagnostic(
      "E301", "\(words(a)) is \(Words.article(types.0)), \(words(b)) is \(Words.article(types.1))", at: b.range,
      hint: hint)
  }

  static func convertNeedsType(at range: SourceRange) -> Diagnostic {
    Diagnostic("E326", "`convert` needs a type", at: range, hint: "write `convert COLUMN = number`")
  }

  static func currenciesDiffer(_ a: String, _ b: String, at range: SourceRange) -> Diagnostic {
    Diagnostic("E314", "\(a) and \(b) do not add up", at: range, hint: "convert one currency first")
  }

  static func fillNeedsColumn(at range: SourceRange) -> Diagnostic {
    Diagnostic("E327", "`fill` needs a column", at: range, hint: "write `fill COLUMN = 0`")
  }

  static func measureNotNumber(_ name: String, _ type: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E321", "`\(name)` is \(Words.article(type)) and cannot be totalled", at: range,
      hint: "count it: count_distinct(\(name)), or name a number")
  }

  static func missingOrder(at range: SourceRange) -> Diagnostic {
    Diagnostic("E315", "missing is neither greater nor less than a value", at: range, hint: "write `is missing`")
  }

  static func nobodyAnswers(at range: SourceRange) -> Diagnostic {
    Diagnostic("E316", "nobody can be asked here", at: range, hint: "this frontend does not allow input; use `param`")
  }

  static func notACondition(_ type: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E306", "a condition must be true or false, this is \(Words.article(type))", at: range,
      hint: "compare it: `… > 0`")
  }

  static func notADate(_ value: Value?, at range: SourceRange) -> Diagnostic {
    guard case .text(let text)? = value else {
      return Diagnostic(
        "E307", "text is compared with a date", at: range, hint: "read dates with date(t, \"dd/mm/yyyy\") first")
    }
    return Diagnostic(
      "E307", "`\"\(text)\"` is not a date", at: range, hint: "dates are year-month-day, such as 2011-12-09")
  }

  static func notConstant(at range: SourceRange) -> Diagnostic {
    Diagnostic("E308", "this must be the same for all rows", at: range, hint: "write a value, or a parameter")
  }

  /// An operator on values that it cannot take.
  static func operands(_ error: QueryError, _ op: String, _ a: TypedExpr, _ b: TypedExpr, at range: SourceRange)
    -> Diagnostic
  {
    if case .differentCurrencies(let x, let y, _) = error { return .currenciesDiffer(x, y, at: range) }
    var hint: String?
    if a.isText || b.isText { hint = "join texts with concat(a, b), read numbers with number(t)" }
    if a.isTemporal || b.isTemporal { hint = "a date moves by a duration, such as `date + 7 days`" }
    return Diagnostic(
      "E304", "`\(op)` cannot take \(Words.article(a.kindWord)) and \(Words.article(b.kindWord))", at: range, hint: hint
    )
  }

  static func optionRange(_ option: String, _ bounds: String, found: String, at range: SourceRange) -> Diagnostic {
    Diagnostic("E309", "`\(option)` must lie between \(bounds), found \(found)", at: range)
  }

  static func parameterType(_ name: String, needs: String, found: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E322", "the parameter `\(name)` is \(Words.article(needs)), and \(found) is none", at: range,
      hint: "give it \(Words.article(needs)), or declare it anew with `param`")
  }

  static func rollingAggregate(at range: SourceRange) -> Diagnostic {
    Diagnostic("E317", "`rolling` needs the name of an aggregate", at: range, hint: "such as rolling(x, 7, mean)")
  }

  static func shareRange(_ name: String, _ value: Value?, at range: SourceRange) -> Diagnostic {
    guard let number = value?.number else {
      return Diagnostic("E303", "`\(name)` must be a share", at: range, hint: "such as 60% or 0.6")
    }
    let percent = ValueText.number(number * 100)
    let shown = Int64(percent).map { Words.grouped(Int($0)) } ?? percent
    return Diagnostic(
      "E303", "\(name) must lie between 0 % and 100 %; \(ValueText.number(number)) means \(shown) %", at: range,
      hint: number > 1 && number <= 100
        ? "write \(ValueText.number(number))% or \(ValueText.number(number / 100))" : nil)
  }

  static func tooManyOperators(_ limit: Int, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E318", "this expression has more than \(Words.grouped(limit)) operators", at: range,
      hint: "compute parts of it with `add` first")
  }

  static func wholeNumber(_ bounds: ClosedRange<Int>, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E319",
      "this must be a whole number from \(Words.grouped(bounds.lowerBound)) to \(Words.grouped(bounds.upperBound))",
      at: range)
  }

  static func windowInRow(_ name: String, verb: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E302", "`\(name)` looks at neighbouring rows, but `\(verb)` looks at one row at a time", at: range,
      hint: "make a column with `add` first")
  }

  static func wrongType(_ what: String, needs: String, found: String, at range: SourceRange) -> Diagnostic {
    Diagnostic("E320", "\(what) needs \(needs), found \(Words.article(found))", at: range)
  }
}
