import Columnar
import Query

/// `clean`: takes out what would make totals wrong, and says what.
package struct CleanCommand: Command {
  package static let spec = CommandSpec(
    "clean", summary: "Removes duplicates, cancellations and rows without a positive quantity and price.",
    doc: """
      The steps run in the order written. `trim` takes blanks off both ends of texts. `duplicates` removes rows that repeat an \
      earlier row in every column. `cancellations` removes orders whose number is C and digits, where other order numbers are \
      digits alone. `nonpositive` removes rows whose quantity or price is zero or less; a missing one stays. `outliers` removes \
      rows whose quantity or price lies more than three interquartile ranges beyond the quartiles (Tukey's far out values). The \
      log says how many rows each step removed.
      """,
    options: [
      OptionSpec(
        "steps", .words(["trim", "duplicates", "cancellations", "nonpositive", "outliers"]),
        default: "[trim, duplicates, cancellations, nonpositive]", doc: "What to do, in this order."),
      OptionSpec(
        "missing", .word(["keep", "drop"]), default: "keep", doc: "Whether rows with a missing value stay."),
    ],
    examples: [
      Example("The usual cleaning, with its log.", "sales | clean"),
      Example("Duplicates only.", "sales | clean steps=[duplicates]"),
    ],
    searchWords: ["tidy", "dedupe", "drop duplicates", "returns"],
    synonyms: [.init("drop_duplicates", "pandas"), .init("dropna", "pandas"), .init("tidy", "R")])

  private enum Step: String {
    case trim, duplicates, cancellations, nonpositive, outliers, missing
  }

  private let steps: [Step]
  private let order: RoleBinding?
  private let quantity: RoleBinding?
  private let price: RoleBinding?
  package let output: TableInfo?

  package init(checking arguments: Arguments) throws(Diagnostic) {
    var steps = arguments.texts("steps").compactMap(Step.init)
    if arguments.text("missing") == "drop" { steps.append(.missing) }
    self.steps = steps
    // A tie between two order or price columns matters only to the step that needs it.
    order = steps.contains(.cancellations) ? try arguments.roleIfAny(.order) : nil
    let needsNumbers = steps.contains(.nonpositive) || steps.contains(.outliers)
    quantity = needsNumbers ? try arguments.roleIfAny(.quantity) : nil
    price = needsNumbers ? try arguments.roleIfAny(.price) : nil
    output = arguments.table
  }

  /// What one step did.
  private struct LogEntry {
    var step: String
    var removed: Int
    var left: Int
    var why: String
  }

  package func run(_ flow: Flow, _ context: CommandContext) throws -> Flow {
    var table = try context.run(flow.relation.plan)
    var log: [LogEntry] = []
    for step in steps {
      try context.cancellation.check()
      let before = table.rowCount
      let (next, why) = try apply(step, table, context)
      table = next
      log.append(LogEntry(step: step.rawValue, removed: before - table.rowCount, left: table.rowCount, why: why))
    }
    var next = flow
    next.presentation.changeRows()
    next.relation = Relation(.table(table, name: flow.relation.info.name), flow.relation.info)
    next.presentation.logs.append(CaptionedTable("Cleaning log", Self.table(log)))
    return next
  }

  private static func table(_ log: [LogEntry]) -> Table {
    Table([
      (Field("step", .text), .text(log.map { $0.step })),
      (Field("rows_removed", .integer, measure: .count), .integer(log.map { Int64($0.removed) })),
      (Field("rows_left", .integer, measure: .count), .integer(log.map { Int64($0.left) })),
      (Field("why", .text), .text(log.map { $0.why })),
    ])
  }

  private func apply(_ step: Step, _ table: Table, _ context: CommandContext) throws -> (Table, why: String) {
    switch step {
    case .trim: return try trim(table, context)
    case .duplicates:
      return (
        try context.run(.distinct(.table(table, name: "rows"), [])), "rows that repeat an earlier row in every column"
      )
    case .cancellations: return try cancellations(table, context)
    case .nonpositive:
      let bindings = [quantity, price].compactMap { $0 }
      guard !bindings.isEmpty else { return (table, "no quantity or price column") }
      let zero = Expr.literal(.integer(0))
      let kept = bindings.map { Expr.or(.isMissing($0.expr), .compare(.greater, $0.expr, zero)) }
      let names = bindings.map(\.name).joined(separator: " or ")
      return (try keep(kept, table, context), "\(names) not above 0")
    case .outliers: return try outliers(table, context)
    case .missing:
      let complete = table.schema.names.map { Expr.not(.isMissing(.column($0))) }
      return (try keep(complete, table, context), "rows with a missing value")
    }
  }

  private func keep(_ conditions: [Expr], _ table: Table, _ context: CommandContext) throws -> Table {
    guard let first = conditions.first else { return table }
    let condition = conditions.dropFirst().reduce(first) { .and($0, $1) }
    return try context.run(.filter(.table(table, name: "rows"), condition, label: nil))
  }

  private func trim(_ table: Table, _ context: CommandContext) throws -> (Table, why: String) {
    let dirty = zip(table.schema.fields, table.columns).filter { field, column in
      guard let dictionary = column.dictionary else { return false }
      return dictionary.texts.contains {
        $0.hasPrefix(" ") || $0.hasSuffix(" ") || $0.hasPrefix("\t") || $0.hasSuffix("\t")
      }
    }.map(\.0.name)
    guard !dirty.isEmpty else { return (table, "no text begins or ends with a blank") }
    let columns = table.schema.fields.map { field -> NamedExpr in
      let column = Expr.column(field.name)
      let value = dirty.contains(field.name) ? Expr.call(.trim, [column]) : column
      return NamedExpr(field.name, value, measure: field.measure, format: field.format)
    }
    let trimmed = try context.run(.project(.table(table, name: "rows"), columns))
    return (trimmed, "blanks around texts of \(dirty.map(Words.quotedName).joined(separator: ", ")) taken off")
  }

  /// `C536379` beside orders such as `536365` cancels an order. Where most numbers begin with a letter, it means nothing.
  private func cancellations(_ table: Table, _ context: CommandContext) throws -> (Table, why: String) {
    guard let order, case .column(let name) = order.expr, let column = table[name],
      let dictionary = column.dictionary
    else { return (table, "no order number that could mark one") }
    let texts = dictionary.texts
    let marked = texts.filter {
      $0.utf8.first == UInt8(ascii: "C") && $0.utf8.count > 1 && Self.isDigits($0.dropFirst())
    }
    let plain = texts.count { Self.isDigits($0[...]) }
    guard !marked.isEmpty, plain > marked.count else { return (table, "no order number marks one") }
    let condition = Expr.not(.isIn(order.expr, marked.map(Value.text)))
    let kept = try keep([.or(.isMissing(order.expr), condition)], table, context)
    return (kept, "\(name) begins with C: \(Words.count(marked.count, "cancelled order"))")
  }

  private static func isDigits(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
  }

  private func outliers(_ table: Table, _ context: CommandContext) throws -> (Table, why: String) {
    let bindings = [quantity, price].compactMap { $0 }
    guard !bindings.isEmpty else { return (table, "no quantity or price column") }
    var conditions: [Expr] = []
    var limits: [String] = []
    for binding in bindings {
      let quartiles = try context.run(
        .aggregate(
          .table(table, name: "rows"), keys: [],
          [
            NamedAggregate("low", .quantile, [binding.expr, .literal(.real(0.25))]),
            NamedAggregate("high", .quantile, [binding.expr, .literal(.real(0.75))]),
          ]))
      guard let low = quartiles["low"]?[0].number, let high = quartiles["high"]?[0].number else { continue }
      let (bottom, top) = (low - 3 * (high - low), high + 3 * (high - low))
      let inside = Expr.and(
        .compare(.greaterOrEqual, binding.expr, .literal(.real(bottom))),
        .compare(.lessOrEqual, binding.expr, .literal(.real(top))))
      conditions.append(.or(.isMissing(binding.expr), inside))
      limits.append("\(binding.name) outside \(NumberWords.plain(bottom)) to \(NumberWords.plain(top))")
    }
    return (try keep(conditions, table, context), limits.joined(separator: ", "))
  }
}
