#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The weights with which forecasts are mixed (Bates and Granger, "The combination of forecasts", 1969): inverse squares of the
/// errors on the backtest, so that a method that was twice as wrong counts a quarter.
enum Combination {
  /// Weights of the methods that are worth it; they add up to 1. Without a backtest the smoothing methods count equally.
  static func weights(
    _ test: Backtest, among methods: [ForecastMethod], naive: ForecastMethod
  ) -> [(ForecastMethod, Double)] {
    if methods.count == 1 { return [(methods[0], 1)] }
    let known = methods.compactMap { method in test.error(of: method).map { (method, $0) } }
    guard let best = known.map(\.1).min() else {
      let simple: [ForecastMethod] = [.theta, .ets]
      return simple.map { ($0, 0.5) }
    }
    guard best > 0 else { return known.filter { $0.1 == 0 }.prefix(1).map { ($0.0, 1) } }
    // A method a third worse than the best one adds more noise than news.
    let good = known.filter { $0.1 <= 1.33 * best }
    let raw = good.map { ($0.0, pow(best / $0.1, 4)) }
    let total = raw.reduce(0) { $0 + $1.1 }
    return raw.map { ($0.0, $0.1 / total) }
  }
}
