import Columnar
import Query

/// Writes values as plain text, once or for each row of a table.
struct PrintCommand: Command {
  static let spec = CommandSpec(
    "print",
    summary: "Writes values as plain text, once or for each row of a table.",
    doc: "Several values stand on one line, with spaces between them; `to=stderr` writes to the error stream.",
    input: .optional,
    subject: SubjectSpec(.expressions, placeholder: "VALUE", doc: "What to write."),
    options: [OptionSpec("to", .word(["stdout", "stderr"]), default: "stdout", doc: "The stream.")],
    examples: [
      Example("Writes a line.", "print f\"Six times seven is {6 * 7}\""),
      Example("Writes a line for each row.", "sales | count by country | print country, count"),
    ],
    searchWords: ["echo", "write", "output", "log"],
    synonyms: [.init("echo", "shell"), .init("puts", "Ruby"), .init("println", "Julia"), .init("cat", "R")])

  /// The rows that are written between two looks at the interrupt.
  private static let chunk = 4096

  private enum Lines {
    case one(String)
    case perRow([NamedExpr], measures: [Measure])
  }

  let output: TableInfo? = nil
  private let lines: Lines
  private let stream: TextStream

  init(checking arguments: Arguments) throws(Diagnostic) {
    stream = TextStream(rawValue: arguments.text("to") ?? "stdout") ?? .stdout
    if arguments.hasTable {
      let items = try arguments.expressions()
      lines = .perRow(
        items.enumerated().map { NamedExpr("#\($0)", $1.expr) }, measures: items.map(\.field.measure))
      return
    }
    var parts: [String] = []
    for item in arguments.syntax.items {
      var resolver = Resolver(arguments.scope, nil, verb: "print")
      let (value, measure) = try resolver.constant(item.value)
      parts.append(ValueText.plain(value, measure))
    }
    lines = .one(parts.joined(separator: " "))
  }

  func run(_ flow: Flow, _ context: CommandContext) throws -> Flow {
    switch lines {
    case .one(let line): context.sink.emit(.text(SourceAddress.redacted(line) + "\n", stream))
    case .perRow(let items, let measures):
      let table = try context.run(.project(flow.relation.plan, items))
      let columns = Array(zip(table.columns, measures))
      for begin in stride(from: 0, to: table.rowCount, by: Self.chunk) {
        try context.cancellation.check()
        var text = ""
        for row in begin..<min(begin + Self.chunk, table.rowCount) {
          text += columns.map { ValueText.plain($0.0[row], $0.1) }.joined(separator: " ") + "\n"
        }
        context.sink.emit(.text(text, stream))
      }
    }
    return flow
  }
}
