/// A series taken apart into a slow trend, a repeating season and the remainder; the three add up to the series.
package struct Decomposition: Sendable {
  package var trend: [Double]
  /// One seasonal component for each period asked for, in the order of the periods.
  package var seasonal: [[Double]]
  package var remainder: [Double]
  /// Robustness weights 0…1 of the points: near 0 where the point was treated as an outlier.
  package var weights: [Double]
}

/// The seasonal-trend decomposition by loess of Cleveland, Cleveland, McRae and Terpenning (1990).
///
/// The defaults are those of the authors' program: seasonal span 7, trend span the next odd number above
/// `1.5 period / (1 − 1.5 / seasonal)`, low-pass span the next odd number above the period, local lines throughout.
package struct STL: Sendable {
  package var period: Int
  package var seasonal: Loess
  package var trend: Loess
  package var lowPass: Loess
  /// Passes over season and trend in one round.
  package var inner: Int
  /// Rounds of robustness weighting; 0 is plain least squares.
  package var outer: Int

  /// Describes a decomposition. Spans are made odd.
  package init(
    period: Int, seasonal: Int = 7, trend: Int? = nil, seasonalDegree: Int = 1, trendDegree: Int = 1,
    robust: Bool = false, jump: Int = 1
  ) {
    self.period = max(2, period)
    let span = max(3, seasonal | 1)
    let natural = 1.5 * Double(self.period) / (1 - 1.5 / Double(span))
    let trendSpan = trend ?? Int(natural.rounded(.up))
    self.seasonal = Loess(window: span, degree: seasonalDegree, jump: jump)
    self.trend = Loess(window: max(3, trendSpan | 1), degree: trendDegree, jump: jump)
    lowPass = Loess(window: (self.period + 1) | 1, degree: 1, jump: jump)
    inner = robust ? 2 : 5
    outer = robust ? 15 : 0
  }

  /// Takes the series apart; nil when it is shorter than two periods or holds a number that is not finite.
  package func decompose(_ y: [Double]) -> Decomposition? {
    let n = y.count
    guard n >= 2 * period, y.allSatisfy(\.isFinite) else { return nil }
    var work = Workspace(count: n, period: period)
    var robustness = [Double](repeating: 1, count: n)
    var trendLine = [Double](repeating: 0, count: n)
    var season = [Double](repeating: 0, count: n)
    for round in 0...max(0, outer) {
      for _ in 0..<inner {
        pass(y, weights: round > 0 ? robustness : nil, trend: &trendLine, season: &season, &work)
      }
      if round < outer { robustness = STL.weights(y, trendLine, season) }
    }
    var remainder = y
    for i in 0..<n { remainder[i] = y[i] - trendLine[i] - season[i] }
    return Decomposition(trend: trendLine, seasonal: [season], remainder: remainder, weights: robustness)
  }

  /// Buffers that the passes share.
  struct Workspace {
    var detrended: [Double]
    var cycle: [Double]
    var average: [Double]
    var second: [Double]
    var smooth: [Double]
    var scratch: [Double]
    var sub: [Double]
    var subWeights: [Double]
    var subSmooth: [Double]

    init(count n: Int, period: Int) {
      let extended = n + 2 * period
      detrended = [Double](repeating: 0, count: n)
      cycle = [Double](repeating: 0, count: extended)
      average = [Double](repeating: 0, count: extended)
      second = [Double](repeating: 0, count: extended)
      smooth = [Double](repeating: 0, count: extended)
      scratch = [Double](repeating: 0, count: extended)
      let longest = n / period + 1
      sub = [Double](repeating: 0, count: longest)
      subWeights = [Double](repeating: 0, count: longest)
      subSmooth = [Double](repeating: 0, count: longest + 2)
    }
  }

  /// One inner pass: cycle-subseries are smoothed, their low-frequency part is taken off, then the trend is smoothed.
  private func pass(
    _ y: [Double], weights: [Double]?, trend line: inout [Double], season: inout [Double], _ work: inout Workspace
  ) {
    let n = y.count
    for i in 0..<n { work.detrended[i] = y[i] - line[i] }
    smoothCycles(n, weights, &work)
    let extended = n + 2 * period
    STL.movingAverage(work.cycle, extended, period, &work.average)
    STL.movingAverage(work.average, extended - period + 1, period, &work.second)
    STL.movingAverage(work.second, extended - 2 * period + 2, 3, &work.average)
    lowPass.smooth(work.average, count: n, weights: nil, into: &work.smooth, scratch: &work.scratch)
    for i in 0..<n {
      season[i] = work.cycle[period + i] - work.smooth[i]
      work.detrended[i] = y[i] - season[i]
    }
    if let weights {
      weights.withUnsafeBufferPointer { w in
        trend.smooth(work.detrended, count: n, weights: w.baseAddress, into: &line, scratch: &work.scratch)
      }
    } else {
      trend.smooth(work.detrended, count: n, weights: nil, into: &line, scratch: &work.scratch)
    }
  }

  /// Smooths the values of each position in the cycle and extends them by one cycle at both ends.
  private func smoothCycles(_ n: Int, _ weights: [Double]?, _ work: inout Workspace) {
    for position in 0..<period {
      let k = (n - position - 1) / period + 1
      for i in 0..<k { work.sub[i] = work.detrended[i * period + position] }
      if let weights { for i in 0..<k { work.subWeights[i] = weights[i * period + position] } }
      let span = seasonal.window
      work.subWeights.withUnsafeBufferPointer { all in
        let w = weights == nil ? nil : all.baseAddress
        work.subSmooth.withUnsafeMutableBufferPointer { out in
          guard let base = out.baseAddress else { return }
          seasonal.smooth(work.sub, count: k, weights: w, into: base + 1, scratch: &work.scratch)
          base[0] = seasonal.fit(work.sub, k, at: 0, 1, min(span, k), w, &work.scratch) ?? base[1]
          base[k + 1] =
            seasonal.fit(work.sub, k, at: Double(k + 1), max(1, k - span + 1), k, w, &work.scratch) ?? base[k]
        }
      }
      for m in 0..<(k + 2) { work.cycle[m * period + position] = work.subSmooth[m] }
    }
  }

  /// Means of `length` neighbouring values; `count − length + 1` of them.
  private static func movingAverage(_ x: [Double], _ count: Int, _ length: Int, _ result: inout [Double]) {
    var sum = 0.0
    for i in 0..<length { sum += x[i] }
    let size = Double(length)
    result[0] = sum / size
    guard count > length else { return }
    for i in 1...(count - length) {
      sum += x[i + length - 1] - x[i - 1]
      result[i] = sum / size
    }
  }

  /// Bisquare weights of the residuals at six times their median size.
  private static func weights(_ y: [Double], _ trend: [Double], _ season: [Double]) -> [Double] {
    let n = y.count
    var size = [Double](repeating: 0, count: n)
    for i in 0..<n { size[i] = abs(y[i] - trend[i] - season[i]) }
    let limit = 6 * median(size)
    guard limit > 0 else { return [Double](repeating: 1, count: n) }
    return size.map { r in
      if r <= 0.001 * limit { return 1 }
      if r > 0.999 * limit { return 0 }
      let u = 1 - (r / limit) * (r / limit)
      return u * u
    }
  }
}
