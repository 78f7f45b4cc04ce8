import Columnar
import Testing

/// Parts of a file are the rows of the whole, and those that cannot matter are left out.
struct ParquetScanTests {
  @Test(arguments: ParquetReadTests.sales)
  func partsAreTheRowsOfTheWhole(name: String) throws {
    let scan = try ParquetFixtures.scan(ParquetFixtures.path(name))
    let expected = try ParquetFixtures.expected("sales")
    let names = Array(scan.schema.names.reversed())
    let parts = try scan.mapParts(names, within: [], Cancellation()) { $0 }
    var first = 0
    for part in parts {
      #expect(part.schema.names == names)
      ParquetFixtures.expect(part, expected, from: first, name)
      first += part.rowCount
    }
    #expect(first == 150)
    ParquetFixtures.expect(try scan.table(["city", "price"], Cancellation()), expected, name)
  }

  @Test func rowGroupsOutsideOfTheBoundsAreLeftOut() throws {
    // Row groups of 64 rows; `order` counts from 500000.
    let scan = try ParquetFixtures.scan(ParquetFixtures.path("sales_plain"))
    func rows(_ low: Value?, _ high: Value?, _ column: String = "order") throws -> Int {
      let bounds = [ColumnBound(column, low: low, high: high)]
      let read = try scan.mapParts(["order"], within: bounds, Cancellation()) { $0.rowCount }.reduce(0, +)
      #expect(scan.rowsLeftOut(by: bounds) == 150 - read)
      return read
    }
    #expect(try rows(nil, nil) == 150)
    #expect(try rows(.integer(500_064), .integer(500_127)) == 64)
    #expect(try rows(.integer(500_063), .integer(500_064)) == 128)
    #expect(try rows(.real(500_127.5), nil) == 22)
    #expect(try rows(.integer(0), .integer(10)) == 0)
    #expect(try rows(.text("\u{10ffff}"), nil, "city") == 0)
    #expect(try rows(nil, .date(CivilDate(days: -100_000)), "day") == 0)
    #expect(try rows(nil, .date(CivilDate(days: -100_000)), "moment") == 0)
    #expect(try rows(.integer(1), nil, "nothing") == 0)
    #expect(try rows(.text("x"), nil, "nowhere") == 150)
  }

  @Test func extremesAreThoseOfTheStatistics() throws {
    let expected = try ParquetFixtures.expected("sales")
    for name in ["sales_plain", "sales_snappy", "sales_polars", "sales_duckdb"] {
      let scan = try ParquetFixtures.scan(ParquetFixtures.path(name))
      for column in ["day", "moment", "exact"] {
        let numbers = try #require(expected[column]).compactMap { $0.flatMap { Int64($0) } }
        let (low, high) = try #require(scan.extremes(column))
        #expect(ParquetFixtures.isEqual(low, numbers.min().map { String($0) }), "\(name) \(column)")
        #expect(ParquetFixtures.isEqual(high, numbers.max().map { String($0) }), "\(name) \(column)")
      }
      #expect(scan.extremes("order") == nil && scan.extremes("nowhere") == nil)
    }
    #expect(try ParquetFixtures.scan(ParquetFixtures.path("sales_brotli")).extremes("day") == nil)
    let few = try ParquetFixtures.scan(ParquetFixtures.path("sales_plain")) { $0.text.rows = 10 }
    #expect(few.extremes("day") == nil)
  }

  @Test func readingEndsWhenThereIsEnough() throws {
    let scan = try ParquetFixtures.scan(ParquetFixtures.path("sales_plain"))
    let all = try scan.mapParts(["order"], within: [], Cancellation()) { FileFormat.values($0) }
    try #require(all.count > 1)
    let first = try scan.mapParts(["order"], within: [], Cancellation(), until: { _ in true }) { FileFormat.values($0) }
    #expect(first == Array(all.prefix(first.count)))
    #expect(first.count < all.count)
  }

  @Test func theClosuresErrorComesBack() throws {
    struct Enough: Error {}
    let scan = try ParquetFixtures.scan(ParquetFixtures.path("sales_plain"))
    #expect(throws: Enough.self) {
      try scan.mapParts(["order"], within: [], Cancellation()) { if $0.rowCount < 64 { throw Enough() } }
    }
    let stopped = Cancellation()
    stopped.cancel()
    #expect(throws: Cancelled.self) { try scan.mapParts(["order"], within: [], stopped) { _ in } }
    #expect(throws: Cancelled.self) { try scan.table(["order"], stopped) }
  }
}
