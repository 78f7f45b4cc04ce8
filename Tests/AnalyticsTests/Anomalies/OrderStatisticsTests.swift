import Analytics
import Testing

/// Selection without sorting, against sorting.
struct OrderStatisticsTests {
  @Test(arguments: [3, 100, 2048, 2049, 50_000]) func quantilesAreThoseOfTheSortedSample(count: Int) {
    var state: UInt64 = 7
    func draw() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let unit = Double(state >> 11) / Double(UInt64(1) << 53)
      // Both signs, many equal values, and magnitudes far apart.
      switch state >> 60 {
      case 0...3: return 1.25
      case 4...5: return -unit
      case 6: return unit * 1e300
      case 7: return -unit * 1e-300
      default: return (unit * 1000).rounded() / 8
      }
    }
    let sample = (0..<count).map { _ in draw() }
    let sorted = sample.sorted()
    let shares = [0, 0.01, 0.25, 0.5, 0.75, 0.99, 1]
    let expected = shares.map { SampleQuantile.linear(sorted, $0) ?? .nan }
    #expect(OrderStatistics.quantiles(shares, of: sample) == expected)
  }

  /// The distance of two infinities is no number, and that of two huge ones is past all numbers.
  @Test func infinitiesStayWhatTheyAre() {
    let sample = [Double](repeating: -.infinity, count: 3000) + [Double](repeating: .infinity, count: 3001)
    #expect(OrderStatistics.quantiles([0.25, 0.5, 0.75], of: sample) == [-.infinity, .infinity, .infinity])
  }

  @Test func anEmptySampleHasNone() { #expect(OrderStatistics.quantiles([0.5], of: []) == []) }
}
