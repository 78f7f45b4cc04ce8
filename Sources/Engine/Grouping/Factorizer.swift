import Columnar

/// The groups of rows with equal keys, numbered in order of first appearance.
struct GroupIDs {
  /// The group of each row.
  var ids: [UInt32]
  /// The first row of each group.
  var firstRows: [UInt32]

  var count: Int { firstRows.count }
}

/// Numbers the distinct values of 64-bit keys by a radix-partitioned hash table (Balkesen et al. 2013): rows are divided by
/// hash into partitions whose tables fit into a core's cache, and workers take one partition after another.
final class Factorizer {
  private static let partitionBits = 6

  private let keys: UnsafePointer<UInt64>
  private let rows: Int
  private let context: ExecutionContext
  private let partitions: Int

  /// `validity` excludes rows without a key; they make one group of their own.
  static func run(
    _ keys: UnsafePointer<UInt64>, validity: UnsafePointer<UInt64>?, rows: Int, _ context: ExecutionContext
  ) throws -> GroupIDs {
    try Factorizer(keys, rows, context).run(validity)
  }

  private init(_ keys: UnsafePointer<UInt64>, _ rows: Int, _ context: ExecutionContext) {
    self.keys = keys
    self.rows = rows
    self.context = context
    partitions = rows < 1 << 16 ? 1 : 1 << Factorizer.partitionBits
  }

  @inline(__always) private static func hash(_ key: UInt64) -> UInt64 {
    let mixed = (key ^ (key >> 32)) &* 0x9E37_79B9_7F4A_7C15
    return (mixed ^ (mixed >> 29)) &* 0xBF58_476D_1CE4_E5B9
  }

  @inline(__always) private func partition(_ hash: UInt64) -> Int {
    partitions == 1 ? 0 : Int(truncatingIfNeeded: hash >> UInt64(64 - Factorizer.partitionBits))
  }

  private func run(_ validity: UnsafePointer<UInt64>?) throws -> GroupIDs {
    let morsels = max(1, (rows + ExecutionContext.morselRows - 1) / ExecutionContext.morselRows)
    let starts = try histogram(validity, morsels)
    defer { starts.deallocate() }
    let total = starts[partitions * morsels]
    let order = UnsafeMutablePointer<UInt32>.allocate(capacity: max(1, total))
    defer { order.deallocate() }
    try scatter(validity, morsels, starts, into: order)

    var ids = [UInt32](repeating: 0, count: rows)
    var locals = [[UInt32]](repeating: [], count: partitions)
    try ids.withUnsafeMutableBufferPointer { ids in
      try locals.withUnsafeMutableBufferPointer { locals in
        try context.parallel(partitions) { partition, _ in
          let slice = UnsafeBufferPointer(
            start: order + starts[partition * morsels],
            count: starts[(partition + 1) * morsels] - starts[partition * morsels])
          locals[partition] = self.number(slice, ids)
        }
      }
    }
    return try renumber(&ids, locals, order, starts, morsels, validity)
  }

  /// Where each morsel's rows of each partition begin; partition after partition, and one more place for the end.
  private func histogram(_ validity: UnsafePointer<UInt64>?, _ morsels: Int) throws -> UnsafeMutablePointer<Int> {
    let counts = UnsafeMutablePointer<Int>.allocate(capacity: partitions * morsels + 1)
    counts.initialize(repeating: 0, count: partitions * morsels + 1)
    try context.parallelRows(rows) { range, _ in
      let morsel = range.lowerBound / ExecutionContext.morselRows
      for row in range where validity.map({ bit($0, row) }) ?? true {
        counts[self.partition(Factorizer.hash(self.keys[row])) * morsels + morsel] += 1
      }
    }
    var sum = 0
    for place in 0...partitions * morsels {
      let count = counts[place]
      counts[place] = sum
      sum += count
    }
    return counts
  }

