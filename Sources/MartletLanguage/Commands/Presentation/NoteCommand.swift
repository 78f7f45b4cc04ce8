/// Puts a remark below the result, or a paragraph of its own into the notebook.
struct NoteCommand: Command {
  static let spec = CommandSpec(
    "note",
    summary: "Puts a remark below the result, or a paragraph of its own.",
    doc: "At the start of a line it writes a paragraph, in which Markdown is understood.",
    input: .optional,
    subject: SubjectSpec(.constants, 1...1, placeholder: "TEXT", doc: "The remark in quotes."),
    examples: [
      Example("Remarks on a table.", "sales | count by country | note \"Returns are left in.\""),
      Example("Writes a paragraph.", "note \"Figures are **net** of tax.\""),
    ],
    searchWords: ["comment", "remark", "text", "markdown"])

  let output: TableInfo?
  private let text: String

  init(checking arguments: Arguments) throws(Diagnostic) {
    text = ValueText.plain(try arguments.constants().first ?? .missing)
    output = arguments.hasTable ? arguments.table : nil
  }

  func run(_ flow: Flow, _ context: CommandContext) throws -> Flow {
    guard output != nil else {
      context.sink.emit(.markdown(text))
      return flow
    }
    var next = flow
    next.presentation.notes.append(Note(.remark, text))
    return next
  }
}
