import Columnar
import Query

/// Stops the cell when something expected of the table does not hold.
struct CheckCommand: Command {
  static let spec = CommandSpec(
    "check",
    summary: "Stops the cell when something that is expected of the table does not hold.",
    doc: """
      With an aggregate the condition is about the whole table; without, it must be true of every row. The rows pass \
      through unchanged.
      """,
    subject: SubjectSpec(.syntax, placeholder: "COND", doc: "What must hold."),
    options: [OptionSpec("message", .text, doc: "What to say when it does not.")],
    examples: [
      Example("Guards against an empty table.", "sales | check count() > 1_000 message=\"too few rows\" | count"),
      Example("Guards against bad rows.", "products | check price > 0, stock >= 0 | count"),
    ],
    searchWords: ["assert", "test", "validate", "guard", "expect"],
    synonyms: [.init("assert", "Stata"), .init("expect", "Great Expectations"), .init("validate", "R")])

  private enum Condition: Sendable {
    case table([NamedAggregate], Expr, text: String, SourceRange)
    case rows(Expr, text: String, SourceRange)
  }

  let output: TableInfo?
  private let conditions: [Condition]
  private let message: String?

  init(checking arguments: Arguments) throws(Diagnostic) {
    var conditions: [Condition] = []
    for item in arguments.syntax.items {
      let text = arguments.scope.text(item.value.range)
      if item.value.usesAggregate(arguments.scope) {
        var resolver = arguments.resolver(.group)
        let value = try resolver.condition(item.value)
        conditions.append(.table(resolver.aggregates, value.expr, text: text, item.value.range))
      } else {
        var resolver = arguments.resolver()
        conditions.append(.rows(try resolver.condition(item.value).expr, text: text, item.value.range))
      }
    }
    self.conditions = conditions
    message = arguments.text("message")
    output = arguments.table
  }

  func run(_ flow: Flow, _ context: CommandContext) throws -> Flow {
    let input = try context.materialize(flow.relation)
    var passed: [String] = []
    for condition in conditions {
      switch condition {
      case .table(let aggregates, let value, let text, let range):
        let plan = LogicalPlan.project(.aggregate(input.plan, keys: [], aggregates), [NamedExpr("holds", value)])
        let answer = try context.run(plan)["holds"]?[0]
        guard answer == .boolean(true) else { throw failure(text, "it is false", range) }
        passed.append(text)
      case .rows(let value, let text, let range):
        let violated = LogicalPlan.filter(input.plan, .not(.coalesce(value, .literal(.boolean(false)))), label: nil)
        let count = try context.run(.aggregate(violated, keys: [], [NamedAggregate("n", .count)]))["n"]?[0]
        if case .integer(let n)? = count, n > 0 {
          throw failure(text, "false in \(Words.count(Int(n), "row"))", range)
        }
        passed.append(text)
      }
    }
    var next = flow
    if flow.presentation.isStored { next.presentation.changeRows() }
    next.relation = input
    next.presentation.notes.append(Note(.step, "checked " + passed.joined(separator: ", ")))
    return next
  }

  private func failure(_ text: String, _ why: String, _ range: SourceRange) -> Diagnostic {
    .checkFailed(message ?? "`\(text)` does not hold", why: "\(text): \(why)", at: range)
  }
}
