import Analytics
import TestSupport
import Testing

/// Columns of a reference file as numbers.
func referenceColumns(_ name: String) throws -> [[Double]] {
  let rows = try SharedData.referenceLines(name).map { $0.compactMap(Double.init) }
  guard let width = rows.first?.count else { return [] }
  return (0..<width).map { k in rows.map { $0[k] } }
}

/// The largest distance of two series.
func distance(_ a: [Double], _ b: [Double]) -> Double {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
}

@Suite("Seasonal-trend decomposition, against statsmodels")
struct DecompositionTests {
  @Test func plain() throws {
    let columns = try referenceColumns("forecast/stl.tsv")
    let parts = try #require(STL(period: 12).decompose(columns[0]))
    #expect(distance(parts.trend, columns[1]) < 1e-8)
    #expect(distance(parts.seasonal[0], columns[2]) < 1e-8)
  }

  @Test func robust() throws {
    let columns = try referenceColumns("forecast/stl.tsv")
    let parts = try #require(STL(period: 12, robust: true).decompose(columns[0]))
    #expect(distance(parts.trend, columns[3]) < 1e-8)
    #expect(distance(parts.seasonal[0], columns[4]) < 1e-8)
    #expect(distance(parts.weights, columns[5]) < 1e-8)
  }

  @Test func jumpsAndLocalConstants() throws {
    let columns = try referenceColumns("forecast/stl.tsv")
    var stl = STL(period: 12, seasonal: 13, trend: 25, seasonalDegree: 0, robust: true)
    stl.seasonal.jump = 2
    stl.trend.jump = 3
    stl.lowPass.jump = 2
    let parts = try #require(stl.decompose(columns[0]))
    #expect(distance(parts.trend, columns[6]) < 1e-8)
    #expect(distance(parts.seasonal[0], columns[7]) < 1e-8)
  }

  @Test func severalSeasons() throws {
    let columns = try referenceColumns("forecast/stl.tsv")
    let parts = try #require(MSTL(periods: [12, 6]).decompose(columns[0]))
    #expect(distance(parts.trend, columns[8]) < 1e-8)
    #expect(distance(parts.seasonal[0], columns[9]) < 1e-8)
    #expect(distance(parts.seasonal[1], columns[10]) < 1e-8)
  }

  @Test func partsAddUp() throws {
    let y = try referenceColumns("forecast/stl.tsv")[0]
    let parts = try #require(MSTL(periods: [12], robust: true).decompose(y))
    let sum = y.indices.map { parts.trend[$0] + parts.seasonal[0][$0] + parts.remainder[$0] }
    #expect(distance(sum, y) < 1e-10)
  }

  @Test func refusesWhatItCannotDecompose() {
    #expect(STL(period: 12).decompose([Double](repeating: 1, count: 23)) == nil)
    #expect(STL(period: 2).decompose([1, 2, .nan, 4, 5, 6]) == nil)
    #expect(MSTL(periods: [7]).decompose([1, 2, 3]) == nil)
  }

  @Test func constantSeriesHasNoSeason() throws {
    let parts = try #require(STL(period: 7, robust: true).decompose([Double](repeating: 5, count: 70)))
    #expect(parts.seasonal[0].allSatisfy { abs($0) < 1e-12 })
    #expect(parts.trend.allSatisfy { abs($0 - 5) < 1e-12 })
  }
}
