import Columnar
import Query

/// Keeps the named columns, in the order written.
struct SelectCommand: RelationalCommand {
  static let spec = CommandSpec(
    "select",
    summary: "Keeps the named columns, in the order written.",
    doc:
      "An item may also be an expression with a name: `select customer, spent = quantity * price`. `*` stands for all columns.",
    subject: SubjectSpec(
      .expressions, placeholder: "COLUMN", doc: "A column, or `name = expression`.", defines: true, star: true),
    examples: [
      Example("Shows three columns.", "sales | select invoice, date, amount | take 5"),
      Example("Computes a column on the way.", "sales | select customer, spent = quantity * price | take 5"),
    ],
    searchWords: ["columns", "project", "keep", "choose"],
    synonyms: [
      .init("project", "KQL"), .init("columns", "SAS"), .init("fields", "SPL"), .init("cut", "Unix"),
      .init("transmute", "dplyr"),
    ])

  let output: TableInfo?
  private let items: [NamedExpr]

  init(checking arguments: Arguments) throws(Diagnostic) {
    let items = try arguments.expressions()
    try ColumnNames.refuseRepeated(items, verb: "select")
    self.items = items.map(\.named)
    output = try arguments.output { [items = self.items] plan in .project(plan, items) }
  }

  func extend(_ plan: LogicalPlan, label: String) -> LogicalPlan { .project(plan, items) }
}

/// Rules on the names of new columns.
enum ColumnNames {
  /// Two items must not make two columns of one name.
  static func refuseRepeated(_ items: [ResolvedItem], verb: String) throws(Diagnostic) {
    var seen: Set<String> = []
    for item in items where !seen.insert(item.name).inserted {
      throw .columnTwice(item.name, verb: verb, at: item.range)
    }
  }
}
