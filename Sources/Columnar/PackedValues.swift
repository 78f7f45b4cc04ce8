import CScan

/// The values of a column as a reader made them: in as few bytes as they need, mostly one, two or four.
///
/// A hundred million sales fit in memory that way, and loops over them wait less for it. Engines widen some thousand rows at
/// a time; `Column.storage` widens all of them.
public struct PackedValues: Sendable {
  /// How one number lies in memory.
  public enum Lane: Hashable, Sendable {
    case int8, int16, int32, int64, uint8, uint16, uint32, double

    /// Bytes of one number.
    public var width: Int {
      switch self {
      case .int8, .uint8: 1
      case .int16, .uint16: 2
      case .int32, .uint32: 4
      case .int64, .double: 8
      }
    }
  }

  /// What the numbers mean.
  public enum Meaning: Sendable {
    /// Whole numbers.
    case whole
    /// Real numbers.
    case real
    /// Real numbers: the number divided by this power of ten. A division is rounded once, so that the value is that of the
    /// decimal text (Clinger, 1990).
    case decimal(Double)
    /// 0 and 1.
    case boolean
    /// Days since 1970-01-01.
    case days
    /// The first days of periods, since 1970-01-01.
    case periods(Grain)
    /// Moments, in seconds since 1970-01-01T00:00.
    case seconds
    /// Moments, in microseconds.
    case microseconds
    /// Codes of texts.
    case codes(TextDictionary)
  }

  /// Memory that nobody writes to any more, and that is given back with the last column that has it.
  private final class Room: @unchecked Sendable {
    let base: UnsafeMutableRawPointer
    let bytes: Int

    init(_ base: UnsafeMutableRawPointer, _ bytes: Int) {
      self.base = base
      self.bytes = bytes
    }

    deinit { martlet_room_free(base, bytes) }
  }

  private let room: Room
  /// How one number lies in memory.
  public let lane: Lane
  /// What the numbers mean.
  public let meaning: Meaning
  /// The number of rows.
  public let count: Int

  /// Takes over memory of `martlet_room_resize`, of just as many bytes as the numbers have.
  init(taking base: UnsafeMutableRawPointer, _ lane: Lane, count: Int, _ meaning: Meaning) {
    room = Room(base, count * lane.width)
    self.lane = lane
    self.count = count
    self.meaning = meaning
  }

  /// The first number; valid as long as the values are.
  public var base: UnsafeRawPointer { UnsafeRawPointer(room.base) }

  /// The type of the values.
  public var type: DataType {
    switch meaning {
    case .whole: .integer
    case .real, .decimal: .real
    case .boolean: .boolean
    case .days: .date
    case .periods(let grain): .period(grain)
    case .seconds, .microseconds: .datetime
    case .codes: .text
    }
  }

  /// Whether the numbers lie in memory as `Column.Storage` has them, so that nothing has to be widened.
  public var isFullWidth: Bool {
    switch meaning {
    case .whole, .microseconds: lane == .int64
    case .real, .boolean, .days, .periods: true
    case .decimal, .seconds: false
    case .codes: lane == .uint32
    }
  }

  /// One number; the row must be one of the column's.
  private func number(_ row: Int) -> Int64 {
    switch lane {
    case .int8: Int64(base.load(fromByteOffset: row, as: Int8.self))
    case .int16: Int64(base.load(fromByteOffset: row * 2, as: Int16.self))
    case .int32: Int64(base.load(fromByteOffset: row * 4, as: Int32.self))
    case .int64: base.load(fromByteOffset: row * 8, as: Int64.self)
    case .uint8: Int64(base.load(fromByteOffset: row, as: UInt8.self))
    case .uint16: Int64(base.load(fromByteOffset: row * 2, as: UInt16.self))
    case .uint32: Int64(base.load(fromByteOffset: row * 4, as: UInt32.self))
    case .double: 0
    }
  }

  /// The value of one row, boxed; missing past the last row.
  func value(_ row: Int) -> Value {
    guard row >= 0, row < count else { return .missing }
    let number = number(row)
    switch meaning {
    case .whole: return .integer(number)
    case .real: return .real(base.load(fromByteOffset: row * 8, as: Double.self))
    case .decimal(let divisor): return .real(Double(number) / divisor)
    case .boolean: return .boolean(number != 0)
    case .days: return .date(CivilDate(days: Int32(truncatingIfNeeded: number)))
    case .periods(let grain):
      return .period(Period(grain, containing: CivilDate(days: Int32(truncatingIfNeeded: number))))
    case .seconds: return .datetime(Timestamp(microseconds: number &* 1_000_000))
    case .microseconds: return .datetime(Timestamp(microseconds: number))
    case .codes(let dictionary): return .text(dictionary[Int(number)])
    }
  }

  /// Decimals of which all are whole, as such; nil when some is not.
  func divided(by divisor: Double) -> PackedValues? {
    guard let factor = Int64(exactly: divisor), factor > 0 else { return nil }
    let lanes = ColumnLanes(.integer)
    var piece: [Int32] = []
    for row in 0..<count {
      let number = number(row)
      if number % factor != 0 { return nil }
      piece.append(Int32(truncatingIfNeeded: number / factor))
      if piece.count == 1 << 16 || row == count - 1 {
        piece.withUnsafeBufferPointer(lanes.append)
        piece.removeAll(keepingCapacity: true)
      }
    }
    return lanes.finish(.whole)
  }

