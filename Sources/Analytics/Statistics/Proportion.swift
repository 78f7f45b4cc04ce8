/// A share of counted cases, with its uncertainty.
package struct Proportion: Hashable, Sendable {
  /// Cases that have the property.
  package let successes: Int
  /// All cases.
  package let trials: Int

  /// Takes counts, 0 ≤ successes ≤ trials.
  package init(_ successes: Int, of trials: Int) {
    self.successes = successes
    self.trials = trials
  }

  /// The share, 0…1; nil without cases.
  package var rate: Double? { trials > 0 ? Double(successes) / Double(trials) : nil }

  /// The score interval (Wilson 1927), without continuity correction; nil without cases.
  ///
  /// - Parameter z: the normal quantile, 1.96 for 95 %
  package func interval(z: Double = 1.959963984540054) -> ClosedRange<Double>? {
    guard trials > 0 else { return nil }
    let n = Double(trials)
    let p = Double(successes) / n
    let square = z * z
    let centre = (p + square / (2 * n)) / (1 + square / n)
    let half = z / (1 + square / n) * (p * (1 - p) / n + square / (4 * n * n)).squareRoot()
    let lower = successes == 0 ? 0 : max(0, centre - half)
    let upper = successes == trials ? 1 : min(1, centre + half)
    return lower...upper
  }
}
