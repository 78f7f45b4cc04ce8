#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How far off a forecast may be, learnt from the errors of the forecasts of the past.
struct PredictionInterval {
  /// The error's variance is `base + growth · (step − 1)`: constant for noise around a level, growing for a wandering level.
  private var base: Double
  private var growth: Double
  /// Errors that the variance rests on: few of them make for wide bounds.
  private var freedom: Double

  /// Learns from the errors at the origins of a backtest, or from one-step changes when there was none.
  init(_ y: [Double], past: [[Double]], actuals: [[Double]], stretches: Double, period: Int) {
    var squares: [Double] = []
    var counts: [Double] = []
    for (forecast, actual) in zip(past, actuals) {
      for h in actual.indices where h < forecast.count {
        if squares.count <= h {
          squares.append(0)
          counts.append(0)
        }
        let error = actual[h] - forecast[h]
        squares[h] += error * error
        counts[h] += 1
      }
    }
    guard !squares.isEmpty else {
      let lag = y.count > 2 * period ? period : 1
      let changes = (lag..<y.count).map { y[$0] - y[$0 - lag] }
      base = mean(changes.map { $0 * $0 })
      growth = lag == 1 ? base : 0
      freedom = Double(max(1, changes.count - 1))
      return
    }
    // Weighted least squares of the mean squared error on the step, both terms at least zero.
    var (s0, s1, s2, t0, t1) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for h in squares.indices {
      let (w, x, v) = (counts[h], Double(h), squares[h] / counts[h])
      s0 += w
      s1 += w * x
      s2 += w * x * x
      t0 += w * v
      t1 += w * x * v
    }
    let determinant = s0 * s2 - s1 * s1
    growth = determinant > 0 ? max(0, (s0 * t1 - s1 * t0) / determinant) : 0
    base = (t0 - growth * s1) / s0
    if base < 0.1 * t0 / s0 {
      base = 0.1 * t0 / s0
      growth = s1 > 0 ? max(0, (t0 - base * s0) / s1) : 0
    }
    freedom = max(2, 2 * stretches)
  }

  /// Half the width of the interval at each step.
  func halfWidths(horizon: Int, level: Double) -> [Double] {
    let quantile = StudentT.quantile(0.5 + min(max(level, 0), 0.999) / 2, freedom: freedom)
    return (0..<max(0, horizon)).map { quantile * max(0, base + growth * Double($0)).squareRoot() }
  }
}

/// Student's t distribution.
enum StudentT {
  /// The value below which a share of the distribution lies: the expansion of Hill, "Algorithm 396" (Communications of the ACM
  /// 13, 1970), exact to about six digits for three or more degrees of freedom.
  static func quantile(_ p: Double, freedom n: Double) -> Double {
    guard p > 0.5 else { return p == 0.5 ? 0 : -quantile(1 - p, freedom: n) }
    let tail = 2 * (1 - p)
    if n < 1.5 { return 1 / tan(tail * .pi / 2) }
    if n < 2.5 { return (2 / (tail * (2 - tail)) - 2).squareRoot() }
    let a = 1 / (n - 0.5)
    let b = 48 / (a * a)
    var c = ((20_700 * a / b - 98) * a - 16) * a + 96.36
    let d = ((94.5 / (b + c) - 3) / b + 1) * (a * .pi / 2).squareRoot() * n
    var y = pow(d * tail, 2 / n)
    if y > 0.05 + a {
      let x = Normal.quantile(0.5 * tail)
      y = x * x
      if n < 5 { c += 0.3 * (n - 4.5) * (x + 0.6) }
      c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c
      y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x
      y = a * y * y
      y = y > 0.002 ? exp(y) - 1 : 0.5 * y * y + y
    } else {
      y =
        ((1 / (((n + 6) / (n * y) - 0.089 * d - 0.822) * (n + 2) * 3) + 0.5 / (n + 4)) * y - 1) * (n + 1) / (n + 2)
        + 1 / y
    }
    return (n * y).squareRoot()
  }
}

/// The normal distribution.
enum Normal {
  /// The value below which a share of the distribution lies: the rational approximation of Acklam (2003), relative error 1e-9.
  static func quantile(_ p: Double) -> Double {
    guard p > 0, p < 1 else { return p <= 0 ? -.infinity : .infinity }
    let a = [
      -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.3577518672690, -30.66479806614716,
      2.506628277459239,
    ]
    let b = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572]
    let c = [
      -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
      2.938163982698783,
    ]
    let d = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416]
    func tail(_ q: Double) -> Double {
      (((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5])
        / ((((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1)
    }
    if p < 0.02425 { return tail((-2 * log(p)).squareRoot()) }
    if p > 1 - 0.02425 { return -tail((-2 * log(1 - p)).squareRoot()) }
    let q = p - 0.5
    let r = q * q
    return (((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r + a[4]) * r + a[5]) * q
      / (((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r + b[4]) * r + 1)
  }
}
