import Columnar
import Foundation
import TestSupport
import Testing

/// What is written is read back, and other programs' files survive being written anew.
struct ParquetWriteTests {
  private func written<T>(_ table: Table, groupRows: Int, _ body: (String) throws -> T) throws -> T {
    try withTemporaryBytes([]) { path in
      try ParquetFormat.write(table, to: path, groupRows: groupRows)
      return try body(path)
    }
  }

  private func expectEqual(_ read: Table, _ table: Table, _ note: String) {
    #expect(read.schema.names == table.schema.names && read.rowCount == table.rowCount, "\(note)")
    for (place, column) in table.columns.enumerated() {
      let other = read.columns[place]
      for row in 0..<min(table.rowCount, read.rowCount) {
        var expected = column[row]
        if case .period(let period) = expected { expected = .date(period.start) }
        if other[row] != expected {
          Issue.record("\(note), \(table.schema.names[place]), row \(row): \(other[row]), not \(expected)")
          break
        }
      }
    }
  }

  /// A column of any type; values repeat, rise or jump.
  private func column(_ rows: Int, _ random: inout SeededGenerator) -> Column {
    let share = [0, 0, 3, 50, 100].randomElement(using: &random) ?? 0
    let spread: Int64 = [0, 3, 1000, 1 << 40, .max].randomElement(using: &random) ?? 3
    let isSorted = Bool.random(using: &random)
    func numbers(_ limit: Int64) -> [Int64] {
      let some = min(spread, limit)
      let numbers = (0..<rows).map { _ in Int64.random(in: -some...some, using: &random) }
      return isSorted ? numbers.sorted() : numbers
    }
    let storage: Column.Storage
    switch Int.random(in: 0..<8, using: &random) {
    case 0: storage = .integer(numbers(.max))
    case 1: storage = .real(numbers(.max).map { Double($0) / 8 })
    case 2: storage = .boolean(numbers(.max).map { $0 > 0 })
    case 3: storage = .date(numbers(Int64(Int32.max)).map { Int32($0) })
    case 4: storage = .datetime(numbers(.max))
    case 5: storage = .period(numbers(1000).map { CivilDate(days: Int32($0)).start(of: .month).days }, .month)
    default:
      let texts = (0..<rows).map { row in "t\(numbers(.max)[row] % 500)é" }
      guard case .text(let codes, let dictionary) = Column.text(texts).storage else { return .text(texts) }
      storage = .text(codes: codes, dictionary)
    }
    let bits = Bitmap((0..<rows).map { _ in Int.random(in: 0..<100, using: &random) >= share })
    return Column(storage, validity: bits)
  }

  @Test(arguments: 0..<40)
  func readsBackWhatWasWritten(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let rows = [0, 1, 7, 64, 65, 300].randomElement(using: &random) ?? 1
    let table = Table(
      (0..<4).map { place in
        let column = column(rows, &random)
        return (Field("c\(place)", column.type), column)
      })
    for groupRows in [64, 1 << 20] {
      try written(table, groupRows: groupRows) { path in
        expectEqual(try ParquetFixtures.read(path).table, table, "seed \(seed), groups of \(groupRows)")
        let scan = try ParquetFixtures.scan(path)
        let parts = try scan.mapParts(scan.schema.names, within: [], Cancellation()) { $0.rowCount }
        #expect(parts.reduce(0, +) == rows)
      }
    }
  }

  @Test(arguments: 0..<20)
  func readsBackTextsOfAllKinds(seed: Int) throws {
    let table = CSVRoundTripTests.table(seed: UInt64(seed))
    try written(table, groupRows: 64) { path in
      expectEqual(try ParquetFixtures.read(path).table, table, "seed \(seed)")
    }
  }

  @Test(arguments: ParquetReadTests.sales)
  func writesWhatOthersWrote(name: String) throws {
    // Packed columns are written as well.
    let table = try ParquetFixtures.read(ParquetFixtures.path(name)).table
    try written(table, groupRows: 64) { path in
      let read = try ParquetFixtures.read(path)
      ParquetFixtures.expect(read.table, try ParquetFixtures.expected("sales"), name)
      let scan = try ParquetFixtures.scan(path)
      #expect(
        scan.extremes("day")?.0 == (try ParquetFixtures.scan(ParquetFixtures.path("sales_plain")).extremes("day")?.0))
      #expect(scan.rowsLeftOut(by: [ColumnBound("order", low: .integer(500_128), high: nil)]) == 128)
      #expect(scan.rowsLeftOut(by: [ColumnBound("price", low: .real(1e6), high: nil)]) == 150)
      #expect(scan.rowsLeftOut(by: [ColumnBound("nothing", low: .text(""), high: nil)]) == 150)
    }
  }

  @Test func longPagesAndRowGroups() throws {
    let rows = 300_000
    let table = Table([
      (Field("n", .integer), .integer((0..<rows).map { $0 % 7 == 3 ? nil : Int64($0 / 3) })),
      (Field("x", .real), .real((0..<rows).map { Double($0).squareRoot() })),
      (Field("t", .text), .text((0..<rows).map { $0 % 1000 == 0 ? nil : "customer \($0 % 90_001)" })),
      (Field("u", .text), .text((0..<rows).map { "order \($0)" })),
    ])
    for groupRows in [100_000, 1 << 20] {
      try written(table, groupRows: groupRows) { path in
        expectEqual(try ParquetFixtures.read(path).table, table, "\(groupRows)")
        let scan = try ParquetFixtures.scan(path)
        let sums = try scan.mapParts(["n", "u"], within: [], Cancellation()) { part -> (Int, Int64, Value?) in
          guard case .integer(let numbers)? = part["n"]?.storage, let bits = part["n"]?.validity else {
            return (0, 0, nil)
          }
          var sum: Int64 = 0
          for row in numbers.indices where bits[row] { sum += numbers[row] }
          return (part.rowCount, sum, part["u"]?[0])
        }
        var expected: Int64 = 0
        for row in 0..<rows where row % 7 != 3 { expected += Int64(row / 3) }
        #expect(sums.reduce(0) { $0 + $1.1 } == expected)
        var first = 0
        for (count, _, text) in sums {
          #expect(text == .text("order \(first)"))
          first += count
        }
        #expect(first == rows)
      }
    }
  }

  @Test func saysWhyAFileCannotBeWritten() throws {
    let table = Table([(Field("n", .integer), .integer([1, 2]))])
    #expect(throws: SourceError.self) { try ParquetFormat.write(table, to: "/nowhere/x.parquet", Cancellation()) }
    let stopped = Cancellation()
    stopped.cancel()
    _ = try withTemporaryBytes([]) { path in
      #expect(throws: Cancelled.self) { try ParquetFormat.write(table, to: path, stopped) }
    }
  }
}
