/// Says how many rows of the table are shown.
struct TableCommand: Command {
  static let spec = CommandSpec(
    "table",
    summary: "Says how many rows of the table are shown.",
    doc: "A number, `all`, or `none` for the chart alone. The true number of rows is always said.",
    subject: SubjectSpec(.syntax, 1...1, placeholder: "N", doc: "A number of rows, `all` or `none`."),
    examples: [Example("Shows every group.", "sales | count by country | table all")],
    searchWords: ["rows", "show", "hide", "display"],
    synonyms: [.init("show", "Spark"), .init("display", "pandas")])

  let output: TableInfo?
  private let rows: Int

  init(checking arguments: Arguments) throws(Diagnostic) {
    output = arguments.table
    let item = arguments.syntax.items.first
    if case .name(let word)? = item?.value.kind, word == "all" || word == "none" {
      rows = word == "all" ? Int.max : 0
    } else {
      rows = try RowCount.read(try arguments.constants().first, at: arguments)
    }
  }

  func run(_ flow: Flow, _ context: CommandContext) throws -> Flow {
    var next = flow
    next.presentation.rows = rows
    return next
  }
}
