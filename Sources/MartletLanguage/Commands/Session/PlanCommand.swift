/// Shows what the engine is asked, without asking it.
struct PlanCommand: Command {
  static let spec = CommandSpec(
    "plan",
    summary: "Shows what the engine is asked, without asking it.",
    doc: "A tree with the last step first.",
    examples: [
      Example("Shows the steps of a pipeline.", "sales | where country = \"France\" | count by product | plan")
    ],
    searchWords: ["explain", "query", "steps", "debug"],
    synonyms: [.init("explain_plan", "SQL"), .init("show_query", "dplyr")])

  let output: TableInfo? = nil

  init(checking arguments: Arguments) throws(Diagnostic) {}

  func run(_ flow: Flow, _ context: CommandContext) throws -> Flow {
    context.sink.emit(.text(flow.relation.plan.description + "\n", .stdout))
    return flow
  }
}
