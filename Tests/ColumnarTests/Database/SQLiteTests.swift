import CSQLite
import Columnar
import Foundation
import TestSupport
import Testing

/// Tables of SQLite databases, against what Python's sqlite3 reads of them.
struct SQLiteTests {
  private static let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Reference/sqlite/kinds.sqlite").path

  private func read(
    _ source: String = fixture, table: String? = nil, query: String? = nil,
    _ change: (inout SourceOptions) -> Void = { _ in }
  ) throws -> SourceTable {
    var options = SourceOptions()
    (options.table, options.query) = (table, query)
    change(&options)
    return try #require(try SQLiteFormat.read(source, options, Cancellation()).first)
  }

  private func error(_ body: () throws -> Void) -> SourceError? {
    do {
      try body()
      return nil
    } catch {
      return error as? SourceError
    }
  }

  /// A database made by some statements, gone when the closure has ended.
  static func withDatabase<T>(_ statements: [String], _ body: (String) throws -> T) throws -> T {
    try withTemporaryFile("") { path in
      var handle: OpaquePointer?
      #expect(sqlite3_open(path, &handle) == SQLITE_OK)
      for statement in ["BEGIN"] + statements + ["COMMIT"] {
        #expect(sqlite3_exec(handle, statement, nil, nil, nil) == SQLITE_OK, "\(statement.prefix(200))")
      }
      sqlite3_close(handle)
      return try body(path)
    }
  }

  // MARK: Values

