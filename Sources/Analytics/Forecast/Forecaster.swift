/// Forecasts one regular series without gaps.
package enum Forecaster {
  /// Fewer points than this are no history.
  package static let fewestPoints = 3

  /// The forecast; nil for fewer than three points or values that are not finite.
  package static func forecast(_ y: [Double], seasons: [Int], _ request: ForecastRequest) -> SeriesForecast? {
    guard y.count >= fewestPoints, request.horizon > 0, y.allSatisfy(\.isFinite), let first = y.first else {
      return nil
    }
    let fitting = seasons.filter { $0 > 1 && y.count > 2 * $0 }
    let frame = SeriesFrame(seasons: fitting)
    let floor = y.allSatisfy { $0 >= 0 }
    if y.allSatisfy({ $0 == first }) { return constant(first, y.count, frame, request) }
    let wanted = request.method.map { [$0] } ?? ForecastMethod.allCases
    let naive: ForecastMethod = frame.period > 1 ? .seasonalNaive : .naive
    let methods = wanted.contains(naive) ? wanted : wanted + [naive]
    let test = Backtest(y, frame, methods: methods, horizon: request.horizon)
    let scale = test.error(of: naive)
    var weights = Combination.weights(test, among: wanted, naive: naive)
    // A method that worked in the past may fail on the whole: its weight goes to the others.
    var parts: [(forecast: MethodForecast, weight: Double, method: ForecastMethod)] = []
    for (method, weight) in weights {
      guard let forecast = method.forecast(y, frame, horizon: request.horizon), forecast.values.allSatisfy(\.isFinite)
      else { continue }
      parts.append((forecast, weight, method))
    }
    if parts.isEmpty, let fallback = naive.forecast(y, frame, horizon: request.horizon) {
      parts = [(fallback, 1, naive)]
    }
    let total = parts.reduce(0) { $0 + $1.weight }
    guard total > 0 else { return nil }
    weights = parts.map { ($0.method, $0.weight / total) }
    var values = [Double](repeating: 0, count: request.horizon)
    for (part, weight) in zip(parts, weights) {
      for h in values.indices { values[h] += weight.1 * part.forecast.values[h] }
    }
    let past = crossValidated(test, weights, among: wanted, naive: naive)
    let interval = PredictionInterval(
      y, past: past, actuals: test.actuals, stretches: test.stretches, period: frame.period)
    let spread = interval.halfWidths(horizon: request.horizon, level: request.level)
    var lower = zip(values, spread).map { $0 - $1 }
    var upper = zip(values, spread).map { $0 + $1 }
    if floor {
      values = values.map { max(0, $0) }
      lower = lower.map { max(0, $0) }
      upper = upper.map { max(0, $0) }
    }
    var limitation: SeriesForecast.Limitation?
    if let season = seasons.filter({ $0 > 1 }).min(), frame.period == 1 {
      limitation = .lessThanTwoSeasons(points: y.count, season: season)
    } else if test.origins.isEmpty {
      limitation = .noBacktest(points: y.count)
    }
    return SeriesForecast(
      values: values, lower: lower, upper: upper, model: parts.map(\.forecast.model).joined(separator: " + "),
      season: frame.period, mape: Accuracy.mape(past, test.actuals),
      naiveMAPE: Accuracy.mape(test.combined([(naive, 1)]), test.actuals),
      mase: ratio(Accuracy.meanAbsoluteError(past, test.actuals), scale),
      pointsUsed: y.count, origins: test.origins.count,
      record: methods.compactMap { method in
        guard let scale, scale > 0, let error = test.error(of: method) else { return nil }
        return (method, error / scale)
      }, limitation: limitation)
  }

  /// What would have been forecast at each origin with weights from the other origins: those that fit an origin's own errors
  /// would make them look smaller than they will be (Stone, "Cross-validatory choice and assessment", 1974).
  private static func crossValidated(
    _ test: Backtest, _ weights: [(ForecastMethod, Double)], among wanted: [ForecastMethod], naive: ForecastMethod
  ) -> [[Double]] {
    guard wanted.count > 1, test.origins.count > 1 else { return test.combined(weights) }
    return test.origins.indices.map { origin in
      test.combined(Combination.weights(test.leavingOut(origin), among: wanted, naive: naive))[origin]
    }
  }

  private static func ratio(_ error: Double?, _ scale: Double?) -> Double? {
    guard let error, let scale, scale > 0 else { return nil }
    return error / scale
  }

  private static func constant(
    _ value: Double, _ count: Int, _ frame: SeriesFrame, _ request: ForecastRequest
  ) -> SeriesForecast {
    let values = [Double](repeating: value, count: request.horizon)
    return SeriesForecast(
      values: values, lower: values, upper: values, model: ForecastMethod.naive.displayName, season: 1, mape: nil,
      naiveMAPE: nil, mase: nil, pointsUsed: count, origins: 0, record: [], limitation: .constant)
  }
}

/// Errors of forecasts of the past.
package enum Accuracy {
  /// Mean absolute percentage error over the points that are not zero, as a share; nil when there is none.
  package static func mape(_ forecasts: [[Double]], _ actuals: [[Double]]) -> Double? {
    var sum = 0.0
    var count = 0.0
    for (forecast, actual) in zip(forecasts, actuals) {
      for (f, a) in zip(forecast, actual) where a != 0 {
        sum += abs((f - a) / a)
        count += 1
      }
    }
    return count > 0 ? sum / count : nil
  }

  /// Mean absolute error; nil of nothing.
  package static func meanAbsoluteError(_ forecasts: [[Double]], _ actuals: [[Double]]) -> Double? {
    var sum = 0.0
    var count = 0.0
    for (forecast, actual) in zip(forecasts, actuals) {
      for (f, a) in zip(forecast, actual) {
        sum += abs(f - a)
        count += 1
      }
    }
    return count > 0 ? sum / count : nil
  }
}
