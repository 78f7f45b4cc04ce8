/// A small seeded generator: SplitMix64 (Steele, Lea and Flood 2014). The same seed gives the same numbers everywhere.
struct ShopRandom {
  private var state: UInt64

  /// A stream of its own for each pair of seed and key, so that the n-th order does not depend on the others.
  init(seed: Int, key: Int) {
    state =
      UInt64(bitPattern: Int64(seed)) &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(bitPattern: Int64(key)) &* 0xD1B5_4A32_D192_ED03
    _ = next()
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number in 0 ..< 1.
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A whole number in 0 ..< bound; 0 when the bound is not positive.
  mutating func below(_ bound: Int) -> Int {
    guard bound > 0 else { return 0 }
    return Int(next() % UInt64(bound))
  }
}

/// Draws from a fixed list of weights by bisection.
struct WeightedChoice {
  private let cumulative: [Double]

  init(_ weights: [Double]) {
    var total = 0.0
    cumulative = weights.map { weight in
      total += weight
      return total
    }
  }

  /// The position whose share of the total holds `unit`, 0 ..< 1.
  func pick(_ unit: Double) -> Int {
    guard let total = cumulative.last else { return 0 }
    let wanted = unit * total
    var (low, high) = (0, cumulative.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if cumulative[middle] > wanted { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
