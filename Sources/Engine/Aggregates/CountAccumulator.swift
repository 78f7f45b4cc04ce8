import Columnar
import Query

/// `count()` and `count(x)`: rows that count, or rows with a value. As long as no value is missing these are all rows of the
/// group, which are counted anyway.
final class CountAccumulator: Accumulator {
  private let slots: Int
  private var counts: Cells<Int64>?

  init(slots: Int) { self.slots = slots }

  /// Counts of its own from now on, which begin with all rows so far.
  private func own(_ met: MetGroups) -> Cells<Int64> {
    if let counts { return counts }
    let new = Cells<Int64>(slots, filledWith: 0)
    met.copyCounts(into: new)
    counts = new
    return new
  }

  func noteMissing(_ rows: AccumulatorRows) { _ = own(rows.met) }

  func update(_ rows: AccumulatorRows) {
    guard rows.hasMissing || counts != nil else { return }
    let cells = own(rows.met)
    guard let slots = rows.slots else { return cells[0] += Int64(rows.count) }
    let base = cells.base
    for i in 0..<rows.count { base[Int(slots[i])] &+= 1 }
  }

  func merge(_ later: any Accumulator, _ groups: MetGroups, own met: MetGroups) {
    guard let later = later as? CountAccumulator, counts != nil || later.counts != nil else { return }
    let (mine, theirs) = (own(met), later.own(groups))
    for slot in groups.order { mine[slot] += theirs[slot] }
  }

  /// How many rows of a group were counted.
  func count(_ slot: UInt32, _ met: MetGroups) -> Int64 { counts?[slot] ?? met.rows(slot) }

  func finish(_ groups: [UInt32], _ met: MetGroups, _ context: ExecutionContext) throws -> Column {
    Column(.integer(groups.map { count($0, met) }))
  }
}

/// The sum of whole numbers, or the number of rows where a condition is true. Beyond 64 bits it is an error.
final class IntegerSumAccumulator: Accumulator {
  private let sums: Cells<Int64>
  private var presence: Presence
  private var overflows = false
  private let isCondition: Bool
  private let last: UInt32
  private let text: String

  init(slots: Int, isCondition: Bool, text: String) {
    sums = Cells(slots, filledWith: 0)
    presence = Presence(slots: slots)
    self.isCondition = isCondition
    last = UInt32(slots - 1)
    self.text = text
  }

  func noteMissing(_ rows: AccumulatorRows) { presence.note(rows) }

  func update(_ rows: AccumulatorRows) {
    presence.note(rows)
    if isCondition {
      add(rows, rows.arguments[0].values(of: UInt8.self))
    } else {
      add(rows, rows.arguments[0].values(of: Int64.self))
    }
  }

  @inline(__always) private func add<T: FixedWidthInteger & BitwiseCopyable>(
    _ rows: AccumulatorRows, _ values: UnsafePointer<T>
  ) {
    let base = sums.base
    var lost = false
    if let slots = rows.slots {
      let last = last
      for i in 0..<rows.count {
        let slot = slots[i]
        let (sum, overflow) = base[Int(slot)].addingReportingOverflow(Int64(truncatingIfNeeded: values[i]))
        base[Int(slot)] = sum
        // What missing rows hold may overflow the last slot, which means nothing.
        lost = lost || (overflow && slot != last)
      }
    } else {
      var total = base[0]
      for i in 0..<rows.count {
        let (sum, overflow) = total.addingReportingOverflow(Int64(truncatingIfNeeded: values[i]))
        total = sum
        lost = lost || overflow
      }
      base[0] = total
    }
    overflows = overflows || lost
  }

  func merge(_ later: any Accumulator, _ groups: MetGroups, own: MetGroups) {
    guard let later = later as? IntegerSumAccumulator else { return }
    overflows = overflows || later.overflows
    for slot in groups.order {
      let (sum, overflow) = sums[slot].addingReportingOverflow(later.sums[slot])
      sums[slot] = sum
      overflows = overflows || overflow
    }
    presence.merge(later.presence, groups, own: own)
  }

  func finish(_ groups: [UInt32], _ met: MetGroups, _ context: ExecutionContext) throws -> Column {
    if overflows { throw QueryError.overflow(in: text) }
    return Column(.integer(groups.map { sums[$0] }), validity: presence.validity(groups))
  }
}
