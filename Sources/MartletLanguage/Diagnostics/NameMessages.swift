/// The messages of the E1 family: names and options that are not known. Alphabetical by name.
extension Diagnostic {
  static func choice(_ name: String, value: String, among choices: [String], at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E119", "`\(name)` must be one of \(choices.joined(separator: ", ")), found \(value)", at: range,
      hint: "choose one of these")
  }

  static func clauseMissing(_ clause: String, verb: String, doc: String, fix: String? = nil, at range: SourceRange)
    -> Diagnostic
  {
    Diagnostic("E112", "`\(verb)` needs `\(clause)`", at: range, hint: doc, fix: fix)
  }

  static func clauseTwice(_ clause: String, at range: SourceRange) -> Diagnostic {
    Diagnostic("E113", "`\(clause)` is written twice", at: range, hint: "separate items with a comma: `\(clause) a, b`")
  }

  static func columnAndParameter(_ name: String, table: String, comparesItself: Bool, at range: SourceRange)
    -> Diagnostic
  {
    let what = "`\(name)` is both a column of `\(table)` and a parameter"
    guard comparesItself else {
      return Diagnostic("E107", what, at: range, hint: "write column.\(name) or param.\(name)")
    }
    return Diagnostic(
      "E107", "\(what), so this compares the column with itself", at: range,
      hint: "write param.\(name), or rename the parameter (param \(name.lowercased()) = …)")
  }

  static func columnTwice(_ name: String, verb: String, at range: SourceRange) -> Diagnostic {
    Diagnostic("E114", "`\(verb)` would make two columns `\(name)`", at: range, hint: "give one of them another name")
  }

  static func columnWithoutTable(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic("E115", "there is no table here that could have a column `\(name)`", at: range)
  }

  static func definitionArguments(_ definition: DefinitionSyntax, found: Int, at range: SourceRange) -> Diagnostic {
    let names = definition.parameters.map(\.name.text).joined(separator: ", ")
    return Diagnostic(
      "E110", "`\(definition.name.text)` takes \(Words.count(definition.parameters.count, "argument")), found \(found)",
      at: range, hint: "defined as `\(definition.name.text)(\(names))`")
  }

  static func endlessDefinition(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic("E116", "`\(name)` uses itself without end", at: range, hint: "a definition cannot call itself")
  }

  static func fragmentAsFunction(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic("E117", "`\(name)` is a piece of a pipeline, not a value", at: range, hint: "write `table | \(name)(…)`")
  }

  static func functionWithoutCall(_ name: String, signature: String, at range: SourceRange) -> Diagnostic {
    Diagnostic("E118", "`\(name)` is a function and needs parentheses", at: range, hint: "written `\(signature)`")
  }

  static func missingSubject(_ spec: CommandSpec, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E126", "`\(spec.name)` needs \(spec.subject.placeholder)", at: range, hint: spec.subject.doc,
      fix: spec.examples.first.flatMap { $0.code.contains("\n") ? nil : $0.code })
  }

  static func noClause(_ clause: String, verb: CommandSpec, at range: SourceRange) -> Diagnostic {
    let known = verb.clauses.map { "`\($0.kind.rawValue)`" }.joined(separator: ", ")
    return Diagnostic(
      "E111", "`\(verb.name)` does not understand `\(clause)`", at: range,
      hint: known.isEmpty ? "it has no such words" : "it understands \(known)")
  }

  static func noDirection(_ spec: CommandSpec, at range: SourceRange) -> Diagnostic {
    Diagnostic("E127", "`\(spec.name)` has no order", at: range, hint: "add `| sort COLUMN desc`")
  }

  static func noStar(_ spec: CommandSpec, at range: SourceRange) -> Diagnostic {
    Diagnostic("E128", "`\(spec.name)` does not understand `*`", at: range, hint: "name the columns")
  }

  static func notAColumn(verb: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E129", "`\(verb)` takes columns, this is an expression", at: range, hint: "make a column of it with `add` first")
  }

  static func nothingSet(_ spec: CommandSpec, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E126", "`set` needs a setting", at: range,
      hint: "settings: " + spec.options.map(\.name).joined(separator: ", "), fix: "set rows=30")
  }

  static func periodOfSeveral(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E130", "a period is one calendar unit", at: range, hint: "write `per week`, `per month` or `per quarter`")
  }

  static func siblingName(_ name: String, verb: String, fix: String? = nil, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E106", "`\(name)` is being made in this same `\(verb)`; all items see the table as it came in", at: range,
      hint: "use a second step", fix: fix)
  }

  static func synonym(_ word: String, language: String, command: String, fix: String?, at range: SourceRange)
    -> Diagnostic
  {
    Diagnostic("E103", "`\(word)` is \(language); Martlet says `\(command)`", at: range, fix: fix)
  }

  static func tooManyInClause(_ clause: String, _ count: Int, at range: SourceRange) -> Diagnostic {
    Diagnostic("E131", "`\(clause)` takes \(Words.count(count, "item")) here", at: range, hint: "remove this")
  }

  static func tooManyItems(_ spec: CommandSpec, at range: SourceRange) -> Diagnostic {
    let count = spec.subject.count.upperBound
    let what = count == 0 ? "nothing" : Words.count(count, "item")
    return Diagnostic(
      "E132", "`\(spec.name)` takes \(what) behind it", at: range,
      hint: spec.options.isEmpty ? "remove this" : "options are written name=value")
  }

  static func unknownArgument(_ name: String, function: String, at range: SourceRange) -> Diagnostic {
    Diagnostic("E109", "`\(function)` has no argument `\(name)`", at: range)
  }

  static func unknownColumn(_ name: String, table: String, among columns: [String], at range: SourceRange) -> Diagnostic
  {
    Diagnostic(
      "E101", "`\(table)` has no column `\(name)`", at: range,
      hint: Nearest.name(to: name, in: columns).map { "did you mean `\($0)`?" },
      details: columns.isEmpty ? [] : ["columns: " + Words.list(columns, limit: 30)])
  }

  static func unknownCommand(_ name: String, nearest: String?, fix: String?, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E102", "there is no command `\(name)`", at: range,
      hint: nearest.map { "did you mean `\($0)`?" } ?? "`help` lists them",
      fix: fix)
  }

  static func unknownFormat(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E133", "`\(name)` is not a format", at: range,
      hint: "formats are number(2), percent(1), currency(\"£\", 0), date(\"MMM yyyy\")")
  }

  static func unknownFunction(_ name: String, among names: some Sequence<String>, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E108", "there is no function `\(name)`", at: range,
      hint: Nearest.name(to: name, in: names).map { "did you mean `\($0)`?" } ?? "`help functions` lists them")
  }

  static func unknownHelp(_ word: String, nearest: String?, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E134", "there is no command or function about `\(word)`", at: range,
      hint: nearest.map { "did you mean `\($0)`?" } ?? "`help` lists the commands, `help functions` the functions")
  }

  static func unknownName(_ name: String, columns: [String], at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E105", "`\(name)` is not a column, parameter or role", at: range,
      hint: "text needs quotes: \"\(name)\"",
      details: columns.isEmpty ? [] : ["columns: " + Words.list(columns, limit: 30)])
  }

  static func unknownNamespace(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E120", "`\(name)` has no members", at: range, hint: "write column.x, param.x or role.x", )
  }

  static func unknownOption(_ name: String, verb: CommandSpec, at range: SourceRange) -> Diagnostic {
    let options = verb.options.map(\.name)
    let parts = Set(name.split(separator: "_").map(String.init))
    let nearest = Nearest.name(to: name, in: options) ?? options.first { parts.contains($0) }
    guard !options.isEmpty else {
      return Diagnostic("E104", "`\(verb.name)` has no option `\(name)`", at: range, hint: "it has no options")
    }
    let list = "options: " + options.joined(separator: " ")
    return Diagnostic(
      "E104", "`\(verb.name)` has no option `\(name)`", at: range,
      hint: nearest.map { "did you mean `\($0)`?   \(list)" } ?? list)
  }

  static func unknownParameter(_ name: String, among names: [String], at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E121", "there is no parameter `\(name)`", at: range,
      hint: Nearest.name(to: name, in: names).map { "did you mean `\($0)`?" }
        ?? (names.isEmpty ? "`param \(name) = …` declares one" : "parameters: \(Words.list(names.sorted(), limit: 20))")
    )
  }

  static func unknownStart(_ name: String, among names: [String], at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E122", "`\(name)` is not a table, a parameter or a command", at: range,
      hint: Nearest.name(to: name, in: names).map { "did you mean `\($0)`?" }
        ?? "`tables` and `help` list what there is")
  }

  static func unknownTable(_ name: String, among names: [String], at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E123", "there is no table `\(name)`", at: range,
      hint: Nearest.name(to: name, in: names).map { "did you mean `\($0)`?" }
        ?? (names.isEmpty ? "`load \"file.csv\"` reads one" : "tables: \(Words.list(names, limit: 20))"))
  }

  static func unknownType(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E135", "`\(name)` is not a type", at: range, hint: "types are number, text, bool, date, date(\"dd/mm/yyyy\")")
  }

  static func unknownValue(_ name: String, among names: [String], isTable: Bool, at range: SourceRange) -> Diagnostic {
    if isTable {
      return Diagnostic("E124", "`\(name)` is a table, and here a single value is needed", at: range)
    }
    return Diagnostic(
      "E105", "`\(name)` is not a parameter or variable", at: range,
      hint: Nearest.name(to: name, in: names).map { "did you mean `\($0)`?" } ?? "text needs quotes: \"\(name)\"")
  }

  static func unknownWord(_ word: String, for what: String, among words: [String], at range: SourceRange) -> Diagnostic
  {
    Diagnostic(
      "E125", "`\(word)` is not a \(what)", at: range,
      hint: Nearest.name(to: word, in: words).map { "did you mean `\($0)`?" }
        ?? "one of \(Words.list(words, limit: 20))")
  }

  static func unquotedText(_ name: String, column: String, occurrences: Int, at range: SourceRange) -> Diagnostic {
    let found =
      occurrences > 0
      ? " (that value occurs in \(Words.grouped(occurrences)) \(occurrences == 1 ? "row" : "rows"))" : ""
    return Diagnostic(
      "E105", "`\(name)` is not a column, parameter or role", at: range,
      hint: "text needs quotes: \(column) = \"\(name)\"\(found)")
  }

  /// The same fault, found in the body of a definition: the caret goes to the call, the text says where it is.
  func inside(definition: String, at range: SourceRange) -> Diagnostic {
    var moved = self
    moved.range = range
    if !moved.details.contains("inside `\(definition)`") { moved.details.append("inside `\(definition)`") }
    return moved
  }
}
