import Columnar
import Query

/// A table's buffers as plain addresses, kept alive by the table that the view holds.
///
/// Arrays of trivial values keep their address as long as nobody mutates them, and a table's columns are immutable.
final class TableView {
  let table: Table
  private let bases: [UnsafeRawPointer]
  private let validities: [UnsafePointer<UInt64>?]

  init(_ table: Table) {
    self.table = table
    bases = table.columns.map { TableView.address(of: $0.storage) }
    validities = table.columns.map { column in
      column.validity.map { $0.words.withUnsafeBufferPointer { $0.baseAddress } } ?? nil
    }
  }

  var rowCount: Int { table.rowCount }

  /// The rows of one column from `start` on, which is a multiple of 64.
  func vector(_ column: Int, from start: Int) -> Vector {
    Vector(
      bases[column] + start * table.columns[column].type.width,
      validity: validities[column].map { $0 + start / 64 })
  }

  /// The smallest and largest value of a column of whole numbers, days or moments; nil when there is none.
  func range(_ column: Int, _ context: ExecutionContext) throws -> ClosedRange<Int64>? {
    try table.columns[column].statistics.range {
      let vector = vector(column, from: 0)
      return switch table.columns[column].type.physical {
      case .int64: try ValueRange.of(vector, as: Int64.self, rowCount, context)
      case .int32: try ValueRange.of(vector, as: Int32.self, rowCount, context)
      case .bool: 0...1
      case .code, .double: nil
      }
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

/// Smallest and largest values, found on all cores.
enum ValueRange {
  static func of<T: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
    _ vector: Vector, as type: T.Type, _ rows: Int, _ context: ExecutionContext
  ) throws -> ClosedRange<Int64>? {
    let morsels = (rows + ExecutionContext.morselRows - 1) / ExecutionContext.morselRows
    var lows = [T](repeating: .max, count: morsels)
    var highs = [T](repeating: .min, count: morsels)
    try lows.withUnsafeMutableBufferPointer { lows in
      try highs.withUnsafeMutableBufferPointer { highs in
        try context.parallelRows(rows) { range, _ in
          let (low, high) = extremes(vector.values(of: T.self), vector.validity, range)
          let morsel = range.lowerBound / ExecutionContext.morselRows
          lows[morsel] = low
          highs[morsel] = high
        }
      }
    }
    guard let low = lows.min(), let high = highs.max(), low <= high else { return nil }
    return Int64(low)...Int64(high)
  }

  @inline(__always) private static func extremes<T: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
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
