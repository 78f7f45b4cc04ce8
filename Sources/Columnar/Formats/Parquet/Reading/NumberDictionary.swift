/// The numbers of a dictionary page, in the lane of the buffer that they are written to.
struct NumberDictionary {
  private let words: [Int64]
  private let scale: LaneBuffer.Scale
  /// The lane in which all numbers fit.
  let narrowest: PackedValues.Lane
  /// Eight bytes a number are made of them when the lane is known.
  private var lane: PackedValues.Lane?
  private var bytes: [UInt64] = []

  var count: Int { words.count }

  /// Whole numbers, or the bit patterns of real ones; moments in microseconds.
  init(_ words: [Int64], _ kind: PackedValues.Lane, _ scale: LaneBuffer.Scale) {
    self.words = words
    self.scale = scale
    guard kind != .double else {
      narrowest = .double
      return
    }
    var spread: UInt64 = 0
    var isSeconds = false
    if case .seconds = scale { isSeconds = words.allSatisfy { $0 % 1_000_000 == 0 } }
    for word in words {
      let number = isSeconds ? word / 1_000_000 : word
      spread |= UInt64(bitPattern: number ^ number >> 63)
    }
    let fitting = LaneBuffer.narrowest(spread)
    switch scale {
    case .seconds: narrowest = isSeconds && fitting != .int64 ? .int32 : .int64
    case .divided: narrowest = fitting == .int64 ? .double : fitting
    // Days always have 32 bits.
    case .none: narrowest = fitting.width < kind.width ? kind : fitting
    }
  }

  /// Lays the numbers out for a lane that is at least as wide as the narrowest.
  private mutating func prepare(_ wanted: PackedValues.Lane) {
    guard lane != wanted else { return }
    lane = wanted
    let (words, scale, isReal) = (words, scale, narrowest == .double && !isDivided)
    bytes = [UInt64](repeating: 0, count: words.count + 1)
    bytes.withUnsafeMutableBytes { room in
      for (place, word) in words.enumerated() {
        switch wanted {
        case .int8, .uint8: room.storeBytes(of: Int8(truncatingIfNeeded: word), toByteOffset: place, as: Int8.self)
        case .int16: room.storeBytes(of: Int16(truncatingIfNeeded: word), toByteOffset: place * 2, as: Int16.self)
        case .int32:
          var number = word
          if case .seconds = scale { number /= 1_000_000 }
          room.storeBytes(of: Int32(truncatingIfNeeded: number), toByteOffset: place * 4, as: Int32.self)
        case .double:
          if isReal {
            room.storeBytes(of: word, toByteOffset: place * 8, as: Int64.self)
          } else if case .divided(let divisor) = scale {
            room.storeBytes(of: Double(word) / divisor, toByteOffset: place * 8, as: Double.self)
          }
        default: room.storeBytes(of: word, toByteOffset: place * 8, as: Int64.self)
        }
      }
    }
  }

  private var isDivided: Bool { if case .divided = scale { true } else { false } }

  /// Writes the numbers of some codes, all below `count`, from a row on.
  mutating func put(_ codes: UnsafePointer<UInt32>, _ count: Int, _ buffer: LaneBuffer, at row: Int) {
    buffer.widen(to: narrowest, used: row)
    prepare(buffer.lane)
    bytes.withUnsafeBytes { numbers in
      guard let base = numbers.baseAddress else { return }
      switch buffer.lane.width {
      case 1: NumberDictionary.gather(UInt8.self, base, codes, count, buffer, row)
      case 2: NumberDictionary.gather(UInt16.self, base, codes, count, buffer, row)
      case 4: NumberDictionary.gather(UInt32.self, base, codes, count, buffer, row)
      default: NumberDictionary.gather(UInt64.self, base, codes, count, buffer, row)
      }
    }
  }

  @inline(__always)
  private static func gather<T>(
    _ type: T.Type, _ base: UnsafeRawPointer, _ codes: UnsafePointer<UInt32>, _ count: Int, _ buffer: LaneBuffer,
    _ row: Int
  ) {
    let numbers = base.assumingMemoryBound(to: T.self)
    let to = buffer.rows(from: row, as: T.self)
    for i in 0..<count { to[i] = numbers[Int(codes[i])] }
  }
}
