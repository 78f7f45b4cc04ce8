import CScan
import Columnar
import TestSupport
import Testing

/// Bounds are those of looking number by number, for each width, by wide instructions and without.
struct ValueBoundsTests {
  private func check<T: FixedWidthInteger & SignedInteger>(_ type: T.Type, seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let width = UInt32(MemoryLayout<T>.size)
    for count in [0, 1, 7, 63, 64, 65, 191, 1000] {
      for _ in 0..<20 {
        let around = T.random(in: T.min / 2...T.max / 2, using: &random)
        let reach = T.random(in: 0...T.max / 2, using: &random)
        let numbers = (0..<count).map { _ in T.random(in: around - reach...around + reach, using: &random) }
        let share = Double.random(in: 0...1, using: &random)
        let valid = Bitmap(numbers.map { _ in Double.random(in: 0...1, using: &random) < share })
        for words in [nil, valid.words] {
          let kept = numbers.indices.filter { words == nil || valid[$0] }.map { Int32(truncatingIfNeeded: numbers[$0]) }
          let expected = (kept.min() ?? .max, kept.max() ?? .min)
          var (quick, plain): ((Int32, Int32), (Int32, Int32)) = ((0, 0), (0, 0))
          martlet_bounds(numbers, width, count, words, &quick.0, &quick.1)
          martlet_bounds_portable(numbers, width, count, words, &plain.0, &plain.1)
          #expect(quick == expected)
          #expect(plain == expected)
        }
      }
    }
  }

  @Test func bytes() { check(Int8.self, seed: 1) }
  @Test func halves() { check(Int16.self, seed: 2) }
  @Test func words() { check(Int32.self, seed: 3) }

  @Test func theWholeIsBoundedByItsBlocks() {
    let bounds = ValueBounds([nil, 3...5, -2...4, nil])
    #expect(bounds.whole == -2...5)
    #expect(bounds[0] == nil && bounds[1] == 3...5 && bounds[2] == -2...4 && bounds[4] == nil)
    #expect(ValueBounds([nil, nil]).whole == nil)
  }
}
