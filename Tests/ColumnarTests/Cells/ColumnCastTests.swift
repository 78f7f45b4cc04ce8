import Columnar
import TestSupport
import Testing

/// The types that a cell names mean the same for every format that has types of its own.
struct ColumnCastTests {
  private static let day = CivilDate(year: 2011, month: 12, day: 9) ?? CivilDate(days: 0)
  private static let formats = [".arrow", ".parquet", ".jsonl", ".xlsx"]

  /// Columns of all types, the third row missing.
  private static let table: Table = {
    func column(_ name: String, _ type: DataType, _ values: [Value]) -> (Field, Column) {
      (Field(name, type), Column.of(type, values))
    }
    let moment = Timestamp(day, hour: 8, minute: 26)
    let dates = [Value.text("9/12/2011"), .text("13/12/2011 8:26"), .missing]
    return Table([
      column("n", .integer, [.integer(1), .integer(0), .missing]),
      column("half", .real, [.real(2), .real(0.5), .missing]),
      column("flag", .boolean, [.boolean(true), .boolean(false), .missing]),
      column("day", .date, [.date(day), .date(CivilDate(days: 0)), .missing]),
      column("moment", .datetime, [.datetime(moment), .datetime(Timestamp(microseconds: -500_000)), .missing]),
      column("stamp", .integer, [.integer(20_111_209), .integer(20_111_210), .missing]),
      column("second", .integer, [.integer(1_323_419_160), .integer(1_323_419_161), .missing]),
      column("digits", .text, [.text("12"), .text(" -7 "), .missing]),
      column("money", .text, [.text("£1,250.50"), .text("£2"), .missing]),
      column("written", .text, dates),
      column("compact", .text, [.text("20111209"), .text("20111210"), .missing]),
      column("word", .text, [.text("true"), .text("FALSE"), .missing]),
      column("none", .text, [.missing, .missing, .missing]),
      // Without it, a sheet would end before the last row.
      column("row", .integer, [.integer(1), .integer(2), .integer(3)]),
    ])
  }()

  private func read(_ format: String, _ change: (inout SourceOptions) -> Void) throws -> Table {
    try FileFormat.roundTrip(Self.table, format, change).table
  }

  private func cast(_ format: String, _ name: String, _ type: DataType) throws -> [Value] {
    let made = try read(format) {
      $0.text.columns = [name]
      $0.text.types = [name: type]
    }
    #expect(made.schema.fields.map(\.type) == [type], "\(name) in \(format)")
    return FileFormat.values(made)[0]
  }

