import Columnar
import Query

/// The smallest or largest value of each group.
final class ExtremeAccumulator<T: BitwiseCopyable & Comparable>: Accumulator {
  private let cells: Cells<T>
  private var presence: Presence
  private let isMax: Bool
  private let storage: ([T]) -> Column.Storage

  /// `start` is beyond all values; `storage` turns the groups' values into a column.
  init(slots: Int, isMax: Bool, start: T, storage: @escaping ([T]) -> Column.Storage) {
    cells = Cells(slots, filledWith: start)
    presence = Presence(slots: slots)
    self.isMax = isMax
    self.storage = storage
  }

  func noteMissing(_ rows: AccumulatorRows) { presence.note(rows) }

  func update(_ rows: AccumulatorRows) {
    presence.note(rows)
    if isMax { fold(rows) { $0 < $1 ? $1 : $0 } } else { fold(rows) { $1 < $0 ? $1 : $0 } }
  }

  @inline(__always) private func fold(_ rows: AccumulatorRows, _ better: (T, T) -> T) {
    let values = rows.arguments[0].values(of: T.self)
    let base = cells.base
    guard let slots = rows.slots else {
      var best = base[0]
      for i in 0..<rows.count { best = better(best, values[i]) }
      base[0] = best
      return
    }
    for i in 0..<rows.count { base[Int(slots[i])] = better(base[Int(slots[i])], values[i]) }
  }

  func merge(_ later: any Accumulator, _ groups: MetGroups, own: MetGroups) {
    guard let later = later as? ExtremeAccumulator<T> else { return }
    for slot in groups.order {
      let (a, b) = (cells[slot], later.cells[slot])
      cells[slot] = isMax ? (a < b ? b : a) : (b < a ? b : a)
    }
    presence.merge(later.presence, groups, own: own)
  }

  func finish(_ groups: [UInt32], _ context: ExecutionContext) throws -> Column {
    Column(storage(groups.map { cells[$0] }), validity: presence.validity(groups))
  }
}

/// The first or last value of each group in the order of the rows.
final class EdgeAccumulator<T: BitwiseCopyable>: Accumulator {
  private let cells: Cells<T>
  private let hasValue: Cells<Bool>
  private let isLast: Bool
  private let storage: ([T]) -> Column.Storage

  init(slots: Int, isLast: Bool, blank: T, storage: @escaping ([T]) -> Column.Storage) {
    cells = Cells(slots, filledWith: blank)
    hasValue = Cells(slots, filledWith: false)
    self.isLast = isLast
    self.storage = storage
  }

  func update(_ rows: AccumulatorRows) {
    let values = rows.arguments[0].values(of: T.self)
    for i in 0..<rows.count {
      let slot = Int(rows.slots?[i] ?? 0)
      if isLast || !hasValue.base[slot] { cells.base[slot] = values[i] }
      hasValue.base[slot] = true
    }
  }

  func merge(_ later: any Accumulator, _ groups: MetGroups, own: MetGroups) {
    guard let later = later as? EdgeAccumulator<T> else { return }
    for slot in groups.order where later.hasValue[slot] {
      if isLast || !hasValue[slot] { cells[slot] = later.cells[slot] }
      hasValue[slot] = true
    }
  }

  func finish(_ groups: [UInt32], _ context: ExecutionContext) throws -> Column {
    // A group without a value has never been written; its blank may be no code of the dictionary.
    Column(storage(groups.map { cells[$0] }), validity: Bitmap(groups.map { hasValue[$0] }))
  }
}
