/// Single values of a sample by their rank, without sorting all of it.
///
/// The values' bits, put into the order of the numbers, are counted by their first sixteen; only the few values that share
/// these with a wanted rank are looked at again, by the next sixteen (radix selection; Alabi et al. 2012).
package enum OrderStatistics {
  /// The quantiles of type 7 of Hyndman and Fan (1996): linear between the two values around the place `p × (n − 1)`.
  ///
  /// - Parameters:
  ///   - shares: 0…1
  ///   - sample: numbers in any order; none is NaN
  /// - Returns: one value a share; empty for an empty sample
  package static func quantiles(_ shares: [Double], of sample: [Double]) -> [Double] {
    if sample.isEmpty { return [] }
    let places = shares.map { SampleQuantile.Place($0, of: sample.count) }
    let found = sample.withUnsafeBufferPointer { values(at: places.map(\.below) + places.map(\.above), of: $0) }
    return places.indices.map { places[$0].between(found[$0], found[$0 + places.count]) }
  }

  /// The values that would stand at these places if the sample were sorted, the first place being 0.
  static func values(at ranks: [Int], of sample: UnsafeBufferPointer<Double>) -> [Double] {
    if sample.count <= smallSample {
      let sorted = sample.sorted()
      return ranks.map { sorted[$0] }
    }
    var counts = [UInt32](repeating: 0, count: 65_536)
    for value in sample { counts[Int(key(value) &>> 48)] &+= 1 }
    let places = ranks.map { place(of: $0, in: counts) }
    var members = gather(Set(places.map(\.bucket)), counts) { visit in
      for value in sample { visit(key(value), Int(key(value) &>> 48)) }
    }
    return places.map { place in number(select(place.rank, of: &members[place.bucket, default: []], shift: 32)) }
  }

  /// Up to this many values are simply sorted.
  private static let smallSample = 2048

  /// The key with this rank among keys that differ in the bits below `shift + 16` only.
  private static func select(_ rank: Int, of keys: inout [UInt64], shift: UInt64) -> UInt64 {
    if keys.count <= smallSample || shift == 0 {
      keys.sort()
      return keys[rank]
    }
    var counts = [UInt32](repeating: 0, count: 65_536)
    for key in keys { counts[Int(key &>> shift) & 0xFFFF] &+= 1 }
    let place = place(of: rank, in: counts)
    var inner = keys.filter { Int($0 &>> shift) & 0xFFFF == place.bucket }
    return select(place.rank, of: &inner, shift: shift - 16)
  }

  /// The bucket that holds a rank, and the rank within it.
  static func place(of rank: Int, in counts: [UInt32]) -> (bucket: Int, rank: Int) {
    var rest = rank
    for (bucket, count) in counts.enumerated() {
      if rest < Int(count) { return (bucket, rest) }
      rest -= Int(count)
    }
    return (counts.count - 1, 0)
  }

  /// The keys of the wanted buckets.
  private static func gather(
    _ buckets: Set<Int>, _ counts: [UInt32], _ each: ((UInt64, Int) -> Void) -> Void
  ) -> [Int: [UInt64]] {
    let wanted = buckets.sorted()
    var listOf = [UInt8](repeating: 0, count: 65_536)
    var lists = wanted.enumerated().map { position, bucket in
      listOf[bucket] = UInt8(truncatingIfNeeded: position + 1)
      var list: [UInt64] = []
      list.reserveCapacity(Int(counts[bucket]))
      return list
    }
    each { key, bucket in
      let list = listOf[bucket]
      if list != 0 { lists[Int(list) - 1].append(key) }
    }
    return Dictionary(zip(wanted, lists), uniquingKeysWith: { first, _ in first })
  }

  /// The bits of a number, in the order of the numbers.
  private static func key(_ value: Double) -> UInt64 {
    let bits = value.bitPattern
    return bits ^ (UInt64(bitPattern: Int64(bitPattern: bits) &>> 63) | 1 &<< 63)
  }

  /// The number of ordered bits.
  private static func number(_ key: UInt64) -> Double {
    Double(bitPattern: key &>> 63 == 1 ? key ^ (1 &<< 63) : ~key)
  }
}
