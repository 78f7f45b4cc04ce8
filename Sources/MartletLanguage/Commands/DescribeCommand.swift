import Charts
import Columnar
import Query

/// `describe`: what each column holds.
package struct DescribeCommand: AnalysisCommand {
  package static let spec = CommandSpec(
    "describe", summary: "Shows what each column holds: type, role, gaps, range and commonest value.",
    doc: """
      One row a column. The median is that of type 7 (Hyndman and Fan 1996); `top_value` is the commonest value, of several \
      the first in the data; shares are of all rows.
      """,
    subject: SubjectSpec(
      .columns(.any), 0...100_000, placeholder: "COLUMNS", doc: "The columns to describe.", star: true,
      default: "all columns"),
    output: [
      OutputColumn("column", "The column's name."), OutputColumn("type", "number, text, bool, date or period."),
      OutputColumn("role", "The role it plays."), OutputColumn("missing", "Rows without a value."),
      OutputColumn("missing_share", "Their share of all rows."),
      OutputColumn("distinct", "Number of different values."),
      OutputColumn("min", "The smallest number or first date."), OutputColumn("median", "The middle number."),
      OutputColumn("max", "The largest number or last date."), OutputColumn("mean", "The mean of the numbers."),
      OutputColumn("top_value", "The commonest value."), OutputColumn("top_share", "Its share of all rows."),
    ],
    chart: "A small histogram of each column.",
    examples: [Example("What is in this table?", "sales | describe")],
    searchWords: ["profile", "overview", "columns", "schema"],
    synonyms: [.init("info", "pandas"), .init("glimpse", "R"), .init("codebook", "Stata")])

  private let columns: [Field]
  private let info: TableInfo
  package let output: TableInfo?

  package init(checking arguments: Arguments) throws(Diagnostic) {
    let chosen = try arguments.columns()
    columns = chosen.isEmpty ? arguments.table.schema.fields : chosen.map(\.field)
    info = arguments.table
    output = TableInfo(name: arguments.table.name, schema: Self.schema)
  }

  private static let schema = Schema([
    Field("column", .text), Field("type", .text), Field("role", .text), Field("missing", .integer, measure: .count),
    Field("missing_share", .real, measure: .percent), Field("distinct", .integer, measure: .count), Field("min", .text),
    Field("median", .text), Field("max", .text), Field("mean", .real), Field("top_value", .text),
    Field("top_share", .real, measure: .percent),
  ])

  package func analyse(_ input: Relation, _ context: CommandContext) throws -> AnalysisResult {
    let table = try context.run(input.plan)
    let roles = RoleInference.roles(in: info)
    let rows = try columns.map { field in
      try context.cancellation.check()
      return try describe(field, roles[field.name], table, context)
    }
    let result = Table(
      schema: Self.schema,
      columns: Self.schema.fields.enumerated().map { position, field in Column.of(field.type, rows.map { $0[position] })
      })
    let gaps = columns.count { (table[$0.name]?.missingCount ?? 0) > 0 }
    let headline =
      "\(Words.count(table.rowCount, "row")), \(Words.count(columns.count, "column")); "
      + (gaps == 0 ? "nothing is missing." : "\(Words.count(gaps, "column")) with missing values.")
    // Made at once: a chart to be made later would keep the whole table.
    let chart = DefaultChart(made: try? Chart.profiles(table, columns: columns.map(\.name)))
    return AnalysisResult(result, headline: headline, chart: chart)
  }

  /// One row of the result, in the order of the schema.
  private func describe(
    _ field: Field, _ role: Role?, _ table: Table, _ context: CommandContext
  ) throws -> [Value] {
    guard let column = table[field.name] else { return [] }
    let source = LogicalPlan.table(table, name: "rows")
    let value = Expr.column(field.name)
    var aggregates = [NamedAggregate("distinct", .countDistinct, [value])]
    let isOrdered = field.type.isNumeric || field.type.isTemporal
    if isOrdered { aggregates += [NamedAggregate("min", .min, [value]), NamedAggregate("max", .max, [value])] }
    let isQuantity = field.type.isNumeric && field.measure != .identifier
    if isQuantity {
      aggregates += [NamedAggregate("median", .median, [value]), NamedAggregate("mean", .mean, [value])]
    }
    let facts = try context.run(.aggregate(source, keys: [], aggregates))
    let counted = LogicalPlan.aggregate(
      .filter(source, .not(.isMissing(value)), label: nil), keys: [NamedExpr("value", value)],
      [NamedAggregate("rows", .count)])
    let top = try context.run(.limit(.sort(counted, [SortKey(.column("rows"), descending: true)]), 1))
    let rows = max(1, table.rowCount)
    func text(_ name: String) -> Value {
      guard let column = facts[name], column.count > 0, !column.isMissing(0) else { return .missing }
      return .text(ValueFormat(Field(name, column.type, measure: field.measure), column).text(column[0]))
    }
    let commonest = top["value"].flatMap { $0.count > 0 ? $0[0] : nil } ?? .missing
    let topRows = top["rows"].flatMap { $0.count > 0 ? $0[0].number : nil }
    return [
      .text(field.name), .text(field.type.displayName), role.map { .text($0.words) } ?? .missing,
      .integer(Int64(column.missingCount)), .real(Double(column.missingCount) / Double(rows)),
      facts["distinct"]?[0] ?? .missing, text("min"), text("median"), text("max"),
      facts["mean"].map { $0[0] } ?? .missing, commonest == .missing ? .missing : .text(ValueText.plain(commonest)),
      topRows.map { .real($0 / Double(rows)) } ?? .missing,
    ]
  }
}
