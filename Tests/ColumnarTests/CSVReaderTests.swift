import Columnar
import Testing

/// What is found out about a file, and what is said of one that cannot be read.
struct CSVReaderTests {
  func read(_ text: String, _ change: (inout CSVOptions) -> Void = { _ in }) throws -> (
    table: Table, report: LoadReport
  ) {
    var options = CSVOptions()
    change(&options)
    return try CSVReader(path: "memory.csv", options: options).read(Array(text.utf8), LoadReport())
  }

  @Test func widensWhenALateRowDiffers() throws {
    let rows = (0..<5000).map { "\($0),x" }.joined(separator: "\n")
    let (table, _) = try read("n,t\n\(rows)\n2.5,y\n")
    #expect(table.schema["n"]?.type == .real)
    #expect(table["n"]?[5000] == .real(2.5))
    let (text, _) = try read("n,t\n\(rows)\nabc,y\n")
    #expect(text.schema["n"]?.type == .text)
    #expect(text["n"]?[17] == .text("17"))
  }

  @Test func decidesTheOrderOfDayAndMonthByTheWholeColumn() throws {
    let ambiguous = (1...12).map { "\($0)/\($0)/2011" }.joined(separator: "\n")
    let (late, lateReport) = try read("d\n\(String(repeating: ambiguous + "\n", count: 200))13/12/2011\n")
    #expect(late["d"]?[2400] == .date(CivilDate(year: 2011, month: 12, day: 13) ?? CivilDate(days: 0)))
    #expect(lateReport.dates.first?.reason == .largeValuesFirst)
    let (american, report) = try read("d\n1/31/2011\n2/1/2011\n")
    #expect(american["d"]?[1] == .date(CivilDate(year: 2011, month: 2, day: 1) ?? CivilDate(days: 0)))
    #expect(report.dates.first?.reason == .largeValuesSecond)
    #expect(try read("d\n1/2/2011\n").report.dates.first?.reason == .assumed)
  }

  @Test func readsManyLayoutsOfDates() throws {
    let expected = Timestamp(CivilDate(year: 2011, month: 12, day: 9) ?? CivilDate(days: 0), hour: 8, minute: 26)
    for text in [
      "2011-12-09T08:26:00", "2011-12-09 08:26", "12/9/2011 8:26", "9.12.2011 08:26", "9 Dec 2011 08:26",
      "Dec 9, 2011 8:26 AM", "09-Dec-2011 08:26:00", "2011/12/09 08:26:00.000Z",
    ] {
      let quoted = "d,n\n\"\(text)\",1\n"
      #expect(try read(quoted).table["d"]?[0] == .datetime(expected), "\(text)")
    }
    #expect(try read("d\n31/02/2011\n").table.schema["d"]?.type == .text)
  }

  @Test func readsMoneyPercentAndGroupedNumbers() throws {
    let (table, _) = try read("price,share,total\n\"£1,234.50\",12.5%,\"1,000\"\n£0.99,3%,\"2,500,000\"\n")
    #expect(table["price"]?[0] == .real(1234.5))
    #expect(table.schema["price"]?.measure == .currency("£"))
    #expect(table["share"]?[0] == .real(0.125))
    #expect(table["total"]?[1] == .real(2_500_000))
    let (european, _) = try read("a;b\n1.234,50;x\n0,99;y\n")
    #expect(european["a"]?[0] == .real(1234.5))
  }

  @Test func labelsKeepTheirZeros() throws {
    let (table, _) = try read("zip,CustomerID\n01234,17850.0\n99999,\n")
    #expect(table["zip"]?[0] == .text("01234"))
    #expect(table["CustomerID"]?[0] == .integer(17850))
    #expect(table.schema["CustomerID"]?.measure == .identifier)
    #expect(table["CustomerID"]?[1] == .missing)
  }