  /// The smallest and largest number of days or microseconds; nil for other columns, and without a value.
  func range(_ validity: Bitmap?) -> ClosedRange<Int64>? {
    let unit: Int64
    switch meaning {
    case .days, .periods, .microseconds: unit = 1
    case .seconds: unit = 1_000_000
    case .whole, .real, .decimal, .boolean, .codes: return nil
    }
    var (low, high) = (Int64.max, Int64.min)
    if lane == .int32, validity == nil {
      let numbers = UnsafeBufferPointer(start: base.assumingMemoryBound(to: Int32.self), count: count)
      var (least, most) = (Int32.max, Int32.min)
      for number in numbers { (least, most) = (min(least, number), max(most, number)) }
      (low, high) = (Int64(least), Int64(most))
    } else {
      for row in 0..<count where validity?[row] ?? true {
        (low, high) = (min(low, number(row)), max(high, number(row)))
      }
    }
    return low <= high ? low &* unit...high &* unit : nil
  }

  // MARK: Widening

  /// The same values as their type has them.
  func storage(first rows: Int) -> Column.Storage {
    switch meaning {
    case .whole: .integer(widened(rows))
    case .real, .decimal: .real(widened(rows))
    case .boolean: .boolean(widened(rows))
    case .days: .date(widened(rows))
    case .periods(let grain): .period(widened(rows), grain)
    case .seconds, .microseconds: .datetime(widened(rows))
    case .codes(let dictionary): .text(codes: widened(rows), dictionary)
    }
  }

  /// The values of some rows, all of which the column must have, in their order.
  public func storage(rows: [Int]) -> Column.Storage {
    switch meaning {
    case .whole, .microseconds:
      let values = rows.map(number)
      if case .whole = meaning { return .integer(values) }
      return .datetime(values)
    case .seconds: return .datetime(rows.map { number($0) &* 1_000_000 })
    case .real: return .real(rows.map { base.load(fromByteOffset: $0 * 8, as: Double.self) })
    case .decimal(let divisor): return .real(rows.map { Double(number($0)) / divisor })
    case .boolean: return .boolean(rows.map { number($0) != 0 })
    case .days: return .date(rows.map { Int32(truncatingIfNeeded: number($0)) })
    case .periods(let grain): return .period(rows.map { Int32(truncatingIfNeeded: number($0)) }, grain)
    case .codes(let dictionary): return .text(codes: rows.map { UInt32(truncatingIfNeeded: number($0)) }, dictionary)
    }
  }

  private func widened<T: BitwiseCopyable>(_ rows: Int) -> [T] {
    let rows = min(max(0, rows), count)
    return [T](unsafeUninitializedCapacity: rows) { out, made in
      if let start = out.baseAddress { widen(0..<rows, into: UnsafeMutableRawPointer(start)) }
      made = rows
    }
  }

  /// Writes some rows as their type has them: `Int64`, `Double`, `UInt32` for codes, `Int32` for days, `Bool`. Nothing is
  /// written for rows that the column does not have.
  public func widen(_ rows: Range<Int>, into out: UnsafeMutableRawPointer) {
    guard rows.lowerBound >= 0, rows.upperBound <= count else { return }
    switch lane {
    case .int8: widen(Int8.self, rows, out)
    case .int16: widen(Int16.self, rows, out)
    case .int32: widen(Int32.self, rows, out)
    case .uint8: widen(UInt8.self, rows, out)
    case .uint16: widen(UInt16.self, rows, out)
    case .int64, .double, .uint32: copy(rows, out)
    }
  }

  private func copy(_ rows: Range<Int>, _ out: UnsafeMutableRawPointer) {
    out.copyMemory(from: base + rows.lowerBound * lane.width, byteCount: rows.count * lane.width)
  }

  @inline(__always)
  private func widen<N: FixedWidthInteger>(_ type: N.Type, _ rows: Range<Int>, _ out: UnsafeMutableRawPointer) {
    let from = base.assumingMemoryBound(to: N.self) + rows.lowerBound
    let count = rows.count
    switch meaning {
    case .whole:
      let to = out.assumingMemoryBound(to: Int64.self)
      for i in 0..<count { to[i] = Int64(truncatingIfNeeded: from[i]) }
    case .decimal(let divisor):
      let to = out.assumingMemoryBound(to: Double.self)
      for i in 0..<count { to[i] = Double(Int32(truncatingIfNeeded: from[i])) / divisor }
    case .seconds:
      let to = out.assumingMemoryBound(to: Int64.self)
      for i in 0..<count { to[i] = Int64(truncatingIfNeeded: from[i]) &* 1_000_000 }
    case .codes:
      let to = out.assumingMemoryBound(to: UInt32.self)
      for i in 0..<count { to[i] = UInt32(truncatingIfNeeded: from[i]) }
    case .boolean, .days, .periods, .real, .microseconds: copy(rows, out)
    }
  }
}
