import Columnar
import Query

/// Keeps the rows for which all conditions are true.
struct WhereCommand: RelationalCommand {
  static let spec = CommandSpec(
    "where",
    summary: "Keeps the rows for which all conditions are true.",
    doc: """
      A comparison with a missing value is unknown, and a row with an unknown condition is left out; the note counts \
      them. Several conditions, separated by commas, must all hold. Totals cannot stand here: `summarize` first.
      """,
    subject: SubjectSpec(.conditions, placeholder: "COND", doc: "What must be true of a row."),
    examples: [
      Example("Keeps the sales to France.", "sales | where country = \"France\""),
      Example("Keeps large orders of one quarter.", "sales | where quantity >= 20, date = 2024-Q4"),
      Example(
        "Keeps rows by a list and a text.",
        "sales | where country in [\"France\", \"Spain\"] and product_name contains \"Mug\""),
    ],
    searchWords: ["filter", "subset", "condition", "keep", "rows"],
    synonyms: [
      .init("filter", "dplyr"), .init("keep", "Stata"), .init("having", "SQL"), .init("restrict", "relational algebra"),
    ])

  let output: TableInfo?
  private let predicate: Expr

  init(checking arguments: Arguments) throws(Diagnostic) {
    let conditions = try arguments.conditions().map(\.expr)
    predicate = conditions.dropFirst().reduce(conditions.first ?? .literal(.boolean(true))) { .and($0, $1) }
    var info = arguments.table
    info.summary = nil
    output = info
  }

  func extend(_ plan: LogicalPlan, label: String) -> LogicalPlan { .filter(plan, predicate, label: label) }

  func notes(_ report: StepReport) -> [Note] {
    guard case .filter(let rowsIn, let kept, let unknown) = report else { return [] }
    var notes = [Note(.step, "where kept \(Words.grouped(kept)) of \(Words.count(rowsIn, "row"))")]
    if unknown > 0 {
      notes.append(
        Note(
          .leftOut,
          "\(Words.count(unknown, "row")) where the condition is unknown because a value is missing "
            + "(\(ShareText.percent(unknown, of: rowsIn)))"))
    }
    return notes
  }
}
