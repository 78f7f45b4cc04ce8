import Analytics
import Charts
import Columnar
import Query

/// `opportunity`: what lifting one segment to the mean of another could bring.
package struct OpportunityCommand: AnalysisCommand {
  package static let spec = CommandSpec(
    "opportunity", summary: "Reckons what lifting one segment to the mean of another could bring.",
    doc: """
      customers × reach × max(0, benchmark mean − own mean), for each segment of `from` against the segments of `vs` taken \
      together. It is a ceiling: it takes every customer that is reached to the benchmark's mean.
      """,
    clauses: [
      ClauseSpec(.from, .labels, count: 1...26, required: true, placeholder: "SEGMENT", doc: "The segments to lift."),
      ClauseSpec(.vs, .labels, count: 1...26, required: true, placeholder: "SEGMENT", doc: "The benchmark."),
    ],
    options: [
      OptionSpec("reach", .share, default: "100%", doc: "The share of customers that can be moved."),
      OptionSpec("measure", .column(.number), default: "amount", doc: "The number that is compared."),
    ],
    output: [
      OutputColumn("segment", "The segment."), OutputColumn("customers", "Its customers."),
      OutputColumn("mean_amount", "Their mean."), OutputColumn("benchmark", "The mean of the benchmark's customers."),
      OutputColumn("gap_each", "What a benchmark customer has more, at least 0."),
      OutputColumn("opportunity", "customers × reach × gap_each."),
    ],
    chart: "A waterfall of the segments' opportunities.",
    examples: [
      Example(
        "What if half of the Potential Loyalists bought like the Loyal?",
        "rfm = sales | segment rfm\nrfm | opportunity from \"Potential Loyalists\" vs Loyal reach=50%")
    ],
    searchWords: ["potential", "uplift", "what if"])

  private let arguments: Arguments
  private let segments: [String]
  private let benchmark: [String]
  private let measure: ResolvedItem
  package let output: TableInfo?

  package init(checking arguments: Arguments) throws(Diagnostic) {
    self.arguments = arguments
    guard arguments.table.schema["segment"]?.type == .text else {
      throw .needsSegments("opportunity", table: arguments.table.name, at: arguments.range)
    }
    guard let measure = arguments.column("measure") else {
      throw .noRole(
        .amount, verb: "opportunity", table: arguments.table.name, hint: "name one: `measure=COLUMN`",
        at: arguments.range)
    }
    self.measure = measure
    segments = try arguments.labels(.from)
    benchmark = try arguments.labels(.vs)
    output = TableInfo(
      name: arguments.table.name, schema: Schema(Opportunity.fields(amount: measure.field.measure)))
  }

  package func analyse(_ input: Relation, _ context: CommandContext) throws -> AnalysisResult {
    try explaining(arguments) {
      let table = try context.run(
        .project(input.plan, [NamedExpr("segment", .column("segment")), NamedExpr("measure", measure.expr)]))
      let reach = arguments.real("reach") ?? 1
      let rows = try Opportunity.analyse(
        table, from: segments, versus: benchmark, measure: "measure", reach: reach)
      let answer = Opportunity.table(rows, amount: measure.field.measure)
      let chart = DefaultChart { () throws(ChartError) in
        try Chart.waterfall(answer, category: "segment", change: "opportunity")
      }
      return AnalysisResult(
        answer,
        headline: RankingNarrative.opportunity(rows, versus: benchmark, reach: reach, amount: measure.field.measure),
        chart: chart, notes: [Note(.definition, Definitions.opportunity)])
    }
  }
}
