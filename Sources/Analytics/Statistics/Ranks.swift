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
    let keys = values.map { $0.isNaN ? .infinity : $0 }
    let order = rising(keys)
    var ranks = [Int](repeating: 0, count: keys.count)
    var first = 0
    while first < order.count {
      var last = first
      while last + 1 < order.count, areEqual(keys[order[first]], keys[order[last + 1]]) { last += 1 }
      for place in first...last { ranks[order[place]] = first + last + 2 }
      first = last + 1
    }
    return ranks
  }

  /// Whether two values agree to 12 significant digits; those that are farther apart than that need not be rounded.
  private static func areEqual(_ low: Double, _ high: Double) -> Bool {
    if low == high { return true }
    if high - low > 4e-11 * max(abs(low), abs(high)) { return false }
    return significant(low) == significant(high)
  }

  /// The places of the values from the least to the greatest, none of which is NaN: sorted by sixteen of their bits after
  /// sixteen, from the last to the first, where these differ at all.
  static func rising(_ values: [Double]) -> [Int] {
    guard values.count > 4096 else { return values.indices.sorted { values[$0] < values[$1] } }
    var keys = values.map { ($0 == 0 ? 0 : $0).bitPattern }.map { bits in
      bits ^ (UInt64(bitPattern: Int64(bitPattern: bits) &>> 63) | 1 &<< 63)
    }
    var order = Array(values.indices)
    var (otherKeys, otherOrder) = (keys, order)
    for shift in stride(from: UInt64(0), to: 64, by: 16) {
      var starts = [Int](repeating: 0, count: 65_537)
      for key in keys { starts[Int(key &>> shift & 0xFFFF) + 1] += 1 }
      if starts.contains(values.count) { continue }
      for digit in 0..<65_536 { starts[digit + 1] += starts[digit] }
      for (key, place) in zip(keys, order) {
        let digit = Int(key &>> shift & 0xFFFF)
        otherKeys[starts[digit]] = key
        otherOrder[starts[digit]] = place
        starts[digit] += 1
      }
      swap(&keys, &otherKeys)
      swap(&order, &otherOrder)
    }
    return order
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
