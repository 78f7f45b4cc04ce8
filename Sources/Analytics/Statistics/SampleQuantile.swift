/// Quantiles of a sample.
package enum SampleQuantile {
  /// The value below which the share `p` of the sorted values lies, by linear interpolation (Hyndman and Fan 1996, type 7).
  ///
  /// - Parameters:
  ///   - sorted: rising values
  ///   - p: 0…1
  /// - Returns: nil when there are no values
  package static func linear(_ sorted: [Double], _ p: Double) -> Double? {
    if sorted.isEmpty { return nil }
    let place = Place(p, of: sorted.count)
    return place.between(sorted[place.below], sorted[place.above])
  }

  /// Where a quantile lies among the sorted values.
  struct Place {
    /// The two neighbours, counted from 0; the same one at the very end.
    let below: Int
    let above: Int
    /// How far it is on the way from one to the other, 0…1.
    private let part: Double

    /// The place of the share `p` of so many values, at least one.
    init(_ p: Double, of count: Int) {
      let position = min(max(p, 0), 1) * Double(count - 1)
      below = Int(position)
      above = min(below + 1, count - 1)
      part = position - Double(below)
    }

    /// The quantile. Equal neighbours are returned as they are: infinities and huge values must not turn into NaN.
    func between(_ low: Double, _ high: Double) -> Double { low == high ? low : low + part * (high - low) }
  }
}