  @Test func valuesAreThoseOfPython() throws {
    let made = try read(table: "kinds")
    let expected = try SharedData.referenceLines("sqlite/kinds.tsv")
    #expect(made.table.rowCount == expected.count)
    for (row, line) in expected.enumerated() {
      for (column, text) in line.enumerated() {
        let name = made.table.schema.names[column]
        let value: Value
        switch (name, text) {
        case (_, "-"): value = .missing
        case ("id", _), ("big", _): value = .integer(try #require(Int64(text)))
        case ("price", _): value = .real(try #require(Double(text)))
        case ("paid", _): value = .boolean(text == "1")
        default: value = .text(text)
        }
        #expect(made.table.columns[column][row] == value, "\(name) in row \(row)")
      }
    }
  }

  @Test func declaredTypesSayWhatNumbersAndTextsMean() throws {
    let made = try read(table: "kinds")
    let types = Dictionary(uniqueKeysWithValues: made.table.schema.fields.map { ($0.name, $0.type) })
    #expect(types["day"] == .date)
    #expect(types["moment"] == .datetime)
    #expect(types["stamp"] == .datetime)
    #expect(types["millis"] == .datetime)
    #expect(types["julian"] == .datetime)
    #expect(types["compact"] == .date)
    #expect(types["note"] == .text)
    #expect(types["empty"] == .real)
    #expect(types["photo"] == nil)
    #expect(made.report.details.contains { $0.label == "left out" && $0.text.contains("photo") })
    #expect(made.report.details.contains { $0.label == "dates in millis" && $0.text.contains("milliseconds") })
    let table = made.table
    #expect(table["day"]?[1] == .date(try #require(CivilDate(year: 2024, month: 2, day: 2))))
    let day = try #require(CivilDate(year: 2024, month: 2, day: 2))
    let moment = Timestamp(day, hour: 1, minute: 30, second: 1, microsecond: 250_000)
    #expect(table["moment"]?[1] == .datetime(moment))
    #expect(table["stamp"]?[1] == .datetime(Timestamp(microseconds: 1_700_086_400_000_000)))
    #expect(table["millis"]?[1] == .datetime(Timestamp(microseconds: 1_700_000_060_000_000)))
    #expect(table["julian"]?[0] == .datetime(Timestamp(try #require(CivilDate(year: 2024, month: 1, day: 1)))))
    #expect(table["compact"]?[2] == .date(try #require(CivilDate(year: 2024, month: 1, day: 3))))
    #expect(table["empty"]?.missingCount == 40)
    #expect(table["odd \"name\", (x)"]?[4] == .text("o1"))
  }

  @Test func numbersAmongTextsKeepTheirDigits() throws {
    let rows = "(1, 1.5), (9223372036854775807, 3), (0.1, 'x'), ('y', 9e999)"
    try Self.withDatabase(["CREATE TABLE t (a, b)", "INSERT INTO t VALUES \(rows)"]) { path in
      let table = try read("sqlite:" + path).table
      #expect(
        (0..<4).map { table.columns[0][$0] } == ["1", "9223372036854775807", "0.1", "y"].map(Value.text))
      #expect((0..<4).map { table.columns[1][$0] } == [.text("1.5"), .text("3"), .text("x"), .missing])
    }
  }

  @Test func typesOfTheCellAreKept() throws {
    let made = try read(table: "kinds") { options in
      options.text.columns = ["paid", "id", "stamp", "day", "mixed"]
      options.text.types = ["id": .text, "stamp": .integer, "day": .text, "paid": .integer]
    }
    #expect(made.table.schema.fields.map(\.type) == [.integer, .text, .integer, .text, .text])
    #expect(made.table["day"]?[0] == .text("2024-01-01"))
    #expect(made.table["id"]?[9] == .text("10"))
    let failure = error { _ = try read(table: "kinds") { $0.text.types = ["label": .real] } }
    guard case .badValue(_, 1, "label", "Zürich", "number")? = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
  }

  @Test func textsThatAreNoUTF8AreAnErrorOrDecoded() throws {
    let failure = error { _ = try read(table: "broken") }
    guard case .badEncoding(_, "UTF-8", 3, "t", _)? = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    let made = try read(table: "broken") { $0.text.encoding = .latin1 }
    #expect(made.table.columns[0][2] == .text("Müncheé"))
  }

  // MARK: What is read

  @Test func columnsAndRowsBecomePartOfTheQuestion() throws {
    let made = try read(table: "kinds") {
      $0.text.columns = ["odd \"name\", (x)", "id"]
      $0.text.rows = 3
    }
    #expect(made.table.schema.names == ["odd \"name\", (x)", "id"])
    #expect(made.table.rowCount == 3)
    let none = try read(table: "kinds") { $0.text.rows = 0 }
    #expect(none.table.rowCount == 0)
    let failure = error { _ = try read(table: "kinds") { $0.text.columns = ["id\" FROM kinds; --"] } }
    guard case .unknownColumn? = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    let asked = try read(query: "select id, id * 2, id from kinds order by id desc -- the last ones") {
      $0.text.columns = ["id_2", "id * 2"]
      $0.text.rows = 2
    }
    #expect(asked.table.columns.map { $0[1] } == [.integer(39), .integer(78)])
    #expect(asked.name == nil)
  }

  @Test func theTableIsChosenOrAskedFor() throws {
    #expect(try read(table: "order details").name == "Order Details")
    #expect(try read("sqlite:" + Self.fixture, table: "doubled").table.columns[0][0] == .integer(2))
    for given in [nil, "Orders"] as [String?] {
      let failure = error { _ = try read(table: given) }
      guard case .chooseTable(_, "table", given, ["Order Details", "broken", "doubled", "kinds"])? = failure else {
        Issue.record("\(String(describing: failure))")
        return
      }
    }
    try Self.withDatabase(["CREATE TABLE \"only \"\" one\" (a)", "INSERT INTO \"only \"\" one\" VALUES (7)"]) { path in
      let only = try read("sqlite:" + path)
      #expect(only.table.columns[0][0] == .integer(7))
    }
  }

  @Test(arguments: [
    "delete from kinds", "attach 'other.db' as o", "pragma user_version", "begin", "select 1; select 2", "",
    "-- nothing", "create table x (a)", "vacuum", "insert into kinds (id) values (99) returning id",
    "select load_extension('x')", "select * from pragma_table_list", "explain select 1; drop table kinds",
  ])
  func aQueryMayOnlyRead(query: String) throws {
    let before = try Data(contentsOf: URL(fileURLWithPath: Self.fixture))
    let failure = error { _ = try read(query: query) }
    guard case .database? = failure else {
      Issue.record("\(query): \(String(describing: failure))")
      return
    }
    let after = try Data(contentsOf: URL(fileURLWithPath: Self.fixture))
    #expect(after == before)
  }

  @Test func aMistakeInAQueryIsSaidInSQLitesWords() throws {
    let failure = error { _ = try read(query: "select * from orders") }
    guard case .database(_, let why, let advice)? = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(why.contains("no such table: orders"))
    #expect(advice?.contains("Order Details") == true)
  }

  @Test func aLongQueryIsInterrupted() throws {
    var options = SourceOptions()
    options.query = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"
    FileFormat.expectInterruption(after: 0.1) { _ = try SQLiteFormat.read(Self.fixture, options, $0) }
  }

  @Test func whatIsNoDatabaseIsSaid() throws {
    #expect(!SQLiteFormat.recognises("a.db", head: Array("PK".utf8)))
    try withTemporaryFile("id,name\n1,x\n") { path in
      guard case .damaged(_, "SQLite", _, _)? = error({ _ = try read("sqlite:" + path) }) else {
        Issue.record("a text is no database")
        return
      }
    }
    guard case .notFound? = error({ _ = try read("sqlite:/nowhere/x.db") }) else {
      Issue.record("a file that is not there")
      return
    }
  }

  // MARK: Damage

  @Test func aFileCutAnywhereIsATableOrAnError() throws {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Self.fixture)))
    try withTemporaryFile("") { path in
      for end in stride(from: 0, to: bytes.count, by: 7) {
        try Data(bytes[..<end]).write(to: URL(fileURLWithPath: path))
        isTableOrError(path)
      }
    }
  }

  @Test(arguments: 0..<4)
  func changedBytesAreATableOrAnError(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Self.fixture)))
    try withTemporaryFile("") { path in
      for _ in 0..<250 {
        var changed = bytes
        for _ in 0..<Int.random(in: 1...6, using: &random) {
          changed[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        try Data(changed).write(to: URL(fileURLWithPath: path))
        isTableOrError(path)
      }
    }
  }

  private func isTableOrError(_ path: String) {
    for table in ["kinds", "broken"] {
      do {
        let made = try read("sqlite:" + path, table: table)
        for column in made.table.columns where made.table.rowCount > 0 { _ = column[made.table.rowCount - 1] }
      } catch {
        #expect(error is SourceError, "\(error)")
      }
    }
  }

  // MARK: Many rows

  @Test(arguments: 0..<6)
  func randomTablesComeBack(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed) + 100)
    let rows = Int.random(in: 0...5000, using: &random)
    var expected: [[Value]] = []
    var statements = ["CREATE TABLE t (i INTEGER, r REAL, s TEXT, d DATE)"]
    let spans: [Int64] = [100, 30_000, 3_000_000_000, Int64.max / 2]
    let span = spans[seed % 4]
    for _ in 0..<rows {
      let isMissing = Int.random(in: 0..<10, using: &random) == 0
      let number = Int64.random(in: -span...span, using: &random)
      let real = Double.random(in: -1e6...1e6, using: &random)
      let word = "w\(Int.random(in: 0..<(seed * 100 + 3), using: &random))'"
      let day = CivilDate(days: Int32.random(in: -20_000...40_000, using: &random))
      expected.append(
        isMissing ? Array(repeating: .missing, count: 4) : [.integer(number), .real(real), .text(word), .date(day)])
      statements.append(
        isMissing
          ? "INSERT INTO t VALUES (NULL, NULL, NULL, NULL)"
          : "INSERT INTO t VALUES (\(number), \(real), '\(word.replacing("'", with: "''"))', '\(day)')")
    }
    try Self.withDatabase(statements) { path in
      let table = try read("sqlite:" + path).table
      #expect(table.rowCount == rows)
      let isSame = (0..<rows).allSatisfy { row in table.columns.map { $0[row] } == expected[row] }
      #expect(isSame)
    }
  }

  // MARK: Real files

  @Test(.enabled(if: SharedData.isPresent("sqlite"), "needs ../shared/data/sqlite"))
  func northwindAndChinookHaveTheirRows() throws {
    let northwind = SharedData.path("sqlite/northwind.db")
    for (table, rows) in [("Orders", 830), ("Order Details", 2155), ("Products", 77), ("Customers", 93)] {
      #expect(try read(northwind, table: table).table.rowCount == rows)
    }
    let orders = try read(northwind, table: "Orders").table
    #expect(orders.schema["OrderDate"]?.type == .datetime)
    #expect(orders.schema["Freight"]?.type == .real)
    #expect(orders["OrderDate"]?[0] == .datetime(Timestamp(try #require(CivilDate(year: 1996, month: 7, day: 4)))))
    let chinook = SharedData.path("sqlite/Chinook_Sqlite.sqlite")
    #expect(try read(chinook, table: "Invoice").table.rowCount == 412)
    #expect(try read(chinook, table: "InvoiceLine").table.rowCount == 2240)
    #expect(try read(chinook, table: "Customer").table.rowCount == 59)
    #expect(TableFormats.format(of: chinook) == SQLiteFormat.self)
  }
}
