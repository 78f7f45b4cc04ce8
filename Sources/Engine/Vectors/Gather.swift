/// Copies of chosen rows.
enum Gather {
  /// The chosen rows of a vector.
  static func vector(
    _ source: Vector, _ selection: UnsafePointer<UInt32>, _ count: Int, width: Int, _ scratch: Scratch
  ) -> Vector {
    let values = UnsafeMutableRawPointer(scratch.allocate(count * width, of: UInt8.self))
    copy(source.base, selection, count, width: width, into: values)
    return Vector(values, validity: source.validity.map { bits($0, selection, count, scratch) })
  }

  /// Copies values of 1, 4 or 8 bytes.
  static func copy(
    _ source: UnsafeRawPointer, _ selection: UnsafePointer<UInt32>, _ count: Int, width: Int,
    into target: UnsafeMutableRawPointer
  ) {
    switch width {
    case 1: copy(source, selection, count, as: UInt8.self, into: target)
    case 4: copy(source, selection, count, as: UInt32.self, into: target)
    default: copy(source, selection, count, as: UInt64.self, into: target)
    }
  }

  @inline(__always) private static func copy<T: BitwiseCopyable>(
    _ source: UnsafeRawPointer, _ selection: UnsafePointer<UInt32>, _ count: Int, as: T.Type,
    into target: UnsafeMutableRawPointer
  ) {
    let from = source.assumingMemoryBound(to: T.self)
    let to = target.assumingMemoryBound(to: T.self)
    for i in 0..<count { to[i] = from[Int(selection[i])] }
  }

  private static func bits(
    _ source: UnsafePointer<UInt64>, _ selection: UnsafePointer<UInt32>, _ count: Int, _ scratch: Scratch
  ) -> UnsafePointer<UInt64> {
    let words = scratch.allocateBits(count)
    for w in 0..<(count + 63) / 64 {
      var word: UInt64 = 0
      for i in w * 64..<min(count, w * 64 + 64) where bit(source, Int(selection[i])) { word |= 1 << UInt64(i & 63) }
      words[w] = word
    }
    return UnsafePointer(words)
  }

  /// Rows of a table by number, where -1 makes a missing value.
  static func joined(
    _ source: Vector, _ sourceRows: Int, _ rows: UnsafePointer<Int32>, _ count: Int, width: Int, _ scratch: Scratch
  ) -> Vector {
    let (safe, validity) = partners(rows, count, hasGaps: true, scratch)
    guard sourceRows > 0 else {
      let bytes = scratch.allocate(count * width, of: UInt8.self)
      bytes.update(repeating: 0, count: count * width)
      return Vector(UnsafeRawPointer(bytes), validity: validity)
    }
    let gathered = vector(source, safe, count, width: width, scratch)
    return Vector(gathered.base, validity: Bits.and(validity, gathered.validity, count, scratch))
  }

  /// Row numbers that can be read (0 for -1), and a cleared bit for each -1 when there may be some.
  static func partners(
    _ rows: UnsafePointer<Int32>, _ count: Int, hasGaps: Bool, _ scratch: Scratch
  ) -> (rows: UnsafePointer<UInt32>, validity: UnsafePointer<UInt64>?) {
    let safe = scratch.allocate(count, of: UInt32.self)
    for i in 0..<count { safe[i] = UInt32(bitPattern: max(0, rows[i])) }
    guard hasGaps else { return (UnsafePointer(safe), nil) }
    let words = scratch.allocateBits(count)
    var lost = false
    for w in 0..<(count + 63) / 64 {
      var word: UInt64 = 0
      for i in w * 64..<min(count, w * 64 + 64) { word |= (rows[i] >= 0 ? 1 : 0) << UInt64(i & 63) }
      words[w] = word
      lost = lost || word != ~0
    }
    return (UnsafePointer(safe), lost ? UnsafePointer(words) : nil)
  }

  /// The rows that a mask keeps, in order.
  static func selection(_ mask: UnsafePointer<Bool>, _ count: Int, live: Int, _ scratch: Scratch) -> UnsafePointer<
    UInt32
  > {
    let rows = scratch.allocate(count + 1, of: UInt32.self)
    var k = 0
    for i in 0..<count {
      rows[k] = UInt32(truncatingIfNeeded: i)
      k &+= mask[i] ? 1 : 0
    }
    return UnsafePointer(rows)
  }
}
