import Columnar
import Query

/// The messages of the E4 family: tables, roles and keys. Alphabetical by name.
extension Diagnostic {
  static func afterTheEnd(_ verb: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E406", "no table comes out of what stands before `\(verb)`", at: range, hint: "begin a new line with a table")
  }

  static func columnsDiffer(_ table: String, lacks columns: [String], at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E410", "`\(table)` has no column \(columns.map { "`\($0)`" }.joined(separator: ", "))", at: range,
      hint: "kind=match leaves it missing there")
  }

  static func formatNeedsName(at range: SourceRange) -> Diagnostic {
    Diagnostic("E414", "`format` needs a column", at: range, hint: "write `format COLUMN = percent(1)`")
  }

  static func joinKey(at range: SourceRange) -> Diagnostic {
    Diagnostic("E411", "a key is a column of both tables, or LEFT = RIGHT", at: range)
  }

  static func manyToMany(
    key: String, repeated: Int, rowsIn: Int, rowsOut: Int, suggestion: String?, at range: SourceRange
  ) -> Diagnostic {
    let advice = suggestion.map { "join on more keys (`\($0)`), " } ?? ""
    return Diagnostic(
      "E403",
      "many-to-many join: \(Words.count(repeated, "value")) of `\(key)` \(repeated == 1 ? "occurs" : "occur") more than once "
        + "on both sides; \(Words.count(rowsIn, "row")) would become \(Words.grouped(rowsOut))", at: range,
      hint: "\(advice)summarize one side first, or say many=true if you mean it")
  }

  static func noRole(_ role: Role, verb: String, table: String, hint: String?, at range: SourceRange) -> Diagnostic {
    let article = "aeiou".contains(role.rawValue.first ?? "x") ? "an" : "a"
    return Diagnostic(
      "E401", "`\(verb)` needs \(article) \(role.words) column and `\(table)` has none", at: range,
      hint: hint ?? "name one: `\(role.rawValue)=COLUMN`, or `roles \(role.rawValue)=COLUMN` for the table")
  }

  static func noSummary(_ table: String, at range: SourceRange?) -> Diagnostic {
    Diagnostic(
      "E415", "`\(table)` has no summary", at: range, hint: "analyses such as `segment` and `anomalies` have one", )
  }

  static func noTable(_ verb: String, tables: [String], at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E404", "`\(verb)` needs a table", at: range,
      hint: tables.first.map { "write `\($0) | \(verb) …`, or `use \($0)` first" }
        ?? "load one first: `load \"file.csv\"`")
  }

  static func notAFragment(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E407", "`\(name)` is a value, not a piece of a pipeline", at: range,
      hint: "pieces of pipelines are defined with a leading `|`")
  }

  static func nothingLeft(_ verb: String, at range: SourceRange) -> Diagnostic {
    Diagnostic("E412", "`\(verb)` would leave no column", at: range)
  }

  static func nothingToName(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic("E408", "this makes no table that could be called `\(name)`", at: range, hint: "leave out `\(name) =`")
  }

  static func pipelineTooLong(_ limit: Int, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E416", "this pipeline has more than \(limit) commands", at: range, hint: "name a step on the way: `half = …`")
  }

  /// A fault that only the data could show, or one that checking has overlooked.
  static func query(_ error: QueryError, at range: SourceRange?) -> Diagnostic {
    switch error {
    case .unknownColumn(let name): Diagnostic("E101", "there is no column `\(name)`", at: range)
    case .duplicateColumn(let name):
      Diagnostic("E114", "two columns would be called `\(name)`", at: range, hint: "give one of them another name")
    case .typeMismatch(let expected, let found, let part):
      Diagnostic("E320", "`\(part)` needs \(Words.article(expected)), found \(Words.article(found))", at: range)
    case .differentCurrencies(let a, let b, _): .currenciesDiffer(a, b, at: range ?? SourceRange(0, 0))
    case .wrongArgumentCount(let expected, let found, let part):
      Diagnostic("E110", "`\(part)` takes \(expected) arguments, found \(found)", at: range)
    case .invalidArgument(let name, let why, let part):
      Diagnostic("E310", "`\(name)` in `\(part)` does not fit: \(why)", at: range)
    case .invalidPattern(let pattern, let why): Diagnostic("E311", "`\(pattern)` cannot be used: \(why)", at: range)
    case .overflow(let part):
      Diagnostic(
        "E323", "`\(part)` goes past the largest whole number", at: range, hint: "divide first, or multiply by 1.0")
    case .manyToMany(let keys, let rowsIn, let rowsOut):
      .manyToMany(
        key: "the key", repeated: keys, rowsIn: rowsIn, rowsOut: rowsOut, suggestion: nil,
        at: range ?? SourceRange(0, 0))
    case .other(let words): Diagnostic("E499", words, at: range)
    }
  }

  static func renameNeedsName(at range: SourceRange) -> Diagnostic {
    Diagnostic("E413", "`rename` needs a new name", at: range, hint: "write `rename NEW = OLD`")
  }

  static func roleTie(_ role: Role, _ columns: [String], at range: SourceRange, fix: String?) -> Diagnostic {
    let names = columns.map { "`\($0)`" }.joined(separator: ", ")
    let count = columns.count == 2 ? "two" : "\(columns.count)"
    return Diagnostic(
      "E402", "\(count) columns could be the \(role.words): \(names)", at: range, hint: "say which", fix: fix)
  }

  static func tableIgnored(_ verb: String, at range: SourceRange) -> Diagnostic {
    Diagnostic("E405", "`\(verb)` begins a pipeline and takes no table", at: range, hint: "put it on a line of its own")
  }

  static func valueAsTable(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic("E409", "`\(name)` is a value, not a table", at: range, hint: "a pipeline begins with a table")
  }
}

extension Role {
  /// The role in a sentence: `product name`.
  package var words: String { rawValue.replacing("_", with: " ") }
}
