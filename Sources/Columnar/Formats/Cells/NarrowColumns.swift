/// Whole columns in as few bytes a value as they need.
extension ColumnLanes {
  private static let block = 1 << 14

  /// Adds numbers block by block; each must fit 32 bits.
  private func append<N>(small values: [N], _ number: (N) -> Int32) {
    var start = 0
    while start < values.count {
      let end = min(values.count, start + ColumnLanes.block)
      values[start..<end].map(number).withUnsafeBufferPointer { append($0) }
      start = end
    }
  }

  /// Whole numbers, or what such numbers mean.
  static func packed(_ values: [Int64], _ meaning: PackedValues.Meaning) -> PackedValues {
    let lanes = ColumnLanes(.integer)
    if values.allSatisfy({ $0 == Int64(Int32(truncatingIfNeeded: $0)) }) {
      lanes.append(small: values) { Int32(truncatingIfNeeded: $0) }
    } else {
      lanes.makeWords()
      values.withUnsafeBufferPointer { lanes.append($0) }
    }
    return lanes.finish(meaning)
  }

  /// Codes of texts.
  static func packed(_ codes: [UInt32], _ dictionary: TextDictionary) -> PackedValues {
    let lanes = ColumnLanes(.text)
    codes.withUnsafeBufferPointer { lanes.append(codes: $0, limit: max(1, dictionary.count)) }
    return lanes.finish(.codes(dictionary))
  }

  /// Moments from microseconds: as days, as seconds where all are whole and fit, or as microseconds.
  static func packedMoments(_ values: [Int64], areDays: Bool) -> PackedValues {
    let lanes = ColumnLanes(.date(DateLayout(.yearMonthDay)))
    if areDays {
      lanes.append(small: values) { Timestamp(microseconds: $0).date.days }
      return lanes.finish(.days)
    }
    let areSeconds = values.allSatisfy { value in
      let (seconds, rest) = value.quotientAndRemainder(dividingBy: 1_000_000)
      return rest == 0 && seconds == Int64(Int32(truncatingIfNeeded: seconds))
    }
    if areSeconds {
      lanes.append(small: values) { Int32(truncatingIfNeeded: $0 / 1_000_000) }
      return lanes.finish(.seconds)
    }
    lanes.makeWords()
    values.withUnsafeBufferPointer { lanes.append($0) }
    return lanes.finish(.microseconds)
  }

  /// Decimals as whole numbers times a power of ten, when each of them divided by it again is the very same number; nil when
  /// that needs more than four decimals or more than 32 bits.
  static func packedDecimals(_ values: [Double]) -> PackedValues? {
    var (scale, factor) = (0, 1.0)
    for value in values {
      while true {
        let scaled = (value * factor).rounded()
        // Minus zero is no integer.
        guard abs(scaled) <= 2_147_483_647, value != 0 || value.sign == .plus else { return nil }
        if scaled / factor == value { break }
        scale += 1
        if scale > 4 { return nil }
        factor = NumberParser.powers[scale]
      }
    }
    let lanes = ColumnLanes(.integer)
    lanes.append(small: values) { Int32(($0 * factor).rounded()) }
    return lanes.finish(.decimal(factor))
  }
}
