/// Chooses the table that a command at the start of a line means.
struct UseCommand: Command {
  static let spec = CommandSpec(
    "use",
    summary: "Chooses the table that a command at the start of a line means.",
    input: .none,
    subject: SubjectSpec(.tables, 1...1, placeholder: "TABLE", doc: "The table."),
    examples: [Example("Counts without naming the table.", "use sales\ncount by country")],
    searchWords: ["current", "default", "active"])

  let output: TableInfo? = nil
  private let name: String

  init(checking arguments: Arguments) throws(Diagnostic) {
    guard let table = try arguments.tables().first else { throw .missingSubject(Self.spec, at: arguments.range) }
    name = table.name
  }

  var effects: [SessionEffect] { [.use(name)] }

  func run(_ flow: Flow, _ context: CommandContext) throws -> Flow {
    var next = flow
    next.presentation.receipt = "using \(name)"
    return next
  }
}
