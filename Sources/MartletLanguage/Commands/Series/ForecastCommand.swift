import Analytics
import Charts
import Columnar
import Query

/// `forecast amount per day for 7 days`.
package struct ForecastCommand: AnalysisCommand {
  package static let spec = CommandSpec(
    "forecast", summary: "Forecasts measures for the periods to come.",
    doc: """
      Periods without rows count as 0 for sums and counts. `auto` tries seasonal naive, ETS, theta and STL with ETS on a rolling \
      backtest within the history and combines those that beat repeating the last season; the summary says how large the errors \
      were. Bounds are those of the given level, learnt from the backtest. A period that the data do not cover to its end is \
      left out.
      """,
    subject: SubjectSpec(
      .measures, 1...8, placeholder: "MEASURE", doc: "What to forecast.", defines: true, star: true),
    clauses: [
      ClauseSpec(.per, placeholder: "GRAIN", doc: "The length of a period.", default: "day"),
      ClauseSpec(.for, .constants, placeholder: "DURATION", doc: "How far ahead.", default: "one season"),
      ClauseSpec(.by, .expressions, count: 1...3, placeholder: "GROUP", doc: "One forecast for each group."),
    ],
    options: [
      OptionSpec(
        "model", .word(["auto", "naive", "snaive", "ets", "theta", "stl"]), default: "auto",
        doc: "One method, or the best on a backtest."),
      OptionSpec("level", .share, default: "80%", doc: "The share of cases between lower and upper."),
      OptionSpec(
        "season", .either(["auto"], .integer(1...10_000)), default: "auto", doc: "Periods after which things repeat."),
      OptionSpec("date", .column(.date), doc: "The date column."),
    ],
    output: [
      OutputColumn("metric", "The measure."), OutputColumn("G", "The group, with `by`."),
      OutputColumn("period", "The period to come."), OutputColumn("forecast", "The expected value."),
      OutputColumn("lower", "The lower bound."), OutputColumn("upper", "The upper bound."),
      OutputColumn("model", "What made the forecast."),
    ],
    chart: "History and forecast with its bounds.",
    examples: [
      Example("Sales of the next week.", "sales | forecast amount per day for 7 days"),
      Example(
        "Units and orders of the next month, with wider bounds.",
        "sales | forecast units = sum(quantity), orders = count_distinct(invoice) per week for 4 weeks level=95%"),
    ],
    searchWords: ["predict", "prediction", "future", "arima", "ets", "prophet", "trend"],
    synonyms: [.init("predict", "R"), .init("prophet", "Python"), .init("arima", "Stata")])

  private let arguments: Arguments
  private let input: SeriesInput
  private let horizon: CalendarDuration?
  package let output: TableInfo?

  package init(checking arguments: Arguments) throws(Diagnostic) {
    self.arguments = arguments
    input = try SeriesInput(arguments)
    horizon = try arguments.duration(.for)
    let level = arguments.real("level") ?? 0.8
    if level <= 0 || level >= 1 {
      throw Diagnostic(
        "E344", "level must lie between 0 % and 100 %", at: arguments.range(of: "level"), hint: "such as level=80%")
    }
    output = TableInfo(
      name: arguments.table.name, schema: Self.schema(input), summary: Self.summarySchema(input))
  }

  private static func schema(_ input: SeriesInput) -> Schema {
    let measure = input.commonMeasure == .count ? Measure.plain : input.commonMeasure
    return Schema(
      [Field("metric", .text)] + input.groups.map(\.field) + [
        input.period, Field("forecast", .real, measure: measure), Field("lower", .real, measure: measure),
        Field("upper", .real, measure: measure), Field("model", .text),
      ])
  }

  private static func summarySchema(_ input: SeriesInput) -> Schema {
    Schema(
      [Field("metric", .text)] + input.groups.map(\.field) + [
        Field("model", .text), Field("season", .integer), Field("mape", .real, measure: .percent), Field("mase", .real),
        Field("naive_mape", .real, measure: .percent),
        Field("\(input.grain.rawValue)s_used", .integer, measure: .count),
      ])
  }

  package func analyse(_ relation: Relation, _ context: CommandContext) throws -> AnalysisResult {
    try explaining(arguments) {
      let (byMeasure, _) = try input.series(relation, context)
      var rows: [[Value]] = []
      var summary: [[Value]] = []
      var panels: [FanMetric] = []
      var notes = input.notes(byMeasure)
      var facts: [ForecastNarrative.Fact] = []
      for (measure, all) in zip(input.measures, byMeasure) {
        for series in all {
          try context.cancellation.check()
          let name = input.name(measure, series)
          let steps = periods(after: series)
          guard let forecast = try forecast(series, steps: steps.count) else {
            notes.append(
              Note(
                .warning,
                "\(name) has \(Words.count(series.completeCount, "complete \(input.grain.rawValue)")), and a forecast needs "
                  + "\(Forecaster.fewestPoints)"))
            continue
          }
          for (step, period) in steps.enumerated() {
            rows.append(
              [.text(measure.name)] + series.group + [
                .period(period), .real(forecast.values[step]), .real(forecast.lower[step]), .real(forecast.upper[step]),
                .text(forecast.model),
              ])
          }
          summary.append(
            [.text(measure.name)] + series.group + [
              .text(forecast.model), forecast.season > 1 ? .integer(Int64(forecast.season)) : .missing,
              forecast.mape.map(Value.real) ?? .missing, forecast.mase.map(Value.real) ?? .missing,
              forecast.naiveMAPE.map(Value.real) ?? .missing, .integer(Int64(forecast.pointsUsed)),
            ])
          facts.append(
            ForecastNarrative.Fact(name: name, measure: measure, series: series, forecast: forecast, steps: steps))
          panels.append(panel(name, measure, series, forecast, steps))
        }
      }
      guard let first = facts.first else {
        throw Diagnostic(
          "E516", "`forecast` finds fewer than \(Forecaster.fewestPoints) complete \(input.grain.rawValue)s",
          at: arguments.range, hint: "use a shorter period, such as per day")
      }
      notes += ForecastNarrative.notes(facts, level: arguments.real("level") ?? 0.8)
      let table = Self.table(Self.schema(input), rows)
      let level = arguments.real("level") ?? 0.8
      let chart = DefaultChart { [panels] () throws(ChartError) in try Chart.fan(panels, level: level) }
      return AnalysisResult(
        table, summary: Self.table(Self.summarySchema(input), summary),
        headline: ForecastNarrative.headline(first, of: facts.count, grain: input.grain, level: level), chart: chart,
        notes: notes, appendices: [CaptionedTable("Forecast", table)])
    }
  }

  private static func table(_ schema: Schema, _ rows: [[Value]]) -> Table {
    Table(
      schema: schema,
      columns: schema.fields.enumerated().map { place, field in Column.of(field.type, rows.map { $0[place] }) })
  }

  /// The periods to forecast: those after the last complete one that begin within the duration.
  private func periods(after series: RegularSeries) -> [Period] {
    let grain = input.grain == .hour ? .day : input.grain
    guard series.completeCount > 0 else { return [] }
    let last = series.periods[series.completeCount - 1]
    guard let horizon else {
      let usual = [Grain.hour: 24, .day: 7, .week: 4, .month: 12, .quarter: 4, .year: 3][input.grain] ?? 7
      return (1...usual).map { Period(grain, containing: last.advanced(by: $0, grain)) }
    }
    var limit = last.adding(months: horizon.months)
    limit.days &+= Int32(clamping: horizon.days)
    var periods: [Period] = []
    var step = 1
    while step <= 10_000, last.advanced(by: step, grain) <= limit {
      periods.append(Period(grain, containing: last.advanced(by: step, grain)))
      step += 1
    }
    // Half a month ahead is still within the next month.
    return periods.isEmpty ? [Period(grain, containing: last.advanced(by: 1, grain))] : periods
  }

  private func forecast(_ series: RegularSeries, steps: Int) throws -> SeriesForecast? {
    let seasons = arguments.integer("season").map { [$0] } ?? RegularSeries.seasons(input.grain)
    let method = arguments.text("model").flatMap(ForecastMethod.init)
    let request = ForecastRequest(horizon: max(1, steps), level: arguments.real("level") ?? 0.8, method: method)
    guard var forecast = Forecaster.forecast(series.completeValues, seasons: seasons, request) else { return nil }
    // A shop that has never opened on a Saturday will not do so next week.
    let rest = series.restDays
    for (step, period) in periods(after: series).enumerated() where rest.contains(period.start.isoWeekday) {
      forecast.values[step] = 0
      forecast.lower[step] = 0
      forecast.upper[step] = 0
    }
    return forecast
  }

  /// The chart's panel: the forecast behind some seasons of history.
  private func panel(
    _ name: String, _ measure: ResolvedMeasure, _ series: RegularSeries, _ forecast: SeriesForecast, _ steps: [Period]
  ) -> FanMetric {
    let shown = min(series.completeCount, max(8 * steps.count, 60))
    let from = series.completeCount - shown
    let history = Table([
      (input.period, .period(Array(series.periods[from..<series.completeCount]), input.grain)),
      (Field("value", .real, measure: measure.field.measure), .real(Array(series.values[from..<series.completeCount]))),
    ])
    let future = Table([
      (input.period, .period(steps.map(\.start), input.grain)),
      (Field("forecast", .real, measure: measure.field.measure), .real(forecast.values)),
      (Field("lower", .real), .real(forecast.lower)), (Field("upper", .real), .real(forecast.upper)),
    ])
    return FanMetric(name: name, history: history, forecast: future)
  }
}
