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

  @Test(arguments: 0..<24)
  func fewOfManyColumnsAreThoseOfAll(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed + 2000))
    let columns = Int.random(in: 8...60, using: &random)
    let newline = ["\n", "\r\n", "\r"][seed % 3]
    let values = ["7", "\"a,b\"", "", "\"c\n\"\"d\"\"\"", "long text with blanks", "é"]
    func row() -> String {
      (0..<columns).map { _ in values.randomElement(using: &random) ?? "" }.joined(separator: ",")
    }
    var lines = [(0..<columns).map { "c\($0)" }.joined(separator: ",")]
    for _ in 0..<Int.random(in: 1...60, using: &random) {
      lines.append(row())
      // Rows that `bad=skip` leaves out, and lines with nothing on them.
      switch seed % 4 == 0 ? 9 : Int.random(in: 0..<40, using: &random) {
      case 0: lines.append(row() + ",7")
      case 1: lines.append("7,7")
      case 2: lines.append("")
      default: break
      }
    }
    let text = lines.joined(separator: newline) + (Bool.random(using: &random) ? newline : "")
    let names = (1..<columns).filter { _ in Int.random(in: 0..<8, using: &random) == 0 }.map { "c\($0)" } + ["c0"]
    for chunk in [1, 50, 700, 1 << 20] {
      var options = CSVOptions()
      options.chunkBytes = chunk
      options.delimiter = UInt8(ascii: ",")
      options.header = true
      options.badRows = .skip
      let all = try CSVReader(path: "memory", options: options).read(Array(text.utf8), LoadReport()).table
      options.columns = names
      let report = LoadReport()
      let few = try CSVReader(path: "memory", options: options).read(Array(text.utf8), report)
      #expect(few.table.schema.names == names)
      #expect(few.table.rowCount == all.rowCount)
      for (position, name) in names.enumerated() {
        let column = try #require(all[name])
        for row in 0..<min(all.rowCount, few.table.rowCount) {
          #expect(few.table.columns[position][row] == column[row], "chunk \(chunk), \(name), row \(row)")
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
