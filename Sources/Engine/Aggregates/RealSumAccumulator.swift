import Columnar
import Query

/// The sum of real numbers. Within a stripe plain sums in the order of rows; stripes are added with Neumaier's
/// compensation (1974), so that the error does not grow with their number.
final class RealSumAccumulator: MeetingAccumulator {
  /// Neighbouring rows are often of one group; sums of their own for four of them keep additions from waiting for each
  /// other. Only where groups are few: else the cells would not stay in the cache.
  private let lanes: Int
  private let sums: Cells<Double>
  private var corrections: Cells<Double>?
  private let slots: Int
  private var presence: Presence
  private var isFolded = false

  init(slots: Int) {
    self.slots = slots
    lanes = slots <= MetGroups.fewSlots ? 4 : 1
    sums = Cells(slots * lanes, filledWith: 0)
    presence = Presence(slots: slots)
  }

  /// Bytes of state for each slot.
  static func width(slots: Int) -> Int { slots <= MetGroups.fewSlots ? 32 : 8 }

  func noteMissing(_ rows: AccumulatorRows) { presence.note(rows) }

  func update(_ rows: AccumulatorRows) {
    presence.note(rows)
    let values = rows.arguments[0].values(of: Double.self)
    guard let slots = rows.slots else { return sums.base[0] += RealSumAccumulator.total(values, rows.count) }
    let base = sums.base
    guard lanes == 4 else {
      for i in 0..<rows.count { base[Int(slots[i])] += values[i] }
      return
    }
    var i = 0
    while i + 4 <= rows.count {
      base[Int(slots[i]) << 2] += values[i]
      base[Int(slots[i + 1]) << 2 + 1] += values[i + 1]
      base[Int(slots[i + 2]) << 2 + 2] += values[i + 2]
      base[Int(slots[i + 3]) << 2 + 3] += values[i + 3]
      i += 4
    }
    while i < rows.count {
      base[Int(slots[i]) << 2] += values[i]
      i += 1
    }
  }

  func updateMeeting(_ rows: AccumulatorRows) {
    guard let slots = rows.slots, lanes == 1, !rows.met.isFull else { return update(rows) }
    presence.note(rows)
    let (base, values, met) = (sums.base, rows.arguments[0].values(of: Double.self), rows.met)
    for i in 0..<rows.count {
      let before = base[Int(slots[i])]
      base[Int(slots[i])] = before + values[i]
      if before == 0 { met.meet(slots[i]) }
    }
  }

  /// Rows of a product that are made at a time, so that they never leave the nearest cache.
  private static let productRows = 256

  /// Adds a product to the groups that packed codes name, one for each row, and meets them. Only where groups are many and no
  /// value is missing.
  func add(_ product: PackedProduct, to codes: PackedSlice, _ count: Int, _ met: MetGroups) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: RealSumAccumulator.productRows) { room in
      guard let values = room.baseAddress else { return }
      for start in stride(from: 0, to: count, by: RealSumAccumulator.productRows) {
        let rows = min(RealSumAccumulator.productRows, count - start)
        product.values(start, rows, into: values)
        switch codes.lane {
        case .uint8: add(values, codes.base.assumingMemoryBound(to: UInt8.self) + start, rows, met)
        case .uint16: add(values, codes.base.assumingMemoryBound(to: UInt16.self) + start, rows, met)
        default: add(values, codes.base.assumingMemoryBound(to: UInt32.self) + start, rows, met)
        }
      }
    }
  }

  @inline(__always) private func add<Code: FixedWidthInteger>(
    _ values: UnsafePointer<Double>, _ codes: UnsafePointer<Code>, _ count: Int, _ met: MetGroups
  ) {
    let base = sums.base
    for i in 0..<count {
      let before = base[Int(codes[i])]
      base[Int(codes[i])] = before + values[i]
      if before == 0 { met.meet(UInt32(truncatingIfNeeded: codes[i])) }
    }
  }

  /// Four sums side by side, which the compiler may keep in vector registers.
  static func total(_ values: UnsafePointer<Double>, _ count: Int) -> Double {
    var (a, b, c, d) = (0.0, 0.0, 0.0, 0.0)
    var i = 0
    while i + 4 <= count {
      a += values[i]
      b += values[i + 1]
      c += values[i + 2]
      d += values[i + 3]
      i += 4
    }
    while i < count {
      a += values[i]
      i += 1
    }
    return (a + b) + (c + d)
  }

  /// Adds the lanes of each slot, once all rows are in.
  private func fold() {
    guard lanes == 4, !isFolded else { return }
    isFolded = true
    let base = sums.base
    for slot in 0..<slots {
      base[slot] = (base[slot << 2] + base[slot << 2 + 1]) + (base[slot << 2 + 2] + base[slot << 2 + 3])
    }
  }

  func merge(_ later: any Accumulator, _ groups: MetGroups, own: MetGroups) {
    guard let later = later as? RealSumAccumulator else { return }
    fold()
    later.fold()
    let lost = corrections ?? Cells(slots, filledWith: 0)
    corrections = lost
    let (mine, theirs) = (sums, later.sums)
    for slot in groups.order {
      let (a, b) = (mine[slot], theirs[slot])
      let sum = a + b
      lost[slot] += abs(a) >= abs(b) ? (a - sum) + b : (b - sum) + a
      mine[slot] = sum
    }
    presence.merge(later.presence, groups, own: own)
  }

  /// The sum of one group, after all stripes.
  func sum(_ slot: UInt32) -> Double {
    fold()
    return sums[slot] + (corrections?[slot] ?? 0)
  }

  func finish(_ groups: [UInt32], _ met: MetGroups, _ context: ExecutionContext) throws -> Column {
    fold()
    let (cells, lost) = (sums, corrections)
    let values = groups.map { cells[$0] + (lost?[$0] ?? 0) }
    let isFinite = values.allSatisfy(\.isFinite)
    let validity =
      isFinite ? presence.validity(groups) : Bitmap(zip(groups, values).map { presence.contains($0) && $1.isFinite })
    return Column(.real(values.map { $0.isFinite ? $0 : 0 }), validity: validity)
  }
}

