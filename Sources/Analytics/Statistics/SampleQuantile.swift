/// Quantiles of a sample.
package enum SampleQuantile {
  /// The value below which the share `p` of the sorted values lies, by linear interpolation (Hyndman and Fan 1996, type 7).
  ///
  /// - Parameters:
  ///   - sorted: rising values
  ///   - p: 0…1
  /// - Returns: nil when there are no values
  package static func linear(_ sorted: [Double], _ p: Double) -> Double? {
    guard let last = sorted.last, let first = sorted.first else { return nil }
    let position = min(max(p, 0), 1) * Double(sorted.count - 1)
    guard let below = Int(exactly: position.rounded(.down)), below + 1 < sorted.count else {
      return position <= 0 ? first : last
    }
    return sorted[below] + (position - Double(below)) * (sorted[below + 1] - sorted[below])
  }
}
