/// What forecasts of the past would have been: each method is fitted on the points before an origin and compared with those
/// after it (Tashman, "Out-of-sample tests of forecasting accuracy", 2000).
package struct Backtest: Sendable {
  /// Points before each origin.
  package var origins: [Int]
  /// For each method its forecasts at each origin; nil where it did not apply.
  package var forecasts: [ForecastMethod: [[Double]?]]
  /// What came after each origin, up to `horizon` points.
  package var actuals: [[Double]]

  /// At most this many origins.
  static let most = 6

  /// Origins as far apart as the horizon, or closer for short series, so that the methods have at least two seasons, or six
  /// points, to learn from.
  ///
  /// Where a `longest` season, such as a year of days, has passed three times and more, half of the origins lie one such
  /// season back: whether a method knows what comes now shows when the same time of the year came before, not in the weeks
  /// just past.
  package static func origins(count n: Int, horizon: Int, period: Int, longest: Int = 1) -> [Int] {
    let least = max(period > 1 ? 2 * period + 1 : 0, min(6, n - 1), 3)
    let last = n - min(horizon, max(1, n / 3))
    guard last >= least else { return [] }
    let back = n - longest
    if longest > 4 * horizon, back - 2 * horizon > 2 * longest {
      return (0..<most / 2).map { last - $0 * horizon } + (0..<most / 2).map { back - $0 * horizon }
    }
    let room = last - least
    let step = max(1, min(horizon, room / (most - 1)))
    return (0..<most).map { last - $0 * step }.filter { $0 >= least }
  }

  /// Runs the methods at all origins.
  package init(_ y: [Double], _ frame: SeriesFrame, methods: [ForecastMethod], horizon: Int) {
    let longest = frame.seasons.last ?? 1
    origins = Backtest.origins(count: y.count, horizon: horizon, period: frame.period, longest: longest)
    actuals = origins.map { Array(y[$0..<min(y.count, $0 + horizon)]) }
    forecasts = [:]
    for method in methods {
      forecasts[method] = origins.map { method.forecast(Array(y[..<$0]), frame, horizon: horizon)?.values }
    }
  }

  /// The method's mean absolute error over all origins; nil when it did not apply to each of them.
  package func error(of method: ForecastMethod) -> Double? {
    guard let all = forecasts[method], !all.isEmpty else { return nil }
    var sum = 0.0
    var count = 0.0
    for (forecast, actual) in zip(all, actuals) {
      guard let forecast, forecast.allSatisfy(\.isFinite) else { return nil }
      for (f, a) in zip(forecast, actual) {
        sum += abs(f - a)
        count += 1
      }
    }
    return count > 0 ? sum / count : nil
  }

  /// The backtest without one of its origins.
  package func leavingOut(_ origin: Int) -> Backtest {
    var rest = self
    rest.origins.remove(at: origin)
    rest.actuals.remove(at: origin)
    rest.forecasts = forecasts.mapValues { all in
      var all = all
      all.remove(at: origin)
      return all
    }
    return rest
  }

  /// How many stretches of the history the origins look at, were they side by side: origins closer than the horizon share
  /// points, and say less than as many that do not (Hansen and Hodrick, "Forward exchange rates", 1980).
  package var stretches: Double {
    guard let horizon = actuals.map(\.count).max(), horizon > 0 else { return 0 }
    let sorted = origins.sorted()
    return zip(sorted, sorted.dropFirst()).reduce(1) { $0 + min(1, Double($1.1 - $1.0) / Double(horizon)) }
  }

  /// The forecasts at all origins mixed with these weights.
  package func combined(_ weights: [(ForecastMethod, Double)]) -> [[Double]] {
    actuals.indices.map { o in
      var mix = [Double](repeating: 0, count: actuals[o].count)
      for (method, weight) in weights {
        guard let forecast = forecasts[method].flatMap({ $0[o] }) else { continue }
        for h in mix.indices { mix[h] += weight * forecast[h] }
      }
      return mix
    }
  }
}