  @Test(arguments: formats)
  func valuesAreConverted(format: String) throws {
    let day = Self.day
    let moment = Timestamp(day, hour: 8, minute: 26)
    #expect(try cast(format, "n", .real) == [.real(1), .real(0), .missing])
    #expect(try cast(format, "n", .boolean) == [.boolean(true), .boolean(false), .missing])
    #expect(try cast(format, "n", .text) == [.text("1"), .text("0"), .missing])
    #expect(try cast(format, "half", .text) == [.text("2"), .text("0.5"), .missing])
    #expect(try cast(format, "flag", .integer) == [.integer(1), .integer(0), .missing])
    #expect(try cast(format, "flag", .real) == [.real(1), .real(0), .missing])
    #expect(
      try cast(format, "day", .datetime)
        == [.datetime(Timestamp(day)), .datetime(Timestamp(microseconds: 0)), .missing])
    #expect(try cast(format, "day", .text) == [.text("2011-12-09"), .text("1970-01-01"), .missing])
    #expect(try cast(format, "day", .period(.month))[0] == .period(Period(.month, containing: day)))
    #expect(try cast(format, "moment", .date) == [.date(day), .date(CivilDate(days: -1)), .missing])
    #expect(try cast(format, "stamp", .date) == [.date(day), .date(CivilDate(days: day.days + 1)), .missing])
    #expect(try cast(format, "second", .datetime)[0] == .datetime(moment))
    #expect(try cast(format, "none", .date) == [.missing, .missing, .missing])
  }

  @Test(arguments: formats)
  func textsAreReadAsThoseOfATextFile(format: String) throws {
    let day = Self.day
    #expect(try cast(format, "digits", .integer) == [.integer(12), .integer(-7), .missing])
    #expect(try cast(format, "money", .real) == [.real(1250.5), .real(2), .missing])
    #expect(try cast(format, "written", .date)[0] == .date(day))
    #expect(
      try cast(format, "written", .datetime)[1]
        == .datetime(Timestamp(CivilDate(days: day.days + 4), hour: 8, minute: 26)))
    #expect(try cast(format, "compact", .date)[1] == .date(CivilDate(days: day.days + 1)))
    #expect(try cast(format, "word", .boolean) == [.boolean(true), .boolean(false), .missing])
  }

  @Test(arguments: formats)
  func theFirstMisfitIsNamedWithItsRow(format: String) throws {
    func misfit(_ name: String, _ type: DataType) throws -> String {
      do {
        _ = try cast(format, name, type)
        return "none"
      } catch SourceError.badValue(let path, let row, let column, let value, let type) {
        #expect(path.hasSuffix(format) && column == name)
        // Rows of a sheet count from its header.
        return "\(format == ".xlsx" ? row - 1 : row) \(value): \(type)"
      }
    }
    #expect(try misfit("half", .integer) == "2 0.5: whole number")
    #expect(try misfit("half", .boolean) == "1 2: bool")
    #expect(try misfit("stamp", .boolean) == "1 20111209: bool")
    #expect(try misfit("money", .date) == "1 £1,250.50: date")
    #expect(try misfit("day", .integer) == "1 2011-12-09: whole number")
    #expect(try misfit("word", .real) == "1 true: number")
  }

  /// One column of a database with the texts, the number of its type asked for.
  private func cast(_ values: [String], _ type: DataType, missing: [String] = []) throws -> Column {
    let rows = values.map { "('\($0)')" }.joined(separator: ", ")
    return try SQLiteTests.withDatabase(["CREATE TABLE t (x)", "INSERT INTO t VALUES \(rows)"]) { path in
      var options = SourceOptions()
      options.text.types = ["x": type]
      if !missing.isEmpty { options.text.missing = missing }
      return try #require(try SQLiteFormat.read("sqlite:" + path, options, Cancellation()).first?.table["x"])
    }
  }

  @Test func whatDiffersFromTheOthersIsNamed() {
    func expect(_ row: Int, _ value: String, _ type: DataType, in values: [String]) {
      do {
        _ = try cast(values, type)
        Issue.record("\(value) is no \(type)")
      } catch {
        guard case .badValue(_, row, "x", value, _)? = error as? SourceError else {
          Issue.record("\(error)")
          return
        }
      }
    }
    expect(3, "abc", .real, in: ["£1.50", "£2", "abc"])
    expect(3, "20111399", .date, in: ["20111209", "20111210", "20111399"])
    expect(2, "soon", .date, in: ["13/12/2011", "soon", "1/2/2011"])
    expect(2, "1.5", .integer, in: ["1", "1.5"])
    expect(2, "", .real, in: ["1", ""])
    expect(1, "", .date, in: ["", "2011-12-09"])
    expect(1, String(repeating: "long ", count: 12), .integer, in: [String(repeating: "long ", count: 100)])
  }

  @Test func aLateTextShowsTheStyleOfAll() throws {
    let days = (0..<3000).map { "\($0 % 12 + 1)/\($0 % 9 + 1)/\(1000 + $0)" }
    let dates = try cast(days + ["13/1/2011"], .date)
    #expect(dates[1] == CivilDate(year: 1001, month: 2, day: 2).map { .date($0) })
    #expect(dates[2] == CivilDate(year: 1002, month: 3, day: 3).map { .date($0) })
    #expect(dates[9] == CivilDate(year: 1009, month: 1, day: 10).map { .date($0) })
    let numbers = try cast((0..<3000).map { "\($0).5" } + ["1,234.5"], .real)
    #expect(numbers[3000] == .real(1234.5))
  }

  @Test func wordsThatMeanMissingDoNotCount() throws {
    let made = try cast(["1,234.50", "-", "2"], .real, missing: ["-", ""])
    #expect((0..<3).map { made[$0] } == [.real(1234.5), .missing, .real(2)])
  }

  @Test(arguments: formats)
  func wordsThatMeanMissingAreThoseOfTheCell(format: String) throws {
    let made = try read(format) {
      $0.text.missing = ["12", ""]
      $0.text.columns = ["digits", "n"]
    }
    #expect(made["digits"]?[0] == .missing)
    #expect(made["n"]?[0] == .integer(1))
    // Where rows are read when somebody asks for them, nothing else is said.
    let scanned = try FileFormat.with([], format) { path in
      try #require(TableFormats.writable(path)).write(Self.table, to: path, Cancellation())
      var options = SourceOptions()
      options.text.missing = ["12", ""]
      return try #require(TableFormats.format(of: path)).scan(path, options, Cancellation()) == nil
    }
    #expect(scanned)
  }

  @Test func theTypeOfTheCellCountsForMoreThanTheName() throws {
    try SQLiteTests.withDatabase(["CREATE TABLE t (customer_id)", "INSERT INTO t VALUES (1.0), (2.0)"]) { path in
      var options = SourceOptions()
      let plain = try SQLiteFormat.read("sqlite:" + path, options, Cancellation())
      #expect(plain.first?.table.columns[0].type == .integer)
      options.text.types = ["customer_id": .real]
      let typed = try SQLiteFormat.read("sqlite:" + path, options, Cancellation())
      #expect(typed.first?.table.columns[0].type == .real)
    }
  }

  @Test func namesOfDatabasesAreAsThoseOfFiles() throws {
    let query = "select 1 as \" a \", 2 as \"\", 3 as a, 4 as b"
    try SQLiteTests.withDatabase(["CREATE TABLE t (x)"]) { path in
      var options = SourceOptions()
      options.query = query
      let made = try #require(try SQLiteFormat.read("sqlite:" + path, options, Cancellation()).first)
      #expect(made.table.schema.names == ["a", "column_2", "a_2", "b"])
      #expect(made.report.renamed.map(\.to) == ["column_2", "a_2"])
      options.text.columns = ["b", "a", "b"]
      let some = try #require(try SQLiteFormat.read("sqlite:" + path, options, Cancellation()).first)
      #expect(some.table.columns.map { $0[0] } == [.integer(4), .integer(1)])
    }
  }
}
