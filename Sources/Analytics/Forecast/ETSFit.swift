#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Maximum likelihood fits of exponential smoothing models (Hyndman et al. 2008, chapter 5), in the usual parameter region
/// 0 < β < α < 1, 0 < γ < 1 − α, 0.8 ≤ φ ≤ 0.98, which lies inside the admissible one.
package enum ETSFit {
  private static let low = 1e-4
  private static let high = 0.9999

  /// The form with the smallest AICc, or nil when no form can be fitted.
  package static func automatic(
    _ y: [Double], period: Int, forms: [ETSForm]? = nil, tolerance: Double = 1e-9
  ) -> ETSModel? {
    let seasonal = period > 1 && period <= 24 && y.count > 2 * period
    let positive = y.allSatisfy { $0 > 0 }
    var best: ETSModel?
    for form in forms ?? ETSForm.family(positive: positive, seasonal: seasonal) {
      guard let model = fit(y, form: form, period: period, tolerance: tolerance) else { continue }
      if let held = best, held.aicc <= model.aicc { continue }
      best = model
    }
    return best
  }

  /// The most likely model of one form; nil when there are too few points, or values that the form cannot have.
  package static func fit(_ y: [Double], form: ETSForm, period: Int, tolerance: Double = 1e-9) -> ETSModel? {
    let n = y.count
    let m = form.season == .none ? 1 : period
    guard n >= 3, form.season == .none || (m > 1 && n > 2 * m), y.allSatisfy(\.isFinite) else { return nil }
    if form.error == .multiplicative || form.season == .multiplicative, !y.allSatisfy({ $0 > 0 }) { return nil }
    let size = y.reduce(0) { $0 + abs($1) } / Double(n)
    guard size > 0 else { return constant(form, n) }
    let scaled = y.map { $0 / size }
    var likelihood = ETSLikelihood(scaled, form: form, period: m)
    let map = ParameterMap(form: form, period: m)
    var best: (value: Double, point: [Double])?
    let candidates = starts(scaled, form, m).map { (value: likelihood.value($0), start: $0) }
      .sorted { $0.value < $1.value }
    for (_, start) in candidates.prefix(2) {
      var point = map.point(start)
      var natural = start
      var inner = [Double](repeating: 0, count: likelihood.dimension)
      let value = QuasiNewton(tolerance: tolerance, iterations: 200).minimise(&point) { p, g in
        map.natural(p, &natural)
        let value = likelihood.evaluate(natural, gradient: &inner)
        map.chain(p, natural, inner, &g)
        return value
      }
      if value.isFinite, value < best?.value ?? .infinity { best = (value, point) }
    }
    guard let best else { return nil }
    var x = [Double](repeating: 0, count: likelihood.dimension)
    map.natural(best.point, &x)
    guard let end = likelihood.run(x) else { return nil }
    // Dividing the series by its size shifts both kinds of deviance by the same amount.
    let deviance = best.value + 2 * Double(n) * log(size)
    let k = Double(map.count + 1)
    let room = Double(n) - k - 1
    return ETSModel(
      form: form, period: m, alpha: x[0], beta: x[1], gamma: x[2], phi: x[3],
      level: end.level * size, slope: end.slope * size,
      season: form.season == .additive ? end.season.map { $0 * size } : end.season,
      deviance: deviance, parameters: map.count + 1,
      aicc: room > 0 ? deviance + 2 * k + 2 * k * (k + 1) / room : .infinity,
      fitted: end.fitted.map { $0 * size })
  }

  /// A series of zeros.
  private static func constant(_ form: ETSForm, _ n: Int) -> ETSModel? {
    guard form == ETSForm(.additive, .none, .none) else { return nil }
    return ETSModel(
      form: form, period: 1, alpha: low, beta: 0, gamma: 0, phi: 1, level: 0, slope: 0, season: [],
      deviance: -.infinity, parameters: 3, aicc: -.infinity, fitted: [Double](repeating: 0, count: n))
  }

  /// Heuristic first states (Hyndman et al. 2008, section 2.6.1) with a grid of smoothing parameters: the deviance has several
  /// hollows, and the search begins in the lowest ones.
  private static func starts(_ y: [Double], _ form: ETSForm, _ m: Int) -> [[Double]] {
    var x = [Double](repeating: 0, count: 6 + m)
    var adjusted = y
    if form.season != .none {
      let season = SeasonalIndices(y, period: m, multiplicative: form.season == .multiplicative)
      for j in 0..<m { x[6 + j] = season.indices[j] }
      adjusted = season.remove(from: y)
    }
    let count = min(max(10, 2 * m), y.count)
    let line = LeastSquaresLine(adjusted.prefix(count))
    x[4] = form.trend == .none ? mean(Array(adjusted.prefix(max(4, m).clamped(to: 1...y.count)))) : line.intercept
    x[5] = form.trend == .none ? 0 : line.slope
    if form.error == .multiplicative || form.season == .multiplicative, x[4] + x[5] < 1e-3 {
      x[4] = max(1e-3, adjusted[0])
      x[5] = 0
    }
    x[3] = form.trend == .damped ? 0.96 : 1
    var grid: [[Double]] = []
    for alpha in [0.02, 0.1, 0.3, 0.6, 0.9] {
      for share in form.trend == .none ? [0.0] : [0.05, 0.4] {
        for response in form.season == .none ? [0.0] : [0.02, 0.3, 0.9] {
          var start = x
          start[0] = alpha
          start[1] = share * alpha
          start[2] = response * (1 - alpha)
          grid.append(start)
        }
      }
    }
    return grid
  }

  /// The one-to-one map between the model's parameters and free numbers, for an optimiser without bounds.
  private struct ParameterMap {
    let form: ETSForm
    let period: Int
    /// How many free numbers there are.
    let count: Int

    init(form: ETSForm, period: Int) {
      self.form = form
      self.period = period
      count =
        2 + (form.trend == .none ? 0 : 2) + (form.trend == .damped ? 1 : 0)
        + (form.season == .none ? 0 : period)
    }

    private var seasonTotal: Double { form.season == .multiplicative ? Double(period) : 0 }

    func point(_ x: [Double]) -> [Double] {
      var p = [logit((x[0] - low) / (high - low))]
      if form.trend != .none { p.append(logit((x[1] - low) / (x[0] - low))) }
      if form.season != .none { p.append(logit((x[2] - low) / (1 - x[0] - low))) }
      if form.trend == .damped { p.append(logit((x[3] - 0.8) / 0.18)) }
      p.append(x[4])
      if form.trend != .none { p.append(x[5]) }
      if form.season != .none { p.append(contentsOf: x[6..<(6 + period - 1)]) }
      return p
    }

    func natural(_ p: [Double], _ x: inout [Double]) {
      var k = 1
      func next() -> Double {
        defer { k += 1 }
        return p[k]
      }
      x[0] = low + (high - low) * logistic(p[0])
      x[1] = form.trend == .none ? 0 : low + (x[0] - low) * logistic(next())
      x[2] = form.season == .none ? 0 : low + max(0, 1 - x[0] - low) * logistic(next())
      x[3] = form.trend == .damped ? 0.8 + 0.18 * logistic(next()) : 1
      x[4] = next()
      x[5] = form.trend == .none ? 0 : next()
      guard form.season != .none else { return }
      var last = seasonTotal
      for j in 0..<(period - 1) {
        x[6 + j] = next()
        last -= x[6 + j]
      }
      x[6 + period - 1] = last
    }

    func chain(_ p: [Double], _ x: [Double], _ inner: [Double], _ g: inout [Double]) {
      var k = 1
      var toAlpha = inner[0]
      if form.trend != .none {
        let u = logistic(p[k])
        toAlpha += inner[1] * u
        g[k] = inner[1] * (x[0] - low) * u * (1 - u)
        k += 1
      }
      if form.season != .none {
        let u = logistic(p[k])
        toAlpha -= inner[2] * u
        g[k] = inner[2] * max(0, 1 - x[0] - low) * u * (1 - u)
        k += 1
      }
      if form.trend == .damped {
        let u = logistic(p[k])
        g[k] = inner[3] * 0.18 * u * (1 - u)
        k += 1
      }
      let a = logistic(p[0])
      g[0] = toAlpha * (high - low) * a * (1 - a)
      g[k] = inner[4]
      k += 1
      if form.trend != .none {
        g[k] = inner[5]
        k += 1
      }
      guard form.season != .none else { return }
      for j in 0..<(period - 1) { g[k + j] = inner[6 + j] - inner[6 + period - 1] }
    }

    private func logistic(_ v: Double) -> Double { 1 / (1 + exp(-v)) }
    private func logit(_ u: Double) -> Double {
      let v = min(max(u, 1e-6), 1 - 1e-6)
      return log(v / (1 - v))
    }
  }
}

extension Comparable {
  /// The nearest value within the range.
  func clamped(to range: ClosedRange<Self>) -> Self { min(max(self, range.lowerBound), range.upperBound) }
}