  @Test func readsEncodings() throws {
    let latin: [UInt8] = Array("name,n\nCaf".utf8) + [0xe9] + Array(",1\n".utf8)
    let (table, report) = try CSVReader(path: "m").read(latin, LoadReport())
    #expect(table["name"]?[0] == .text("Café"))
    #expect(report.encoding == .latin1)
    let windows: [UInt8] = Array("name,n\n".utf8) + [0x80] + Array("x,1\n".utf8)
    #expect(try CSVReader(path: "m").read(windows, LoadReport()).table["name"]?[0] == .text("€x"))
    let marked: [UInt8] = [0xef, 0xbb, 0xbf] + Array("name,n\nx,1\n".utf8)
    #expect(try CSVReader(path: "m").read(marked, LoadReport()).table.schema.names == ["name", "n"])
    var wide: [UInt8] = [0xff, 0xfe]
    for unit in "name\tn\nZoë\t1\n".utf16 { wide += [UInt8(unit & 255), UInt8(unit >> 8)] }
    #expect(try CSVReader(path: "m").read(wide, LoadReport()).table["name"]?[0] == .text("Zoë"))
  }

  @Test func saysWhatIsWrong() throws {
    #expect(throws: SourceError.raggedRow(path: "memory.csv", row: 3, expected: 2, found: 3, text: "3,4,5", count: 1)) {
      try read("a,b\n1,2\n3,4,5\n")
    }
    let (kept, report) = try read("a,b\n1,2\n3,4,5\n6,7\n") { $0.badRows = .skip }
    #expect(kept.rowCount == 2)
    #expect(report.skippedRows == 1)
    #expect(throws: SourceError.unclosedQuote(path: "memory.csv", row: 3)) { try read("a,b\n1,2\n\"3,4\n") }
    #expect(throws: SourceError.empty(path: "memory.csv")) { try read("") }
    #expect(throws: SourceError.binary(path: "memory.csv", kind: "binary data")) { try read("a\u{0}b\n") }
    #expect(throws: SourceError.self) { try CSVReader(path: "/no/such/file.csv").read() }
    #expect(throws: SourceError.self) { try CSVReader(path: "/").read() }
    #expect(
      throws: SourceError.badValue(path: "memory.csv", row: 3, column: "b", value: "x", type: "number")
    ) { try read("a,b\n1,2\n3,x\n") { $0.types = ["b": .real] } }
    #expect(
      throws: SourceError.badValue(path: "memory.csv", row: 3, column: "b", value: "2.5", type: "whole number")
    ) { try read("a,b\n1,2\n3,2.5\n") { $0.types = ["b": .integer] } }
    // What differs from the other rows is named, and not the first of them.
    #expect(
      throws: SourceError.badValue(path: "memory.csv", row: 3, column: "b", value: "soon", type: "date")
    ) { try read("a,b\n1,13/12/2011\n3,soon\n4,1/2/2011\n") { $0.types = ["b": .date] } }
  }

  @Test func bytesOfZeroAreNoDate() throws {
    // Each row is a piece of its own, so that no date was read before the zeros.
    let zeros = String(repeating: "\u{0}", count: 10)
    let rows = String(repeating: "2011-12-09\n", count: 20_000)
    let (table, _) = try read("d\n\(rows)\(zeros)\n\(rows)") { $0.chunkBytes = 11 }
    #expect(table.schema["d"]?.type == .text)
    #expect(table["d"]?[20_000] == .text(zeros))
  }

  @Test func readsBasketsOfAnyLength() throws {
    let (table, _) = try read("milk,bread\nmilk\neggs,\"a, b\",bread\n") { $0.baskets = true }
    #expect(table.rowCount == 6)
    #expect(table["order"]?[5] == .integer(3))
    #expect(table["item"]?[4] == .text("a, b"))
  }

  @Test func quotesWithinAFieldAreText() throws {
    let rows = (0..<2000).map { "\($0),5\" pipe \($0)" }.joined(separator: "\n")
    let (table, _) = try read("n,t\n\(rows)\n") { $0.chunkBytes = 100 }
    #expect(table.rowCount == 2000)
    #expect(table["t"]?[1999] == .text("5\" pipe 1999"))
  }
}
