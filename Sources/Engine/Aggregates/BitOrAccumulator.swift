import Columnar
import Query

/// The bits that some whole number of each group has.
final class BitOrAccumulator: MeetingAccumulator {
  /// Cells half as wide stay in the cache for twice as many groups.
  private enum Bits {
    case narrow(Cells<UInt32>)
    case wide(Cells<UInt64>)
  }
  private let bits: Bits
  private var presence: Presence

  /// `isNarrow` says that no number is below 0 or above 2^32 - 1.
  init(slots: Int, isNarrow: Bool) {
    bits = isNarrow ? .narrow(Cells(slots, filledWith: 0)) : .wide(Cells(slots, filledWith: 0))
    presence = Presence(slots: slots)
  }

  func noteMissing(_ rows: AccumulatorRows) { presence.note(rows) }

  func update(_ rows: AccumulatorRows) {
    presence.note(rows)
    switch bits {
    case .narrow(let cells): update(cells.base, rows)
    case .wide(let cells): update(cells.base, rows)
    }
  }

  func updateMeeting(_ rows: AccumulatorRows) {
    presence.note(rows)
    switch bits {
    case .narrow(let cells): updateMeeting(cells.base, rows)
    case .wide(let cells): updateMeeting(cells.base, rows)
    }
  }

  @inline(__always) private func update<Word: FixedWidthInteger & BitwiseCopyable>(
    _ base: UnsafeMutablePointer<Word>, _ rows: AccumulatorRows
  ) {
    let values = rows.arguments[0].values(of: Int64.self)
    for i in 0..<rows.count { base[Int(rows.slots?[i] ?? 0)] |= Word(truncatingIfNeeded: values[i]) }
  }

  @inline(__always) private func updateMeeting<Word: FixedWidthInteger & BitwiseCopyable>(
    _ base: UnsafeMutablePointer<Word>, _ rows: AccumulatorRows
  ) {
    guard let slots = rows.slots, !rows.met.isFull else { return update(base, rows) }
    let (values, met) = (rows.arguments[0].values(of: Int64.self), rows.met)
    for i in 0..<rows.count {
      let before = base[Int(slots[i])]
      base[Int(slots[i])] = before | Word(truncatingIfNeeded: values[i])
      if before == 0 { met.meet(slots[i]) }
    }
  }

  func merge(_ later: any Accumulator, _ groups: MetGroups, own: MetGroups) {
    guard let later = later as? BitOrAccumulator else { return }
    switch (bits, later.bits) {
    case (.narrow(let mine), .narrow(let theirs)): for slot in groups.order { mine[slot] |= theirs[slot] }
    case (.wide(let mine), .wide(let theirs)): for slot in groups.order { mine[slot] |= theirs[slot] }
    case (.narrow, .wide), (.wide, .narrow): return
    }
    presence.merge(later.presence, groups, own: own)
  }

  func finish(_ groups: [UInt32], _ met: MetGroups, _ context: ExecutionContext) throws -> Column {
    let values =
      switch bits {
      case .narrow(let cells): groups.map { Int64(cells[$0]) }
      case .wide(let cells): groups.map { Int64(bitPattern: cells[$0]) }
      }
    return Column(.integer(values), validity: presence.validity(groups))
  }
}
