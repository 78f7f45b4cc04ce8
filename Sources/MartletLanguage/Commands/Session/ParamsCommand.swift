import Columnar
import Query

/// Lists the parameters and where their values come from.
struct ParamsCommand: Command {
  static let spec = CommandSpec(
    "params",
    summary: "Lists the parameters and variables, and where their values come from.",
    input: .none,
    output: [
      OutputColumn("name", "The parameter."), OutputColumn("value", "Its value, as it would be written."),
      OutputColumn("type", "number, text, date …"), OutputColumn("choices", "The values that are allowed."),
      OutputColumn("label", "What it is for."),
      OutputColumn("source", "`param`, `set` by a later cell, or `variable`."),
    ],
    examples: [Example("Lists the parameters.", "param horizon = 7 in [7, 14, 28] \"Days to forecast\"\nparams")],
    searchWords: ["parameters", "variables", "arguments", "papermill"])

  let output: TableInfo?

  init(checking arguments: Arguments) throws(Diagnostic) {
    output = TableInfo(name: "params", schema: ParamsCommand.schema)
  }

  private static let schema = Schema(
    ["name", "value", "type", "choices", "label", "source"].map { Field($0, .text) })

  func run(_ flow: Flow, _ context: CommandContext) throws -> Flow {
    let all = context.session.parameters
    let table = Table(
      schema: ParamsCommand.schema,
      columns: [
        .text(all.map(\.name)), .text(all.map { ValueText.source($0.value, $0.measure) }),
        .text(all.map { ExprType(literal: $0.value).displayName }),
        .text(all.map { $0.choices.map { ValueText.plain(.list($0)) } }), .text(all.map(\.label)),
        .text(all.map(\.origin)),
      ])
    var next = flow
    next.relation = Relation(.table(table, name: "params"), TableInfo(name: "params", schema: table.schema))
    next.presentation.rows = Int.max
    return next
  }
}
