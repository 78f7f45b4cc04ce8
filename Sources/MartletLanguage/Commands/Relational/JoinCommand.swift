import Columnar
import Query

/// Adds the columns of another table to matching rows.
struct JoinCommand: Command {
  static let spec = CommandSpec(
    "join",
    summary: "Adds the columns of another table to the rows that match.",
    doc: """
      Rows match where all keys are equal; missing equals nothing. `kind=left` keeps rows without a partner, `inner` \
      drops them, `full` keeps those of both sides, `semi` and `anti` only filter. A column whose name exists already \
      comes in as `table_column`. The note counts what matched. Keys that repeat on both sides are an error unless \
      `many=true`.
      """,
    subject: SubjectSpec(.tables, 1...1, placeholder: "TABLE", doc: "The table to look up."),
    clauses: [
      ClauseSpec(
        .on, .syntax, count: 1...20, required: true, placeholder: "KEY",
        doc: "A column of both tables, or LEFT = RIGHT.")
    ],
    options: [
      OptionSpec(
        "kind", .word(JoinSpec.Kind.allCases.map(\.rawValue)), default: "left",
        doc: "Which rows without a partner stay."),
      OptionSpec("many", .flag, default: "false", doc: "Allows keys that repeat on both sides."),
    ],
    examples: [
      Example("Looks up the category of each sale.", "sales | join products on product | count by category"),
      Example("Finds customers who bought nothing.", "customers | join sales on customer kind=anti | count"),
    ],
    searchWords: ["merge", "lookup", "combine", "vlookup"],
    synonyms: [
      .init("merge", "Stata"), .init("lookup", "SPL"), .init("left_join", "dplyr"), .init("inner_join", "dplyr"),
      .init("vlookup", "Excel"),
    ])

  let output: TableInfo?
  private let right: String
  private let spec: JoinSpec
  private let range: SourceRange
  private let leftSchema: Schema
  private let rightSchema: Schema

  init(checking arguments: Arguments) throws(Diagnostic) {
    guard let other = try arguments.tables().first else { throw .missingSubject(Self.spec, at: arguments.range) }
    var keys: [JoinSpec.Key] = []
    for item in arguments.clause(.on)?.items ?? [] {
      keys.append(try JoinCommand.key(item.value, arguments, other))
    }
    var spec = JoinSpec(
      JoinSpec.Kind(rawValue: arguments.text("kind") ?? "left") ?? .left, keys: keys, suffix: other.name)
    spec.allowsManyToMany = arguments.flag("many")
    do {
      output = arguments.table.with(schema: try spec.schema(arguments.table.schema, other.schema))
    } catch {
      throw .query(error, at: arguments.range(of: .on))
    }
    self.spec = spec
    right = other.name
    range = arguments.range
    leftSchema = arguments.table.schema
    rightSchema = other.schema
  }

  private static func key(_ syntax: ExprSyntax, _ arguments: Arguments, _ other: TableInfo) throws(Diagnostic)
    -> JoinSpec.Key
  {
    switch syntax.kind {
    case .name(let name):
      return JoinSpec.Key(try column(name, syntax.range, arguments.table), try column(name, syntax.range, other))
    case .comparison(.equal, let left, let right):
      guard case .name(let a) = left.kind, case .name(let b) = right.kind else { throw .joinKey(at: syntax.range) }
      return JoinSpec.Key(try column(a, left.range, arguments.table), try column(b, right.range, other))
    default: throw .joinKey(at: syntax.range)
    }
  }

  /// A column by name, or by the role that the name is.
  private static func column(_ name: String, _ range: SourceRange, _ table: TableInfo) throws(Diagnostic) -> String {
    if table.schema[name] != nil { return name }
    if let role = Role(rawValue: name), case .found(let binding) = RoleInference.binding(role, in: table, currency: ""),
      case .column(let column) = binding.expr
    {
      return column
    }
    throw .unknownColumn(name, table: table.name, among: table.schema.names, at: range)
  }

  func run(_ flow: Flow, _ context: CommandContext) throws -> Flow {
    guard let output, let table = context.session.table(right) else {
      throw Diagnostic.unknownTable(right, among: [], at: range)
    }
    var spec = spec
    let name = right
    let keys = spec.keys.map { $0.left == $0.right ? $0.left : "\($0.left) = \($0.right)" }.joined(separator: ", ")
    spec.label = context.reserveLabel { report in JoinCommand.notes(report, name) }
    let used = Set(spec.keys.map(\.left))
    context.explain { [range, leftSchema, rightSchema] error in
      guard case .manyToMany(let count, let rowsIn, let rowsOut) = error else { return nil }
      let more = leftSchema.names.first { name in
        !used.contains(name) && rightSchema[name].map { $0.type == leftSchema[name]?.type } ?? false
      }
      return .manyToMany(
        key: keys, repeated: count, rowsIn: rowsIn, rowsOut: rowsOut, suggestion: more.map { "\(keys), \($0)" },
        at: range)
    }
    var next = flow
    next.presentation.changeRows()
    next.relation = Relation(.join(flow.relation.plan, .table(table.table, name: name), spec), output)
    return next
  }

  private static func notes(_ report: StepReport, _ name: String) -> [Note] {
    guard case .join(let matched, let unmatchedLeft, let unmatchedRight, let rowsOut) = report else { return [] }
    let rowsIn = matched + unmatchedLeft
    var text = "join \(name): \(Words.grouped(matched)) of \(Words.count(rowsIn, "row")) matched"
    text += ", \(Words.grouped(unmatchedLeft)) did not"
    if unmatchedRight > 0 { text += "; \(Words.count(unmatchedRight, "row")) of \(name) unused" }
    return [Note(.step, text + "; rows \(Words.grouped(rowsIn)) → \(Words.grouped(rowsOut))")]
  }
}
