/// The form of an exponential smoothing model: error, trend and season (Hyndman, Koehler, Ord and Snyder,
/// "Forecasting with Exponential Smoothing", 2008).
package struct ETSForm: Hashable, Sendable {
  package enum Error: String, Hashable, Sendable { case additive = "A", multiplicative = "M" }
  package enum Trend: String, Hashable, Sendable { case none = "N", additive = "A", damped = "Ad" }
  package enum Season: String, Hashable, Sendable { case none = "N", additive = "A", multiplicative = "M" }

  package var error: Error
  package var trend: Trend
  package var season: Season

  /// Names a form.
  package init(_ error: Error, _ trend: Trend, _ season: Season) {
    self.error = error
    self.trend = trend
    self.season = season
  }

  /// `ETS(A,Ad,M)`, as the field writes it.
  package var name: String { "ETS(\(error.rawValue),\(trend.rawValue),\(season.rawValue))" }

  /// The forms worth trying: multiplicative parts only for positive data, and no additive error with a multiplicative season,
  /// whose variance is not finite (Hyndman et al. 2008, chapter 15).
  package static func family(positive: Bool, seasonal: Bool) -> [ETSForm] {
    var forms: [ETSForm] = []
    let seasons: [Season] = seasonal ? [.none, .additive, .multiplicative] : [.none]
    for season in seasons {
      for trend in [Trend.none, .damped, .additive] {
        if season != .multiplicative { forms.append(ETSForm(.additive, trend, season)) }
        if positive { forms.append(ETSForm(.multiplicative, trend, season)) }
      }
    }
    return forms
  }
}

/// A fitted exponential smoothing model with the states after the last point.
package struct ETSModel: Sendable {
  package var form: ETSForm
  package var period: Int
  package var alpha: Double
  /// Response of the slope to an error; 0 without a trend.
  package var beta: Double
  /// Response of the season to an error; 0 without a season.
  package var gamma: Double
  /// The factor by which the slope shrinks each step: 1 undamped.
  package var phi: Double
  package var level: Double
  package var slope: Double
  /// The next `period` seasonal terms, first the one of the next point.
  package var season: [Double]
  /// −2 log-likelihood up to a constant that all models of one series share: n log Σe² (+ 2 Σ log |ŷ|).
  package var deviance: Double
  /// Parameters and initial states that were estimated, with the variance.
  package var parameters: Int
  /// Akaike's criterion corrected for small samples; infinite when there are too few points for the parameters.
  package var aicc: Double
  /// One-step forecasts of the history.
  package var fitted: [Double]

  /// Point forecasts of the next `horizon` values.
  package func forecast(_ horizon: Int) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(max(0, horizon))
    var sum = 0.0
    var factor = 1.0
    for h in 0..<max(0, horizon) {
      factor *= phi
      sum += form.trend == .none ? 0 : factor
      let base = level + sum * slope
      switch form.season {
      case .none: result.append(base)
      case .additive: result.append(base + season[h % period])
      case .multiplicative: result.append(base * season[h % period])
      }
    }
    return result
  }
}
