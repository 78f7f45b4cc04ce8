import Analytics
import Charts
import Columnar
import Query

/// `cohort`: customers by the period of their first order, and who of them orders again.
package struct CohortCommand: AnalysisCommand {
  package static let spec = CommandSpec(
    "cohort", summary: "Follows customers from their first order: who orders again in later periods.",
    doc: """
      A cohort is all customers whose first order lies in one period. Each row is one cohort in one later period; period 0 \
      is that of the first order. Cells of a period that the data do not cover to its end are not complete: they are drawn \
      dashed, and neither the sentence nor the pooled curve uses them.
      """,
    clauses: [
      ClauseSpec(.per, placeholder: "UNIT", doc: "The length of a period.", default: "month"),
      ClauseSpec(
        .by, .expressions, placeholder: "CUSTOMER", doc: "Who or what is followed.", default: "the customer role"),
    ],
    options: [
      OptionSpec(
        "value", .word(["retention", "customers", "amount"]), default: "retention", doc: "What the heatmap shows."),
      OptionSpec("periods", .integer(1...1000), default: "12", doc: "How many periods after the first are followed."),
      OptionSpec("date", .column(.date), doc: "The date column."),
    ],
    output: [
      OutputColumn("cohort", "The period of the first order."),
      OutputColumn("period", "Periods since the first order, 0 for the first."),
      OutputColumn("customers", "Customers of the cohort."),
      OutputColumn("retained", "Those of them with an order in the period."),
      OutputColumn("retention", "Retained over customers."), OutputColumn("amount", "What they spent in the period."),
      OutputColumn("complete", "Whether the data cover the whole period."),
    ],
    chart: "A triangular heatmap above the pooled curve.",
    examples: [
      Example("Who comes back, by month of the first order?", "sales | cohort per month"),
      Example("What each quarter's new customers spend later.", "sales | cohort per quarter value=amount periods=4"),
    ],
    searchWords: ["retention", "churn", "come back", "triangle"])

  private let arguments: Arguments
  private let roles: CustomerTransactions
  private let grain: Grain
  package let output: TableInfo?

  package init(checking arguments: Arguments) throws(Diagnostic) {
    self.arguments = arguments
    roles = try CustomerTransactions(arguments, needsAmount: false)
    grain = try CustomerTransactions.grain(arguments) ?? .month
    output = TableInfo(
      name: arguments.table.name, schema: Schema(CohortRetention.fields(grain: grain, amount: roles.amountMeasure)))
  }

  package func analyse(_ input: Relation, _ context: CommandContext) throws -> AnalysisResult {
    try explaining(arguments) {
      let result = try CohortRetention(
        try roles.source(input, context), grain: grain, periods: arguments.integer("periods") ?? 12,
        engine: context, cancellation: context.cancellation)
      var notes: [Note] = []
      if let assumed = roles.assumed(asOf: nil, arguments.per == nil ? ["per month"] : []) { notes.append(assumed) }
      notes += roles.leftOut(result.coverage) + CohortNarrative.notes(result)
      notes += [Definitions.retention, Definitions.completePeriod].map { Note(.definition, $0) }
      let table = result.table(amount: roles.amountMeasure)
      let pooled = CohortNarrative.pooledTable(result)
      return AnalysisResult(
        table, headline: CohortNarrative.headline(result), chart: chart(table, pooled), notes: notes,
        appendices: [CaptionedTable("All cohorts together, complete \(grain.rawValue)s only", pooled)])
    }
  }

  private func chart(_ table: Table, _ pooled: Table) -> DefaultChart {
    let value = ["customers": "retained", "amount": "amount"][arguments.text("value") ?? ""] ?? "retention"
    return DefaultChart { [grain] () throws(ChartError) in
      let heatmap = try Chart.heatmap(table, x: "period", y: "cohort", value: value, complete: "complete")
        .titled("\(value.prefix(1).uppercased() + value.dropFirst()) by \(grain.rawValue) of the first order")
      guard value == "retention", pooled.rowCount > 2 else { return heatmap }
      // Without the curve the heatmap says enough.
      guard let curve = try? Chart.line(pooled, x: "period", y: ["retention"]).titled("All cohorts together"),
        let both = try? Chart.panels([heatmap, curve])
      else { return heatmap }
      return both
    }
  }
}
