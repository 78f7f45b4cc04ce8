import CScan
import Columnar
import TestSupport
import Testing

/// Marks are those of comparing number by number, for each width, by wide instructions and without.
struct NumberMarksTests {
  private func check<T: FixedWidthInteger & SignedInteger>(_ type: T.Type, seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let ends: [T] = [T.min, T.min + 1, -1, 0, 1, T.max - 1, T.max]
    for count in [0, 1, 63, 64, 65, 1000, 4096] {
      let numbers = (0..<count).map { _ in
        Bool.random(using: &random)
          ? T.random(in: T.min...T.max, using: &random) : ends.randomElement(using: &random) ?? 0
      }
      let limits = (0..<12).map { _ in Int32.random(in: -70_000...70_000, using: &random) }
      let special = ends.map { Int32(truncatingIfNeeded: $0) } + [Int32.min, Int32.max, 127, 128, -129, 40_000]
      for low in limits.prefix(4) + special {
        for high in limits.suffix(4) + special {
          let size = (count + 63) / 64
          var words = [UInt64](repeating: 77, count: size)
          var plain = words
          let below = numbers.withUnsafeBufferPointer { numbers in
            words.withUnsafeMutableBufferPointer { words in
              words.baseAddress.map { NumberMarks.between(low, high, of: numbers, into: $0) } ?? 0
            }
          }
          let least = numbers.withUnsafeBufferPointer { numbers in
            martlet_mark_between_portable(
              numbers.baseAddress, UInt32(MemoryLayout<T>.size), count, low, high, &plain)
          }
          #expect(below == numbers.count { Int64($0) < Int64(low) })
          #expect(least == below)
          #expect(words == plain)
          #expect(
            Bitmap(words: words, count: count).places
              == numbers.indices.filter { Int64(low) <= Int64(numbers[$0]) && Int64(numbers[$0]) <= Int64(high) })
        }
      }
    }
  }

  @Test func bytes() { check(Int8.self, seed: 1) }
  @Test func halves() { check(Int16.self, seed: 2) }
  @Test func words() { check(Int32.self, seed: 3) }
}
