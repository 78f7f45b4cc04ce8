import Columnar
import Testing

/// Files of pyarrow, DuckDB and Polars in all encodings hold what Python says that they hold.
struct ParquetReadTests {
  static let sales = [
    "sales_plain", "sales_snappy", "sales_gzip_v2", "sales_brotli", "sales_lz4", "sales_delta", "sales_delta_v2",
    "sales_fallback", "sales_polars", "sales_duckdb",
  ]
  static let types = ["types_plain", "types_dictionary", "types_split", "types_v1"]

  @Test(arguments: sales)
  func readsTheTable(name: String) throws {
    let read = try ParquetFixtures.read(ParquetFixtures.path(name))
    #expect(read.table.rowCount == 150)
    #expect(read.table.schema.names.prefix(4) == ["order", "quantity", "price", "city"])
    let types: [DataType] = [
      .integer, .integer, .real, .text, .text, .date, .datetime, .datetime, .boolean, .integer, .text,
    ]
    #expect(read.table.schema.fields.map(\.type) == types)
    ParquetFixtures.expect(read.table, try ParquetFixtures.expected("sales"), name)
    #expect(read.report.rows == 150 && read.report.columns == 11 && read.report.format == "Parquet")
    #expect(read.report.bytes > 5000)
    #expect(read.report.missing.contains { $0.column == "nothing" && $0.count == 150 })
    #expect(read.report.details.contains { $0.label == "compression" })
  }

  @Test(arguments: types)
  func readsAllTypes(name: String) throws {
    let read = try ParquetFixtures.read(ParquetFixtures.path(name))
    let expected = try ParquetFixtures.expected("types")
    ParquetFixtures.expect(read.table, expected, name)
    #expect(Set(read.table.schema.names) == Set(expected.keys))
    let left = try #require(read.report.details.first { $0.label == "left out" }?.text)
    for column in ["list (a list)", "pair (a structure)", "map (a map)", "foreign (bytes that are no text)"] {
      #expect(left.contains(column))
    }
    let schema = read.table.schema
    #expect(schema["u64"]?.type == .integer && schema["u64big"]?.type == .real && schema["dec9"]?.type == .real)
    #expect(schema["ms"]?.type == .datetime && schema["t_ms"]?.type == .text && schema["id"]?.type == .text)
  }

  @Test func readsOldMoments() throws {
    let read = try ParquetFixtures.read(ParquetFixtures.path("int96"))
    ParquetFixtures.expect(read.table, try ParquetFixtures.expected("int96"), "int96")
  }

  @Test func readsATableWithoutRows() throws {
    let read = try ParquetFixtures.read(ParquetFixtures.path("sales_empty"))
    #expect(read.table.rowCount == 0 && read.table.columns.count == 11)
    let scan = try ParquetFixtures.scan(ParquetFixtures.path("sales_empty"))
    let parts = try scan.mapParts(["day", "city"], within: [], Cancellation()) { $0.schema.names }
    #expect(parts == [["day", "city"]])
  }

  @Test func readsColumnsAndRowsThatAreNamed() throws {
    for name in ParquetReadTests.sales {
      for rows in [0, 1, 63, 64, 65, 149, 1000] {
        let read = try ParquetFixtures.read(ParquetFixtures.path(name)) {
          $0.text.columns = ["note", "order"]
          $0.text.rows = rows
        }
        #expect(read.table.schema.names == ["note", "order"])
        #expect(read.table.rowCount == min(rows, 150))
        ParquetFixtures.expect(read.table, try ParquetFixtures.expected("sales"), "\(name), \(rows) rows")
      }
    }
  }

  @Test func saysWhichColumnsThereAreNot() throws {
    let path = ParquetFixtures.path("types_plain")
    func error(_ column: String) -> SourceError? {
      #expect(throws: SourceError.self) { try ParquetFixtures.read(path) { $0.text.columns = ["last", column] } }
    }
    guard case .unknownColumn(_, "lst", let columns)? = error("lst") else {
      Issue.record("a column that is not there is named")
      return
    }
    #expect(columns.contains("last"))
    for column in ["list", "foreign"] {
      guard case .unsupported(_, let feature, _)? = error(column) else {
        Issue.record("a column that cannot be read is named")
        continue
      }
      #expect(feature.contains("`\(column)`"))
    }
  }

  @Test func givesColumnsTheTypesThatAreNamed() throws {
    let path = ParquetFixtures.path("sales_snappy")
    let read = try ParquetFixtures.read(path) {
      $0.text.types = ["order": .text, "quantity": .real, "day": .datetime, "moment": .date, "price": .real]
    }.table
    let types: [DataType] = [.text, .real, .real, .text, .text, .datetime, .date]
    #expect(read.schema.fields.prefix(7).map(\.type) == types)
    let expected = try ParquetFixtures.expected("sales")
    for row in 0..<150 {
      #expect(read["order"]?[row] == .text(expected["order"]?[row] ?? ""))
      let day = expected["day"]?[row].flatMap { Int32($0) }
      #expect(read["day"]?[row] == day.map { .datetime(Timestamp(CivilDate(days: $0))) } ?? .missing)
    }
    #expect(throws: SourceError.self) { try ParquetFixtures.read(path) { $0.text.types = ["city": .boolean] } }
    #expect(throws: SourceError.self) { try ParquetFixtures.read(path) { $0.text.types = ["price": .integer] } }
    #expect(throws: SourceError.self) { try ParquetFixtures.read(path) { $0.text.types = ["nowhere": .text] } }
  }

  @Test func isRecognised() {
    let path = ParquetFixtures.path("int96")
    #expect(TableFormats.format(of: path) == ParquetFormat.self)
    #expect(ParquetFormat.recognises("x", head: Array("PAR1....".utf8)))
    #expect(!ParquetFormat.recognises("x.csv", head: Array("a,b\n".utf8)))
  }
}
