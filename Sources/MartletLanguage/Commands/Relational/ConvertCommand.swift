import Columnar
import Query

/// Changes the type of columns.
struct ConvertCommand: Command {
  static let spec = CommandSpec(
    "convert",
    summary: "Changes the type of columns: `convert COLUMN = TYPE`.",
    doc: """
      Types are number, text, date and bool; `date("dd/mm/yyyy")` names the pattern of dates in text. A value that cannot \
      be read becomes missing, and the note counts those.
      """,
    subject: SubjectSpec(
      .syntax, placeholder: "COLUMN = TYPE", doc: "A column, and number, text, bool, date or date(\"dd/mm/yyyy\").",
      defines: true),
    examples: [Example("Makes labels of numbers.", "sales | convert customer = text | take 3")],
    searchWords: ["cast", "type", "parse", "number", "date", "text"],
    synonyms: [.init("cast", "SQL"), .init("astype", "pandas"), .init("destring", "Stata"), .init("retype", "PRQL")])

  private struct Conversion: Sendable {
    var column: String
    var type: String
    var value: Expr
  }

  let output: TableInfo?
  private let conversions: [Conversion]
  private let columns: [NamedExpr]

  init(checking arguments: Arguments) throws(Diagnostic) {
    var conversions: [Conversion] = []
    for item in arguments.syntax.items {
      guard let name = item.name else { throw .convertNeedsType(at: item.range) }
      guard let field = arguments.table.schema[name.text] else {
        throw .unknownColumn(
          name.text, table: arguments.table.name, among: arguments.table.schema.names, at: name.range)
      }
      conversions.append(try ConvertCommand.conversion(field, item.value, arguments))
    }
    let new = Dictionary(conversions.map { ($0.column, $0.value) }, uniquingKeysWith: { _, last in last })
    columns = arguments.table.schema.fields.map { field in
      guard let value = new[field.name] else { return NamedExpr(field.name, .column(field.name), format: field.format) }
      // A label made of digits stays a label when it becomes a number; anything else begins anew.
      return NamedExpr(field.name, value)
    }
    self.conversions = conversions
    output = try arguments.output { [columns] plan in .project(plan, columns) }
  }

  private static func conversion(_ field: Field, _ syntax: ExprSyntax, _ arguments: Arguments) throws(Diagnostic)
    -> Conversion
  {
    let column = Expr.column(field.name)
    var pattern: Expr?
    let type: String
    switch syntax.kind {
    case .name(let word): type = word
    case .call(let name, let written) where name.text == "date" && written.count == 1:
      type = "date"
      var resolver = Resolver(arguments.scope, nil, verb: "convert")
      pattern = .literal(try resolver.constant(written[0].value).value)
    default: throw .unknownType(arguments.scope.text(syntax.range), at: syntax.range)
    }
    let value: Expr
    switch (type, field.type) {
    case ("text", .text), ("number", .integer), ("number", .real), ("date", .date), ("bool", .boolean): value = column
    case ("text", _): value = .call(.text, [column])
    case ("number", .text): value = .call(.number, [column])
    case ("number", .boolean): value = .conditional(column, then: .literal(.integer(1)), else: .literal(.integer(0)))
    case ("date", .text): value = .call(.date, pattern.map { [column, $0] } ?? [column])
    case ("date", .datetime), ("date", .period): value = .call(.date, [column])
    case ("bool", .integer), ("bool", .real): value = .compare(.notEqual, column, .literal(.integer(0)))
    case ("bool", .text):
      let word = Expr.call(.lower, [.call(.trim, [column])])
      value = .conditional(
        .isIn(word, ["true", "yes", "y", "1"].map { .text($0) }), then: .literal(.boolean(true)),
        else: .conditional(
          .isIn(word, ["false", "no", "n", "0"].map { .text($0) }), then: .literal(.boolean(false)),
          else: .literal(.missing)))
    case ("number", _), ("date", _), ("bool", _):
      throw .cannotConvert(field.name, from: field.type.displayName, to: type, at: syntax.range)
    default: throw .unknownType(type, at: syntax.range)
    }
    return Conversion(column: field.name, type: type, value: value)
  }

  func run(_ flow: Flow, _ context: CommandContext) throws -> Flow {
    guard let output else { return flow }
    var next = flow
    next.presentation.changeRows()
    next.presentation.notes += try lost(flow.relation.plan, context)
    next.relation = Relation(.project(flow.relation.plan, columns), output)
    return next
  }

  /// How many values could not be read.
  private func lost(_ plan: LogicalPlan, _ context: CommandContext) throws -> [Note] {
    let read = conversions.filter { $0.value != .column($0.column) && $0.type != "text" }
    guard !read.isEmpty else { return [] }
    let counts = read.enumerated().flatMap { position, conversion in
      [
        NamedAggregate("before \(position)", .count, [.column(conversion.column)]),
        NamedAggregate("after \(position)", .count, [conversion.value]),
        NamedAggregate(
          "sample \(position)", .min,
          [.conditional(.isMissing(conversion.value), then: .column(conversion.column), else: .literal(.missing))]),
      ]
    }
    let table = try context.run(.aggregate(plan, keys: [], counts))
    return read.enumerated().compactMap { position, conversion in
      guard case .integer(let before)? = table["before \(position)"]?[0],
        case .integer(let after)? = table["after \(position)"]?[0], before > after
      else { return nil }
      let count = Int(before - after)
      return Note(
        .warning,
        "\(Words.count(count, "value")) of \(conversion.column) \(count == 1 ? "is" : "are") no \(conversion.type) and became "
          + "missing (\(ShareText.percent(count, of: Int(before))))"
          + (table["sample \(position)"].map { ", such as `\(ValueText.plain($0[0]))`" } ?? ""))
    }
  }
}
