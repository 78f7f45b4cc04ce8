import Columnar
import Query

/// Numbers the rows of a table in memory by their keys.
enum RowGrouping {
  /// Keys of so few combinations are numbered by an array, others by hashing.
  static func denseLimit(rows: Int) -> Int { max(1 << 16, rows) }

  /// The group of each row by all key columns; groups are numbered in order of first appearance.
  static func groups(_ table: Table, keys: [Int], _ context: ExecutionContext) throws -> GroupIDs {
    guard !keys.isEmpty else {
      return GroupIDs(
        ids: Array(repeating: 0, count: table.rowCount), firstRows: table.rowCount == 0 ? [] : [0])
    }
    let pipeline = Pipeline(table, context)
    if keys.count == 1, let single = try hashed(table, keys[0], pipeline, context) { return single }
    let packed = PackedKeys(rows: table.rowCount)
    for key in keys {
      let node = ColumnNode(key, pipeline.layout.columns[key])
      if let coder = try KeyCoding.coder(for: node, limit: 1 << 31) {
        let room = try packed.makeRoom(for: coder.domain + 1, context)
        try packed.add(factor: room, context) { range, worker, out in
          let scratch = context.scratch(worker)
          scratch.reset()
          let vector = pipeline.source.vector(key, range, scratch)
          let codes = coder.encode(vector, range.count, scratch)
          for i in 0..<range.count { out[i] = UInt64(codes[i]) }
        }
      } else if let single = try hashed(table, key, pipeline, context) {
        let room = try packed.makeRoom(for: single.count, context)
        try packed.add(factor: room, context) { range, _, out in
          for (i, row) in range.enumerated() { out[i] = UInt64(single.ids[row]) }
        }
      }
    }
    return try packed.groups(context)
  }

  /// The groups of one column of real numbers or of whole ones in a wide range; nil for columns with small codes.
  private static func hashed(
    _ table: Table, _ key: Int, _ pipeline: Pipeline, _ context: ExecutionContext
  ) throws -> GroupIDs? {
    let node = ColumnNode(key, pipeline.layout.columns[key])
    if try KeyCoding.coder(for: node, limit: 1 << 31) != nil { return nil }
    let vector = pipeline.source.vector(key, from: 0)
    guard node.type == .real else {
      return try Factorizer.run(vector.values(), validity: vector.validity, rows: table.rowCount, context)
    }
    let values = vector.values(of: Double.self)
    let bits = UnsafeMutablePointer<UInt64>.allocate(capacity: max(1, table.rowCount))
    defer { bits.deallocate() }
    // Zero and minus zero are one value.
    try context.parallelRows(table.rowCount) { range, _ in
      for row in range { bits[row] = values[row] == 0 ? 0 : values[row].bitPattern }
    }
    return try Factorizer.run(bits, validity: vector.validity, rows: table.rowCount, context)
  }
}

/// The codes of several keys packed into one number for each row.
private final class PackedKeys {
  private let rows: Int
  private let keys: UnsafeMutablePointer<UInt64>
  private var domain: UInt64 = 1

  init(rows: Int) {
    self.rows = rows
    keys = .allocate(capacity: max(1, rows))
    keys.initialize(repeating: 0, count: max(1, rows))
  }

  deinit { keys.deallocate() }

  /// The factor of the next key's codes. When the product would not fit, what is packed so far is numbered anew first.
  func makeRoom(for codes: Int, _ context: ExecutionContext) throws -> UInt64 {
    let next = UInt64(max(1, codes))
    if domain.multipliedReportingOverflow(by: next).overflow {
      let groups = try Factorizer.run(keys, validity: nil, rows: rows, context)
      for row in 0..<rows { keys[row] = UInt64(groups.ids[row]) }
      domain = UInt64(max(1, groups.count))
    }
    let factor = domain
    domain = domain &* next
    return factor
  }

  func add(
    factor: UInt64, _ context: ExecutionContext,
    _ codes: (Range<Int>, Int, UnsafeMutablePointer<UInt64>) -> Void
  ) throws {
    let size = ExecutionContext.batchRows
    try context.parallel((rows + size - 1) / size) { task, worker in
      let range = task * size..<min(rows, (task + 1) * size)
      withUnsafeTemporaryAllocation(of: UInt64.self, capacity: size) { buffer in
        guard let out = buffer.baseAddress else { return }
        codes(range, worker, out)
        for i in 0..<range.count { keys[range.lowerBound + i] &+= out[i] &* factor }
      }
    }
  }

  func groups(_ context: ExecutionContext) throws -> GroupIDs {
    guard domain <= UInt64(RowGrouping.denseLimit(rows: rows)) else {
      return try Factorizer.run(keys, validity: nil, rows: rows, context)
    }
    var numbers = [UInt32](repeating: .max, count: Int(domain))
    var ids = [UInt32](repeating: 0, count: rows)
    var firstRows: [UInt32] = []
    for row in 0..<rows {
      if row & 0xF_FFFF == 0 { try context.cancellation.check() }
      let key = Int(keys[row])
      if numbers[key] == .max {
        numbers[key] = UInt32(firstRows.count)
        firstRows.append(UInt32(row))
      }
      ids[row] = numbers[key]
    }
    return GroupIDs(ids: ids, firstRows: firstRows)
  }
}
