import Columnar
import Foundation
import TestSupport
import Testing

/// Tables of a real server, against what psql says of them.
@Suite(.serialized, .enabled(if: PostgresServer.programs != nil, "needs the programs of PostgreSQL"))
struct PostgresTests {
  private let server: PostgresServer

  init() throws {
    server = try #require(PostgresServer.shared)
    _ = Self.prepared
  }

  private static let prepared: String =
    PostgresServer.shared?.psql(
      """
      CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
      CREATE DOMAIN amount AS numeric(12,2);
      CREATE EXTENSION IF NOT EXISTS citext;
      CREATE TABLE kinds (
        id int PRIMARY KEY, small smallint, big bigint, f4 float4, f8 float8, price numeric(12,2), exact numeric,
        ok boolean, label text, fixed char(5), short varchar(20), ci citext, key uuid, doc json, docb jsonb, day date,
        moment timestamp, instant timestamptz, clock time, feeling mood, cash money, cost amount, span interval,
        tags text[], raw bytea, "odd ""name"", (x)" int, address inet);
      INSERT INTO kinds SELECT i, i, (1::bigint << 62) - i, i / 8.0, i / 3.0, i / 7.0, (i * 1000003.0) ^ 3 / 7,
        i % 2 = 0, 'Zürich ' || i, 'ab', 'o''b' || i, 'CaSe', ('00000000-0000-0000-0000-' || lpad(i::text, 12, '0'))::uuid,
        '{"a": 1}', '{"b":   2}', date '2024-02-28' + i, timestamp '1999-12-31 23:59:59.5' + i * interval '1 day',
        timestamptz '2024-06-01 12:00+02' + i * interval '1 hour', time '08:30:15' + i * interval '1 minute',
        (array['sad','ok','happy'])[i % 3 + 1]::mood, i * 1.25, i * 2.5, i * interval '1 hour', array['a', 'b'],
        '\\xff00', i, '10.0.0.1'
        FROM generate_series(1, 30) AS i;
      INSERT INTO kinds (id) VALUES (31);
      INSERT INTO kinds (id, day, moment, f8, exact) VALUES
        (32, 'infinity', '-infinity', 'NaN', 'NaN'), (33, '-infinity', 'infinity', 'Infinity', -0.000123),
        (34, '0044-03-15 BC', '294276-12-31 23:59:59.999999', 1e300, 123456789012345678901234567890.123456789);
      CREATE SCHEMA crm;
      CREATE TABLE crm."Order Details" (a int, b text);
      INSERT INTO crm."Order Details" VALUES (1, 'x'), (2, 'y');
      CREATE VIEW twice AS SELECT id * 2 AS twice FROM kinds;
      CREATE MATERIALIZED VIEW totals AS SELECT count(*) AS n FROM kinds;
      CREATE TABLE empty (a int, b text, c date);
      """) ?? ""

  private func read(
    _ source: String? = nil, table: String? = nil, query: String? = nil,
    _ change: (inout SourceOptions) -> Void = { _ in }
  ) throws -> SourceTable {
    var options = SourceOptions()
    (options.table, options.query) = (table, query)
    change(&options)
    return try #require(try PostgresFormat.read(source ?? server.address, options, Cancellation()).first)
  }

  private func error(_ body: () throws -> Void) -> SourceError? {
    do {
      try body()
      return nil
    } catch {
      return error as? SourceError
    }
  }

  // MARK: Values

