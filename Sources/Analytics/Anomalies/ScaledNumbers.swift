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

  /// The rows with a value outside of two limits.
  func rows(below low: Double, above high: Double) -> Bitmap {
    switch packed.lane {
    case .int8: rows(low, high, Int8.self)
    case .int16: rows(low, high, Int16.self)
    default: rows(low, high, Int32.self)
    }
  }

  /// Calls the closure with the value of each row whose bit is set.
  func eachValue(_ rows: Bitmap, _ body: (Double) -> Void) {
    switch packed.lane {
    case .int8: eachValue(rows, Int8.self, body)
    case .int16: eachValue(rows, Int16.self, body)
    default: eachValue(rows, Int32.self, body)
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
    let found = NumberSelection.values(at: places.map(\.below) + places.map(\.above), of: sample)
    let values = found.map { Double($0) / divisor }
    return places.indices.map { places[$0].between(values[$0], values[$0 + places.count]) }
  }

  private func rows<T: FixedWidthInteger & SignedInteger>(_ low: Double, _ high: Double, _ type: T.Type) -> Bitmap {
    let all = numbers(T.self)
    // The first number that is not below, and the last that is not above.
    let first = Int32(clamping: firstNumber { $0 >= low })
    let last = Int32(clamping: firstNumber { $0 > high } - 1)
    let words = [UInt64](unsafeUninitializedCapacity: (all.count + 63) / 64) { words, made in
      made = words.count
      guard let base = words.baseAddress else { return }
      NumberMarks.between(first, last, of: all, into: base)
      for word in words.indices { words[word] = ~words[word] }
    }
    let outside = Bitmap(words: words, count: all.count)
    return validity.map(outside.intersection) ?? outside
  }

  private func eachValue<T: FixedWidthInteger & SignedInteger>(
    _ rows: Bitmap, _ type: T.Type, _ body: (Double) -> Void
  ) {
    let all = numbers(T.self)
    rows.eachPlace { body(Double(all[$0]) / divisor) }
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
