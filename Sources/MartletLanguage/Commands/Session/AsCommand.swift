import Query

/// Gives the table a name in the middle of a pipeline.
struct AsCommand: Command {
  static let spec = CommandSpec(
    "as",
    summary: "Gives the table a name, in the middle of a pipeline.",
    subject: SubjectSpec(.labels, 1...1, placeholder: "NAME", doc: "The name."),
    examples: [
      Example(
        "Keeps a step and goes on.", "sales | where country = \"France\" | as french | count by product_name | take 3")
    ],
    searchWords: ["name", "assign", "save", "keep"],
    synonyms: [.init("let", "KQL"), .init("into", "LINQ")])

  let output: TableInfo?
  private let name: String

  init(checking arguments: Arguments) throws(Diagnostic) {
    guard let item = arguments.syntax.items.first, case .name(let name) = item.value.kind else {
      throw .missingSubject(Self.spec, at: arguments.range)
    }
    self.name = name
    var info = arguments.table
    info.name = name
    output = info
  }

  var effects: [SessionEffect] { output.map { [.define(name, $0)] } ?? [] }

  func run(_ flow: Flow, _ context: CommandContext) throws -> Flow {
    guard var info = output else { return flow }
    let table = try context.run(flow.relation.plan).with(meaning: info.schema)
    info.schema = table.schema
    context.define(info, table, origin: "as \(name)")
    var next = flow
    next.relation = Relation(.table(table, name: name), info)
    return next
  }
}
