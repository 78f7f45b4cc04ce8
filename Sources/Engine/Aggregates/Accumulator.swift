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
  /// Takes rows, all of which count and have a value, and meets their groups.
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

/// The groups that have had a row, in order of first appearance, and, where somebody asks for it, how many rows each has had.
final class MetGroups {
  private(set) var order: [UInt32] = []
  /// A bit for each slot, so that those of many groups stay in the cache.
  private let isMet: Cells<UInt64>
  /// Four counts for each slot, which are added up to have its rows: neighbouring rows are often of one group, and would have
  /// to wait for each other. Only where groups are few: else the counts would not stay in the cache.
  private let counts: Cells<Int64>?
  var countsRows: Bool { counts != nil }
  private let lanes: Int
  private let most: Int

  /// `slots` counts the last slot, which is never met; at most `most` groups can be met at all.
  init(slots: Int, most: Int, countsRows: Bool) {
    self.most = most
    isMet = Cells((slots + 63) / 64, filledWith: 0)
    isMet.base[(slots - 1) >> 6] |= 1 << UInt64((slots - 1) & 63)
    lanes = slots <= 4096 ? 4 : 1
    counts = countsRows ? Cells(slots * lanes, filledWith: 0) : nil
  }

  /// How many rows a group has had; 0 unless rows are counted.
  func rows(_ slot: UInt32) -> Int64 {
    guard let counts else { return 0 }
    let first = Int(slot) * lanes
    return (first..<first + lanes).reduce(into: 0) { $0 += counts.base[$1] }
  }

  /// The rows of all groups as they are now.
  func copyCounts(into cells: Cells<Int64>) { for slot in order { cells[slot] = rows(slot) } }

  /// Takes note of rows.
  func note(_ slots: UnsafePointer<UInt32>, _ count: Int) {
    guard let base = counts?.base else { return meet(slots, count) }
    guard lanes == 4 else {
      for i in 0..<count {
        let slot = slots[i]
        let before = base[Int(slot)]
        base[Int(slot)] = before &+ 1
        if before == 0 { meet(slot) }
      }
      return
    }
    meet(slots, count)
    var i = 0
    while i + 4 <= count {
      base[Int(slots[i]) << 2] &+= 1
      base[Int(slots[i + 1]) << 2 + 1] &+= 1
      base[Int(slots[i + 2]) << 2 + 2] &+= 1
      base[Int(slots[i + 3]) << 2 + 3] &+= 1
      i += 4
    }
    while i < count {
      base[Int(slots[i]) << 2] &+= 1
      i += 1
    }
  }

  private func meet(_ slots: UnsafePointer<UInt32>, _ count: Int) {
    if order.count == most { return }
    let words = isMet.base
    func met(_ row: Int) -> UInt64 { words[Int(slots[row] >> 6)] >> UInt64(slots[row] & 63) }
    var i = 0
    // Mostly all groups have been met before: eight rows need one branch then.
    while i + 8 <= count {
      let a = met(i) & met(i + 1) & met(i + 2) & met(i + 3)
      let b = met(i + 4) & met(i + 5) & met(i + 6) & met(i + 7)
      if a & b & 1 == 0 { for row in i..<i + 8 { meet(slots[row]) } }
      i += 8
    }
    while i < count {
      meet(slots[i])
      i += 1
    }
  }

  /// Takes note of a row of a group.
  func meet(_ slot: UInt32) {
    let (word, bit) = (Int(slot >> 6), UInt64(1) << UInt64(slot & 63))
    if isMet.base[word] & bit != 0 { return }
    isMet.base[word] |= bit
    order.append(slot)
  }

  /// Takes note of rows of one group; with none, the group is met all the same.
  func append(_ slot: UInt32, rows: Int64) {
    meet(slot)
    counts?.base[Int(slot) * lanes] += rows
  }

  /// Adds the groups of a later stripe.
  func merge(_ later: MetGroups) { for slot in later.order { append(slot, rows: later.rows(slot)) } }
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
