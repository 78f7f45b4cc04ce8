#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Ranks of values among themselves, with ties sharing their average rank.
package enum Ranks {
  /// Twice the average rank of each value, 2 … 2n; the least value has the least rank. Doubled so that it is a whole number.
  ///
  /// Values that agree to 12 significant digits are equal: sums of the same prices in another order differ beyond those.
  /// NaN counts as the greatest value.
  package static func doubled(_ values: [Double]) -> [Int] {
    let keys = values.map { $0.isNaN ? .infinity : significant($0) }
    let order = keys.indices.sorted { keys[$0] < keys[$1] }
    var ranks = [Int](repeating: 0, count: keys.count)
    var first = 0
    while first < order.count {
      var last = first
      while last + 1 < order.count, keys[order[last + 1]] == keys[order[first]] { last += 1 }
      for place in first...last { ranks[order[place]] = first + last + 2 }
      first = last + 1
    }
    return ranks
  }

  /// The score 1 … groups of each value: ceil(groups × average rank ÷ n), so that equal values always get equal scores.
  package static func scores(_ values: [Double], groups: Int) -> [Int] {
    let n = values.count
    return doubled(values).map { (groups * $0 + 2 * n - 1) / (2 * n) }
  }

  /// The number rounded to 12 significant decimal digits.
  package static func significant(_ value: Double) -> Double {
    guard value != 0, value.isFinite else { return value == 0 ? 0 : value }
    let scale = pow(10, 11 - floor(log10(abs(value))))
    let rounded = (value * scale).rounded() / scale
    return rounded.isFinite ? rounded : value
  }
}
