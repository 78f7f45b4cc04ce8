import Columnar

/// A packed column of whole numbers or of numbers with few decimals, as the small whole numbers that it lies in memory as: they
/// have the order of the values, so that ranks and limits can be found without making a double of each.
struct ScaledNumbers {
  private let packed: PackedValues
  private let validity: Bitmap?
  private let divisor: Double

  /// Nil for columns that do not lie in memory that way.
  init?(_ column: Column) {
    guard let packed = column.packed else { return nil }
    switch packed.meaning {
    case .whole: divisor = 1
    case .decimal(let power): divisor = power
    default: return nil
    }
    switch packed.lane {
    case .int8, .int16, .int32: break
    case .int64, .uint8, .uint16, .uint32, .double: return nil
    }
    self.packed = packed
    validity = column.validity
  }

  /// The quantiles of type 7 of Hyndman and Fan (1996), one a share; empty when no row has a value.
  func quantiles(_ shares: [Double]) -> [Double] {
    switch packed.lane {
    case .int8: quantiles(shares, Int8.self)
    case .int16: quantiles(shares, Int16.self)
    default: quantiles(shares, Int32.self)
    }
  }

  /// Mean, standard deviation of a sample (divided by n − 1) and skewness (the third standardised moment; 0 when nothing
  /// varies) of the values; at least two rows must have one.
  func moments() -> (mean: Double, deviation: Double, skewness: Double) {
    switch packed.lane {
    case .int8: moments(Int8.self)
    case .int16: moments(Int16.self)
    default: moments(Int32.self)
    }
  }

  /// The rows outside of two limits, rising.
  func rows(below low: Double, above high: Double) -> [Int] {
    switch packed.lane {
    case .int8: rows(low, high, Int8.self)
    case .int16: rows(low, high, Int16.self)
    default: rows(low, high, Int32.self)
    }
  }

  private func numbers<T>(_: T.Type) -> UnsafeBufferPointer<T> {
    UnsafeBufferPointer(start: packed.base.assumingMemoryBound(to: T.self), count: packed.count)
  }

  private func moments<T: FixedWidthInteger & SignedInteger>(
    _ type: T.Type
  ) -> (mean: Double, deviation: Double, skewness: Double) {
    let all = numbers(T.self)
    if let validity {
      let present = all.indices.filter { validity[$0] }.map { all[$0] }
      return present.withUnsafeBufferPointer(moments)
    }
    return moments(all)
  }

  /// Two passes: the sum of whole numbers is exact, and the powers of the distances from the mean are added in four sums, so
  /// that additions do not wait for each other.
  private func moments<T: FixedWidthInteger & SignedInteger>(
    _ sample: UnsafeBufferPointer<T>
  ) -> (mean: Double, deviation: Double, skewness: Double) {
    var sum: Int64 = 0
    for number in sample { sum &+= Int64(number) }
    let n = Double(sample.count)
    let mean = Double(sum) / n
    var squares = SIMD4<Double>()
    var cubes = SIMD4<Double>()
    var row = 0
    while row + 4 <= sample.count {
      let four = SIMD4(
        Double(Int32(sample[row])), Double(Int32(sample[row + 1])), Double(Int32(sample[row + 2])),
        Double(Int32(sample[row + 3])))
      let distance = four - SIMD4(repeating: mean)
      let square = distance * distance
      squares += square
      cubes += square * distance
      row += 4
    }
    var (m2, m3) = (squares.sum(), cubes.sum())
    while row < sample.count {
      let distance = Double(sample[row]) - mean
      m2 += distance * distance
      m3 += distance * distance * distance
      row += 1
    }
    let skewness = sample.count > 2 && m2 > 0 ? (m3 / n) / (m2 / n * (m2 / n).squareRoot()) : 0
    return (mean / divisor, (m2 / (n - 1)).squareRoot() / divisor, skewness)
  }

  private func quantiles<T: FixedWidthInteger & SignedInteger>(_ shares: [Double], _ type: T.Type) -> [Double] {
    let all = numbers(T.self)
    if let validity {
      let present = all.indices.filter { validity[$0] }.map { all[$0] }
      return present.withUnsafeBufferPointer { quantiles(shares, of: $0) }
    }
    return quantiles(shares, of: all)
  }

  private func quantiles<T: FixedWidthInteger & SignedInteger>(
    _ shares: [Double], of sample: UnsafeBufferPointer<T>
  ) -> [Double] {
    if sample.isEmpty { return [] }
    let places = shares.map { SampleQuantile.Place($0, of: sample.count) }
    let found = ScaledNumbers.values(at: places.map(\.below) + places.map(\.above), of: sample)
    let values = found.map { Double($0) / divisor }
    return places.indices.map { places[$0].between(values[$0], values[$0 + places.count]) }
  }

  /// The numbers that would stand at these places if the sample were sorted: counted by up to 65,536 steps between the smallest
  /// and the largest, and the few in a step of a wanted one once more (radix selection; Alabi et al. 2012).
  private static func values<T: FixedWidthInteger & SignedInteger>(
    at ranks: [Int], of sample: UnsafeBufferPointer<T>
  ) -> [Int64] {
    var (low, high) = (T.max, T.min)
    for number in sample { (low, high) = (min(low, number), max(high, number)) }
    let span = UInt64(Int64(high) - Int64(low))
    let shift = UInt64(max(0, 48 - span.leadingZeroBitCount))
    let base = Int64(low)
    func step(_ number: T) -> Int { Int(UInt64(bitPattern: Int64(number) &- base) &>> shift) }
    var counts = [UInt32](repeating: 0, count: 65_536)
    counts.withUnsafeMutableBufferPointer { counts in
      for number in sample { counts[step(number)] &+= 1 }
    }
    let places = ranks.map { OrderStatistics.place(of: $0, in: counts) }
    if shift == 0 { return places.map { base + Int64($0.bucket) } }
    // The lists of the wanted steps are filled in one pass; list 0 is for all other steps.
    let wanted = Set(places.map(\.bucket)).sorted()
    var listOf = [UInt8](repeating: 0, count: 65_536)
    var lists = [[T]](repeating: [], count: wanted.count + 1)
    for (number, bucket) in wanted.enumerated() {
      listOf[bucket] = UInt8(number + 1)
      lists[number + 1].reserveCapacity(Int(counts[bucket]))
    }
    listOf.withUnsafeBufferPointer { listOf in
      for number in sample {
        let list = listOf[step(number)]
        if list != 0 { lists[Int(list)].append(number) }
      }
    }
    return places.map { place in
      lists[Int(listOf[place.bucket])].withUnsafeBufferPointer { values(at: [place.rank], of: $0)[0] }
    }
  }

  private func rows<T: FixedWidthInteger & SignedInteger>(_ low: Double, _ high: Double, _ type: T.Type) -> [Int] {
    let all = numbers(T.self)
    // The first number that is not below, and the last that is not above.
    let first = Int32(clamping: firstNumber { $0 >= low })
    let last = Int32(clamping: firstNumber { $0 > high } - 1)
    var rows: [Int] = []
    for row in all.indices where Int32(all[row]) < first || Int32(all[row]) > last {
      if validity?[row] ?? true { rows.append(row) }
    }
    return rows
  }

  /// The smallest number whose value passes a test that all larger ones pass as well.
  private func firstNumber(_ passes: (Double) -> Bool) -> Int64 {
    var (fails, passing) = (Int64(Int32.min) - 1, Int64(Int32.max) + 1)
    while passing - fails > 1 {
      let middle = (fails + passing) >> 1
      if passes(Double(middle) / divisor) { passing = middle } else { fails = middle }
    }
    return passing
  }
}
