import Columnar

/// Writes values as plain text.
struct PrintCommand: Command {
  static let spec = CommandSpec(
    "print",
    summary: "Writes values as plain text.",
    doc: "Several values stand on one line, with spaces between them; `to=stderr` writes to the error stream.",
    input: .none,
    subject: SubjectSpec(.constants, placeholder: "VALUE", doc: "What to write."),
    options: [OptionSpec("to", .word(["stdout", "stderr"]), default: "stdout", doc: "The stream.")],
    examples: [Example("Writes a line.", "print f\"Six times seven is {6 * 7}\"")],
    searchWords: ["echo", "write", "output", "log"],
    synonyms: [.init("echo", "shell"), .init("puts", "Ruby"), .init("println", "Julia"), .init("cat", "R")])

  let output: TableInfo? = nil
  private let text: String
  private let stream: TextStream

  init(checking arguments: Arguments) throws(Diagnostic) {
    var parts: [String] = []
    for item in arguments.syntax.items {
      var resolver = Resolver(arguments.scope, nil, verb: "print")
      let (value, measure) = try resolver.constant(item.value)
      parts.append(ValueText.plain(value, measure))
    }
    text = parts.joined(separator: " ")
    stream = TextStream(rawValue: arguments.text("to") ?? "stdout") ?? .stdout
  }

  func run(_ flow: Flow, _ context: CommandContext) throws -> Flow {
    context.sink.emit(.text(text + "\n", stream))
    return flow
  }
}