/// The mean: a sum and a count.
final class MeanAccumulator: Accumulator {
  private let sums: RealSumAccumulator
  private let counts: CountAccumulator

  init(slots: Int) {
    sums = RealSumAccumulator(slots: slots)
    counts = CountAccumulator(slots: slots)
  }

  func noteMissing(_ rows: AccumulatorRows) { counts.noteMissing(rows) }

  func update(_ rows: AccumulatorRows) {
    sums.update(rows)
    counts.update(rows)
  }

  func merge(_ later: any Accumulator, _ groups: MetGroups, own: MetGroups) {
    guard let later = later as? MeanAccumulator else { return }
    sums.merge(later.sums, groups, own: own)
    counts.merge(later.counts, groups, own: own)
  }

  func finish(_ groups: [UInt32], _ met: MetGroups, _ context: ExecutionContext) throws -> Column {
    Column.finite(
      groups.map { slot in
        let count = counts.count(slot, met)
        return count == 0 ? .nan : sums.sum(slot) / Double(count)
      })
  }
}

/// The mean of values that have weights; a row counts when it has both.
final class WeightedMeanAccumulator: Accumulator {
  private let sums: Cells<Double>
  private let weights: Cells<Double>

  init(slots: Int) {
    sums = Cells(slots, filledWith: 0)
    weights = Cells(slots, filledWith: 0)
  }

  func update(_ rows: AccumulatorRows) {
    let (values, shares) = (rows.arguments[0].values(of: Double.self), rows.arguments[1].values(of: Double.self))
    for i in 0..<rows.count {
      let slot = Int(rows.slots?[i] ?? 0)
      sums.base[slot] += values[i] * shares[i]
      weights.base[slot] += shares[i]
    }
  }

  func merge(_ later: any Accumulator, _ groups: MetGroups, own: MetGroups) {
    guard let later = later as? WeightedMeanAccumulator else { return }
    for slot in groups.order {
      sums[slot] += later.sums[slot]
      weights[slot] += later.weights[slot]
    }
  }

  func finish(_ groups: [UInt32], _ met: MetGroups, _ context: ExecutionContext) throws -> Column {
    Column.finite(groups.map { sums[$0] / weights[$0] })
  }
}

/// Variance and standard deviation of a sample (divided by n - 1): Welford's update (1962) within a stripe, merged as by
/// Chan, Golub and LeVeque (1979).
final class MomentsAccumulator: Accumulator {
  private struct Moments: BitwiseCopyable {
    var count = 0.0
    var mean = 0.0
    /// The sum of squared distances from the mean.
    var squares = 0.0
  }
  private let cells: Cells<Moments>
  private let isDeviation: Bool

  init(slots: Int, isDeviation: Bool) {
    cells = Cells(slots, filledWith: Moments())
    self.isDeviation = isDeviation
  }

  func update(_ rows: AccumulatorRows) {
    let values = rows.arguments[0].values(of: Double.self)
    let base = cells.base
    for i in 0..<rows.count {
      let slot = Int(rows.slots?[i] ?? 0)
      var moments = base[slot]
      moments.count += 1
      let distance = values[i] - moments.mean
      moments.mean += distance / moments.count
      moments.squares += distance * (values[i] - moments.mean)
      base[slot] = moments
    }
  }

  func merge(_ later: any Accumulator, _ groups: MetGroups, own: MetGroups) {
    guard let later = later as? MomentsAccumulator else { return }
    for slot in groups.order {
      let (a, b) = (cells[slot], later.cells[slot])
      let count = a.count + b.count
      guard b.count > 0, a.count > 0 else {
        if b.count > 0 { cells[slot] = b }
        continue
      }
      let distance = b.mean - a.mean
      cells[slot] = Moments(
        count: count, mean: a.mean + distance * b.count / count,
        squares: a.squares + b.squares + distance * distance * a.count * b.count / count)
    }
  }

  func finish(_ groups: [UInt32], _ met: MetGroups, _ context: ExecutionContext) throws -> Column {
    Column.finite(
      groups.map { slot in
        guard cells[slot].count > 1 else { return .nan }
        let variance = cells[slot].squares / (cells[slot].count - 1)
        return isDeviation ? variance.squareRoot() : variance
      })
  }
}

extension Column {
  /// Numbers of which those that are not finite are missing.
  static func finite(_ values: [Double]) -> Column {
    Column(.real(values.map { $0.isFinite ? $0 : 0 }), validity: Bitmap(values.map(\.isFinite)))
  }
}
