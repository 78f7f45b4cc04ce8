import Columnar
import Query

/// Goes on with the summary that an analysis displays.
struct SummaryCommand: Command {
  static let spec = CommandSpec(
    "summary",
    summary: "Goes on with the summary that an analysis displays.",
    doc:
      "Analyses marked † hand on one row for each customer, product or value; this hands on what they display instead.",
    examples: [Example("Sorts the segments.", "sales | segment rfm | summary | sort customers desc")],
    searchWords: ["overview", "totals", "digest"])

  let output: TableInfo?

  init(checking arguments: Arguments) throws(Diagnostic) {
    guard let schema = arguments.table.summary else {
      throw .noSummary(arguments.table.name, at: arguments.range)
    }
    output = arguments.table.with(schema: schema)
  }

  func run(_ flow: Flow, _ context: CommandContext) throws -> Flow {
    guard let summary = flow.presentation.summary, let output else {
      throw Diagnostic.noSummary(flow.relation.info.name, at: nil)
    }
    var next = flow
    var info = output
    info.schema = summary.schema
    next.relation = Relation(.table(summary, name: info.name), info)
    next.presentation.summary = nil
    next.presentation.isStored = false
    return next
  }
}
