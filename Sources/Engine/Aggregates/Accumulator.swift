import Columnar
import Query

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The running state of one aggregate for all groups of one stripe of rows.
///
/// Groups are slots of dense arrays. The last slot is for rows that do not count, so that the loops need no branches.
/// Stripes are merged in the order of their rows: the result does not depend on how many cores worked on them.
protocol Accumulator: AnyObject {
  /// Takes rows into their groups' state.
  func update(_ rows: AccumulatorRows)
  /// Takes note that groups may have no value, without taking a row.
  func noteMissing(_ rows: AccumulatorRows)
  /// Adds the state of a later stripe, which has met some groups; `own` are the groups met before.
  func merge(_ later: any Accumulator, _ groups: MetGroups, own: MetGroups)
  /// The aggregate of these groups; `met` knows how many rows each has had.
  func finish(_ groups: [UInt32], _ met: MetGroups, _ context: ExecutionContext) throws -> Column
}

extension Accumulator {
  /// Counts and quotients say by themselves that there was no value.
  func noteMissing(_ rows: AccumulatorRows) {}
}

/// An aggregate that sees by its own state when a group may have its first row: then nobody else has to look for groups that
/// have not been met. It takes its rows after all others, because those ask for the groups of earlier batches.
protocol MeetingAccumulator: Accumulator {
  /// Takes rows, all of which have a value, and meets their groups; those that do not count belong to the last slot, which is
  /// never met. Only where groups are many (`MetGroups.isMetByAccumulators`).
  func updateMeeting(_ rows: AccumulatorRows)
}

/// A batch as an aggregate sees it.
struct AccumulatorRows {
  let count: Int
  /// The group of each row that counts, the last slot for others; nil when all rows count and belong to group 0.
  let slots: UnsafePointer<UInt32>?
  /// The arguments' values; missing ones belong to the last slot.
  let arguments: [Vector]
  /// Whether some row was sent to the last slot because its value is missing: then a group may have rows and no value.
  let hasMissing: Bool
  /// Groups that earlier batches of the stripe have met.
  let met: MetGroups
}

/// Remembers which groups have had a value, but only once some value has been missing: before that, every group has.
struct Presence {
  private var cells: Cells<Bool>?
  private let slots: Int

  init(slots: Int) { self.slots = slots }

  private mutating func start(_ met: MetGroups) -> Cells<Bool> {
    if let cells { return cells }
    let new = Cells(slots, filledWith: false)
    for slot in met.order { new[slot] = true }
    cells = new
    return new
  }

  mutating func note(_ rows: AccumulatorRows) {
    guard rows.hasMissing || cells != nil, let slots = rows.slots else { return }
    let base = start(rows.met).base
    for i in 0..<rows.count { base[Int(slots[i])] = true }
  }

  /// Whether a group that has had a row has had a value.
  func contains(_ slot: UInt32) -> Bool { cells?[slot] ?? true }

  mutating func merge(_ later: Presence, _ groups: MetGroups, own: MetGroups) {
    guard cells != nil || later.cells != nil else { return }
    let mine = start(own)
    for slot in groups.order where later.contains(slot) { mine[slot] = true }
  }

  /// The validity of a column of these groups.
  func validity(_ groups: [UInt32]) -> Bitmap? { cells == nil ? nil : Bitmap(groups.map(contains)) }
}

/// An array that lives as long as its owner, without bounds checks in hot loops.
final class Cells<T: BitwiseCopyable> {
  let base: UnsafeMutablePointer<T>
  private let isSparse: Bool

  init(_ count: Int, filledWith value: T) {
    base = .allocate(capacity: max(1, count))
    base.initialize(repeating: value, count: max(1, count))
    isSparse = false
  }

  /// Zeros that take no memory until something is written there.
  init(sparse count: Int) where T: FixedWidthInteger {
    let count = max(1, count)
    guard let room = calloc(count, MemoryLayout<T>.stride) else {
      // When there is no more memory, this fails as any allocation of Swift does.
      base = .allocate(capacity: count)
      base.initialize(repeating: 0, count: count)
      isSparse = false
      return
    }
    base = room.bindMemory(to: T.self, capacity: count)
    isSparse = true
  }

  deinit { if isSparse { free(base) } else { base.deallocate() } }

  @inline(__always) subscript(slot: UInt32) -> T {
    get { base[Int(slot)] }
    set { base[Int(slot)] = newValue }
  }
}