  @Test func valuesAreThoseOfPsql() throws {
    #expect(Self.prepared == "")
    let made = try read(table: "kinds")
    let table = made.table
    #expect(table.rowCount == 34)
    #expect(table.schema["raw"] == nil)
    #expect(made.report.details.contains { $0.label == "left out" && $0.text.contains("raw") })
    let asText = ["label", "short", "ci", "key", "doc", "docb", "clock", "feeling", "span", "tags", "address"]
    for name in asText { #expect(table.schema[name]?.type == .text, "\(name)") }
    let lines = server.psql(
      "SELECT id, small, big, f4, f8, price, exact, ok, \(asText.map { "\($0)::text" }.joined(separator: ", ")), trim(fixed), "
        + "day, moment, "
        + "instant at time zone 'UTC', cash::numeric, cost FROM kinds WHERE id <= 31 ORDER BY id"
    ).split(separator: "\n").map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
    #expect(lines.count == 31)
    let names =
      ["id", "small", "big", "f4", "f8", "price", "exact", "ok"] + asText
      + ["fixed", "day", "moment", "instant", "cash", "cost"]
    for (row, line) in lines.enumerated() {
      for (name, text) in zip(names, line) {
        let value = try #require(table[name])[row]
        if text == "∅" {
          #expect(value == .missing, "\(name) in row \(row)")
          continue
        }
        switch value {
        case .integer(let number): #expect(Int64(text) == number, "\(name) in row \(row)")
        case .real(let number): #expect(Double(text) == number, "\(name) in row \(row): \(text)")
        case .boolean(let truth): #expect(text == (truth ? "t" : "f"))
        case .text(let own): #expect(own == text, "\(name) in row \(row)")
        case .date(let day): #expect(day.description == text)
        case .datetime(let moment):
          var shown = moment.description
          // psql always writes seconds, and no zeros at the end of fractions.
          if shown.count == 16 { shown += ":00" }
          while shown.contains("."), shown.hasSuffix("0") { shown.removeLast() }
          #expect(shown == text, "\(name) in row \(row)")
        default: Issue.record("\(name) in row \(row) is \(value)")
        }
      }
    }
    #expect(made.report.details.contains { $0.label == "in UTC" && $0.text == "instant" })
  }

  @Test func whatHasNoEndIsMissingAndCounted() throws {
    let made = try read(query: "select day, moment, f8, exact from kinds where id > 31 order by id")
    let table = made.table
    #expect((0..<2).allSatisfy { table["day"]?[$0] == .missing && table["moment"]?[$0] == .missing })
    #expect(table["day"]?[2] == .date(CivilDate(days: CivilDate.days(year: -43, month: 3, day: 15))))
    #expect(table["f8"]?[0] == .missing && table["f8"]?[1] == .missing)
    #expect(table["f8"]?[2] == .real(1e300))
    #expect(table["exact"]?[1] == .real(-0.000123))
    #expect(table["exact"]?[2] == .real(123_456_789_012_345_678_901_234_567_890.123456789))
    #expect(made.report.details.contains { $0.label == "infinite in day" && $0.text == "2, missing" })
  }

  @Test(arguments: 0..<5)
  func randomNumbersComeBackAsTheirDecimals(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let numbers = (0..<400).map { _ -> String in
      let digits = (0..<Int.random(in: 1...30, using: &random)).map { _ in "\(Int.random(in: 0...9, using: &random))" }
      let fraction = (0..<Int.random(in: 0...30, using: &random)).map { _ in
        "\(Int.random(in: 0...9, using: &random))"
      }
      return (Bool.random(using: &random) ? "-" : "") + digits.joined() + "." + fraction.joined() + "0"
    }
    let rows = numbers.enumerated().map { "(\($0), \($1)::numeric)" }.joined(separator: ", ")
    let made = try read(query: "select n from (values \(rows)) as v(i, n) order by i")
    for (row, text) in numbers.enumerated() {
      #expect(made.table.columns[0][row].number == Double(text), "\(text)")
    }
  }

  // MARK: What is read

  @Test func tablesAreNamedListedAndChosen() throws {
    #expect(try read(table: "crm.Order Details").table.rowCount == 2)
    #expect(try read(table: "Order Details").name == "Order Details")
    #expect(try read(table: "twice").table.columns[0][0] == .integer(2))
    #expect(try read(table: "totals").table.columns[0][0] == .integer(34))
    let none = try read(table: "empty").table
    #expect(none.rowCount == 0)
    #expect(none.schema.fields.map(\.type) == [.integer, .text, .date])
    for given in [nil, "ordrs", "kinds\"; drop table kinds; --"] as [String?] {
      let failure = error { _ = try read(table: given) }
      guard case .chooseTable(let path, "table", given, let names)? = failure else {
        Issue.record("\(String(describing: failure))")
        return
      }
      #expect(names == ["public.empty", "public.kinds", "public.totals", "public.twice", "crm.Order Details"])
      #expect(path == "postgres://analyst:•••@127.0.0.1:\(server.port)/postgres")
    }
  }

  @Test func columnsRowsAndTypesAreThoseOfTheCell() throws {
    let made = try read(server.local, table: "public.kinds") {
      $0.text.columns = ["odd \"name\", (x)", "price", "label"]
      $0.text.rows = 3
      $0.text.types = ["price": .text]
    }
    #expect(made.table.schema.names == ["odd \"name\", (x)", "price", "label"])
    #expect(made.table.rowCount == 3)
    #expect(made.table["price"]?[0] == .text("0.14"))
    let twice = try read(query: "select 1 as a, 2 as a, 3 ;  ")
    #expect(twice.table.schema.names == ["a", "a_2", "?column?"])
    #expect(twice.table.columns.map { $0[0] } == [.integer(1), .integer(2), .integer(3)])
    #expect(twice.name == "postgres")
    let nothing = try read(query: "select raw from kinds")
    #expect(nothing.table.schema.names.isEmpty)
    guard case .unknownColumn? = error({ _ = try read(table: "kinds") { $0.text.columns = ["x"] } }) else {
      Issue.record("a column that is not there")
      return
    }
  }

  @Test(arguments: [
    "delete from kinds", "select 1; select 2", "", "drop table kinds", "commit", "select 1) to program 'true' --",
    "with gone as (delete from kinds returning *) select * from gone", "select * from nowhere",
    "select nextval('s')", "select 1 into other",
  ])
  func aQueryMayOnlyRead(query: String) throws {
    let failure = error { _ = try read(query: query) }
    guard case .database(let path, let why, _)? = failure else {
      Issue.record("\(query): \(String(describing: failure))")
      return
    }
    #expect(path.contains("•••") && !why.isEmpty)
    #expect(server.psql("SELECT count(*) FROM kinds") == "34")
  }

  @Test func whatAFunctionDidNeverthelessIsTakenBack() throws {
    // Up to version 15, large objects may be made in a transaction that can only read.
    _ = try? read(query: "select lo_create(0)")
    #expect(server.psql("SELECT count(*) FROM pg_largeobject_metadata") == "0")
  }

  // MARK: Interruption

  @Test func aLongQueryIsStoppedOnTheServerToo() throws {
    var options = SourceOptions()
    options.query = "select i, pg_sleep(0.001) from generate_series(1, 100000) as i /* endless */"
    FileFormat.expectInterruption(after: 0.5) { _ = try PostgresFormat.read(server.address, options, $0) }
    usleep(200_000)
    let running = server.psql(
      "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%endless%' AND pid <> pg_backend_pid() AND state = 'active'"
    )
    #expect(running == "0")
  }

  @Test func aServerThatIsNotThereIsSaid() throws {
    let failure = error { _ = try read("postgres://analyst:hush@127.0.0.1:1/postgres") }
    guard case .database(let path, let why, _)? = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(path == "postgres://analyst:•••@127.0.0.1:1/postgres")
    #expect(why.lowercased().contains("refused"))
  }

  // MARK: Passwords

  @Test(arguments: [
    "postgres://analyst:Sw0rdfish@127.0.0.1:PORT/postgres",
    "postgres://analyst:Sw0rd/Sw0rdfish@127.0.0.1:PORT/postgres", "postgres://analyst:Sw0rdfish@Sw0rd@127.0.0.1:PORT/x",
    "postgres://analyst:Sw0rdfish", "postgres://analyst:Sw0rdfish/db", "postgres://analyst:Sw0rdfish@127.0.0.1:Sw0rd/x",
    "postgres://127.0.0.1:PORT/postgres?user=analyst&password=Sw0rdfish", "postgres://a:Sw0rdfish@nowhere.invalid/x",
    "postgres://analyst:Sw0rdfish%zz@127.0.0.1:PORT/postgres", "postgres://analyst:Sw0rd?fish=Sw0rd@127.0.0.1:PORT/x",
    "postgres://analyst:Sw0rdfish@127.0.0.1:PORT/postgres?sslmode=wrong",
  ])
  func noErrorShowsAPassword(address: String) throws {
    let source = address.replacing("PORT", with: "\(server.port)")
    let failure = error { _ = try read(source, table: "kinds") }
    let words = String(describing: try #require(failure, "\(source) should not open"))
    let isShown = words.contains("Sw0rd")
    // Where the same word stands as the port of a well-formed address, it is no password.
    #expect(!isShown || address.hasSuffix(":Sw0rd/x"), "\(words)")
  }

  @Test func theReportShowsNoPassword() throws {
    let made = try read(table: "kinds")
    let words = "\(made.report) \(made.name ?? "")"
    #expect(!words.contains(PostgresServer.password) && !words.contains(PostgresServer.written))
    #expect(made.report.path.contains("•••"))
  }

  @Test func aPasswordMayComeFromTheEnvironment() throws {
    setenv("PGPASSWORD", PostgresServer.password, 1)
    defer { unsetenv("PGPASSWORD") }
    let made = try read("postgres://analyst@127.0.0.1:\(server.port)/postgres", table: "totals")
    #expect(made.table.rowCount == 1)
  }

  // MARK: Many rows

  @Test func manyRowsAreCounted() throws {
    let query = "select i, i % 100 as k, 'name ' || i % 1000 as n, i / 100.0 as p from generate_series(1, 200000) as i"
    let table = try read(query: query).table
    #expect(table.rowCount == 200_000)
    #expect(table.columns[0][199_999] == .integer(200_000))
    #expect(table.columns[2][1_234] == .text("name 235"))
    #expect(table.columns[3][1_233] == .real(12.34))
  }
}
