import Columnar
import Testing

/// Columns that need more bytes a value from some row on hold the same values as ever.
struct PackedColumnTests {
  private func column(_ values: [String], chunk: Int = 500, missing: [String]? = nil) throws -> Column {
    var options = CSVOptions()
    options.chunkBytes = chunk
    options.header = true
    if let missing { options.missing = missing }
    let text = "x,y\n" + values.map { "\($0),0\n" }.joined()
    let table = try CSVReader(path: "m", options: options).read(Array(text.utf8), LoadReport()).table
    return try #require(table["x"])
  }

  @Test(arguments: [
    (100, PackedValues.Lane.int8), (-128, .int8), (128, .int16), (-40_000, .int32), (2_147_483_647, .int32),
    (2_147_483_648, .int64), (-999_999_999_999_999_999, .int64),
  ])
  func wholeNumbersTakeTheBytesThatTheyNeed(largest: Int, lane: PackedValues.Lane) throws {
    let values = (0..<3_000).map { $0 == 2_000 ? largest : $0 % 100 }
    for chunk in [64, 500, 1 << 20] {
      let column = try column(values.map { $0 == 77 ? "" : String($0) }, chunk: chunk)
      #expect(column.packed?.lane == lane)
      for (row, value) in values.enumerated() {
        #expect(column[row] == (value == 77 ? .missing : .integer(Int64(value))))
      }
      guard case .integer(let wide) = column.storage else {
        Issue.record("whole numbers are whole numbers")
        return
      }
      #expect(wide[2_000] == Int64(largest))
    }
  }

  @Test(arguments: [("0.5", true), ("-12.75", true), ("0.123456789", false), ("1e300", false), ("-0", false)])
  func decimalsAreKeptAsWholeNumbersWhereTheyFit(odd: String, stays: Bool) throws {
    let texts = (0..<3_000).map { $0 == 2_500 ? odd : "\($0 / 100).\($0 % 100 / 10)\($0 % 10)" }
    for chunk in [64, 500, 1 << 20] {
      let column = try column(texts, chunk: chunk)
      #expect((column.packed?.lane != .double) == stays)
      guard case .real(let wide) = column.storage else {
        Issue.record("numbers are numbers")
        return
      }
      for (row, text) in texts.enumerated() {
        #expect(wide[row].bitPattern == Double(text)?.bitPattern, "row \(row): \(text)")
        #expect(column[row] == .real(wide[row]))
      }
    }
  }

  @Test func momentsAreSecondsUntilAFractionComes() throws {
    let plain = (0..<2_000).map { "2011-12-09 08:\($0 / 60 % 60 < 10 ? "0" : "")\($0 / 60 % 60):\($0 % 60)" }
    #expect(try column(plain).packed?.lane == .int32)
    let mixed = try column(plain + ["2011-12-10 00:00:00.25"])
    #expect(mixed.packed?.lane == .int64)
    let noon = Timestamp(CivilDate(year: 2011, month: 12, day: 10) ?? CivilDate(days: 0), hour: 0, minute: 0)
    #expect(mixed[2_000] == .datetime(Timestamp(microseconds: noon.microseconds + 250_000)))
    #expect(try column(plain)[61] == mixed[61])
    let years = try column(["1600-01-01 00:00:01", "2400-01-01 00:00:00"])
    #expect(years[1] == .datetime(Timestamp(CivilDate(year: 2400, month: 1, day: 1) ?? CivilDate(days: 0))))
  }

  @Test func monthsArePeriods() throws {
    let months = try column(["1949-01", "1949-02", "1950-12"])
    #expect(months.type == .period(.month))
    let december = try #require(CivilDate(year: 1950, month: 12, day: 1))
    #expect(months[2] == .period(Period(.month, containing: december)))
  }

  @Test(arguments: [(200, PackedValues.Lane.uint8), (60_000, .uint16), (70_000, .uint32)])
  func codesTakeTheBytesThatTheDictionaryNeeds(distinct: Int, lane: PackedValues.Lane) throws {
    let long = String(repeating: "long text of more than thirty-two bytes ", count: 2)
    let texts = (0..<(distinct + 500)).map { row in
      let number = row % distinct
      return number % 7 == 0
        ? "\"\(long)\(number)\"" : number % 11 == 0 ? "\"say \"\"\(number)\"\", please\"" : "t\(number)"
    }
    let column = try column(texts, chunk: 50_000)
    #expect(column.packed?.lane == lane)
    #expect(column.dictionary?.count == distinct)
    for row in stride(from: 0, to: texts.count, by: 13) {
      let number = row % distinct
      let expected =
        number % 7 == 0 ? "\(long)\(number)" : number % 11 == 0 ? "say \"\(number)\", please" : "t\(number)"
      #expect(column[row] == .text(expected))
    }
  }

  @Test func textsThatMeanMissingAreMissing() throws {
    let texts = (0..<2_000).map {
      ["alpha", "n/a", "", "unknown to everybody in the whole department", " n/a ", "b"][$0 % 6]
    }
    let column = try column(texts, missing: ["n/a", "unknown to everybody in the whole department"])
    for row in 0..<2_000 {
      let expected: Value = row % 6 == 0 ? .text("alpha") : row % 6 == 5 ? .text("b") : .missing
      #expect(column[row] == expected)
    }
    #expect(column.dictionary?.count == 2)
  }
}
