/// What is wanted of a forecast.
package struct ForecastRequest: Sendable {
  package var horizon: Int
  /// The share of cases that should fall between the lower and the upper bound.
  package var level: Double
  /// One method, or nil for the best combination on a backtest.
  package var method: ForecastMethod?

  /// Describes a request.
  package init(horizon: Int, level: Double = 0.8, method: ForecastMethod? = nil) {
    self.horizon = horizon
    self.level = level
    self.method = method
  }
}

/// A forecast with its bounds and its record on the past.
package struct SeriesForecast: Sendable {
  package var values: [Double]
  package var lower: [Double]
  package var upper: [Double]
  /// The model or models that made it: `ETS(M,A,M)`, `theta (DOTM) + STL + ETS(A,N,N)`.
  package var model: String
  /// The season that the models used; 1 for none.
  package var season: Int
  /// Mean absolute percentage error of the forecasts of the past, over points that are not zero; nil without a backtest.
  package var mape: Double?
  /// The same of the seasonal naive forecast.
  package var naiveMAPE: Double?
  /// Mean absolute error of the forecasts of the past by that of the seasonal naive forecast at the same points; nil without
  /// a backtest or when the naive forecast made no error.
  package var mase: Double?
  /// Points of history that the models have seen.
  package var pointsUsed: Int
  /// Origins of the backtest.
  package var origins: Int
  /// The record of each method that was tried: its mean absolute error by that of the seasonal naive forecast.
  package var record: [(method: ForecastMethod, mase: Double)]
  /// Why a simpler model was used; nil when all were.
  package var limitation: Limitation?

  /// Why not all models were tried.
  package enum Limitation: Hashable, Sendable {
    /// Fewer than two seasons of history: no season was modelled.
    case lessThanTwoSeasons(points: Int, season: Int)
    /// Too few points for a backtest: the models were averaged without one.
    case noBacktest(points: Int)
    /// All values are the same.
    case constant
  }
}
