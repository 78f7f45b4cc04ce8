/// The smallest and largest value of a column in one row group, as its writer says.
struct ChunkRange {
  /// A value as the column has it: whole numbers, days, microseconds; real numbers; or the bytes of a text.
  enum Edge: Hashable {
    case whole(Int64)
    case real(Double)
    case text([UInt8])

    /// Whether this is certainly before another.
    func precedes(_ other: Edge) -> Bool {
      switch (self, other) {
      case (.whole(let a), .whole(let b)): a < b
      case (.real(let a), .real(let b)): a < b
      // Rounding keeps the order, so that what is before is so in truth.
      case (.whole(let a), .real(let b)): Double(a) < b
      case (.real(let a), .whole(let b)): a < Double(b)
      case (.text(let a), .text(let b)): a.lexicographicallyPrecedes(b)
      default: false
      }
    }
  }

  private(set) var low: Edge?
  private(set) var high: Edge?
  /// Whether both are values that occur.
  private(set) var isExact = false
  private let missing: Int?
  private let column: ParquetColumn

  init(_ chunk: FileMetadata.ColumnChunk, _ column: ParquetColumn) {
    self.column = column
    missing = chunk.statistics?.nullCount
    guard let statistics = chunk.statistics, !statistics.isOld || ChunkRange.hasOldOrder(column) else { return }
    low = statistics.low.flatMap { ChunkRange.edge($0, column) }
    high = statistics.high.flatMap { ChunkRange.edge($0, column) }
    isExact = statistics.isLowExact && statistics.isHighExact
  }

  /// Whether none of so many rows has a value.
  func isMissing(_ rows: Int) -> Bool { missing == rows }

  /// Whether some value may be within a bound.
  func meets(_ bound: ColumnBound) -> Bool {
    if let value = bound.low, let edge = edge(value, isLow: true), let high, high.precedes(edge) { return false }
    if let value = bound.high, let edge = edge(value, isLow: false), let low, edge.precedes(low) { return false }
    return true
  }

  /// In the old fields, only numbers with a sign were ever compared in one way.
  private static func hasOldOrder(_ column: ParquetColumn) -> Bool {
    switch column.meaning {
    case .whole(let isSigned): isSigned
    case .days, .moments, .real: true
    case .decimal: column.physical == .int32 || column.physical == .int64
    case .largeWhole, .oldMoments, .half, .boolean, .text, .uuid, .clock: false
    }
  }

  private static func edge(_ bytes: [UInt8], _ column: ParquetColumn) -> Edge? {
    func word<T: FixedWidthInteger>(_ type: T.Type) -> T? {
      guard bytes.count == MemoryLayout<T>.size else { return nil }
      return bytes.withUnsafeBytes { T(littleEndian: $0.loadUnaligned(as: T.self)) }
    }
    let number: Int64? = column.physical == .int32 ? word(Int32.self).map(Int64.init) : word(Int64.self)
    switch column.meaning {
    case .whole(isSigned: true), .days: return number.map { .whole($0) }
    case .whole(isSigned: false): return number.map { .whole(column.physical == .int32 ? $0 & 0xffff_ffff : $0) }
    case .moments(let unit): return number.flatMap { moment($0, unit) }.map { .whole($0) }
    case .decimal(let scale, _):
      let divisor = (0..<scale).reduce(1.0) { power, _ in power * 10 }
      if column.isBytes { return .real(bytes.withUnsafeBufferPointer { BytesNumbers.real($0) } / divisor) }
      return number.map { .real(Double($0) / divisor) }
    case .real:
      let value =
        column.physical == .float
        ? word(UInt32.self).map { Double(Float(bitPattern: $0)) } : word(UInt64.self).map { Double(bitPattern: $0) }
      return value.flatMap { $0.isNaN ? nil : .real($0) }
    case .text(isDeclared: true): return .text(bytes)
    case .largeWhole, .oldMoments, .half, .boolean, .text, .uuid, .clock: return nil
    }
  }

  private static func moment(_ number: Int64, _ unit: FileMetadata.TimeUnit) -> Int64? {
    switch unit {
    case .milliseconds:
      let (value, isFar) = number.multipliedReportingOverflow(by: 1000)
      return isFar ? nil : value
    case .microseconds: return number
    case .nanoseconds: return number >= 0 ? number / 1000 : ~(~number / 1000)
    }
  }

  /// A bound in the unit of the column; for one that spans some time, its end on this side.
  private func edge(_ value: Value, isLow: Bool) -> Edge? {
    switch (column.type, value) {
    case (.integer, .integer(let number)): return .whole(number)
    case (.integer, .real(let number)), (.real, .real(let number)): return .real(number)
    case (.real, .integer(let number)): return .real(Double(number))
    case (.text, .text(let text)): return .text(Array(text.utf8))
    case (.date, .date(let date)): return .whole(Int64(date.days))
    case (.date, .datetime(let moment)): return .whole(Int64(moment.date.days))
    case (.date, .period(let period)): return .whole(Int64(isLow ? period.start.days : period.end.days))
    case (.datetime, .datetime(let moment)): return .whole(moment.microseconds)
    case (.datetime, .date(let date)): return .whole(ChunkRange.moment(date, isLow))
    case (.datetime, .period(let period)): return .whole(ChunkRange.moment(isLow ? period.start : period.end, isLow))
    default: return nil
    }
  }

  private static func moment(_ date: CivilDate, _ isLow: Bool) -> Int64 {
    let start = Timestamp(date).microseconds
    return isLow ? start : start.addingReportingOverflow(Timestamp.perDay - 1).partialValue
  }
}
