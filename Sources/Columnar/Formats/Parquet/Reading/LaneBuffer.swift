import CScan

/// The rows of a column while they are read: in as few bytes a number as the numbers so far need.
///
/// Values are written without gaps first and moved to their rows then. Whoever writes has asked for the lane before.
final class LaneBuffer {
  /// What the numbers stand for; it says how they become wider.
  enum Scale {
    case none
    /// Each is to be divided.
    case divided(Double)
    /// Seconds while they lie in 32 bits, microseconds in 64.
    case seconds
  }

  private(set) var lane: PackedValues.Lane
  /// The number of rows that there is room for.
  let rows: Int
  private let scale: Scale
  private(set) var base: UnsafeMutableRawPointer
  private var isFinished = false

  init(_ lane: PackedValues.Lane, rows: Int, _ scale: Scale = .none) {
    (self.lane, self.rows, self.scale) = (lane, rows, scale)
    base = LaneBuffer.room(rows * lane.width)
  }

  deinit { if !isFinished { martlet_room_free(base, rows * lane.width) } }

  private static func room(_ bytes: Int) -> UnsafeMutableRawPointer {
    // When there is no more memory, this fails as any allocation of Swift does.
    martlet_room_resize(nil, 0, bytes) ?? .allocate(byteCount: bytes, alignment: 16)
  }

  /// The places of the rows from one on, as numbers of a type that must be as wide as the lane.
  @inline(__always)
  func rows<T>(from row: Int, as type: T.Type) -> UnsafeMutablePointer<T> {
    base.assumingMemoryBound(to: T.self) + row
  }

  // MARK: Widening

  /// The lane that holds whole numbers in which the bits of `spread` differ from their sign.
  static func narrowest(_ spread: UInt64) -> PackedValues.Lane {
    spread <= 0x7f ? .int8 : spread <= 0x7fff ? .int16 : spread <= 0x7fff_ffff ? .int32 : .int64
  }

  /// The lane that holds so many codes.
  static func narrowest(codes: Int) -> PackedValues.Lane {
    codes <= 1 << 8 ? .uint8 : codes <= 1 << 16 ? .uint16 : .uint32
  }

  /// Makes the lane at least so wide; `used` rows are there. Numbers that are to be divided become real numbers when 32 bits
  /// are too few.
  func widen(to wanted: PackedValues.Lane, used: Int) {
    var wanted = wanted
    if case .divided = scale, wanted == .int64 { wanted = .double }
    guard wanted.width > lane.width else { return }
    let wider = LaneBuffer.room(rows * wanted.width)
    switch (lane, wanted) {
    case (.int8, .int16): convert(Int8.self, wider, used) { Int16($0) }
    case (.int8, .int32): convert(Int8.self, wider, used) { Int32($0) }
    case (.int8, .int64): convert(Int8.self, wider, used) { Int64($0) }
    case (.int16, .int32): convert(Int16.self, wider, used) { Int32($0) }
    case (.int16, .int64): convert(Int16.self, wider, used) { Int64($0) }
    case (.int32, .int64):
      let factor: Int64 = if case .seconds = scale { 1_000_000 } else { 1 }
      convert(Int32.self, wider, used) { Int64($0) &* factor }
    case (.int8, .double): convert(Int8.self, wider, used, divided)
    case (.int16, .double): convert(Int16.self, wider, used, divided)
    case (.int32, .double): convert(Int32.self, wider, used, divided)
    case (.uint8, .uint16): convert(UInt8.self, wider, used) { UInt16($0) }
    case (.uint8, .uint32): convert(UInt8.self, wider, used) { UInt32($0) }
    case (.uint16, .uint32): convert(UInt16.self, wider, used) { UInt32($0) }
    default: break
    }
    martlet_room_free(base, rows * lane.width)
    (base, lane) = (wider, wanted)
  }

  private func divided(_ number: some BinaryInteger) -> Double {
    if case .divided(let divisor) = scale { Double(number) / divisor } else { Double(number) }
  }

  private func convert<From, To>(
    _ type: From.Type, _ wider: UnsafeMutableRawPointer, _ used: Int, _ map: (From) -> To
  ) {
    let (from, to) = (base.assumingMemoryBound(to: From.self), wider.assumingMemoryBound(to: To.self))
    for row in 0..<used { to[row] = map(from[row]) }
  }

  // MARK: Writing

  /// Writes whole numbers from a row on; the lane becomes as wide as they need.
  func put(_ numbers: UnsafePointer<Int64>, _ count: Int, at row: Int) {
    if lane.width < 8 {
      var spread: UInt64 = 0
      for i in 0..<count { spread |= UInt64(bitPattern: numbers[i] ^ numbers[i] >> 63) }
      widen(to: LaneBuffer.narrowest(spread), used: row)
    }
    switch lane {
    case .int8: write(numbers, count, row) { Int8(truncatingIfNeeded: $0) }
    case .int16: write(numbers, count, row) { Int16(truncatingIfNeeded: $0) }
    case .int32: write(numbers, count, row) { Int32(truncatingIfNeeded: $0) }
    case .double: write(numbers, count, row, divided)
    default: rows(from: row, as: Int64.self).update(from: numbers, count: count)
    }
  }

  /// Writes codes below `limit` from a row on; the lane becomes as wide as the limit needs.
  func put(codes: UnsafePointer<UInt32>, _ count: Int, limit: Int, at row: Int) {
    widen(to: LaneBuffer.narrowest(codes: limit), used: row)
    switch lane {
    case .uint8: write(codes, count, row) { UInt8(truncatingIfNeeded: $0) }
    case .uint16: write(codes, count, row) { UInt16(truncatingIfNeeded: $0) }
    default: rows(from: row, as: UInt32.self).update(from: codes, count: count)
    }
  }

  @inline(__always)
  private func write<From, To>(_ from: UnsafePointer<From>, _ count: Int, _ row: Int, _ map: (From) -> To) {
    let to = rows(from: row, as: To.self)
    for i in 0..<count { to[i] = map(from[i]) }
  }

  // MARK: Gaps

  /// Moves `present` values, which stand from a row on, to those of the next `count` rows that have one.
  func spread(_ present: Int, over count: Int, at row: Int, _ bits: UnsafePointer<UInt64>) {
    switch lane.width {
    case 1: spread(UInt8.self, present, count, row, bits)
    case 2: spread(UInt16.self, present, count, row, bits)
    case 4: spread(UInt32.self, present, count, row, bits)
    default: spread(UInt64.self, present, count, row, bits)
    }
  }

  private func spread<T: FixedWidthInteger & UnsignedInteger>(
    _ type: T.Type, _ present: Int, _ count: Int, _ row: Int, _ bits: UnsafePointer<UInt64>
  ) {
    let values = rows(from: row, as: T.self)
    var from = present
    var to = count
    // From the last one on; where no gap is left before, all stand where they belong.
    while to > from {
      to &-= 1
      let bit = bits[(row &+ to) >> 6] >> UInt64((row &+ to) & 63) & 1
      from &-= Int(truncatingIfNeeded: bit)
      values[to] = values[from] & (0 &- T(truncatingIfNeeded: bit))
    }
  }

  /// Hands the memory over.
  func finish(_ meaning: PackedValues.Meaning) -> PackedValues {
    isFinished = true
    return PackedValues(taking: base, lane, count: rows, meaning)
  }
}
