import Columnar
import Query

/// The smallest or largest value of each group. Texts come as their places in the order of all entries.
final class ExtremeAccumulator: Accumulator {
  private let cells: RawCells
  private var presence: Presence
  private let isMax: Bool
  private let dictionary: TextDictionary?
  private let order: TextOrder?

  init(slots: Int, _ type: DataType, isMax: Bool, _ dictionary: TextDictionary?, _ order: TextOrder?) {
    cells = RawCells(slots, type, filledWith: ExtremeAccumulator.start(type, isMax: isMax))
    presence = Presence(slots: slots)
    self.isMax = isMax
    self.dictionary = dictionary
    self.order = order
  }

  /// The bits of a value that every other one replaces.
  private static func start(_ type: DataType, isMax: Bool) -> UInt64 {
    switch type.physical {
    case .int64: UInt64(bitPattern: isMax ? Int64.min : .max)
    case .int32: UInt64(UInt32(bitPattern: isMax ? Int32.min : .max))
    case .double: (isMax ? -Double.infinity : .infinity).bitPattern
    case .code: isMax ? 0 : UInt64(UInt32.max)
    case .bool: isMax ? 0 : 1
    }
  }

  func noteMissing(_ rows: AccumulatorRows) { presence.note(rows) }

  func update(_ rows: AccumulatorRows) {
    presence.note(rows)
    switch cells.type.physical {
    case .int64: fold(rows, Int64.self)
    case .int32: fold(rows, Int32.self)
    case .double: fold(rows, Double.self)
    case .code: fold(rows, UInt32.self)
    case .bool: fold(rows, UInt8.self)
    }
  }

  @inline(__always) private func fold<T: BitwiseCopyable & Comparable>(_ rows: AccumulatorRows, _: T.Type) {
    let values = rows.arguments[0].values(of: T.self)
    let base = cells.cells(of: T.self)
    guard let slots = rows.slots else {
      var best = base[0]
      if isMax {
        for i in 0..<rows.count { best = best < values[i] ? values[i] : best }
      } else {
        for i in 0..<rows.count { best = values[i] < best ? values[i] : best }
      }
      base[0] = best
      return
    }
    // A store each time: whether a row changes its group's value, as each new order does, cannot be foreseen.
    if isMax {
      for i in 0..<rows.count { base[Int(slots[i])] = Swift.max(base[Int(slots[i])], values[i]) }
    } else {
      for i in 0..<rows.count { base[Int(slots[i])] = Swift.min(base[Int(slots[i])], values[i]) }
    }
  }

  func merge(_ later: any Accumulator, _ groups: MetGroups, own: MetGroups) {
    guard let later = later as? ExtremeAccumulator else { return }
    switch cells.type.physical {
    case .int64: merge(later, groups, Int64.self)
    case .int32: merge(later, groups, Int32.self)
    case .double: merge(later, groups, Double.self)
    case .code: merge(later, groups, UInt32.self)
    case .bool: merge(later, groups, UInt8.self)
    }
    presence.merge(later.presence, groups, own: own)
  }

  @inline(__always) private func merge<T: BitwiseCopyable & Comparable>(
    _ later: ExtremeAccumulator, _ groups: MetGroups, _: T.Type
  ) {
    let (mine, theirs) = (cells.cells(of: T.self), later.cells.cells(of: T.self))
    for slot in groups.order {
      let (a, b) = (mine[Int(slot)], theirs[Int(slot)])
      mine[Int(slot)] = isMax ? (a < b ? b : a) : (b < a ? b : a)
    }
  }

  func finish(_ groups: [UInt32], _ met: MetGroups, _ context: ExecutionContext) throws -> Column {
    cells.column(groups, validity: presence.validity(groups), dictionary, codes: order?.codes)
  }
}

/// The first or last moment of each group, of moments that come as seconds; its day, when that is what was asked for.
final class SecondsExtremeAccumulator: Accumulator {
  private let seconds: ExtremeAccumulator
  private let type: DataType

  init(slots: Int, _ type: DataType, isMax: Bool) {
    seconds = ExtremeAccumulator(slots: slots, .date, isMax: isMax, nil, nil)
    self.type = type
  }

  func noteMissing(_ rows: AccumulatorRows) { seconds.noteMissing(rows) }

  func update(_ rows: AccumulatorRows) { seconds.update(rows) }

  func merge(_ later: any Accumulator, _ groups: MetGroups, own: MetGroups) {
    guard let later = later as? SecondsExtremeAccumulator else { return }
    seconds.merge(later.seconds, groups, own: own)
  }

  func finish(_ groups: [UInt32], _ met: MetGroups, _ context: ExecutionContext) throws -> Column {
    let found = try seconds.finish(groups, met, context)
    guard case .date(let values) = found.storage else { return found }
    let moments = values.map { Int64($0) * 1_000_000 }
    if type == .datetime { return Column(.datetime(moments), validity: found.validity) }
    return Column(.date(moments.map(DayNode.day)), validity: found.validity)
  }
}

/// The first or last value of each group in the order of the rows.
final class EdgeAccumulator: Accumulator {
  private let cells: RawCells
  private let hasValue: Cells<Bool>
  private let isLast: Bool
  private let dictionary: TextDictionary?

  init(slots: Int, _ type: DataType, isLast: Bool, _ dictionary: TextDictionary?) {
    cells = RawCells(slots, type, filledWith: 0)
    hasValue = Cells(slots, filledWith: false)
    self.isLast = isLast
    self.dictionary = dictionary
  }

  func update(_ rows: AccumulatorRows) {
    switch cells.type.width {
    case 1: take(rows, UInt8.self)
    case 4: take(rows, UInt32.self)
    default: take(rows, UInt64.self)
    }
  }

  @inline(__always) private func take<T: BitwiseCopyable>(_ rows: AccumulatorRows, _: T.Type) {
    let values = rows.arguments[0].values(of: T.self)
    let (base, known) = (cells.cells(of: T.self), hasValue.base)
    for i in 0..<rows.count {
      let slot = Int(rows.slots?[i] ?? 0)
      if isLast || !known[slot] { base[slot] = values[i] }
      known[slot] = true
    }
  }

  func merge(_ later: any Accumulator, _ groups: MetGroups, own: MetGroups) {
    guard let later = later as? EdgeAccumulator else { return }
    let width = cells.type.width
    for slot in groups.order where later.hasValue[slot] {
      if isLast || !hasValue[slot] {
        let place = Int(slot) * width
        (cells.base + place).copyMemory(from: later.cells.base + place, byteCount: width)
      }
      hasValue[slot] = true
    }
  }

  func finish(_ groups: [UInt32], _ met: MetGroups, _ context: ExecutionContext) throws -> Column {
    cells.column(groups, validity: Bitmap(groups.map { hasValue[$0] }), dictionary)
  }
}
