import Columnar
import Query

/// Puts the rows of other tables below.
struct AppendCommand: Command {
  static let spec = CommandSpec(
    "append",
    summary: "Puts the rows of other tables below these.",
    doc: """
      Columns are matched by name. With `kind=match` a column that one table lacks is missing there, and the note names \
      it; with `kind=same` all tables must have the same columns.
      """,
    subject: SubjectSpec(.tables, placeholder: "TABLE", doc: "The tables whose rows follow."),
    options: [OptionSpec("kind", .word(["match", "same"]), default: "match", doc: "Whether columns may be lacking.")],
    examples: [
      Example(
        "Puts two years together.",
        """
        early = sales | where date < 2024-07-01
        late = sales | where date >= 2024-07-01
        early | append late | count
        """)
    ],
    searchWords: ["stack", "union", "concatenate", "bind", "below"],
    synonyms: [
      .init("union", "SQL"), .init("bind_rows", "dplyr"), .init("concat_rows", "pandas"), .init("stack", "Stata"),
    ])

  let output: TableInfo?
  private let others: [String]
  private let lacking: [String]

  init(checking arguments: Arguments) throws(Diagnostic) {
    let tables = try arguments.tables()
    others = tables.map(\.name)
    var lacking: [String] = []
    let all = [arguments.table] + tables
    var names: [String] = []
    for table in all { for name in table.schema.names where !names.contains(name) { names.append(name) } }
    for (position, table) in all.enumerated() {
      let absent = names.filter { table.schema.index(of: $0) == nil }
      guard !absent.isEmpty else { continue }
      if arguments.text("kind") == "same" {
        let range = position == 0 ? arguments.range : arguments.syntax.items[position - 1].range
        throw .columnsDiffer(table.name, lacks: absent, at: range)
      }
      lacking.append("\(table.name) has no \(Words.list(absent, limit: 5))")
    }
    self.lacking = lacking
    output = try arguments.output { plan in .append([plan] + tables.map { .placeholder($0.schema) }) }
  }

  func run(_ flow: Flow, _ context: CommandContext) throws -> Flow {
    var plans = [flow.relation.plan]
    for name in others {
      guard let table = context.session.table(name) else {
        throw Diagnostic.unknownTable(name, among: [], at: SourceRange(0, 0))
      }
      plans.append(.table(table.table, name: name))
    }
    var next = flow
    next.presentation.changeRows()
    if let output { next.relation = Relation(.append(plans), output) }
    if !lacking.isEmpty { next.presentation.notes.append(Note(.step, "append: " + lacking.joined(separator: "; "))) }
    return next
  }
}
