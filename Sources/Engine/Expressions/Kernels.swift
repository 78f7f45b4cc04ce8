/// A side of an operator: a value for each row, or one for all.
enum Operand<T: BitwiseCopyable> {
  case vector(UnsafePointer<T>)
  case constant(T)

  @inline(__always) subscript(row: Int) -> T {
    switch self {
    case .vector(let values): values[row]
    case .constant(let value): value
    }
  }
}

/// Loops over vectors. The operation is inlined into a loop of its own for each form of the sides, so that the compiler
/// can vectorise it; nothing is decided inside a loop.
enum Kernel {
  @inline(__always) static func map<A: BitwiseCopyable, R: BitwiseCopyable>(
    _ a: UnsafePointer<A>, _ count: Int, into out: UnsafeMutablePointer<R>, _ operation: (A) -> R
  ) {
    for i in 0..<count { out[i] = operation(a[i]) }
  }

  @inline(__always) static func zip<A: BitwiseCopyable, B: BitwiseCopyable, R: BitwiseCopyable>(
    _ a: Operand<A>, _ b: Operand<B>, _ count: Int, into out: UnsafeMutablePointer<R>, _ operation: (A, B) -> R
  ) {
    switch (a, b) {
    case (.vector(let x), .vector(let y)): for i in 0..<count { out[i] = operation(x[i], y[i]) }
    case (.vector(let x), .constant(let y)): for i in 0..<count { out[i] = operation(x[i], y) }
    case (.constant(let x), .vector(let y)): for i in 0..<count { out[i] = operation(x, y[i]) }
    case (.constant(let x), .constant(let y)):
      let value = operation(x, y)
      for i in 0..<count { out[i] = value }
    }
  }

  /// Whether some value is infinite or not a number.
  static func hasNonFinite(_ values: UnsafePointer<Double>, _ count: Int) -> Bool {
    // A finite number times zero is zero; the four sums are independent, so that they overlap.
    var (a, b, c, d) = (0.0, 0.0, 0.0, 0.0)
    var i = 0
    while i + 4 <= count {
      a += values[i] * 0
      b += values[i + 1] * 0
      c += values[i + 2] * 0
      d += values[i + 3] * 0
      i += 4
    }
    while i < count {
      a += values[i] * 0
      i += 1
    }
    return !(a + b + c + d).isFinite
  }

  /// The validity without the rows whose value is infinite or not a number: missing is never a NaN.
  static func finite(
    _ values: UnsafePointer<Double>, _ validity: UnsafePointer<UInt64>?, _ count: Int, _ scratch: Scratch
  ) -> UnsafePointer<UInt64>? {
    guard hasNonFinite(values, count) else { return validity }
    let words = scratch.allocateBits(count)
    for w in 0..<(count + 63) / 64 {
      var word: UInt64 = 0
      for i in w * 64..<min(count, w * 64 + 64) where values[i].isFinite { word |= 1 << UInt64(i & 63) }
      words[w] = word
    }
    return Bits.and(UnsafePointer(words), validity, count, scratch)
  }
}

/// A side of an operator with its validity.
struct Side<T: BitwiseCopyable> {
  let operand: Operand<T>
  let validity: UnsafePointer<UInt64>?
}

extension VectorNode {
  /// The node's values for an operator on whole numbers, days, moments, codes or bools of this physical type.
  func side<T: FixedWidthInteger & BitwiseCopyable>(_ batch: any Batch, as: T.Type) throws -> Side<T> {
    if let constant = self as? ConstantNode {
      return Side(operand: .constant(T(truncatingIfNeeded: constant.whole)), validity: nil)
    }
    let vector = try evaluate(batch)
    return Side(operand: .vector(vector.values()), validity: vector.validity)
  }

  /// The node's numbers as doubles, converted when they are whole numbers.
  func realSide(_ batch: any Batch) throws -> Side<Double> {
    if let constant = self as? ConstantNode { return Side(operand: .constant(constant.real), validity: nil) }
    if let side = (self as? ColumnNode)?.packedReals(batch) { return side }
    let vector = try evaluate(batch)
    guard type == .integer else { return Side(operand: .vector(vector.values()), validity: vector.validity) }
    let out = batch.scratch.allocate(batch.count, of: Double.self)
    Kernel.map(vector.values(of: Int64.self), batch.count, into: out) { Double($0) }
    return Side(operand: .vector(UnsafePointer(out)), validity: vector.validity)
  }
}

extension ColumnNode {
  /// Packed numbers of up to 32 bits and, for decimals, what they are to be divided by; nil for other columns.
  func packedFactor(_ batch: any Batch) -> (slice: PackedSlice, divisor: Double?)? {
    guard let slice = batch.packed(index), slice.lane == .int8 || slice.lane == .int16 || slice.lane == .int32 else {
      return nil
    }
    switch slice.meaning {
    case .whole: return (slice, nil)
    case .decimal(let divisor): return (slice, divisor)
    case .real, .boolean, .days, .periods, .seconds, .microseconds, .codes: return nil
    }
  }

  /// Packed whole numbers as doubles, without making them 64 bits wide first: there are vector instructions for 32 bits. Nil
  /// for other columns.
  func packedReals(_ batch: any Batch) -> Side<Double>? {
    guard let slice = batch.packed(index), case .whole = slice.meaning else { return nil }
    let out = batch.scratch.allocate(batch.count, of: Double.self)
    func convert<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type) {
      Kernel.map(slice.base.assumingMemoryBound(to: T.self), batch.count, into: out) {
        Double(Int32(truncatingIfNeeded: $0))
      }
    }
    switch slice.lane {
    case .int8: convert(Int8.self)
    case .int16: convert(Int16.self)
    case .int32: convert(Int32.self)
    case .int64, .uint8, .uint16, .uint32, .double: return nil
    }
    return Side(operand: .vector(UnsafePointer(out)), validity: slice.validity)
  }
}
