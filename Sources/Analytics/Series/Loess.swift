/// Locally weighted regression over equally spaced points 1…n, as the seasonal-trend decomposition uses it
/// (Cleveland, Cleveland, McRae and Terpenning, "STL", Journal of Official Statistics 6, 1990).
package struct Loess: Sendable {
  /// The number of neighbours that a local fit sees; may exceed the number of points.
  package var window: Int
  /// 0 fits a local constant, 1 a local line.
  package var degree: Int
  /// Points between two fits; those between are interpolated.
  package var jump: Int

  /// Describes a smoother.
  package init(window: Int, degree: Int = 1, jump: Int = 1) {
    self.window = max(1, window)
    self.degree = degree
    self.jump = max(1, jump)
  }

  /// The smoothed value of each of the `count` points.
  ///
  /// `weights` are robustness weights of the points, or nil. `scratch` needs room for `count` values.
  func smooth(
    _ y: UnsafePointer<Double>, count n: Int, weights: UnsafePointer<Double>?,
    into result: UnsafeMutablePointer<Double>, scratch: UnsafeMutablePointer<Double>
  ) {
    guard n > 1 else {
      if n == 1 { result[0] = y[0] }
      return
    }
    let step = min(jump, n - 1)
    if window >= n {
      for i in stride(from: 0, to: n, by: step) {
        result[i] = fit(y, n, at: Double(i + 1), 1, n, weights, scratch) ?? y[i]
      }
    } else if step == 1 {
      smoothEach(y, n, weights, result, scratch)
    } else {
      let half = (window + 1) / 2
      for i in stride(from: 0, to: n, by: step) {
        let left = i + 1 < half ? 1 : min(i + 1 - half + 1, n - window + 1)
        result[i] = fit(y, n, at: Double(i + 1), left, left + window - 1, weights, scratch) ?? y[i]
      }
    }
    if step > 1 { interpolate(y, n, step, weights, result, scratch) }
  }

  /// A fit at each point. Inside the series the window stands centred, so its tricube weights are made once.
  private func smoothEach(
    _ y: UnsafePointer<Double>, _ n: Int, _ weights: UnsafePointer<Double>?,
    _ result: UnsafeMutablePointer<Double>, _ scratch: UnsafeMutablePointer<Double>
  ) {
    let half = (window + 1) / 2
    let central = window % 2 == 1 && window > 2
    let h = Double(half - 1)
    let kernel = central ? (0..<half).map { tricube(Double($0), h) } : []
    var left = 1
    var right = window
    for i in 0..<n {
      if i + 1 > half, right != n {
        left += 1
        right += 1
      }
      if central, i + 1 - left == half - 1, right - (i + 1) == half - 1 {
        result[i] =
          kernel.withUnsafeBufferPointer { k in
            guard let base = k.baseAddress else { return nil }
            return centralFit(y, n, i, half, base, weights)
          } ?? y[i]
      } else {
        result[i] = fit(y, n, at: Double(i + 1), left, right, weights, scratch) ?? y[i]
      }
    }
  }

  @inline(__always)
  private func tricube(_ distance: Double, _ h: Double) -> Double {
    if distance > 0.999 * h { return 0 }
    if distance <= 0.001 * h { return 1 }
    let r = distance / h
    let u = 1 - r * r * r
    return u * u * u
  }

  /// The fit at the middle of its window. Without robustness weights the line's value there is the weighted mean.
  @inline(__always)
  private func centralFit(
    _ y: UnsafePointer<Double>, _ n: Int, _ i: Int, _ half: Int,
    _ kernel: UnsafePointer<Double>, _ weights: UnsafePointer<Double>?
  ) -> Double? {
    guard let weights else {
      var total = kernel[0]
      var sum = kernel[0] * y[i]
      for k in 1..<half {
        total += 2 * kernel[k]
        sum += kernel[k] * (y[i - k] + y[i + k])
      }
      return sum / total
    }
    var s0 = kernel[0] * weights[i]
    var s1 = 0.0
    var s2 = 0.0
    var t0 = s0 * y[i]
    var t1 = 0.0
    for k in 1..<half {
      let a = kernel[k] * weights[i - k]
      let b = kernel[k] * weights[i + k]
      let d = Double(k)
      s0 += a + b
      s1 += (b - a) * d
      s2 += (a + b) * d * d
      t0 += a * y[i - k] + b * y[i + k]
      t1 += (b * y[i + k] - a * y[i - k]) * d
    }
    guard s0 > 0 else { return nil }
    let mean = t0 / s0
    guard degree > 0 else { return mean }
    let centre = s1 / s0
    let spread = s2 / s0 - centre * centre
    guard spread > 0, spread.squareRoot() > 0.001 * Double(n - 1) else { return mean }
    let slope = (t1 / s0 - centre * mean) / spread
    return mean - slope * centre
  }

  /// The local fit at `x` from the points `left` … `right` (counted from 1); nil when all their weights are zero.
  func fit(
    _ y: UnsafePointer<Double>, _ n: Int, at x: Double, _ left: Int, _ right: Int,
    _ weights: UnsafePointer<Double>?, _ w: UnsafeMutablePointer<Double>
  ) -> Double? {
    var h = max(x - Double(left), Double(right) - x)
    if window > n { h += Double((window - n) / 2) }
    var total = 0.0
    for j in (left - 1)..<right {
      var weight = tricube(abs(Double(j + 1) - x), h)
      if let weights { weight *= weights[j] }
      w[j] = weight
      total += weight
    }
    guard total > 0 else { return nil }
    var mean = 0.0
    var centre = 0.0
    for j in (left - 1)..<right {
      w[j] /= total
      mean += w[j] * y[j]
      centre += w[j] * Double(j + 1)
    }
    guard h > 0, degree > 0 else { return mean }
    var spread = 0.0
    var cross = 0.0
    for j in (left - 1)..<right {
      let d = Double(j + 1) - centre
      spread += w[j] * d * d
      cross += w[j] * d * y[j]
    }
    guard spread.squareRoot() > 0.001 * Double(n - 1) else { return mean }
    return mean + cross / spread * (x - centre)
  }

  private func interpolate(
    _ y: UnsafePointer<Double>, _ n: Int, _ step: Int, _ weights: UnsafePointer<Double>?,
    _ result: UnsafeMutablePointer<Double>, _ scratch: UnsafeMutablePointer<Double>
  ) {
    var last = 0
    for i in stride(from: 0, to: n - step, by: step) {
      last = i + step
      let delta = (result[i + step] - result[i]) / Double(step)
      for j in (i + 1)..<(i + step) { result[j] = result[i] + delta * Double(j - i) }
    }
    guard last != n - 1 else { return }
    let left = max(1, n - window + 1)
    result[n - 1] = fit(y, n, at: Double(n), left, n, weights, scratch) ?? y[n - 1]
    guard last + 1 < n - 1 else { return }
    let delta = (result[n - 1] - result[last]) / Double(n - 1 - last)
    for j in (last + 1)..<(n - 1) { result[j] = result[last] + delta * Double(j - last) }
  }
}
