import Analytics
import Testing

@Suite struct DecimalThresholdTests {
  @Test func aShareExactlyAtTheThresholdIsIn() throws {
    // For every percentage and every total that makes it a whole count, that count is in and the one below is out.
    for percent in 1...100 {
      let share = try threshold(Double(percent) / 100)
      for total in stride(from: 100, through: 3000, by: 100) {
        let exact = percent * total / 100
        #expect(share.leastCount(of: total) == exact)
        #expect(share.isReached(by: UInt128(exact), of: UInt128(total)))
        #expect(!share.isReached(by: UInt128(exact - 1), of: UInt128(total)))
      }
    }
  }

  @Test func sharesBetweenCountsRoundUp() throws {
    #expect(try threshold(0.01).leastCount(of: 9835) == 99)
    #expect(try threshold(0.005).leastCount(of: 88162) == 441)
    #expect(try threshold(1e-5).leastCount(of: 300_000) == 3)
    #expect(try threshold(1e-5).leastCount(of: 300_001) == 4)
    #expect(try threshold(1e-30).leastCount(of: 5) == 0)
    #expect(try threshold(0).leastCount(of: 5) == 0)
    #expect(try threshold(2).leastCount(of: 5) == 10)
    #expect(try threshold(1.0 / 3.0).isReached(by: 1, of: 3))
  }

  @Test func whatIsNoThresholdIsRefused() {
    #expect(DecimalThreshold(-0.1) == nil)
    #expect(DecimalThreshold(.nan) == nil)
    #expect(DecimalThreshold(.infinity) == nil)
  }
}
