#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The optimised theta models of Fiorucci, Pellegrini, Louzada, Petropoulos and Koehler (International Journal of Forecasting 32,
/// 2016): a smoothed level plus a share of the linear trend line, the line fixed or updated with each point (dynamic).
package struct ThetaModel: Sendable {
  package enum Kind: String, CaseIterable, Sendable {
    case standard = "STM"
    case optimised = "OTM"
    case dynamicStandard = "DSTM"
    case dynamicOptimised = "DOTM"
    var isDynamic: Bool { self == .dynamicStandard || self == .dynamicOptimised }
    var isOptimised: Bool { self == .optimised || self == .dynamicOptimised }
  }

  package var kind: Kind
  package var alpha: Double
  package var theta: Double
  package var initialLevel: Double
  /// The mean squared one-step error.
  package var error: Double
  /// One-step forecasts of the history.
  package var fitted: [Double]

  private var level = 0.0
  private var average = 0.0
  private var count = 0
  private var slope = 0.0
  private var intercept = 0.0

  /// Fits by least squares of the one-step errors; nil for fewer than four points.
  ///
  /// For a given α the forecast is linear in the first level and in the line's weight 1 − 1/θ, so those two have a closed form
  /// and only α is searched.
  package init?(_ y: [Double], kind: Kind) {
    guard y.count >= 4, y.allSatisfy(\.isFinite) else { return nil }
    self.kind = kind
    alpha = 0.5
    theta = 2
    initialLevel = y[0]
    error = .infinity
    fitted = []
    let (lines, next) = ThetaModel.lines(y, dynamic: kind.isDynamic)
    let fixed = kind.isOptimised ? nil : 0.5
    var best = (alpha: 0.1, cost: Double.infinity)
    for k in 0...24 {
      let a = 0.1 + 0.89 * Double(k) / 24
      let cost = ThetaModel.solve(y, lines, alpha: a, weight: fixed).cost
      if cost < best.cost { best = (a, cost) }
    }
    alpha = ThetaModel.refine(best.alpha) { ThetaModel.solve(y, lines, alpha: $0, weight: fixed).cost }
    let solution = ThetaModel.solve(y, lines, alpha: alpha, weight: fixed)
    initialLevel = solution.level
    theta = 1 / max(1e-10, 1 - solution.weight)
    error = solution.cost / Double(y.count)
    run(y, lines, weight: solution.weight)
    (intercept, slope) = next
  }

  /// Point forecasts of the next `horizon` values. The dynamic models feed each forecast back into their line.
  package func forecast(_ horizon: Int) -> [Double] {
    var result: [Double] = []
    var (level, average, n) = (level, average, count)
    var (a, b) = (intercept, slope)
    let weight = 1 - 1 / theta
    var power = pow(1 - alpha, Double(n))
    for _ in 0..<max(0, horizon) {
      let value = level + weight * (power * a + (1 - power * (1 - alpha)) / alpha * b)
      result.append(value)
      level = alpha * value + (1 - alpha) * level
      power *= 1 - alpha
      if kind.isDynamic {
        let t = Double(n + 1)
        b = ((t - 2) * b + 6 * (value - average) / t) / (t + 1)
        average = ((t - 1) * average + value) / t
        a = average - b * (t + 1) / 2
      }
      n += 1
    }
    return result
  }

  /// Intercept and slope of the line that the forecast of each point uses, and of the one after the last point.
  private static func lines(_ y: [Double], dynamic: Bool) -> ([(Double, Double)], (Double, Double)) {
    guard dynamic else {
      let line = LeastSquaresLine(y)
      return (y.map { _ in (line.intercept, line.slope) }, (line.intercept, line.slope))
    }
    var lines: [(Double, Double)] = []
    lines.reserveCapacity(y.count)
    var (average, b) = (y[0], 0.0)
    lines.append((y[0], 0))
    for i in 1..<y.count {
      let t = Double(i)
      lines.append((average - b * (t + 1) / 2, b))
      let s = t + 1
      b = ((s - 2) * b + 6 * (y[i] - average) / s) / (s + 1)
      average = ((s - 1) * average + y[i]) / s
    }
    return (lines, (average - b * (Double(y.count) + 1) / 2, b))
  }

  /// The best first level and line weight for a given α, and the sum of squared errors they leave.
  private static func solve(
    _ y: [Double], _ lines: [(Double, Double)], alpha: Double, weight fixed: Double?
  ) -> (level: Double, weight: Double, cost: Double) {
    // error = r − power · ℓ₀ − w · g, where r is the error of a start at zero without line.
    let keep = 1 - alpha
    let inverse = 1 / alpha
    var (smooth, power) = (0.0, 1.0)
    var (rr, rp, rg, pp, pg, gg) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    // The dynamic lines know next to nothing of the first points, which the authors leave out of the sum.
    let first = y.count > 8 ? 3 : 0
    for t in y.indices {
      defer {
        smooth = alpha * y[t] + keep * smooth
        power *= keep
      }
      guard t >= first else { continue }
      let g = power * lines[t].0 + (1 - power * keep) * inverse * lines[t].1
      let r = y[t] - smooth
      rr += r * r
      rp += r * power
      rg += r * g
      pp += power * power
      pg += power * g
      gg += g * g
    }
    func best(_ w: Double) -> (Double, Double, Double) {
      let l = pp > 0 ? (rp - w * pg) / pp : 0
      return (l, w, max(0, rr + l * l * pp + w * w * gg - 2 * l * rp - 2 * w * rg + 2 * l * w * pg))
    }
    if let fixed { return best(fixed) }
    let determinant = pp * gg - pg * pg
    guard determinant > 1e-12 * pp * gg else { return best(0) }
    return best(((rg * pp - rp * pg) / determinant).clamped(to: 0...0.999_999))
  }

  /// Golden-section search around a grid point.
  private static func refine(_ centre: Double, _ cost: (Double) -> Double) -> Double {
    let ratio = 0.618_033_988_749_894_9
    var (low, high) = (max(0.1, centre - 0.04), min(0.99, centre + 0.04))
    var (a, b) = (high - ratio * (high - low), low + ratio * (high - low))
    var (fa, fb) = (cost(a), cost(b))
    for _ in 0..<20 {
      if fa < fb {
        (high, b, fb) = (b, a, fa)
        a = high - ratio * (high - low)
        fa = cost(a)
      } else {
        (low, a, fa) = (a, b, fb)
        b = low + ratio * (high - low)
        fb = cost(b)
      }
    }
    return fa < fb ? a : b
  }

  private mutating func run(_ y: [Double], _ lines: [(Double, Double)], weight: Double) {
    var (smooth, power) = (initialLevel, 1.0)
    var sum = 0.0
    for t in y.indices {
      let g = power * lines[t].0 + (1 - power * (1 - alpha)) / alpha * lines[t].1
      fitted.append(smooth + weight * g)
      smooth = alpha * y[t] + (1 - alpha) * smooth
      power *= 1 - alpha
      sum += y[t]
    }
    level = smooth
    average = sum / Double(y.count)
    count = y.count
  }

  /// The kind with the smallest mean squared error.
  package static func automatic(_ y: [Double]) -> ThetaModel? {
    var best: ThetaModel?
    for kind in Kind.allCases {
      guard let model = ThetaModel(y, kind: kind) else { continue }
      if let held = best, held.error <= model.error { continue }
      best = model
    }
    return best
  }
}
