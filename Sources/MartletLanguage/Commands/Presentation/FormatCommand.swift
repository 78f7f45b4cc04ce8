import Columnar
import Query

/// Says how the values of columns are shown.
struct FormatCommand: Command {
  static let spec = CommandSpec(
    "format",
    summary: "Says how the values of columns are shown.",
    doc: """
      `number(2)`, `percent(1)`, `currency("£", 0)` and `date("MMM yyyy")`. The values stay as they are; only their \
      appearance changes.
      """,
    subject: SubjectSpec(
      .syntax, placeholder: "COLUMN = FORMAT",
      doc: "A column, and number(digits), percent(digits), currency(symbol, digits) or date(pattern).",
      defines: true),
    examples: [
      Example(
        "Shows whole pounds.",
        "sales | summarize revenue = sum(amount) by country | format revenue = currency(\"£\", 0)")
    ],
    searchWords: ["decimals", "digits", "percent", "currency", "appearance"])

  let output: TableInfo?
  private let formats: [String: DisplayFormat]

  init(checking arguments: Arguments) throws(Diagnostic) {
    var formats: [String: DisplayFormat] = [:]
    let known = arguments.table.schema.names + (arguments.table.summary?.names ?? [])
    for item in arguments.syntax.items {
      guard let name = item.name else { throw .formatNeedsName(at: item.range) }
      guard known.contains(name.text) else {
        throw .unknownColumn(
          name.text, table: arguments.table.name, among: arguments.table.schema.names, at: name.range)
      }
      let type = arguments.table.schema[name.text]?.type ?? arguments.table.summary?[name.text]?.type
      formats[name.text] = try FormatCommand.format(item.value, type, arguments)
    }
    self.formats = formats
    var info = arguments.table
    info.schema = FormatCommand.apply(formats, info.schema)
    info.summary = info.summary.map { FormatCommand.apply(formats, $0) }
    output = info
  }

  private static func format(_ syntax: ExprSyntax, _ type: DataType?, _ arguments: Arguments) throws(Diagnostic)
    -> DisplayFormat
  {
    let name: String
    var values: [Value] = []
    switch syntax.kind {
    case .name(let word): name = word
    case .call(let call, let written):
      name = call.text
      for argument in written {
        var resolver = Resolver(arguments.scope, nil, verb: "format")
        values.append(try resolver.constant(argument.value).value)
      }
    default: throw .unknownFormat(arguments.scope.text(syntax.range), at: syntax.range)
    }
    func digits(_ value: Value?, or other: Int) throws(Diagnostic) -> Int {
      guard let value else { return other }
      guard case .integer(let i) = value, (0...15).contains(i) else { throw .wholeNumber(0...15, at: syntax.range) }
      return Int(i)
    }
    let isNumber = type?.isNumeric ?? true
    switch name {
    case "number" where isNumber: return .number(decimals: try digits(values.first, or: arguments.settings.decimals))
    case "percent" where isNumber: return .percent(decimals: try digits(values.first, or: 1))
    case "currency" where isNumber:
      let symbol = values.first.map { ValueText.plain($0) } ?? arguments.settings.currency
      return .currency(symbol: symbol, decimals: try digits(values.dropFirst().first, or: 2))
    case "date" where type?.isTemporal ?? true:
      guard case .text(let pattern)? = values.first else { throw .unknownFormat("date", at: syntax.range) }
      return .date(pattern: pattern)
    case "number", "percent", "currency", "date":
      throw .wrongType(
        "`\(name)`", needs: name == "date" ? "a date" : "a number", found: type?.displayName ?? "", at: syntax.range)
    default: throw .unknownFormat(name, at: syntax.range)
    }
  }

  private static func apply(_ formats: [String: DisplayFormat], _ schema: Schema) -> Schema {
    Schema(
      schema.fields.map { field in
        Field(field.name, field.type, measure: field.measure, format: formats[field.name] ?? field.format)
      })
  }

  func run(_ flow: Flow, _ context: CommandContext) throws -> Flow {
    var next = flow
    next.relation.info.schema = FormatCommand.apply(formats, flow.relation.info.schema)
    // The plan's own columns carry the formats too, so that later steps keep them.
    let names = next.relation.info.schema.fields
    if flow.presentation.summary == nil, !names.isEmpty {
      next.relation.plan = .project(
        flow.relation.plan, names.map { NamedExpr($0.name, .column($0.name), measure: $0.measure, format: $0.format) })
    }
    if let summary = flow.presentation.summary {
      next.presentation.summary = summary.with(schema: FormatCommand.apply(formats, summary.schema))
    }
    for place in next.presentation.appendices.indices {
      let table = next.presentation.appendices[place].table
      next.presentation.appendices[place].table = table.with(schema: FormatCommand.apply(formats, table.schema))
    }
    return next
  }
}
