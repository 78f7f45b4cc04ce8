/// Puts a title above the result.
struct TitleCommand: Command {
  static let spec = CommandSpec(
    "title",
    summary: "Puts a title above the result.",
    subject: SubjectSpec(.constants, 1...1, placeholder: "TEXT", doc: "The title in quotes."),
    examples: [Example("Titles a table.", "sales | count by country | title \"Sales by country\"")],
    searchWords: ["heading", "caption", "name"])

  let output: TableInfo?
  private let text: String

  init(checking arguments: Arguments) throws(Diagnostic) {
    text = ValueText.plain(try arguments.constants().first ?? .missing)
    output = arguments.table
  }

  func run(_ flow: Flow, _ context: CommandContext) throws -> Flow {
    var next = flow
    next.presentation.title = text
    return next
  }
}
