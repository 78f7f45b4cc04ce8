/// Takes away what the cell has shown so far.
struct ClearCommand: Command {
  static let spec = CommandSpec(
    "clear",
    summary: "Takes away what the cell has shown so far.",
    doc: "Tables and parameters stay; only the outputs above it in the same cell go.",
    input: .none,
    examples: [Example("Shows the second line only.", "print \"working\"\nclear\nprint \"done\"")],
    searchWords: ["clear output", "erase", "reset output"],
    synonyms: [.init("cls", "Stata")])

  let output: TableInfo? = nil

  init(checking arguments: Arguments) throws(Diagnostic) {}

  func run(_ flow: Flow, _ context: CommandContext) throws -> Flow {
    context.sink.emit(.clear)
    return flow
  }
}
