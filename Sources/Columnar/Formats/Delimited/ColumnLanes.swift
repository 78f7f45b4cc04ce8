import CScan

/// The buffer of a column that grows while chunks are added: as few bytes a number as the numbers so far need.
///
/// A large buffer grows by moving pages: nothing is copied, and the old one and the new one are never resident together.
final class ColumnLanes {
  private(set) var lane: PackedValues.Lane
  private(set) var count = 0
  private var base: UnsafeMutableRawPointer?
  private var capacity = 0
  private var isFinished = false

  init(_ kind: ColumnKind) {
    switch kind {
    case .integer, .real: lane = .int8
    case .date: lane = .int32
    case .boolean, .text: lane = .uint8
    }
  }

  deinit { if !isFinished { martlet_room_free(base, capacity) } }

  /// Whether numbers take eight bytes by now.
  var isWide: Bool { lane.width == 8 }

  /// Room for more numbers behind those that are there.
  private func room(_ more: Int) -> UnsafeMutableRawPointer {
    let wanted = (count + more) * lane.width
    if let base, wanted <= capacity { return base + count * lane.width }
    return resized(max(wanted + wanted / 2, 1 << 12)) + count * lane.width
  }

  private func resized(_ bytes: Int) -> UnsafeMutableRawPointer {
    // When there is no more memory, this fails as any allocation of Swift does.
    let new = martlet_room_resize(base, capacity, bytes) ?? .allocate(byteCount: bytes, alignment: 16)
    base = new
    capacity = bytes
    return new
  }

  // MARK: Numbers

  /// Adds 32-bit numbers in as few bytes as they need.
  func append(_ values: UnsafeBufferPointer<Int32>) {
    if lane == .int8 || lane == .int16 {
      // The bits in which some number differs from its sign.
      var spread: UInt32 = 0
      for value in values { spread |= UInt32(bitPattern: value ^ value >> 31) }
      if spread > 0x7fff { widen(to: .int32) } else if spread > 0x7f { widen(to: .int16) }
    }
    switch lane {
    case .int8: write(values) { Int8(truncatingIfNeeded: $0) }
    case .int16: write(values) { Int16(truncatingIfNeeded: $0) }
    case .int32: write(values) { $0 }
    default: write(values) { Int64($0) }
    }
  }

  /// Adds the 32-bit numbers to 64-bit ones, each times a factor.
  func append(_ values: UnsafeBufferPointer<Int32>, times factor: Int64) { write(values) { Int64($0) &* factor } }

  /// Adds 64-bit numbers to such.
  func append(_ values: UnsafeBufferPointer<Int64>) { write(values) { $0 } }

  /// Adds numbers, divided, to real ones.
  func append(_ values: UnsafeBufferPointer<Int32>, by divisor: Double) { write(values) { Double($0) / divisor } }

  /// Adds whole numbers to real ones.
  func appendReal(_ values: UnsafeBufferPointer<Int64>) { write(values) { Double($0) } }

  /// Adds real numbers to such.
  func append(_ values: UnsafeBufferPointer<Double>) { write(values) { $0 } }

  /// Adds truth values.
  func append(_ values: UnsafeBufferPointer<Bool>) { write(values) { $0 } }

  /// Adds codes, of which the largest is below `limit`.
  func append(codes: UnsafeBufferPointer<UInt32>, limit: Int) {
    if limit > 1 << 16 { widen(to: .uint32) } else if limit > 1 << 8, lane == .uint8 { widen(to: .uint16) }
    switch lane {
    case .uint8: write(codes) { UInt8(truncatingIfNeeded: $0) }
    case .uint16: write(codes) { UInt16(truncatingIfNeeded: $0) }
    default: write(codes) { $0 }
    }
  }

  @inline(__always)
  private func write<From, To: BitwiseCopyable>(_ values: UnsafeBufferPointer<From>, _ map: (From) -> To) {
    guard let from = values.baseAddress else { return }
    let to = room(values.count).assumingMemoryBound(to: To.self)
    for i in 0..<values.count { to[i] = map(from[i]) }
    count += values.count
  }

