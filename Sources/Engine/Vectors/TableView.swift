import Columnar
import Query
import Synchronization

/// A table's buffers as plain addresses, kept alive by the table that the view holds.
///
/// Arrays of trivial values keep their address as long as nobody mutates them, and a table's columns are immutable.
final class TableView {
  let table: Table
  /// Where the values of each column begin; nil for columns that are packed in fewer bytes.
  private let bases: [UnsafeRawPointer?]
  private let validities: [UnsafePointer<UInt64>?]
  /// Packed columns that somebody wanted to reach into at any row, widened.
  private let whole = Mutex<[Int: Column.Storage]>([:])
  /// Whether some column is packed.
  let isPacked: Bool

  init(_ table: Table) {
    self.table = table
    bases = table.columns.map { column in
      guard let packed = column.packed else { return TableView.address(of: column.storage) }
      return packed.isFullWidth ? packed.base : nil
    }
    isPacked = bases.contains { $0 == nil }
    validities = table.columns.map { column in
      column.validity.map { $0.words.withUnsafeBufferPointer { $0.baseAddress } } ?? nil
    }
  }

  var rowCount: Int { table.rowCount }

  /// The rows of one column from `start` on, which is a multiple of 64. A packed column is widened as a whole.
  func vector(_ column: Int, from start: Int) -> Vector {
    let base = bases[column] ?? widened(column)
    return Vector(
      base + start * table.columns[column].type.width, validity: validities[column].map { $0 + start / 64 })
  }

  /// Some rows of one column, of which the first is a multiple of 64. Those of a packed column are widened into the scratch.
  func vector(_ column: Int, _ rows: Range<Int>, _ scratch: Scratch) -> Vector {
    guard bases[column] == nil, let packed = table.columns[column].packed else {
      return vector(column, from: rows.lowerBound)
    }
    let width = table.columns[column].type.width
    let room = UnsafeMutableRawPointer(scratch.allocate(rows.count * width, of: UInt8.self))
    packed.widen(rows, into: room)
    return Vector(UnsafeRawPointer(room), validity: validities[column].map { $0 + rows.lowerBound / 64 })
  }

  /// Whether a column holds moments as 32-bit seconds.
  func hasWholeSeconds(_ column: Int) -> Bool {
    guard let packed = table.columns[column].packed, case .seconds = packed.meaning else { return false }
    return packed.lane == .int32
  }

  /// A packed column from a row on, which is a multiple of 64; nil for others.
  func slice(_ column: Int, from start: Int) -> PackedSlice? {
    guard let packed = table.columns[column].packed else { return nil }
    return PackedSlice(
      base: packed.base + start * packed.lane.width, lane: packed.lane, meaning: packed.meaning,
      validity: validities[column].map { $0 + start / 64 })
  }

  private func widened(_ column: Int) -> UnsafeRawPointer {
    whole.withLock { whole in
      let storage = whole[column] ?? table.columns[column].storage
      whole[column] = storage
      return TableView.address(of: storage)
    }
  }

  /// The smallest and largest value of a column of whole numbers, days or moments; nil when there is none.
  func range(_ column: Int, _ context: ExecutionContext) throws -> ClosedRange<Int64>? {
    try bounds(column, context).whole
  }

  /// The same for the rows of one batch, when the whole column's are known already.
  func bounds(_ column: Int, batch: Int) -> ClosedRange<Int64>? {
    table.columns[column].statistics.foundBounds?[batch]
  }

  private func bounds(_ column: Int, _ context: ExecutionContext) throws -> ValueBounds {
    try table.columns[column].statistics.bounds {
      if let packed = table.columns[column].packed { return try bounds(packed, validities[column], context) }
      let vector = vector(column, from: 0)
      return switch table.columns[column].type.physical {
      case .int64: try BlockBounds.of(vector, as: Int64.self, rowCount, context)
      case .int32: try BlockBounds.of(vector, as: Int32.self, rowCount, context)
      case .bool: rowCount > 0 ? BlockBounds.same(0...1, rowCount) : ValueBounds([])
      case .code, .double: ValueBounds([])
      }
    }
  }

