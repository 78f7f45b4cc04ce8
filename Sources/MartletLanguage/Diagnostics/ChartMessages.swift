import Charts

/// The messages about charts. Alphabetical by name.
extension Diagnostic {
  static func chart(_ error: ChartError, kind: ChartKind, at range: SourceRange) -> Diagnostic {
    let name = "chart \(kind.rawValue)"
    switch error {
    case .unknownColumn(let column):
      return Diagnostic(
        "E101", "the table that `\(name)` draws has no column `\(column)`", at: range,
        hint: "a later command has removed it; write `chart` behind that")
    case .wrongType(let channel, let column, let needs, let found):
      return Diagnostic(
        "E331", "`\(name)` needs a \(needs) for \(channel), and `\(column)` is a \(found)", at: range,
        hint: chartAdvice(kind))
    case .missingChannel(_, let channel, let needs):
      return Diagnostic(
        "E332", "`\(name)` needs a \(needs) column for \(channel), and the table has none left", at: range,
        hint: chartAdvice(kind))
    case .unusedChannel(_, let channel):
      return Diagnostic(
        "E333", "several columns for one axis become colours, so `\(name)` cannot take \(channel) as well", at: range,
        hint: "name one column, or leave \(channel) out")
    case .noRows:
      return Diagnostic("E521", "`\(name)` has no rows to draw", at: range, hint: "`chart none` shows the table alone")
    case .negativeValues(_, let column, let rows):
      return Diagnostic(
        "E522",
        "`\(name)` shows parts of a whole, and \(Words.count(rows, "value")) of `\(column)` "
          + "\(rows == 1 ? "is" : "are") negative", at: range, hint: "`chart bar` and `chart waterfall` can show them")
    case .notPositive(let column, let rows):
      return Diagnostic(
        "E523", "a logarithmic axis has no place for \(Words.count(rows, "value")) of `\(column)` at or below zero",
        at: range, hint: "leave log out, or filter them first")
    case .tooManyGroups(let channel, let column, let distinct, let limit):
      return Diagnostic(
        "E524",
        "`\(column)` has \(Words.grouped(distinct)) values, and `\(name)` can tell \(limit) apart for \(channel)",
        at: range, hint: "keep the largest with `top \(limit) by …`, or group them with `band`")
    }
  }

  static func chartAcrossTables(_ column: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E334", "the summary has some of these columns and the rows have others, such as `\(column)`", at: range,
      hint: "draw the summary with `| summary | chart …`")
  }

  static func chartChannel(_ option: String, kind: ChartKind, known: [String], at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E335", "`chart \(kind.rawValue)` has no \(option)", at: range, hint: "it takes \(known.joined(separator: ", "))")
  }

  /// What a kind is for, in a few words.
  private static func chartAdvice(_ kind: ChartKind) -> String? {
    switch kind {
    case .line, .area: "for categories use `chart bar` or `chart column`"
    case .bar, .column: "make a number with `summarize` or `count` first"
    case .scatter: "a scatter plot compares two numbers"
    case .histogram: "for categories use `count by` and `chart bar`"
    case .heatmap: "a heatmap needs two categories and a number"
    default: nil
    }
  }
}
