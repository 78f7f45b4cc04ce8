/// The words of `help`, inspection and the generated reference, all made from the tables of commands and functions.
package enum Reference {
  /// How a command is written: `basket ITEM by ORDER support=auto confidence=30%`.
  package static func signature(_ spec: CommandSpec) -> String {
    var parts = [spec.name]
    if spec.subject.count.upperBound > 0 {
      let many = spec.subject.count.upperBound > 1 ? ", …" : ""
      let subject: String
      if case .words(let words) = spec.subject.kind, words.count <= 6 {
        subject = words.joined(separator: "/")
      } else {
        subject = spec.subject.placeholder + many
      }
      parts.append(spec.subject.count.lowerBound == 0 ? "[\(subject)]" : subject)
    }
    for clause in spec.clauses {
      let text = "\(clause.kind.rawValue) \(clause.placeholder)"
      parts.append(clause.required ? text : "[\(text)]")
    }
    for option in spec.options { parts.append("\(option.name)=\(option.defaultValue ?? "")") }
    return parts.joined(separator: " ")
  }

  /// The page of a command, in Markdown.
  package static func page(_ spec: CommandSpec, level: Int = 3) -> String {
    var lines = [String(repeating: "#", count: level) + " `\(spec.name)`", "", spec.summary]
    lines += ["", "```martlet", signature(spec), "```"]
    if !spec.doc.isEmpty { lines += ["", spec.doc] }
    if !spec.aliases.isEmpty {
      lines += ["", "Also written: " + spec.aliases.map { "`\($0)`" }.joined(separator: ", ") + "."]
    }
    lines += arguments(spec)
    if !spec.output.isEmpty {
      lines += ["", "| result column | meaning |", "|---|---|"]
      lines += spec.output.map { "| `\(cell($0.name))` | \(cell($0.doc)) |" }
    }
    if let chart = spec.chart { lines += ["", "Chart: \(chart.hasSuffix(".") ? chart : chart + ".")"] }
    for example in spec.examples { lines += ["", example.caption, "", "```martlet", example.code, "```"] }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func arguments(_ spec: CommandSpec) -> [String] {
    var rows: [String] = []
    if spec.subject.count.upperBound > 0 {
      rows.append(row(spec.subject.placeholder, spec.subject.defaultText, spec.subject.doc))
    }
    for clause in spec.clauses {
      rows.append(row("\(clause.kind.rawValue) \(clause.placeholder)", clause.defaultText, clause.doc))
    }
    for option in spec.options {
      rows.append(row("\(option.name)=\(option.type.words)", option.defaultValue, option.doc))
    }
    guard !rows.isEmpty else { return [] }
    return ["", "| argument | default | meaning |", "|---|---|---|"] + rows
  }

  private static func row(_ name: String, _ defaultText: String?, _ doc: String) -> String {
    "| `\(cell(name))` | \(defaultText.map { cell($0) } ?? "") | \(cell(doc)) |"
  }

  /// Text inside a cell of a Markdown table.
  private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|").replacing("\n", with: " ") }

  /// The page of a function.
  package static func page(_ function: FunctionSpec) -> String {
    let kind =
      switch function.kind {
      case .scalar: "looks at one row"
      case .aggregate: "looks at many rows: in `summarize`, in `check`, and in `add` for the whole group"
      case .window: "looks at neighbouring rows: in `add`"
      case .input: "asks the reader"
      case .session: "tells about the session"
      }
    return """
      ### `\(function.signature.usage)`

      \(function.signature.summary.prefix(1).uppercased())\(function.signature.summary.dropFirst()). \
      It gives \(function.signature.result) and \(kind).

      ```martlet
      \(function.signature.example)
      ```

      """
  }

  /// All commands in one table.
  package static var commandList: String { list(CommandTable.all.map { $0.spec }) }

  /// Some commands in a table.
  package static func list(_ specs: [CommandSpec]) -> String {
    (["| command | what it does |", "|---|---|"] + specs.map { "| `\(cell(signature($0)))` | \(cell($0.summary)) |" })
      .joined(separator: "\n") + "\n"
  }

  /// All functions in one table.
  package static var functionList: String {
    (["| function | kind | what it gives |", "|---|---|---|"]
      + FunctionTable.all.map {
        "| `\(cell($0.signature.usage))` | \($0.kind.rawValue) | \(cell($0.signature.summary)) |"
      })
      .joined(separator: "\n") + "\n"
  }

  /// The commands whose name, summary or search words contain a word.
  package static func search(_ word: String) -> [CommandSpec] {
    let word = word.lowercased()
    return CommandTable.all.map { $0.spec }.filter { spec in
      spec.searchWords.contains { $0.lowercased().contains(word) } || spec.summary.lowercased().contains(word)
    }
  }

  /// The whole reference, `docs/commands.md`.
  package static var document: String {
    var parts = [
      """
      # Commands

      This page is written by `martlet docs` from the table of commands; a test fails when it is stale. Each example is \
      executed by a test, on the tables `sales`, `products`, `customers` and `daily` that `generate` makes.

      A pipeline reads `table | verb subject clauses option=value`. What stands in brackets may be left out.

      """, commandList, "",
    ]
    for command in CommandTable.all { parts.append(page(command.spec, level: 2)) }
    parts.append("## Functions\n\n" + functionList)
    return parts.joined(separator: "\n")
  }
}

extension OptionType {
  /// What may be written, in a word: `share`, `true/false`, `kmeans/rfm`.
  package var words: String {
    switch self {
    case .number: "number"
    case .integer: "whole number"
    case .share: "share"
    case .flag: "true/false"
    case .text: "\"text\""
    case .duration: "duration"
    case .date: "date"
    case .word(let words): words.count <= 6 ? words.joined(separator: "/") : "word"
    case .words(let words): "[\(words.joined(separator: ", "))]"
    case .column: "column"
    case .shown: "column or [columns]"
    case .expression: "expression"
    case .measure: "measure"
    case .table: "table"
    case .numbers: "[numbers]"
    case .texts: "[texts]"
    case .constant: "value"
    case .either(let words, let other): (words + [other.words]).joined(separator: "/")
    }
  }
}
