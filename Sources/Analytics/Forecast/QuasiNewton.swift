/// Minimises a smooth function by the BFGS method with a backtracking line search (Nocedal and Wright, "Numerical
/// Optimization", 2006, chapters 3 and 6). The function may return infinity outside its domain; the search then steps back.
struct QuasiNewton {
  /// The search ends when a step lowers the function by less than this share of it.
  var tolerance = 1e-9
  var iterations = 150

  /// Improves `x` in place and returns the value reached. `function` writes the gradient into its second argument.
  func minimise(_ x: inout [Double], _ function: (_ x: [Double], _ gradient: inout [Double]) -> Double) -> Double {
    let n = x.count
    var gradient = [Double](repeating: 0, count: n)
    var value = function(x, &gradient)
    guard value.isFinite, n > 0 else { return value }
    var inverse = [Double](repeating: 0, count: n * n)
    var direction = [Double](repeating: 0, count: n)
    var trial = x
    var trialGradient = gradient
    var hy = direction
    reset(&inverse, n)
    var fresh = true
    var calm = 0
    for _ in 0..<iterations {
      for i in 0..<n {
        var sum = 0.0
        for j in 0..<n { sum -= inverse[i * n + j] * gradient[j] }
        direction[i] = sum
      }
      var descent = dot(direction, gradient)
      if !(descent < 0) {
        if fresh { break }
        reset(&inverse, n)
        fresh = true
        for i in 0..<n { direction[i] = -gradient[i] }
        descent = -dot(gradient, gradient)
        if !(descent < 0) { break }
      }
      // The first step has no curvature to go by: keep it short.
      var step = fresh ? min(1, 0.5 / max(1e-12, largest(direction))) : min(1, 4 / max(1e-12, largest(direction)))
      var reached = Double.infinity
      var found = false
      for _ in 0..<30 {
        for i in 0..<n { trial[i] = x[i] + step * direction[i] }
        reached = function(trial, &trialGradient)
        if reached <= value + 1e-4 * step * descent {
          found = true
          break
        }
        // The minimum of the parabola through both values and the slope, kept within a tenth and a half of the step.
        let curve = reached - value - step * descent
        let guess = curve.isFinite && curve > 0 ? -descent * step * step / (2 * curve) : 0
        step = min(max(guess, 0.1 * step), 0.5 * step)
      }
      guard found else {
        if fresh { break }
        reset(&inverse, n)
        fresh = true
        continue
      }
      update(&inverse, n, x, trial, gradient, trialGradient, &hy, scale: fresh)
      fresh = false
      let gain = value - reached
      swap(&x, &trial)
      swap(&gradient, &trialGradient)
      value = reached
      calm = gain <= tolerance * (abs(value) + 1e-8) ? calm + 1 : 0
      if calm >= 2 { break }
    }
    return value
  }

  private func reset(_ inverse: inout [Double], _ n: Int) {
    for i in inverse.indices { inverse[i] = i % (n + 1) == 0 ? 1 : 0 }
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in a.indices { sum += a[i] * b[i] }
    return sum
  }

  private func largest(_ a: [Double]) -> Double { a.reduce(0) { max($0, abs($1)) } }

  /// The BFGS update of the inverse Hessian; skipped where the curvature is not positive.
  private func update(
    _ inverse: inout [Double], _ n: Int, _ from: [Double], _ to: [Double], _ before: [Double], _ after: [Double],
    _ hy: inout [Double], scale: Bool
  ) {
    var sy = 0.0
    var yy = 0.0
    for i in 0..<n {
      let (s, y) = (to[i] - from[i], after[i] - before[i])
      sy += s * y
      yy += y * y
    }
    guard sy > 1e-14, yy > 0, yy.isFinite else { return }
    if scale { for i in 0..<n { inverse[i * n + i] = sy / yy } }
    var yhy = 0.0
    for i in 0..<n {
      var sum = 0.0
      for j in 0..<n { sum += inverse[i * n + j] * (after[j] - before[j]) }
      hy[i] = sum
      yhy += sum * (after[i] - before[i])
    }
    let factor = (1 + yhy / sy) / sy
    for i in 0..<n {
      let si = to[i] - from[i]
      for j in 0..<n {
        let sj = to[j] - from[j]
        inverse[i * n + j] += factor * si * sj - (hy[i] * sj + si * hy[j]) / sy
      }
    }
  }
}
