#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The deviance of an exponential smoothing model and its gradient, one forward and one backward pass over the series.
///
/// The recursions are those of Hyndman et al. (2008), table 2.2; with the one-step error δ = y − ŷ they are the same for
/// additive and multiplicative errors, which only differ in the deviance. The gradient is the adjoint of the recursion, so it
/// costs about two forward passes however many initial states there are.
struct ETSLikelihood {
  let y: [Double]
  let form: ETSForm
  let period: Int
  /// Length of a point: α, β, γ, φ, level, slope, then `period` seasonal states.
  let dimension: Int
  private var base: [Double]
  private var slopes: [Double]
  private var seasons: [Double]
  private var delta: [Double]

  /// Keeps buffers for a series of this length.
  init(_ y: [Double], form: ETSForm, period: Int) {
    self.y = y
    self.form = form
    self.period = form.season == .none ? 1 : period
    dimension = 6 + self.period
    base = [Double](repeating: 0, count: y.count)
    slopes = base
    delta = base
    seasons = [Double](repeating: 0, count: y.count + self.period)
  }

  /// The deviance at `x`, and its gradient; infinite where the model breaks down (a level or season that is not positive).
  mutating func evaluate(_ x: [Double], gradient: inout [Double]) -> Double {
    guard let sums = forward(x) else { return .infinity }
    let n = Double(y.count)
    let multiplicative = form.error == .multiplicative
    guard sums.squares > 0 else { return -1e10 }
    backward(x, scale: n / sums.squares, multiplicative: multiplicative, &gradient)
    let value = n * log(sums.squares) + 2 * sums.logs
    return value.isFinite ? value : .infinity
  }

  /// The deviance at `x`.
  mutating func value(_ x: [Double]) -> Double {
    guard let sums = forward(x) else { return .infinity }
    guard sums.squares > 0 else { return -1e10 }
    let value = Double(y.count) * log(sums.squares) + 2 * sums.logs
    return value.isFinite ? value : .infinity
  }

  /// The states after the last point and the one-step forecasts.
  mutating func run(_ x: [Double]) -> (level: Double, slope: Double, season: [Double], fitted: [Double])? {
    guard let sums = forward(x) else { return nil }
    let n = y.count
    let fitted = zip(y, delta).map { $0 - $1 }
    let next = (0..<period).map { seasons[n + $0] }
    return (sums.level, sums.slope, form.season == .none ? [] : next, fitted)
  }

  private struct Sums {
    var squares = 0.0
    var logs = 0.0
    var level = 0.0
    var slope = 0.0
  }

  private mutating func forward(_ x: [Double]) -> Sums? {
    switch (form.season, form.error) {
    case (.none, .additive): forward(x, season: 0, relative: false)
    case (.none, .multiplicative): forward(x, season: 0, relative: true)
    case (.additive, .additive): forward(x, season: 1, relative: false)
    case (.additive, .multiplicative): forward(x, season: 1, relative: true)
    case (.multiplicative, .additive): forward(x, season: 2, relative: false)
    case (.multiplicative, .multiplicative): forward(x, season: 2, relative: true)
    }
  }

  /// Inlined with constant arguments, so that each kind of season and error gets a loop of its own.
  @inline(__always)
  private mutating func forward(_ x: [Double], season kind: Int, relative: Bool) -> Sums? {
    let n = y.count
    let m = period
    let (alpha, beta, gamma, phi) = (x[0], x[1], x[2], x[3])
    var sums = Sums()
    var level = x[4]
    var slope = x[5]
    var product = 1.0
    let valid = y.withUnsafeBufferPointer { y in
      base.withUnsafeMutableBufferPointer { base in
        slopes.withUnsafeMutableBufferPointer { slopes in
          seasons.withUnsafeMutableBufferPointer { seasons in
            delta.withUnsafeMutableBufferPointer { delta in
              if kind > 0 { for j in 0..<m { seasons[j] = x[6 + j] } }
              for t in 0..<n {
                let q = level + phi * slope
                let s = kind == 0 ? 0 : seasons[t]
                let f = kind == 2 ? q * s : q + s
                let d = y[t] - f
                base[t] = q
                slopes[t] = slope
                delta[t] = d
                if relative {
                  guard f > 1e-10 else { return false }
                  let e = d / f
                  sums.squares += e * e
                  // One logarithm for many factors: the product is split when it leaves the safe range.
                  product *= f
                  if product > 1e100 || product < 1e-100 {
                    sums.logs += log(product)
                    product = 1
                  }
                } else {
                  sums.squares += d * d
                }
                if kind == 2 {
                  guard s > 1e-10, abs(q) > 1e-10 else { return false }
                  let u = d / s
                  level = q + alpha * u
                  slope = phi * slope + beta * u
                  seasons[t + m] = s + gamma * (d / q)
                } else {
                  level = q + alpha * d
                  slope = phi * slope + beta * d
                  if kind == 1 { seasons[t + m] = s + gamma * d }
                }
              }
              return true
            }
          }
        }
      }
    }
    guard valid, sums.squares.isFinite else { return nil }
    if relative { sums.logs += log(product) }
    sums.level = level
    sums.slope = slope
    return sums
  }

