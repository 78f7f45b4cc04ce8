import Columnar
import Query

/// `count()` and `count(x)`: rows that count, or rows with a value.
final class CountAccumulator: Accumulator {
  private let counts: Cells<Int64>

  init(slots: Int) { counts = Cells(slots, filledWith: 0) }

  func update(_ rows: AccumulatorRows) {
    guard let slots = rows.slots else { return counts[0] += Int64(rows.count) }
    let base = counts.base
    for i in 0..<rows.count { base[Int(slots[i])] &+= 1 }
  }

  func merge(_ later: any Accumulator, _ groups: MetGroups, own: MetGroups) {
    guard let later = later as? CountAccumulator else { return }
    for slot in groups.order { counts[slot] += later.counts[slot] }
  }

  func finish(_ groups: [UInt32], _ context: ExecutionContext) throws -> Column {
    Column(.integer(groups.map { counts[$0] }))
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

  func finish(_ groups: [UInt32], _ context: ExecutionContext) throws -> Column {
    if overflows { throw QueryError.overflow(in: text) }
    return Column(.integer(groups.map { sums[$0] }), validity: presence.validity(groups))
  }
}
