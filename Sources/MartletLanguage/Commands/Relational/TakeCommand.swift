import Columnar
import Query

/// Keeps the first rows.
struct TakeCommand: RelationalCommand {
  static let spec = CommandSpec(
    "take",
    summary: "Keeps the first N rows.",
    subject: SubjectSpec(.constants, 0...1, placeholder: "N", doc: "How many rows.", default: "10"),
    examples: [Example("Shows the first five rows.", "sales | take 5")],
    searchWords: ["first", "head", "limit", "rows"],
    synonyms: [.init("limit", "SQL"), .init("head", "R"), .init("slice", "dplyr"), .init("first", "SQL")])

  let output: TableInfo?
  private let count: Int

  init(checking arguments: Arguments) throws(Diagnostic) {
    count = try RowCount.read(try arguments.constants().first, at: arguments)
    output = arguments.table.with(schema: arguments.table.schema)
  }

  var keepsDefaultChart: Bool { true }

  func extend(_ plan: LogicalPlan, label: String) -> LogicalPlan { .limit(plan, count) }
}

/// A number of rows behind a verb.
enum RowCount {
  /// The number, 10 when none was written.
  static func read(_ value: Value?, at arguments: Arguments) throws(Diagnostic) -> Int {
    guard let value else { return 10 }
    let range = arguments.syntax.items.first?.range ?? arguments.range
    guard case .integer(let i) = value, let count = Int(exactly: i), (0...1_000_000_000).contains(count) else {
      throw .wholeNumber(0...1_000_000_000, at: range)
    }
    return count
  }
}
