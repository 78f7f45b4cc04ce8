import Columnar
import Query

/// The sort keys of a table's rows as unsigned numbers whose order is that of the values.
final class SortKeys {
  /// One key: a number for each row, and which rows are missing.
  struct Key {
    let numbers: UnsafeMutablePointer<UInt64>
    /// Cleared bits stand last, whatever their number.
    let validity: UnsafePointer<UInt64>?
  }

  private(set) var keys: [Key] = []
  let rows: Int
  /// Keeps the buffers that the validity bits lie in.
  private let stored: TableView

  /// `table` has the key columns, in order of importance.
  init(_ table: Table, descending: [Bool], _ context: ExecutionContext) throws {
    rows = table.rowCount
    stored = TableView(table)
    for (column, isDescending) in descending.enumerated() {
      let numbers = UnsafeMutablePointer<UInt64>.allocate(capacity: max(1, rows))
      let vector = stored.vector(column, from: 0)
      keys.append(Key(numbers: numbers, validity: vector.validity))
      let ranks = table.columns[column].dictionary?.ranks
      let type = table.columns[column].type
      try context.parallelRows(rows) { range, _ in
        OrderedBits.fill(numbers, vector, type, range, ranks: ranks)
        if isDescending { for row in range { numbers[row] = ~numbers[row] } }
      }
    }
  }

  deinit {
    for key in keys { key.numbers.deallocate() }
  }

  /// Whether one row stands before another; rows with equal keys keep their order.
  func precedes(_ a: Int, _ b: Int) -> Bool {
    for key in keys {
      let (x, y) = (isPresent(key, a), isPresent(key, b))
      if x != y { return x }
      if x, key.numbers[a] != key.numbers[b] { return key.numbers[a] < key.numbers[b] }
    }
    return a < b
  }

  /// Whether two rows have equal keys.
  func areEqual(_ a: Int, _ b: Int) -> Bool {
    keys.allSatisfy { key in
      let (x, y) = (isPresent(key, a), isPresent(key, b))
      return x == y && (!x || key.numbers[a] == key.numbers[b])
    }
  }

  private func isPresent(_ key: Key, _ row: Int) -> Bool { key.validity.map { bit($0, row) } ?? true }

  /// All rows in order.
  func order(_ context: ExecutionContext) throws -> [UInt32] {
    var order = [UInt32](repeating: 0, count: rows)
    for row in 0..<rows { order[row] = UInt32(truncatingIfNeeded: row) }
    guard rows > 2_048 else {
      order.sort { self.precedes(Int($0), Int($1)) }
      return order
    }
    // The least important key first: each pass is stable, so that the passes before it decide ties.
    for key in keys.reversed() { try RadixSort.sort(&order, key, context) }
    return order
  }

  /// The first `limit` rows in order, without sorting the others: each morsel keeps its best in a heap.
  func top(_ limit: Int, _ context: ExecutionContext) throws -> [UInt32] {
    let morsels = (rows + ExecutionContext.morselRows - 1) / ExecutionContext.morselRows
    guard limit > 0, morsels > 0 else { return [] }
    var best = [[UInt32]](repeating: [], count: morsels)
    try best.withUnsafeMutableBufferPointer { best in
      try context.parallelRows(rows) { range, _ in
        best[range.lowerBound / ExecutionContext.morselRows] = self.heap(range, limit)
      }
    }
    var all = best.flatMap { $0 }
    all.sort { self.precedes(Int($0), Int($1)) }
    return Array(all.prefix(limit))
  }

  /// The best rows of a range, the worst of them at the root.
  private func heap(_ range: Range<Int>, _ limit: Int) -> [UInt32] {
    var heap: [UInt32] = []
    func sink() {
      var place = 0
      while true {
        var worst = place
        for child in [2 * place + 1, 2 * place + 2] where child < heap.count {
          if precedes(Int(heap[worst]), Int(heap[child])) { worst = child }
        }
        if worst == place { return }
        heap.swapAt(worst, place)
        place = worst
      }
    }
    let first = keys[0]
    for row in range {
      // Most rows are worse than the worst of the best by their first key alone.
      if heap.count == limit, first.validity == nil, first.numbers[row] > first.numbers[Int(heap[0])] { continue }
      if heap.count < limit {
        heap.append(UInt32(truncatingIfNeeded: row))
        var place = heap.count - 1
        while place > 0, precedes(Int(heap[(place - 1) / 2]), Int(heap[place])) {
          heap.swapAt(place, (place - 1) / 2)
          place = (place - 1) / 2
        }
      } else if precedes(row, Int(heap[0])) {
        heap[0] = UInt32(truncatingIfNeeded: row)
        sink()
      }
    }
    return heap
  }
}

/// Stable sorting of row numbers by 64-bit keys: a counting sort for each digit in which keys differ (Knuth, vol. 3, 5.2.5).
enum RadixSort {
  private static let digitBits = 11

  /// A row with its key, which moves along: looking it up by row would miss the cache at every step.
  private struct Entry: BitwiseCopyable {
    var key: UInt64
    var row: UInt32
  }

  static func sort(_ order: inout [UInt32], _ key: SortKeys.Key, _ context: ExecutionContext) throws {
    let rows = order.count
    var entries = [Entry](unsafeUninitializedCapacity: rows) { entries, count in
      for place in 0..<rows { entries[place] = Entry(key: key.numbers[Int(order[place])], row: order[place]) }
      count = rows
    }
    var different: UInt64 = 0
    for row in 0..<rows { different |= key.numbers[row] ^ key.numbers[0] }
    var other = [Entry](unsafeUninitializedCapacity: rows) { _, count in count = rows }
    let mask: UInt64 = (1 << UInt64(digitBits)) - 1
    var shift: UInt64 = 0
    while shift < 64 {
      if different >> shift & mask != 0 {
        try context.cancellation.check()
        pass(entries, into: &other, shift, mask)
        swap(&entries, &other)
      }
      shift += UInt64(digitBits)
    }
    // Missing rows go last, in the order they have.
    var place = 0
    if let validity = key.validity {
      for entry in entries where bit(validity, Int(entry.row)) {
        order[place] = entry.row
        place += 1
      }
      for row in entries.lazy.map(\.row) where !bit(validity, Int(row)) {
        order[place] = row
        place += 1
      }
    } else {
      for place in 0..<rows { order[place] = entries[place].row }
    }
  }

  private static func pass(_ entries: [Entry], into other: inout [Entry], _ shift: UInt64, _ mask: UInt64) {
    var places = [Int](repeating: 0, count: Int(mask) + 2)
    entries.withUnsafeBufferPointer { entries in
      other.withUnsafeMutableBufferPointer { other in
        places.withUnsafeMutableBufferPointer { places in
          for entry in entries { places[Int(entry.key >> shift & mask) + 1] += 1 }
          for digit in 1..<places.count { places[digit] += places[digit - 1] }
          for entry in entries {
            let digit = Int(entry.key >> shift & mask)
            other[places[digit]] = entry
            places[digit] += 1
          }
        }
      }
    }
  }
}
