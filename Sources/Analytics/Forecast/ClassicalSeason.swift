#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A straight line through points at 1, 2, 3 … by least squares.
package struct LeastSquaresLine: Sendable {
  package var intercept: Double
  package var slope: Double

  /// Fits the line.
  package init(_ y: some Collection<Double>) {
    let n = Double(y.count)
    var (sy, sxy) = (0.0, 0.0)
    for (i, v) in y.enumerated() {
      sy += v
      sxy += Double(i + 1) * v
    }
    let mx = (n + 1) / 2
    let sxx = n * (n * n - 1) / 12
    slope = sxx > 0 ? (sxy - mx * sy) / sxx : 0
    intercept = n > 0 ? sy / n - slope * mx : 0
  }
}

/// The classical seasonal indices: means of the deviations from, or ratios to, a centred moving average.
package struct SeasonalIndices: Sendable {
  package var indices: [Double]
  package var multiplicative: Bool

  /// Estimates the indices; they add up to 0, or have the mean 1.
  package init(_ y: [Double], period m: Int, multiplicative: Bool) {
    self.multiplicative = multiplicative
    let neutral = multiplicative ? 1.0 : 0.0
    let n = y.count
    let half = m / 2
    var sums = [Double](repeating: 0, count: max(1, m))
    var counts = [Double](repeating: 0, count: max(1, m))
    if m > 1, n > 2 * half {
      for i in half..<(n - half) {
        var average = 0.0
        for k in (i - half)...(i + half) { average += y[k] }
        if m % 2 == 0 { average -= 0.5 * (y[i - half] + y[i + half]) }
        average /= Double(m)
        if multiplicative, average <= 0 { continue }
        sums[i % m] += multiplicative ? y[i] / average : y[i] - average
        counts[i % m] += 1
      }
    }
    indices = (0..<max(1, m)).map { counts[$0] > 0 ? sums[$0] / counts[$0] : neutral }
    let centre = mean(indices)
    if multiplicative {
      indices = centre > 0 ? indices.map { max(1e-3, $0 / centre) } : indices.map { _ in 1 }
    } else {
      indices = indices.map { $0 - centre }
    }
  }

  /// The seasonally adjusted series.
  package func remove(from y: [Double]) -> [Double] {
    let m = indices.count
    return y.indices.map { multiplicative ? y[$0] / indices[$0 % m] : y[$0] - indices[$0 % m] }
  }

  /// Puts the season back on a forecast that starts at position `start`.
  package func restore(_ forecast: [Double], from start: Int) -> [Double] {
    let m = indices.count
    return forecast.indices.map {
      let index = indices[(start + $0) % m]
      return multiplicative ? forecast[$0] * index : forecast[$0] + index
    }
  }

  /// Whether the autocorrelation at the season's lag stands out at the 10 % level, as in the M4 competition's benchmark
  /// (Makridakis, Spiliotis and Assimakopoulos 2020).
  package static func isPresent(_ y: [Double], period m: Int) -> Bool {
    let n = y.count
    guard m > 1, n >= 3 * m else { return false }
    let centre = mean(y)
    let d = y.map { $0 - centre }
    var variance = 0.0
    for v in d { variance += v * v }
    guard variance > 0 else { return false }
    var squares = 0.0
    var last = 0.0
    for k in 1...m {
      var sum = 0.0
      for i in 0..<(n - k) { sum += d[i] * d[i + k] }
      last = sum / variance
      if k < m { squares += last * last }
    }
    return abs(last) > 1.645 / Double(n).squareRoot() * (1 + 2 * squares).squareRoot()
  }
}
