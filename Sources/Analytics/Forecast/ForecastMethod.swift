#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A way to forecast a series on its own.
package enum ForecastMethod: String, CaseIterable, Hashable, Sendable {
  /// The last value again.
  case naive
  /// The last season again.
  case seasonalNaive = "snaive"
  /// The exponential smoothing form with the smallest AICc.
  case ets
  /// The optimised theta model with the smallest error, on the seasonally adjusted series.
  case theta
  /// Exponential smoothing of what a decomposition by loess leaves when its seasons, one or several, are taken off.
  case stl

  /// The method's name in a report.
  package var displayName: String {
    switch self {
    case .naive: "naive"
    case .seasonalNaive: "seasonal naive"
    case .ets: "ETS"
    case .theta: "theta"
    case .stl: "STL + ETS"
    }
  }
}

/// What one method expects, and the name of the model that it settled on.
package struct MethodForecast: Sendable {
  package var values: [Double]
  package var model: String

  /// Pairs a forecast with its model's name.
  package init(_ values: [Double], model: String) {
    self.values = values
    self.model = model
  }
}

/// What is known of a series beside its values.
package struct SeriesFrame: Sendable {
  /// The lengths of its seasons in rising order: 7 and 365 for days; empty when nothing repeats.
  package var seasons: [Int]

  /// Describes a series.
  package init(seasons: [Int]) { self.seasons = seasons.filter { $0 > 1 }.sorted() }

  /// The season that the naive forecast repeats; 1 without one.
  package var period: Int { seasons.first ?? 1 }
}

extension ForecastMethod {
  /// The next `horizon` values; nil where the method does not apply: too few points, or values it cannot take.
  package func forecast(_ y: [Double], _ frame: SeriesFrame, horizon: Int) -> MethodForecast? {
    guard let last = y.last, horizon > 0 else { return nil }
    switch self {
    case .naive:
      return MethodForecast([Double](repeating: last, count: horizon), model: displayName)
    case .seasonalNaive:
      let m = frame.period
      guard m > 1, y.count >= m else { return nil }
      return MethodForecast((0..<horizon).map { y[y.count - m + $0 % m] }, model: displayName)
    case .ets:
      guard let model = ETSFit.automatic(y, period: frame.period, tolerance: 1e-6) else { return nil }
      return MethodForecast(model.forecast(horizon), model: model.form.name)
    case .theta:
      return ForecastMethod.adjusted(y, frame.period) { adjusted in
        ThetaModel.automatic(adjusted).map {
          MethodForecast($0.forecast(horizon), model: "theta (\($0.kind.rawValue))")
        }
      }
    case .stl:
      return ForecastMethod.decomposed(y, frame.seasons, horizon) { adjusted in
        ETSFit.automatic(adjusted, period: 1, tolerance: 1e-6).map {
          MethodForecast($0.forecast(horizon), model: "STL + \($0.form.name)")
        }
      }
    }
  }

  /// Forecasts the classically adjusted series and puts the season back, when there is a season to speak of.
  private static func adjusted(
    _ y: [Double], _ period: Int, _ forecast: ([Double]) -> MethodForecast?
  ) -> MethodForecast? {
    guard SeasonalIndices.isPresent(y, period: period) else { return forecast(y) }
    let indices = SeasonalIndices(y, period: period, multiplicative: y.allSatisfy { $0 > 0 })
    guard var result = forecast(indices.remove(from: y)) else { return nil }
    result.values = indices.restore(result.values, from: y.count)
    return result
  }

  /// Forecasts what the decomposition leaves, and repeats the last cycle of each season.
  private static func decomposed(
    _ y: [Double], _ seasons: [Int], _ horizon: Int, _ forecast: ([Double]) -> MethodForecast?
  ) -> MethodForecast? {
    let fitting = seasons.filter { 2 * $0 < y.count }
    guard !fitting.isEmpty, let parts = MSTL(periods: fitting).decompose(y) else { return nil }
    var adjusted = y
    for season in parts.seasonal { for i in adjusted.indices { adjusted[i] -= season[i] } }
    guard var result = forecast(adjusted) else { return nil }
    for (period, season) in zip(fitting, parts.seasonal) {
      for h in 0..<horizon { result.values[h] += season[y.count - period + h % period] }
    }
    return result
  }
}
