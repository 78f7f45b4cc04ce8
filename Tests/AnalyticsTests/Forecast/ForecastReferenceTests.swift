import Analytics
import TestSupport
import Testing

@Suite("Forecasts, against statsmodels and by their definitions")
struct ForecastReferenceTests {
  private static func series(_ name: String) throws -> [Double] {
    try referenceColumns(name == "air" ? "forecast/stl.tsv" : "series/daily.tsv")[0]
  }

  /// Where both stop in the same hollow of the likelihood, the forecasts agree to a percent; ours is never less likely.
  @Test func smoothingModels() throws {
    var compared = 0
    for row in try SharedData.referenceLines("series/ets.tsv") where row[3] == "usual" {
      let y = try Self.series(row[0])
      let form = try #require(SmoothingModelTests.form(row[1]))
      let deviance = try #require(Double(row[2]))
      let model = try #require(ETSFit.fit(y, form: form, period: row[0] == "air" ? 12 : 7))
      let label = "\(row[0]) \(form.name): \(model.deviance) against \(deviance)"
      #expect(model.deviance < deviance + 0.5, "\(label)")
      guard abs(model.deviance - deviance) < 0.5 else { continue }
      compared += 1
      let expected = row.dropFirst(4).compactMap(Double.init)
      let size = expected.map(abs).max() ?? 1
      #expect(distance(model.forecast(12), expected) < 0.01 * size, "\(label)")
    }
    #expect(compared >= 6)
  }

  @Test func thetaOfASeasonalSeries() throws {
    let lines = try SharedData.referenceLines("forecast/theta.tsv").filter { $0[0] == "air" }
    let y = try Self.series("air")
    let mine = try #require(ForecastMethod.theta.forecast(y, SeriesFrame(seasons: [12]), horizon: 6)).values
    let all = lines.map { $0.dropFirst(2).compactMap(Double.init) }
    #expect(all.count == 4)
    // The kind is chosen by its error: within the four of the reference, and a percent.
    for h in 0..<6 {
      let low = all.map { $0[h] }.min() ?? 0
      let high = all.map { $0[h] }.max() ?? 0
      #expect(mine[h] > 0.99 * low && mine[h] < 1.01 * high, "step \(h + 1): \(mine[h]) of \(low) to \(high)")
    }
  }

  @Test func naiveForecastsRepeat() throws {
    let y: [Double] = [1, 2, 3, 4, 5, 6, 7]
    let frame = SeriesFrame(seasons: [3])
    #expect(ForecastMethod.naive.forecast(y, frame, horizon: 2)?.values == [7, 7])
    #expect(ForecastMethod.seasonalNaive.forecast(y, frame, horizon: 5)?.values == [5, 6, 7, 5, 6])
    #expect(ForecastMethod.seasonalNaive.forecast([1, 2], frame, horizon: 1) == nil)
  }

  @Test func errorsByTheirDefinitions() throws {
    #expect(Accuracy.mape([[90, 5], [50]], [[100, 0], [40]]) == 0.175)
    #expect(Accuracy.mape([[1]], [[0]]) == nil)
    #expect(Accuracy.meanAbsoluteError([[90, 5], [50]], [[100, 0], [40]]) == 25.0 / 3)
    #expect(Accuracy.meanAbsoluteError([], []) == nil)
  }

  @Test func originsLeaveTwoSeasonsToLearnFrom() {
    let origins = Backtest.origins(count: 60, horizon: 7, period: 7)
    #expect(origins == [53, 46, 39, 32, 25, 18])
    #expect(Backtest.origins(count: 15, horizon: 7, period: 7).allSatisfy { $0 >= 15 })
    #expect(Backtest.origins(count: 2, horizon: 7, period: 1).isEmpty)
    // Half of them a year ago, when three years and more are known.
    let years = Backtest.origins(count: 4 * 365, horizon: 28, period: 7, longest: 365)
    #expect(years == [1432, 1404, 1376, 1095, 1067, 1039])
    let two = Backtest.origins(count: 2 * 365 + 90, horizon: 28, period: 7, longest: 365)
    #expect(two == Backtest.origins(count: 2 * 365 + 90, horizon: 28, period: 7))
  }

  @Test func originsThatOverlapCountLess() throws {
    let y = try Self.series("daily")
    let apart = Backtest(y, SeriesFrame(seasons: []), methods: [.naive], horizon: 7)
    #expect(apart.stretches == 6)
    let close = Backtest(Array(y.prefix(20)), SeriesFrame(seasons: []), methods: [.naive], horizon: 6)
    #expect(close.origins == [14, 13, 12, 11, 10, 9] && abs(close.stretches - (1 + 5.0 / 6)) < 1e-12)
    let rest = close.leavingOut(1)
    #expect(rest.origins == [14, 12, 11, 10, 9] && rest.forecasts[.naive]?.count == 5 && rest.actuals.count == 5)
  }

  /// The record in a result is the mean absolute error over the backtest by that of the seasonal naive forecast.
  @Test func relativeErrorOfOneMethod() throws {
    let y = try Self.series("daily")
    let frame = SeriesFrame(seasons: [7])
    let test = Backtest(y, frame, methods: [.seasonalNaive, .ets], horizon: 7)
    let request = ForecastRequest(horizon: 7, method: .ets)
    let forecast = try #require(Forecaster.forecast(y, seasons: [7], request))
    let ets = try #require(test.error(of: .ets))
    let naive = try #require(test.error(of: .seasonalNaive))
    let mase = try #require(forecast.mase)
    #expect(abs(mase - ets / naive) < 1e-12)
    #expect(forecast.season == 7 && forecast.pointsUsed == y.count && forecast.origins == 6)
    let same = try #require(Forecaster.forecast(y, seasons: [7], ForecastRequest(horizon: 7, method: .seasonalNaive)))
    #expect(same.mase == 1 && same.values == Array(y.suffix(7)))
  }

  @Test func boundsGrowWithTheLevelAndStayAboveZero() throws {
    let y = try Self.series("daily").map { max(0, $0 - 85) }
    func width(_ level: Double) throws -> Double {
      let forecast = try #require(Forecaster.forecast(y, seasons: [7], ForecastRequest(horizon: 14, level: level)))
      #expect(forecast.lower.allSatisfy { $0 >= 0 } && forecast.values.allSatisfy { $0 >= 0 })
      #expect(zip(forecast.lower, forecast.values).allSatisfy { $0 <= $1 })
      #expect(zip(forecast.values, forecast.upper).allSatisfy { $0 <= $1 })
      return forecast.upper.reduce(0, +)
    }
    let (narrow, wide) = (try width(0.5), try width(0.95))
    #expect(narrow < wide)
  }

  @Test func shortConstantAndBrokenHistories() throws {
    let request = ForecastRequest(horizon: 3)
    #expect(Forecaster.forecast([1, 2], seasons: [7], request) == nil)
    #expect(Forecaster.forecast([1, .nan, 3, 4], seasons: [], request) == nil)
    let short = try #require(Forecaster.forecast([5, 6, 7, 6, 5, 6, 7, 8], seasons: [7], request))
    #expect(short.limitation == .lessThanTwoSeasons(points: 8, season: 7) && short.season == 1)
    let constant = try #require(Forecaster.forecast([4, 4, 4, 4], seasons: [], request))
    #expect(constant.values == [4, 4, 4] && constant.lower == constant.upper && constant.limitation == .constant)
    let three = try #require(Forecaster.forecast([1, 2, 4], seasons: [], request))
    #expect(three.values.allSatisfy(\.isFinite) && three.limitation == .noBacktest(points: 3))
  }
}
