/// The mean, or 0 of nothing.
package func mean(_ x: [Double]) -> Double {
  guard !x.isEmpty else { return 0 }
  var sum = 0.0
  for v in x { sum += v }
  return sum / Double(x.count)
}

/// The middle value, or the mean of the two middle ones; 0 of nothing.
package func median(_ x: [Double]) -> Double { quantile(x, 0.5) }

/// The value below which a share of the values lies: linear interpolation, type 7 of Hyndman and Fan (1996).
package func quantile(_ x: [Double], _ share: Double) -> Double { quantile(sorted: x.sorted(), share) }

/// The same for values in rising order; 0 of nothing.
package func quantile(sorted x: [Double], _ share: Double) -> Double {
  SampleQuantile.linear(x, share) ?? 0
}

/// The standard deviation with divisor n − 1; 0 of fewer than two values.
package func standardDeviation(_ x: [Double]) -> Double {
  guard x.count > 1 else { return 0 }
  let centre = mean(x)
  var sum = 0.0
  for v in x { sum += (v - centre) * (v - centre) }
  return (sum / Double(x.count - 1)).squareRoot()
}

/// The median distance from the median, times 1.4826, which makes it the standard deviation of a normal sample.
package func medianAbsoluteDeviation(_ x: [Double]) -> Double {
  let centre = median(x)
  return 1.4826 * median(x.map { abs($0 - centre) })
}
