import Analytics
import Columnar

/// Sentences about forecasts.
enum ForecastNarrative {
  /// One series and what is expected of it.
  struct Fact {
    var name: String
    var measure: ResolvedMeasure
    var series: RegularSeries
    var forecast: SeriesForecast
    var steps: [Period]
  }

  /// `amount: £213,450 expected from 2011-12-10 to 2011-12-16 (2.1 % above the 7 days before).`
  static func headline(_ fact: Fact, of count: Int, grain: Grain, level: Double) -> String {
    guard let first = fact.steps.first, let last = fact.steps.last else { return "" }
    let measure = fact.measure.field.measure
    let span = first == last ? "in \(first)" : "from \(first) to \(last)"
    var text: String
    if fact.measure.isAdditive {
      let total = fact.forecast.values.reduce(0, +)
      text = "\(fact.name): \(NumberWords.amount(total, measure)) expected \(span)"
      let past = fact.series.completeValues.suffix(fact.steps.count)
      let before = past.reduce(0, +)
      if past.count == fact.steps.count, before > 0 {
        let change = total / before - 1
        let side = change < 0 ? "below" : "above"
        text += ", \(NumberWords.share(abs(change))) \(side) the last \(Words.count(past.count, grain.rawValue))"
      }
    } else {
      let mean = fact.forecast.values.reduce(0, +) / Double(max(1, fact.forecast.values.count))
      text = "\(fact.name): \(NumberWords.amount(mean, measure)) expected on average \(span)"
    }
    return text + (count > 1 ? "; \(Words.count(count, "series", plural: "series")) in all." : ".")
  }

  /// How far the forecasts can be trusted.
  static func notes(_ facts: [Fact], level: Double) -> [Note] {
    var notes: [Note] = []
    for fact in facts.prefix(4) {
      let forecast = fact.forecast
      if let mase = forecast.mase, mase > 1 {
        notes.append(
          Note(
            .warning,
            "\(fact.name): the backtest was worse than repeating the last \(forecast.season > 1 ? "season" : "value") "
              + "(MASE \(NumberWords.plain(mase)))"))
      }
      switch forecast.limitation {
      case .lessThanTwoSeasons(let points, let season):
        notes.append(
          Note(
            .assumed,
            "\(fact.name): \(Words.count(points, "point")) are fewer than two seasons of \(season), so no season was "
              + "modelled"))
      case .noBacktest(let points):
        notes.append(
          Note(
            .assumed,
            "\(fact.name): \(Words.count(points, "point")) are too few for a backtest; the models were averaged"))
      case .constant: notes.append(Note(.remark, "\(fact.name) has always been the same"))
      case nil: break
      }
      let rest = fact.series.restDays.sorted().compactMap { weekdays[$0] }
      if !rest.isEmpty {
        notes.append(
          Note(.assumed, "\(fact.name): never anything on \(NumberWords.list(rest)), so 0 is forecast there"))
      }
    }
    notes.append(
      Note(
        .definition,
        "lower and upper hold \(NumberWords.share(level, decimals: 0)) of cases, learnt from forecasts of the past; mape = mean "
          + "absolute error ÷ value; mase = mean absolute error ÷ that of repeating the last season"))
    return notes
  }

  private static let weekdays: [Int: String] = [
    1: "Mondays", 2: "Tuesdays", 3: "Wednesdays", 4: "Thursdays", 5: "Fridays", 6: "Saturdays", 7: "Sundays",
  ]
}