  private func bounds(
    _ packed: PackedValues, _ validity: UnsafePointer<UInt64>?, _ context: ExecutionContext
  ) throws -> ValueBounds {
    let vector = Vector(packed.base, validity: validity)
    let unit: Int64
    switch packed.meaning {
    case .whole, .days, .periods, .microseconds: unit = 1
    case .seconds: unit = 1_000_000
    case .boolean: return BlockBounds.same(0...1, rowCount)
    case .real, .decimal, .codes: return ValueBounds([])
    }
    return switch packed.lane {
    case .int8, .int16, .int32:
      try BlockBounds.of(rowCount, context) { rows in
        packed.bounds(rows, validity).map { $0.lowerBound &* unit...$0.upperBound &* unit }
      }
    case .int64: try BlockBounds.of(vector, as: Int64.self, rowCount, context)
    case .uint8: try BlockBounds.of(vector, as: UInt8.self, rowCount, context)
    case .uint16, .uint32, .double: ValueBounds([])
    }
  }

  private static func address(of storage: Column.Storage) -> UnsafeRawPointer {
    func base<T>(_ values: [T]) -> UnsafeRawPointer {
      values.withUnsafeBufferPointer { $0.baseAddress.map { UnsafeRawPointer($0) } } ?? nothing.base
    }
    switch storage {
    case .integer(let v), .datetime(let v): return base(v)
    case .real(let v): return base(v)
    case .text(let v, _): return base(v)
    case .boolean(let v): return base(v)
    case .date(let v), .period(let v, _): return base(v)
    }
  }

  /// A readable address for columns without rows.
  private final class Nothing: Sendable {
    nonisolated(unsafe) let base: UnsafeRawPointer
    init() { base = UnsafeRawPointer(UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 64)) }
  }
  private static let nothing = Nothing()
}

/// How values of a type lie in memory.
enum PhysicalType {
  case int64, double, code, bool, int32
}

extension DataType {
  var physical: PhysicalType {
    switch self {
    case .integer, .datetime: .int64
    case .real: .double
    case .text: .code
    case .boolean: .bool
    case .date, .period: .int32
    }
  }

  /// Bytes of one value.
  var width: Int {
    switch physical {
    case .int64, .double: 8
    case .code, .int32: 4
    case .bool: 1
    }
  }
}

/// Smallest and largest values of blocks of rows, found on all cores.
enum BlockBounds {
  static func of<T: FixedWidthInteger & BitwiseCopyable>(
    _ vector: Vector, as type: T.Type, _ rows: Int, _ context: ExecutionContext
  ) throws -> ValueBounds {
    try of(rows, context) { range in
      let (low, high) = extremes(vector.values(of: T.self), vector.validity, range)
      return low <= high ? Int64(low)...Int64(high) : nil
    }
  }

  /// The blocks' bounds as the closure finds them.
  static func of(
    _ rows: Int, _ context: ExecutionContext, _ bounds: (Range<Int>) -> ClosedRange<Int64>?
  ) throws -> ValueBounds {
    let size = ValueBounds.blockRows
    var blocks = [ClosedRange<Int64>?](repeating: nil, count: (rows + size - 1) / size)
    try blocks.withUnsafeMutableBufferPointer { blocks in
      try context.parallelRows(rows) { morsel, _ in
        for start in stride(from: morsel.lowerBound, to: morsel.upperBound, by: size) {
          blocks[start / size] = bounds(start..<min(morsel.upperBound, start + size))
        }
      }
    }
    return ValueBounds(blocks)
  }

  /// The same bounds for all blocks.
  static func same(_ bounds: ClosedRange<Int64>, _ rows: Int) -> ValueBounds {
    let size = ValueBounds.blockRows
    return ValueBounds(Array(repeating: bounds, count: (rows + size - 1) / size))
  }

  @inline(__always) private static func extremes<T: FixedWidthInteger & BitwiseCopyable>(
    _ values: UnsafePointer<T>, _ validity: UnsafePointer<UInt64>?, _ range: Range<Int>
  ) -> (T, T) {
    var low = T.max
    var high = T.min
    guard let validity else {
      for i in range {
        low = min(low, values[i])
        high = max(high, values[i])
      }
      return (low, high)
    }
    for i in range {
      let valid = bit(validity, i)
      low = min(low, valid ? values[i] : .max)
      high = max(high, valid ? values[i] : .min)
    }
    return (low, high)
  }
}
