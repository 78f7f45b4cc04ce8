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
      var ranks: [UInt32] = []
      if case .text(_, let dictionary) = table.columns[column].storage { ranks = dictionary.ranks }
      let flip: UInt64 = isDescending ? ~0 : 0
      let type = table.columns[column].type
      try context.parallelRows(rows) { range, _ in
        SortKeys.fill(numbers, vector, type, ranks, range, flip)
      }
    }
  }

  deinit {
    for key in keys { key.numbers.deallocate() }
  }

  private static func fill(
    _ out: UnsafeMutablePointer<UInt64>, _ vector: Vector, _ type: DataType, _ ranks: [UInt32], _ range: Range<Int>,
    _ flip: UInt64
  ) {
    let sign: UInt64 = 1 << 63
    switch type.physical {
    case .int64:
      let values = vector.values(of: Int64.self)
      for i in range { out[i] = (UInt64(bitPattern: values[i]) ^ sign) ^ flip }
    case .int32:
      let values = vector.values(of: Int32.self)
      for i in range { out[i] = (UInt64(bitPattern: Int64(values[i])) ^ sign) ^ flip }
    case .double:
      let values = vector.values(of: Double.self)
      for i in range {
        // Minus zero is zero; negative numbers are ordered the other way round by their bits.
        let bits = values[i] == 0 ? 0 : values[i].bitPattern
        out[i] = (bits & sign == 0 ? bits | sign : ~bits) ^ flip
      }
    case .code:
      let codes = vector.values(of: UInt32.self)
      for i in range { out[i] = UInt64(ranks.indices.contains(Int(codes[i])) ? ranks[Int(codes[i])] : 0) ^ flip }
    case .bool:
      let values = vector.values(of: UInt8.self)
      for i in range { out[i] = UInt64(values[i]) ^ flip }
    }
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
    for row in range {
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

  static func sort(_ order: inout [UInt32], _ key: SortKeys.Key, _ context: ExecutionContext) throws {
    let rows = order.count
    var different: UInt64 = 0
    let first = key.numbers[0]
    for row in 0..<rows { different |= key.numbers[row] ^ first }
    var other = [UInt32](repeating: 0, count: rows)
    var shift = 0
    while shift < 64 {
      let mask: UInt64 = (1 << UInt64(digitBits)) - 1
      if different >> UInt64(shift) & mask != 0 {
        try context.cancellation.check()
        pass(order, into: &other, key.numbers, UInt64(shift), mask)
        swap(&order, &other)
      }
      shift += digitBits
    }
    guard let validity = key.validity else { return }
    // Missing rows go last, in the order they have.
    var place = 0
    for row in order where bit(validity, Int(row)) {
      other[place] = row
      place += 1
    }
    for row in order where !bit(validity, Int(row)) {
      other[place] = row
      place += 1
    }
    swap(&order, &other)
  }

  private static func pass(
    _ order: [UInt32], into other: inout [UInt32], _ keys: UnsafePointer<UInt64>, _ shift: UInt64, _ mask: UInt64
  ) {
    var places = [Int](repeating: 0, count: Int(mask) + 2)
    order.withUnsafeBufferPointer { order in
      other.withUnsafeMutableBufferPointer { other in
        places.withUnsafeMutableBufferPointer { places in
          for row in order { places[Int(keys[Int(row)] >> shift & mask) + 1] += 1 }
          for digit in 1..<places.count { places[digit] += places[digit - 1] }
          for row in order {
            let digit = Int(keys[Int(row)] >> shift & mask)
            other[places[digit]] = row
            places[digit] += 1
          }
        }
      }
    }
  }
}