  private mutating func backward(_ x: [Double], scale: Double, multiplicative: Bool, _ g: inout [Double]) {
    switch (form.season, multiplicative) {
    case (.none, false): backward(x, season: 0, relative: false, scale, &g)
    case (.none, true): backward(x, season: 0, relative: true, scale, &g)
    case (.additive, false): backward(x, season: 1, relative: false, scale, &g)
    case (.additive, true): backward(x, season: 1, relative: true, scale, &g)
    case (.multiplicative, false): backward(x, season: 2, relative: false, scale, &g)
    case (.multiplicative, true): backward(x, season: 2, relative: true, scale, &g)
    }
  }

  @inline(__always)
  private mutating func backward(
    _ x: [Double], season kind: Int, relative: Bool, _ scale: Double, _ g: inout [Double]
  ) {
    let n = y.count
    let m = period
    let (alpha, beta, gamma, phi) = (x[0], x[1], x[2], x[3])
    var (toLevel, toSlope) = (0.0, 0.0)
    var (gAlpha, gBeta, gGamma, gPhi) = (0.0, 0.0, 0.0, 0.0)
    // The adjoints of the m seasonal states that are alive, at t mod m.
    var toSeason = [Double](repeating: 0, count: m)
    toSeason.withUnsafeMutableBufferPointer { toSeason in
      base.withUnsafeBufferPointer { base in
        slopes.withUnsafeBufferPointer { slopes in
          seasons.withUnsafeBufferPointer { seasons in
            delta.withUnsafeBufferPointer { delta in
              var slot = (n - 1) % m
              for t in stride(from: n - 1, through: 0, by: -1) {
                let q = base[t]
                let b = slopes[t]
                let d = delta[t]
                let s = kind == 0 ? 0 : seasons[t]
                let f = kind == 2 ? q * s : q + s
                var toDelta: Double
                var direct = 0.0
                if relative {
                  let e = d / f
                  toDelta = scale * 2 * e / f
                  direct = -toDelta * e + 2 / f
                } else {
                  toDelta = scale * 2 * d
                }
                let later = kind == 0 ? 0 : toSeason[slot]
                if kind == 2 {
                  let u = d / s
                  let v = d / q
                  let toU = alpha * toLevel + beta * toSlope
                  let toV = gamma * later
                  gAlpha += u * toLevel
                  gBeta += u * toSlope
                  gGamma += v * later
                  toDelta += toU / s + toV / q
                  let toF = direct - toDelta
                  toSeason[slot] = later - toU * u / s + toF * q
                  toLevel += toF * s - toV * v / q
                } else {
                  gAlpha += d * toLevel
                  gBeta += d * toSlope
                  toDelta += alpha * toLevel + beta * toSlope
                  if kind == 1 {
                    gGamma += d * later
                    toDelta += gamma * later
                  }
                  let toF = direct - toDelta
                  if kind == 1 { toSeason[slot] = later + toF }
                  toLevel += toF
                }
                gPhi += b * (toSlope + toLevel)
                toSlope = phi * (toSlope + toLevel)
                slot = slot == 0 ? m - 1 : slot - 1
              }
            }
          }
        }
      }
    }
    g[0] = gAlpha
    g[1] = gBeta
    g[2] = gGamma
    g[3] = gPhi
    g[4] = toLevel
    g[5] = toSlope
    for j in 0..<m { g[6 + j] = kind == 0 ? 0 : toSeason[j] }
  }
}