  private func scatter(
    _ validity: UnsafePointer<UInt64>?, _ morsels: Int, _ starts: UnsafePointer<Int>,
    into order: UnsafeMutablePointer<UInt32>
  ) throws {
    try context.parallelRows(rows) { range, _ in
      let morsel = range.lowerBound / ExecutionContext.morselRows
      withUnsafeTemporaryAllocation(of: Int.self, capacity: self.partitions) { next in
        for p in 0..<self.partitions { next[p] = starts[p * morsels + morsel] }
        for row in range where validity.map({ bit($0, row) }) ?? true {
          let p = self.partition(Factorizer.hash(self.keys[row]))
          order[next[p]] = UInt32(truncatingIfNeeded: row)
          next[p] += 1
        }
      }
    }
  }

  /// Gives the rows of one partition local ids and returns the first row of each.
  private func number(_ order: UnsafeBufferPointer<UInt32>, _ ids: UnsafeMutableBufferPointer<UInt32>) -> [UInt32] {
    var size = 1024
    var mask = size - 1
    // Slot: local id + 1, 0 when free. The key of an id is that of its first row, kept beside it for the cache's sake.
    var slots = [UInt32](repeating: 0, count: size)
    var known: [UInt64] = []
    var firstRows: [UInt32] = []
    for row in order {
      let key = keys[Int(row)]
      var slot = Int(truncatingIfNeeded: Factorizer.hash(key)) & mask
      while true {
        let entry = slots[slot]
        if entry == 0 {
          let id = UInt32(truncatingIfNeeded: known.count)
          slots[slot] = id + 1
          known.append(key)
          firstRows.append(row)
          ids[Int(row)] = id
          break
        }
        if known[Int(entry) - 1] == key {
          ids[Int(row)] = entry - 1
          break
        }
        slot = (slot + 1) & mask
      }
      if known.count * 2 > size {
        size *= 4
        mask = size - 1
        slots = [UInt32](repeating: 0, count: size)
        for (id, key) in known.enumerated() {
          var slot = Int(truncatingIfNeeded: Factorizer.hash(key)) & mask
          while slots[slot] != 0 { slot = (slot + 1) & mask }
          slots[slot] = UInt32(id) + 1
        }
      }
    }
    return firstRows
  }

  /// Turns local ids into global ones in order of first appearance: a group's number is the number of first rows before.
  private func renumber(
    _ ids: inout [UInt32], _ locals: [[UInt32]], _ order: UnsafePointer<UInt32>, _ starts: UnsafePointer<Int>,
    _ morsels: Int, _ validity: UnsafePointer<UInt64>?
  ) throws -> GroupIDs {
    let words = (rows + 63) / 64
    var firsts = [UInt64](repeating: 0, count: words)
    for rows in locals { for row in rows { firsts[Int(row) >> 6] |= 1 << UInt64(row & 63) } }
    var missingRow: Int?
    if let validity {
      missingRow = (0..<rows).first { !bit(validity, $0) }
      if let row = missingRow { firsts[row >> 6] |= 1 << UInt64(row & 63) }
    }
    var before = [UInt32](repeating: 0, count: words)
    var total = 0
    for w in 0..<words {
      before[w] = UInt32(total)
      total += firsts[w].nonzeroBitCount
    }
    func rank(_ row: UInt32) -> UInt32 {
      let w = Int(row) >> 6
      let below = firsts[w] & ((1 << UInt64(row & 63)) - 1)
      return before[w] + UInt32(below.nonzeroBitCount)
    }
    var firstRows = [UInt32](repeating: 0, count: total)
    var maps: [[UInt32]] = []
    for rows in locals {
      let map = rows.map(rank)
      for (local, global) in map.enumerated() { firstRows[Int(global)] = rows[local] }
      maps.append(map)
    }
    let missingID = missingRow.map { rank(UInt32($0)) } ?? 0
    if let missingRow { firstRows[Int(missingID)] = UInt32(missingRow) }
    try ids.withUnsafeMutableBufferPointer { ids in
      try context.parallel(partitions) { partition, _ in
        maps[partition].withUnsafeBufferPointer { map in
          for place in starts[partition * morsels]..<starts[(partition + 1) * morsels] {
            let row = Int(order[place])
            ids[row] = map[Int(ids[row])]
          }
        }
      }
      if let validity { for row in 0..<rows where !bit(validity, row) { ids[row] = missingID } }
    }
    return GroupIDs(ids: ids, firstRows: firstRows)
  }
}