  // MARK: Widening

  /// Makes all numbers `Int64`, each times a factor.
  func makeWords(times factor: Int64 = 1) {
    switch lane {
    case .int8: convert(Int8.self, .int64) { Int64($0) &* factor }
    case .int16: convert(Int16.self, .int64) { Int64($0) &* factor }
    case .int32: convert(Int32.self, .int64) { Int64($0) &* factor }
    default: return
    }
  }

  /// Makes all numbers `Double`, each divided.
  func makeReals(by divisor: Double) {
    switch lane {
    case .int8: convert(Int8.self, .double) { Double($0) / divisor }
    case .int16: convert(Int16.self, .double) { Double($0) / divisor }
    case .int32: convert(Int32.self, .double) { Double($0) / divisor }
    case .int64: convert(Int64.self, .double) { Double($0) }
    default: return
    }
  }

  private func widen(to wider: PackedValues.Lane) {
    switch (lane, wider) {
    case (.int8, .int16): convert(Int8.self, wider) { Int16($0) }
    case (.int8, .int32): convert(Int8.self, wider) { Int32($0) }
    case (.int16, .int32): convert(Int16.self, wider) { Int32($0) }
    case (.uint8, .uint16): convert(UInt8.self, wider) { UInt16($0) }
    case (.uint8, .uint32): convert(UInt8.self, wider) { UInt32($0) }
    case (.uint16, .uint32): convert(UInt16.self, wider) { UInt32($0) }
    default: return
    }
  }

  /// Converts in place, from the last number to the first.
  @inline(__always)
  private func convert<From: BitwiseCopyable, To: BitwiseCopyable>(
    _ type: From.Type, _ wider: PackedValues.Lane, _ map: (From) -> To
  ) {
    lane = wider
    guard count > 0 else { return }
    let grown = resized(count * wider.width * 2)
    let (from, to) = (grown.assumingMemoryBound(to: From.self), grown.assumingMemoryBound(to: To.self))
    var row = count - 1
    while row >= 0 {
      to[row] = map(from[row])
      row -= 1
    }
  }

  // MARK: Reading

  /// The first row with a code.
  func firstRow(of code: UInt32) -> Int? {
    guard let base else { return nil }
    return (0..<count).first { row in
      switch lane {
      case .uint8: base.load(fromByteOffset: row, as: UInt8.self) == code
      case .uint16: base.load(fromByteOffset: row * 2, as: UInt16.self) == code
      default: base.load(fromByteOffset: row * 4, as: UInt32.self) == code
      }
    }
  }

  /// Hands over the codes of all rows.
  func eachCode(_ body: (Int, UInt32) -> Void) {
    guard let base else { return }
    for row in 0..<count {
      switch lane {
      case .uint8: body(row, UInt32(base.load(fromByteOffset: row, as: UInt8.self)))
      case .uint16: body(row, UInt32(base.load(fromByteOffset: row * 2, as: UInt16.self)))
      default: body(row, base.load(fromByteOffset: row * 4, as: UInt32.self))
      }
    }
  }

  /// Begins anew with codes.
  func removeAll() {
    martlet_room_free(base, capacity)
    (base, capacity, count, lane) = (nil, 0, 0, .uint8)
  }

  /// Makes days of seconds, or of microseconds, at midnight.
  func makeDays() {
    guard count > 0, let base else { return }
    let days = base.assumingMemoryBound(to: Int32.self)
    if lane == .int64 {
      let moments = base.assumingMemoryBound(to: Int64.self)
      for row in 0..<count { days[row] = Int32(truncatingIfNeeded: moments[row] / Timestamp.perDay) }
      lane = .int32
    } else {
      for row in 0..<count { days[row] /= 86_400 }
    }
  }

  /// Hands the buffer over. Nothing can be added afterwards.
  func finish(_ meaning: PackedValues.Meaning) -> PackedValues {
    isFinished = true
    return PackedValues(taking: resized(count * lane.width), lane, count: count, meaning)
  }
}
