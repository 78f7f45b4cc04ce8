import Columnar
import Foundation
import TestSupport
import Testing

/// A load that would not fit says so before it starts.
struct MemoryBudgetTests {
  private static let rows = 120_000
  private static let sales =
    "order,city,units,price,date,note\n"
    + (0..<rows).map { row in
      "\(row / 3),c\(row % 700),\(row % 11),\(row % 1300).25,2011-\(row % 9 + 1 < 10 ? "0" : "")\(row % 9 + 1)-05,note \(row)\n"
    }.joined()

  /// Bytes that a table takes.
  private func bytes(_ table: Table) -> Int {
    table.columns.reduce(0) { sum, column in
      let dictionary = column.dictionary.map { $0.bytes.count + $0.count * 20 } ?? 0
      return sum + (column.packed.map { $0.count * $0.lane.width } ?? column.count * 8) + dictionary
    }
  }

  private func load(_ path: String, memory: Int, _ change: (inout CSVOptions) -> Void = { _ in }) -> Result<
    Table, any Error
  > {
    var options = CSVOptions()
    options.memory = memory
    change(&options)
    let chosen = options
    return Result { try CSVReader(path: path, options: chosen).read().table }
  }

  @Test(arguments: [false, true])
  func theEstimateIsNearTheTable(isPacked: Bool) throws {
    try withTemporaryFile("") { path in
      let text = Array(Self.sales.utf8)
      try Data(isPacked ? PackedFileTests.gzip(text) : text).write(to: URL(fileURLWithPath: path))
      let real = bytes(try CSVReader(path: path).read().table)
      guard
        case .failure(SourceError.tooLarge(_, let estimate, 1000, let rows, true, let largest)) = load(
          path, memory: 1000)
      else {
        Issue.record("a table of \(real) bytes does not fit in 1000")
        return
      }
      #expect(Double(estimate) > 0.6 * Double(real) && Double(estimate) < 1.6 * Double(real), "\(estimate) for \(real)")
      #expect(abs(Double(rows) / Double(Self.rows) - 1) < 0.25, "\(rows)")
      #expect(largest.first == "note")
      // What fits is read.
      #expect(try load(path, memory: real * 2).get().rowCount == Self.rows)
      #expect(try load(path, memory: real / 3) { $0.columns = ["units", "city"] }.get().rowCount == Self.rows)
      #expect(try load(path, memory: 10_000) { $0.rows = 100 }.get().rowCount == 100)
    }
  }

  @Test func aDatabaseIsGivenUpWhenMemoryEnds() throws {
    let fill =
      "INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) SELECT i, 'text ' || i FROM n"
    try SQLiteTests.withDatabase(["CREATE TABLE t (a, b)", fill]) { path in
      var options = SourceOptions()
      #expect(try SQLiteFormat.read("sqlite:" + path, options, Cancellation())[0].table.rowCount == 200_000)
      options.text.memory = 1_000_000
      do {
        _ = try SQLiteFormat.read("sqlite:" + path, options, Cancellation())
        Issue.record("more than a megabyte does not fit in one")
      } catch SourceError.tooLarge(_, let bytes, 1_000_000, let rows, false, _) {
        #expect(bytes > 1_000_000 && rows < 200_000)
      }
    }
  }
}
