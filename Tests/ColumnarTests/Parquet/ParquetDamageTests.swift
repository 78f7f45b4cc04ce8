import Columnar
import Foundation
import TestSupport
import Testing

/// Damaged files give an error that says what is wrong, or a table; never anything else.
struct ParquetDamageTests {
  private func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: ParquetFixtures.path(name))))
  }

  /// Reads and scans a file; whatever is thrown must be an error that the language has words for.
  private func survive(_ bytes: [UInt8], _ note: String) throws {
    try withTemporaryBytes(bytes) { path in
      do {
        let table = try ParquetFixtures.read(path).table
        for column in table.columns where column.count > 0 { _ = (column[0], column[column.count - 1], column.storage) }
        let scan = try ParquetFixtures.scan(path)
        _ = try scan.mapParts(scan.schema.names, within: [], Cancellation()) { $0.rowCount }
        for name in scan.schema.names { _ = scan.extremes(name) }
      } catch is SourceError {
      } catch is FileScan.Drift {
      } catch { Issue.record("\(note): \(error)") }
    }
  }

  private func error(_ bytes: [UInt8]) throws -> SourceError? {
    try withTemporaryBytes(bytes) { path in #expect(throws: SourceError.self) { try ParquetFixtures.read(path) } }
  }

  private func found(_ bytes: [UInt8]) throws -> String {
    guard case .damaged(_, "Parquet", let place, let found)? = try error(bytes) else { return "" }
    return "\(place) \(found)"
  }

  @Test func everyCutIsAnError() throws {
    for name in ["int96", "sales_duckdb"] {
      let whole = try bytes(name)
      for count in stride(from: 0, to: whole.count, by: name == "int96" ? 1 : 61) {
        _ = try error(Array(whole[0..<count]))
      }
    }
  }

  @Test(arguments: ParquetReadTests.sales + ParquetReadTests.types + ["int96"])
  func flippedBytesDoNoHarm(name: String) throws {
    let whole = try bytes(name)
    var random = SeededGenerator(seed: UInt64(whole.count))
    let footer = Int(whole[whole.count - 8]) | Int(whole[whole.count - 7]) << 8
    for round in 0..<150 {
      var broken = whole
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        // Every other time in the footer, where one byte says most.
        let range = round % 2 == 0 ? 4..<(whole.count - 8) : (whole.count - 8 - footer)..<(whole.count - 8)
        broken[Int.random(in: range, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      try survive(broken, "\(name), round \(round)")
    }
  }

  @Test func saysWhatIsWrong() throws {
    let whole = try bytes("sales_plain")
    #expect(try found(Array(whole[0..<(whole.count / 2)])).contains("cut short"))
    #expect(try found(Array("PAR2".utf8) + whole[4...]).contains("PAR1"))
    #expect(try found(Array("PAR1PAR1".utf8)).contains("ends after 8 bytes"))
    var long = whole
    long.replaceSubrange((whole.count - 8)..<(whole.count - 4), with: [255, 255, 255, 127])
    #expect(try found(long).contains("longer than the file"))
    guard case .unsupported(_, let feature, _)? = try error(Array("PARE".utf8) + whole[4...]) else {
      Issue.record("encryption is named")
      return
    }
    #expect(feature.contains("encrypted"))
    // The first page header of the first column: its sizes become nonsense.
    var page = whole
    page.replaceSubrange(4..<12, with: [0x15, 0, 0x15, 0xfe, 0xff, 0xff, 0xff, 0x0f])
    #expect(try found(page).hasPrefix("row group 1, column `order` "))
    #expect(try found(try bytes("bomb")).hasPrefix("row group 1, column `t` has a page that says that"))
    #expect(try error([]).map { if case .empty = $0 { true } else { false } } == true)
    #expect(throws: SourceError.self) { try ParquetFixtures.read("/nowhere/x.parquet") }
  }
}
