import Analytics
import Columnar

/// The messages of the E5 family: what the data do not allow an analysis to say. Alphabetical by name.
extension Diagnostic {
  static func analysis(_ error: AnalysisError, verb: String, table: String, at range: SourceRange) -> Diagnostic {
    switch error {
    case .noRows:
      Diagnostic(
        "E511", "`\(verb)` finds no row of `\(table)` that has all it needs", at: range,
        hint: "is a filter before it too narrow, or a column empty?")
    case .engineLeftOut(let column):
      Diagnostic("E002", "the engine's answer has no column `\(column)`", at: range, hint: "this is a fault of Martlet")
    case .unknownSegment(let name, let known):
      unknownSegment(name, known: known, at: range)
    case .tooManyPeriods(let count):
      Diagnostic(
        "E512", "the dates of `\(table)` span \(Words.grouped(count)) periods", at: range,
        hint: "look for a wrong date, or use a longer period such as `per month`")
    case .noRepeatOrders:
      Diagnostic(
        "E513", "no customer has ordered on two days, so there is no usual gap between orders", at: range,
        hint: "say how long is too long: `churn after 90 days`")
    }
  }

  static func basket(_ error: BasketError, at range: SourceRange) -> Diagnostic {
    switch error {
    case .tooManySets(let limit):
      Diagnostic(
        "E514", "more than \(Words.grouped(limit)) sets of items are that frequent", at: range,
        hint: "raise support, or lower max_items")
    case .tooManyRules(let limit):
      Diagnostic(
        "E515", "more than \(Words.grouped(limit)) rules hold", at: range, hint: "raise confidence, lift or support")
    }
  }

  static func comparisonWord(at range: SourceRange) -> Diagnostic {
    Diagnostic("E143", "`kpi` compares with an earlier period", at: range, hint: "such as `vs previous quarter`")
  }

  static func cutsAndNames(names: Int, cuts: Int, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E341",
      "\(Words.count(names, "segment")) \(names == 1 ? "needs" : "need") \(Words.count(names - 1, "cut")), found "
        + "\(cuts)", at: range, hint: "such as `into Low, High at=[500]`")
  }

  static func cutsNotRising(at range: SourceRange) -> Diagnostic {
    Diagnostic("E342", "cuts must be rising numbers", at: range, hint: "such as at=[100, 500, 2000]")
  }

  static func durationInDays(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic("E344", "`\(name)` must be whole days", at: range, hint: "such as 90 days, 8 weeks or 3 months")
  }

  static func eitherClause(_ one: String, _ other: String, verb: String, at range: SourceRange) -> Diagnostic {
    Diagnostic("E141", "`\(verb)` takes `\(one)` or `\(other)`, not both", at: range, hint: "drop one of them")
  }

  static func keyTypes(_ column: String, _ type: String, other: String, otherType: String, at range: SourceRange)
    -> Diagnostic
  {
    Diagnostic(
      "E343", "`\(column)` is \(Words.article(type)), `\(other)` is \(Words.article(otherType))", at: range,
      hint: "`convert` one of them so that customers can be matched")
  }

  static func needsSegments(_ verb: String, table: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E421", "`\(verb)` needs customers with a segment, and `\(table)` has none", at: range,
      hint: "segment them first", fix: "\(table) | segment rfm | \(verb) …")
  }

  static func needsTransactions(_ verb: String, table: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E422", "`\(verb)` needs the orders behind `\(table)`, and they are not known", at: range,
      hint: "use it right behind `segment`, or on a table that `segment` made in this session")
  }

  static func noRule(_ message: String, hint: String?, at range: SourceRange) -> Diagnostic {
    Diagnostic("W501", message, at: range, hint: hint)
  }

  static func noFigure(table: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E423", "`kpi` finds no amount, order, customer or quantity in `\(table)`", at: range,
      hint: "name the figures: `kpi total = sum(x), orders = count_distinct(y)`")
  }

  static func periodTooShort(at range: SourceRange) -> Diagnostic {
    Diagnostic("E142", "customers are followed by day or longer", at: range, hint: "write `per week` or `per month`")
  }

  static func unknownSegment(_ name: String, known: [String], at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E140", "there is no segment `\(name)`", at: range, hint: "there are \(NumberWords.list(known.map { "`\($0)`" }))"
    )
  }
}
