import Columnar

/// Values as unsigned numbers whose order is that of the values, and back.
enum OrderedBits {
  private static let sign: UInt64 = 1 << 63

  @inline(__always) static func of(_ value: Int64) -> UInt64 { UInt64(bitPattern: value) ^ sign }
  @inline(__always) static func of(_ value: Int32) -> UInt64 { UInt64(bitPattern: Int64(value)) ^ sign }

  /// Minus zero is zero; negative numbers are ordered the other way round by their bits.
  @inline(__always) static func of(_ value: Double) -> UInt64 {
    let bits = value == 0 ? 0 : value.bitPattern
    return bits & sign == 0 ? bits | sign : ~bits
  }

  @inline(__always) static func whole(_ bits: UInt64) -> Int64 { Int64(bitPattern: bits ^ sign) }
  @inline(__always) static func real(_ bits: UInt64) -> Double {
    Double(bitPattern: bits & sign == 0 ? ~bits : bits & ~sign)
  }

  /// A vector's values; text codes stay what they are unless ranks are given.
  static func fill(
    _ out: UnsafeMutablePointer<UInt64>, _ vector: Vector, _ type: DataType, _ range: Range<Int>,
    ranks: [UInt32]? = nil
  ) {
    switch type.physical {
    case .int64:
      let values = vector.values(of: Int64.self)
      for i in range { out[i] = of(values[i]) }
    case .int32:
      let values = vector.values(of: Int32.self)
      for i in range { out[i] = of(values[i]) }
    case .double:
      let values = vector.values(of: Double.self)
      for i in range { out[i] = of(values[i]) }
    case .bool:
      let values = vector.values(of: UInt8.self)
      for i in range { out[i] = UInt64(values[i]) }
    case .code:
      let codes = vector.values(of: UInt32.self)
      guard let ranks else {
        for i in range { out[i] = UInt64(codes[i]) }
        return
      }
      ranks.withUnsafeBufferPointer { ranks in
        for i in range { out[i] = Int(codes[i]) < ranks.count ? UInt64(ranks[Int(codes[i])]) : 0 }
      }
    }
  }
}
