import Columnar
import Foundation
import Testing

/// Arrow files that pyarrow wrote (`scripts/reference/arrow.py`), and our own.
struct ArrowTests {
  private func read(_ name: String, _ change: (inout SourceOptions) -> Void = { _ in }) throws -> SourceTable {
    try FileFormat.read(FileFormat.reference("arrow/\(name)"), change)
  }

  @Test(arguments: ["plain.arrow", "lz4.arrow", "zstd.arrow", "stream.arrows"])
  func allTypes(name: String) throws {
    let read = try read(name)
    let table = read.table
    #expect(table.rowCount == 4)
    func expect(_ column: String, _ values: [Value]) {
      #expect(table[column].map { c in (0..<4).map { c[$0] } } == values, "\(column)")
    }
    expect("nothing", [.missing, .missing, .missing, .missing])
    for bits in [8, 16, 32, 64] {
      let top = Int64.max >> Int64(64 - bits)
      expect("i\(bits)", [.integer(-top - 1), .missing, .integer(0), .integer(top)])
      expect(
        "u\(bits)", [.integer(0), .integer(bits == 64 ? .max : Int64(1) << Int64(bits) - 1), .missing, .integer(1)])
    }
    expect("f16", [.real(1.5), .missing, .real(-0.25), .real(65504)])
    expect("f32", [.real(Double(Float(0.1))), .missing, .missing, .real(-3)])
    expect("f64", [.real(0.1), .missing, .real(.infinity), .real(-2.5)])
    expect("yes", [.boolean(true), .missing, .boolean(false), .boolean(true)])
    for column in ["text", "large", "view", "category"] {
      expect(column, [.text("Zoë"), .text(""), .missing, .text("a text of more than twelve bytes")])
    }
    expect("narrow", [.text("yes"), .missing, .text("no"), .text("yes")])
    let leap = CivilDate(days: CivilDate.days(year: 2024, month: 2, day: 29))
    let first = CivilDate(days: CivilDate.days(year: 1, month: 1, day: 1))
    for column in ["date32", "date64"] {
      expect(column, [.date(leap), .date(CivilDate(days: -1)), .missing, .date(first)])
    }
    let y2k = Value.datetime(Timestamp(CivilDate(days: CivilDate.days(year: 2000, month: 1, day: 1))))
    for (column, kept) in [("s", 0), ("ms", 123_000), ("us", 123_456), ("ns", 123_456)] {
      let before = kept == 0 ? -1_000_000 : kept == 123_000 ? -1000 : -1
      expect(
        "moment_\(column)",
        [
          .datetime(Timestamp(leap, hour: 8, minute: 26, second: 5, microsecond: kept)), .missing,
          .datetime(Timestamp(microseconds: Int64(before))), y2k,
        ])
    }
    expect("time32", [.text("08:30:00"), .missing, .text("00:00:00.005"), .text("23:59:59")])
    expect("money", [.real(12.34), .missing, .real(-0.01), .real(99_999_999_999.99)])
    expect("whole", [.integer(7), .missing, .integer(-7), .integer(0)])
    expect("length", [.real(1.5), .missing, .real(0), .real(86_400)])
    #expect(table["list"] == nil)
    #expect(read.report.details.contains { $0.text == "list (lists), struct (structs), bytes (bytes)" })
  }

  @Test func dictionariesGrowAndAreReplaced() throws {
    func words(_ name: String) throws -> [Value] { FileFormat.values(try read(name).table)[0] }
    let grown: [Value] = [.text("a"), .text("b"), .missing, .text("c"), .text("a"), .text("b")]
    #expect(try words("delta.arrows") == grown)
    #expect(try words("replaced.arrows") == grown + [.text("z"), .text("a"), .text("a")])
  }

  @Test func optionsOfAllFormats() throws {
    let some = try read("lz4.arrow") {
      $0.text.columns = ["text", "i8"]
      $0.text.rows = 3
      $0.text.types = ["i8": .text]
    }
    #expect(some.table.schema.names == ["text", "i8"])
    #expect(some.table.rowCount == 3)
    #expect(some.table["i8"]?[0] == .text("-128"))
    #expect(throws: SourceError.self) { try read("plain.arrow") { $0.text.columns = ["list"] } }
    #expect(throws: SourceError.self) { try read("v1.feather") }
  }

  @Test func aScanReadsBatchAfterBatch() throws {
    let path = FileFormat.reference("arrow/zstd.arrow")
    let format = try #require(TableFormats.format(of: path))
    let scan = try #require(try format.scan(path, SourceOptions(), Cancellation()))
    let all = try scan.table(["text", "moment_ns"], Cancellation())
    #expect(all.schema.fields == ["text", "moment_ns"].compactMap { scan.schema[$0] })
    let parts = try scan.mapParts(["i64", "text"], within: [], Cancellation()) { FileFormat.values($0) }
    #expect(parts.count == 2)
    #expect(parts.flatMap { $0[1] } == FileFormat.values(all)[0])
  }

  @Test(arguments: [0, 1, 1000, 70_000])
  func whatIsWrittenReadsBack(rows: Int) throws {
    let table = FileFormat.table(rows: rows, seed: UInt64(rows) + 5)
    let back = try FileFormat.roundTrip(table, ".arrow").table
    #expect(back.schema == table.schema)
    #expect(FileFormat.values(back) == FileFormat.values(table))
  }

  @Test func textsThatNoRowHasAreNotWritten() throws {
    let table = Table([
      (Field("t", .text), Column(.text(codes: [1], TextDictionary(["a secret", "open"]))))
    ])
    for ending in [".arrow", ".xlsx", ".jsonl"] {
      try FileFormat.with([], ending) { path in
        try TableFormats.writable(path)?.write(table, to: path, Cancellation())
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        #expect(!String(decoding: bytes, as: UTF8.self).contains("secret"))
        #expect(try FileFormat.read(path).table["t"]?[0] == .text("open"))
      }
    }
  }

  @Test(arguments: ["plain.arrow", "lz4.arrow", "stream.arrows", "delta.arrows"])
  func damagedFilesNeverCrash(name: String) throws {
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: FileFormat.reference("arrow/\(name)"))))
    let ending = String(name.suffix(from: name.firstIndex(of: ".") ?? name.startIndex))
    try FileFormat.damage(bytes, ending, step: bytes.count > 2000 ? 9 : 1, changes: 500)
  }
}
