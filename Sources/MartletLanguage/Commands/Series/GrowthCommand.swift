import Analytics
import Charts
import Columnar
import Query

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `growth amount per month`.
package struct GrowthCommand: AnalysisCommand {
  package static let spec = CommandSpec(
    "growth", summary: "Compares each period with the one before, or with the same one a year ago.",
    doc: """
      growth = value ÷ previous − 1, missing when previous is 0. The mean growth is arithmetic; the compound growth is (last ÷ \
      first)^(1/(n − 1)) − 1. Both, and best and worst, look at complete periods only: a period is complete when its last day ≤ \
      the last date in the data.
      """,
    subject: SubjectSpec(.measures, 1...1, placeholder: "MEASURE", doc: "What grows.", defines: true),
    clauses: [
      ClauseSpec(.per, required: true, placeholder: "GRAIN", doc: "The length of a period."),
      ClauseSpec(.vs, placeholder: "previous/last year", doc: "What to compare with.", default: "previous"),
      ClauseSpec(.by, .expressions, count: 1...3, placeholder: "GROUP", doc: "One series for each group."),
    ],
    options: [OptionSpec("date", .column(.date), doc: "The date column.")],
    output: [
      OutputColumn("period", "The period."), OutputColumn("G", "The group, with `by`."),
      OutputColumn("M", "The measure."),
      OutputColumn("previous", "The value compared with."), OutputColumn("change", "The difference."),
      OutputColumn("growth", "The relative difference."),
      OutputColumn("complete", "Whether the data cover the period."),
    ],
    chart: "Columns with the line of growth; an incomplete period is dashed.",
    examples: [
      Example("Does revenue grow?", "sales | growth amount per month"),
      Example("Each quarter beside the same one a year before.", "sales | growth amount per quarter vs last year"),
    ],
    searchWords: ["change", "mom", "yoy", "increase", "trend"])

  private let arguments: Arguments
  private let input: SeriesInput
  private let measure: ResolvedMeasure
  /// How many periods back the comparison lies.
  private let lag: Int
  package let output: TableInfo?

  package init(checking arguments: Arguments) throws(Diagnostic) {
    self.arguments = arguments
    input = try SeriesInput(arguments)
    guard let measure = input.measures.first else { throw .missingSubject(Self.spec, at: arguments.range) }
    self.measure = measure
    if let comparison = arguments.comparison, let grain = comparison.grain {
      guard let lag = Self.periods(in: grain, of: input.grain) else {
        throw Diagnostic(
          "E346", "a \(grain.rawValue) is no whole number of \(input.grain.rawValue)s", at: comparison.range,
          hint: "compare with the \(input.grain.rawValue) before: vs previous")
      }
      self.lag = lag
    } else {
      lag = 1
    }
    output = TableInfo(
      name: arguments.table.name, schema: Self.schema(input, measure), summary: Self.summarySchema(input, measure))
  }

  private static func periods(in long: Grain, of short: Grain) -> Int? {
    if long == short { return 1 }
    return switch (long, short) {
    case (.year, .quarter): 4
    case (.year, .month): 12
    case (.year, .week): 52
    case (.quarter, .month): 3
    case (.week, .day): 7
    default: nil
    }
  }

  private static func schema(_ input: SeriesInput, _ measure: ResolvedMeasure) -> Schema {
    let unit = measure.field.measure
    return Schema(
      [input.period] + input.groups.map(\.field) + [
        Field(measure.name, .real, measure: unit), Field("previous", .real, measure: unit),
        Field("change", .real, measure: unit), Field("growth", .real, measure: .percent), Field("complete", .boolean),
      ])
  }

  private static func summarySchema(_ input: SeriesInput, _ measure: ResolvedMeasure) -> Schema {
    let unit = measure.field.measure
    return Schema(
      input.groups.map(\.field) + [
        Field("total", .real, measure: unit), Field("best_period", .period(input.grain)),
        Field("best", .real, measure: unit), Field("worst_period", .period(input.grain)),
        Field("worst", .real, measure: unit), Field("mean_growth", .real, measure: .percent),
        Field("compound_growth", .real, measure: .percent),
      ])
  }

  package func analyse(_ relation: Relation, _ context: CommandContext) throws -> AnalysisResult {
    try explaining(arguments) {
      let (byMeasure, _) = try input.series(relation, context)
      let all = byMeasure.first ?? []
      var rows: [[Value]] = []
      var summary: [[Value]] = []
      for series in all {
        var growths: [Double] = []
        for (i, start) in series.periods.enumerated() {
          let previous = i >= lag ? series.values[i - lag] : nil
          let growth = previous.flatMap { $0 == 0 ? nil : series.values[i] / $0 - 1 }
          let isComplete = i < series.completeCount
          if isComplete, let growth { growths.append(growth) }
          rows.append(
            [.period(Period(input.grain, containing: start))] + series.group + [
              .real(series.values[i]), previous.map(Value.real) ?? .missing,
              previous.map { .real(series.values[i] - $0) } ?? .missing, growth.map(Value.real) ?? .missing,
              .boolean(isComplete),
            ])
        }
        summary.append(series.group + facts(series, growths))
      }
      let table = Self.table(Self.schema(input, measure), rows)
      let group = input.groups.first?.name
      let chart = DefaultChart { [measure = measure.name] () throws(ChartError) in
        if let group { return try Chart.line(table, x: "period", y: [measure], color: group) }
        return try Chart.growth(table, period: "period", value: measure, growth: "growth", complete: "complete")
      }
      var notes = input.notes(byMeasure).filter { $0.kind != .leftOut }
      if let series = all.first, series.completeCount < series.periods.count, let last = series.periods.last {
        notes.append(
          Note(
            .remark,
            "\(Period(input.grain, containing: last)) is not complete in the data: drawn dashed, and left out of the summary"
          ))
      }
      notes.append(
        Note(
          .definition,
          "growth = value ÷ previous − 1; mean_growth is arithmetic, compound_growth = (last ÷ first)^(1/(n − 1)) − 1; both over complete periods"
        ))
      let summaryTable = Self.table(Self.summarySchema(input, measure), summary)
      return AnalysisResult(
        table, summary: summaryTable, headline: headline(all), chart: chart, notes: notes,
        appendices: [CaptionedTable("Growth per \(input.grain.rawValue)", table)])
    }
  }

  private static func table(_ schema: Schema, _ rows: [[Value]]) -> Table {
    Table(
      schema: schema,
      columns: schema.fields.enumerated().map { place, field in Column.of(field.type, rows.map { $0[place] }) })
  }

  /// Total, best, worst, mean and compound growth over complete periods.
  private func facts(_ series: RegularSeries, _ growths: [Double]) -> [Value] {
    let values = series.completeValues
    guard let first = values.first, let last = values.last,
      let best = values.indices.max(by: { (values[$0], $1) < (values[$1], $0) }),
      let worst = values.indices.min(by: { values[$0] < values[$1] })
    else { return [Value](repeating: .missing, count: 7) }
    let mean = growths.isEmpty ? Value.missing : .real(growths.reduce(0, +) / Double(growths.count))
    var compound = Value.missing
    if values.count > 1, first > 0, last > 0 {
      compound = .real(pow(last / first, 1 / Double(values.count - 1)) - 1)
    }
    return [
      measure.isAdditive ? .real(series.values.reduce(0, +)) : .missing,
      .period(Period(input.grain, containing: series.periods[best])),
      .real(values[best]), .period(Period(input.grain, containing: series.periods[worst])), .real(values[worst]), mean,
      compound,
    ]
  }

  private func headline(_ all: [RegularSeries]) -> String? {
    guard let series = all.first, all.count == 1, series.completeCount > 0 else { return nil }
    let values = series.completeValues
    guard let best = values.indices.max(by: { values[$0] < values[$1] }),
      let worst = values.indices.min(by: { values[$0] < values[$1] })
    else { return nil }
    func named(_ i: Int) -> String {
      "\(Period(input.grain, containing: series.periods[i])) (\(NumberWords.amount(values[i], measure.field.measure)))"
    }
    return
      "Best \(input.grain.rawValue) \(named(best)), worst \(named(worst)), of \(Words.count(values.count, "complete \(input.grain.rawValue)"))."
  }
}
