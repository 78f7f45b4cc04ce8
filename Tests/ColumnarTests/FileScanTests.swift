import Columnar
import Synchronization
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Files that are read part by part give the rows that reading them whole gives.
struct FileScanTests {
  private func rows(_ table: Table) -> [[Value]] {
    (0..<table.rowCount).map { row in table.columns.map { $0[row] } }
  }

  @Test(arguments: 0..<30)
  func partsAreTheRowsOfTheWhole(seed: Int) throws {
    let table = CSVRoundTripTests.table(seed: UInt64(seed + 1000))
    try withTemporaryFile(CSVWriter.text(table)) { path in
      for chunk in [1, 16, 100, 1 << 20] {
        var options = CSVOptions()
        options.chunkBytes = chunk
        options.delimiter = UInt8(ascii: ",")
        options.header = true
        let scan = try #require(try CSVReader(path: path, options: options).scan())
        #expect(scan.schema.names == table.schema.names)
        let names = Array(table.schema.names.reversed())
        do {
          let parts = try scan.mapParts(names, within: [], Cancellation()) { $0 }
          let whole = try CSVReader(path: path, options: options).read().table
          let read = parts.flatMap(rows)
          #expect(read.count == whole.rowCount)
          for (row, values) in read.enumerated() {
            for (name, value) in zip(names, values) {
              #expect(value == whole[name]?[row], "chunk \(chunk), row \(row)")
            }
          }
        } catch is FileScan.Drift {
          Issue.record("a file whose sample is all of it cannot surprise: chunk \(chunk)")
        }
      }
    }
  }

  @Test func aLateRowOfAnotherTypeIsNoError() throws {
    let start = (0..<300_000).map { "\($0),2011-01-01\n" }.joined()
    let scan = { (path: String) in try #require(try CSVReader(path: path).scan()) }
    try withTemporaryFile("n,d\n" + start + "1,2011-02-01\n") { path in
      let found = try scan(path)
      #expect(found.extremes("d") == nil)
      #expect(try found.mapParts(["d"], within: [], Cancellation()) { $0.rowCount }.reduce(0, +) == 300_001)
      #expect(found.extremes("d")?.1 == .date(CivilDate(year: 2011, month: 2, day: 1) ?? CivilDate(days: 0)))
    }
    for late in ["2.5,2011-01-01\n", "x,2011-01-01\n", "1,2011-01-01 08:00\n", "1,2,3\n", "1,\"open\n"] {
      try withTemporaryFile("n,d\n" + start + late) { path in
        let found = try scan(path)
        #expect(throws: FileScan.Drift.self, "\(late)") {
          try found.mapParts(["n", "d"], within: [], Cancellation()) { $0.rowCount }
        }
      }
    }
  }

  @Test func readingEndsWhenThereIsEnough() throws {
    try withTemporaryFile("n,d\n" + (0..<50_000).map { "\($0),2011-01-01\n" }.joined()) { path in
      var options = CSVOptions()
      options.chunkBytes = 1000
      let scan = try #require(try CSVReader(path: path, options: options).scan())
      let read = Mutex(0)
      let parts = try scan.mapParts(
        ["n", "d"], within: [], Cancellation(), until: { $0.last == 0 || $0.contains(700) }
      ) {
        part -> [Int] in
        read.withLock { $0 += 1 }
        return (0..<part.rowCount).compactMap { if case .integer(let n)? = part["n"]?[$0] { Int(n) } else { nil } }
      }
      #expect(parts.flatMap { $0 } == Array(0..<parts.reduce(0) { $0 + $1.count }))
      #expect(parts.last?.contains(700) == true)
      #expect(read.withLock { $0 } < 40)
      #expect(scan.extremes("d") == nil, "the first rows' extremes are not all rows'")
    }
  }

  @Test func theClosuresErrorComesBack() throws {
    struct Enough: Error {}
    try withTemporaryFile("n\n" + (0..<50_000).map { "\($0)\n" }.joined()) { path in
      var options = CSVOptions()
      options.chunkBytes = 1000
      let scan = try #require(try CSVReader(path: path, options: options).scan())
      #expect(throws: Enough.self) {
        try scan.mapParts(["n"], within: [], Cancellation()) { if $0["n"]?[0] == .integer(0) { throw Enough() } }
      }
      let stopped = Cancellation()
      stopped.cancel()
      #expect(throws: Cancelled.self) { try scan.mapParts(["n"], within: [], stopped) { _ in } }
    }
  }
}
