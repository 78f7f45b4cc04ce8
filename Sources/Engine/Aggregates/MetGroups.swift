/// The groups that have had a row, in order of first appearance, and, where somebody asks for it, how many rows each has had.
final class MetGroups {
  /// Up to so many slots are few: what is kept for each may be several times as large and stay in the cache.
  static let fewSlots = 4_096

  private(set) var order: [UInt32] = []
  private let isMet: MetSlots
  /// Four counts for each slot, which are added up to have its rows: neighbouring rows are often of one group, and would have
  /// to wait for each other. Only where groups are few: else the counts would not stay in the cache.
  private let counts: Cells<Int64>?
  private let lanes: Int
  private let most: Int

  /// `slots` counts the last slot, which is never met; at most `most` groups can be met at all.
  init(slots: Int, most: Int, countsRows: Bool) {
    self.most = most
    isMet = slots <= MetGroups.fewSlots ? .few(FewSlots(slots)) : .many(ManySlots(slots))
    _ = isMet.add(UInt32(slots - 1))
    lanes = slots <= MetGroups.fewSlots ? 4 : 1
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
    if isFull { return }
    switch isMet {
    case .few(let met): met.meet(slots, count) { order.append($0) }
    case .many(let met): met.meet(slots, count) { order.append($0) }
    }
  }

  /// Whether all groups that there can be have been met.
  var isFull: Bool { order.count == most }

  /// Whether accumulators should take note of groups by `meet`: those of many groups have to look at the group's state anyway.
  var isMetByAccumulators: Bool {
    if counts != nil { return false }
    if case .few = isMet { return false }
    return true
  }

  /// Takes note of a row of a group.
  func meet(_ slot: UInt32) {
    if isMet.add(slot) { order.append(slot) }
  }

  /// Takes note of rows of one group; with none, the group is met all the same.
  func append(_ slot: UInt32, rows: Int64) {
    meet(slot)
    counts?.base[Int(slot) * lanes] += rows
  }

  /// Adds the groups of a later stripe.
  func merge(_ later: MetGroups) { for slot in later.order { append(slot, rows: later.rows(slot)) } }
}

/// The slots that have been met.
private enum MetSlots {
  case few(FewSlots)
  case many(ManySlots)

  /// False for a slot that has been met before.
  func add(_ slot: UInt32) -> Bool {
    switch self {
    case .few(let met): met.add(slot)
    case .many(let met): met.add(slot)
    }
  }
}

/// Slots whose marks are compared all at once after each batch: a row costs nothing but a store.
private final class FewSlots {
  /// A byte for each slot that some row had, and for each that has been reported.
  private let seen: Cells<UInt8>
  private let met: Cells<UInt8>
  private let words: Int

  init(_ slots: Int) {
    words = (slots + 7) / 8
    seen = Cells(words * 8, filledWith: 0)
    met = Cells(words * 8, filledWith: 0)
  }

  func add(_ slot: UInt32) -> Bool {
    seen[slot] = 1
    if met[slot] != 0 { return false }
    met[slot] = 1
    return true
  }

  func meet(_ slots: UnsafePointer<UInt32>, _ count: Int, _ report: (UInt32) -> Void) {
    let marks = seen.base
    for i in 0..<count { marks[Int(slots[i])] = 1 }
    let (a, b) = (UnsafeRawPointer(seen.base), UnsafeRawPointer(met.base))
    var differs: UInt64 = 0
    for w in 0..<words {
      differs |= a.load(fromByteOffset: w * 8, as: UInt64.self) ^ b.load(fromByteOffset: w * 8, as: UInt64.self)
    }
    if differs == 0 { return }
    // Groups come in the order of their first rows.
    for i in 0..<count where add(slots[i]) { report(slots[i]) }
  }
}

/// A bit for each of many slots, so that they stay in the cache.
private final class ManySlots {
  private let bits: Cells<UInt64>

  init(_ slots: Int) { bits = Cells((slots + 63) / 64, filledWith: 0) }

  func add(_ slot: UInt32) -> Bool {
    let (word, bit) = (Int(slot >> 6), UInt64(1) << UInt64(slot & 63))
    if bits.base[word] & bit != 0 { return false }
    bits.base[word] |= bit
    return true
  }

  func meet(_ slots: UnsafePointer<UInt32>, _ count: Int, _ report: (UInt32) -> Void) {
    let words = bits.base
    func met(_ row: Int) -> UInt64 { words[Int(slots[row] >> 6)] >> UInt64(slots[row] & 63) }
    var i = 0
    // Mostly all groups have been met before: eight rows need one branch then.
    while i + 8 <= count {
      let a = met(i) & met(i + 1) & met(i + 2) & met(i + 3)
      let b = met(i + 4) & met(i + 5) & met(i + 6) & met(i + 7)
      if a & b & 1 == 0 { for row in i..<i + 8 where add(slots[row]) { report(slots[row]) } }
      i += 8
    }
    while i < count {
      if add(slots[i]) { report(slots[i]) }
      i += 1
    }
  }
}
