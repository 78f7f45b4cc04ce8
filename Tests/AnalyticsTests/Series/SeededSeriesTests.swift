import Analytics
import Testing

@Suite("Decomposition of seeded series, against statsmodels")
struct SeededSeriesTests {
  @Test(arguments: [("series/daily.tsv", 7), ("series/weekly.tsv", 52)])
  func plainAndRobust(_ file: String, _ period: Int) throws {
    let columns = try referenceColumns(file)
    let plain = try #require(STL(period: period).decompose(columns[0]))
    #expect(distance(plain.trend, columns[1]) < 1e-8)
    #expect(distance(plain.seasonal[0], columns[2]) < 1e-8)
    let robust = try #require(STL(period: period, robust: true).decompose(columns[0]))
    #expect(distance(robust.trend, columns[3]) < 1e-7)
    #expect(distance(robust.seasonal[0], columns[4]) < 1e-7)
    #expect(distance(robust.weights, columns[5]) < 1e-7)
  }

  @Test func stiffTrendAndSeason() throws {
    let columns = try referenceColumns("series/daily.tsv")
    let parts = try #require(STL(period: 7, seasonal: 35, trend: 57, robust: true).decompose(columns[0]))
    #expect(distance(parts.trend, columns[6]) < 1e-8)
    #expect(distance(parts.seasonal[0], columns[7]) < 1e-8)
  }
}
