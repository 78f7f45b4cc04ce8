import CScan
import Columnar
import TestSupport
import Testing

/// Products are those of the values as doubles, to the last bit, for each width and divisor.
struct NumberProductsTests {
  private func check<A: FixedWidthInteger & SignedInteger, B: FixedWidthInteger & SignedInteger>(
    _: A.Type, _: B.Type, seed: UInt64
  ) throws {
    var random = SeededGenerator(seed: seed)
    for count in [0, 1, 3, 4, 5, 1000] {
      for (first, second) in [(1.0, 1.0), (1, 100), (100, 1), (10, 1e9), (1000, 1e6)] {
        let a = (0..<count).map { _ in A.random(in: A.min...A.max, using: &random) }
        let b = (0..<count).map { _ in B.random(in: B.min...B.max, using: &random) }
        let expected = zip(a, b).map { (Double($0) / first) * (Double($1) / second) }
        var quick = [Double](repeating: .nan, count: count)
        var plain = quick
        try a.withUnsafeBytes { a in
          try b.withUnsafeBytes { b in
            guard let x = a.baseAddress, let y = b.baseAddress else { return }
            func lane(_ width: Int) -> PackedValues.Lane { width == 1 ? .int8 : width == 2 ? .int16 : .int32 }
            let left = try #require(NumberProducts.Factor(x, lane(MemoryLayout<A>.size), divisor: first))
            let right = try #require(NumberProducts.Factor(y, lane(MemoryLayout<B>.size), divisor: second))
            quick.withUnsafeMutableBufferPointer { out in
              if let base = out.baseAddress { NumberProducts.multiply(left, right, count, into: base) }
            }
            martlet_multiply_portable(
              martlet_factor(numbers: x, width: UInt32(MemoryLayout<A>.size), divisor: first),
              martlet_factor(numbers: y, width: UInt32(MemoryLayout<B>.size), divisor: second), count, &plain)
          }
        }
        guard count > 0 else { continue }
        #expect(quick == expected)
        #expect(plain == expected)
      }
    }
  }

  @Test func allWidths() throws {
    try check(Int8.self, Int8.self, seed: 1)
    try check(Int8.self, Int16.self, seed: 2)
    try check(Int8.self, Int32.self, seed: 3)
    try check(Int16.self, Int8.self, seed: 4)
    try check(Int16.self, Int16.self, seed: 5)
    try check(Int16.self, Int32.self, seed: 6)
    try check(Int32.self, Int8.self, seed: 7)
    try check(Int32.self, Int16.self, seed: 8)
    try check(Int32.self, Int32.self, seed: 9)
  }

  @Test func otherNumbersAreNoFactors() {
    withUnsafeBytes(of: 1.0) { bytes in
      guard let base = bytes.baseAddress else { return }
      #expect(NumberProducts.Factor(base, .double, divisor: 1) == nil)
      #expect(NumberProducts.Factor(base, .uint8, divisor: 1) == nil)
    }
  }
}
