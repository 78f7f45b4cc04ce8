import Columnar
import TestSupport
import Testing

/// Random tables written and read back: the same values on every size of piece.
struct CSVRoundTripTests {
  static let fragments = ["a", "\"", "\n", "\r\n", ",", ";", " ", "é", "日本", "🍎", "x\"y", "tab\t", "0", "-", "N"]

  static func text(_ random: inout SeededGenerator) -> String? {
    if Int.random(in: 0..<8, using: &random) == 0 { return nil }
    let parts = (0..<Int.random(in: 1...5, using: &random)).compactMap { _ in fragments.randomElement(using: &random) }
    // A letter in front: what looks like a number or a missing value is not text when it is read back.
    return "t" + parts.joined() + "e"
  }

  static func table(seed: UInt64) -> Table {
    var random = SeededGenerator(seed: seed)
    let rows = Int.random(in: 1...60, using: &random)
    let columns = Int.random(in: 1...9, using: &random)
    let pairs = (0..<columns).map { position -> (Field, Column) in
      let name = "c\(position)"
      switch position == 0 ? 0 : Int.random(in: 0..<4, using: &random) {
      case 0: return (Field(name, .text), .text((0..<rows).map { $0 == 0 ? "first" : text(&random) ?? "gap\($0)" }))
      case 1:
        let values = (0..<rows).map { row -> Int64? in
          row > 0 && Bool.random(using: &random) ? nil : Int64.random(in: -1_000_000...1_000_000, using: &random)
        }
        return (Field(name, .integer), .integer(values))
      case 2:
        let values = (0..<rows).map { row -> Double? in
          row > 0 && Int.random(in: 0..<5, using: &random) == 0
            ? nil : Double(Int64.random(in: -10_000_000...10_000_000, using: &random)) / 1024 + 0.5 / 1024
        }
        return (Field(name, .real), .real(values))
      default: return (Field(name, .text), .text((0..<rows).map { $0 == 0 ? "first" : text(&random) }))
      }
    }
    return Table(pairs)
  }

  @Test(arguments: 0..<60)
  func readsBackWhatWasWritten(seed: Int) throws {
    let table = Self.table(seed: UInt64(seed))
    let bytes = Array(CSVWriter.text(table).utf8)
    for chunk in [1, 7, 64, 1 << 20] {
      var options = CSVOptions()
      options.chunkBytes = chunk
      options.delimiter = UInt8(ascii: ",")
      options.header = true
      let read = try CSVReader(path: "memory", options: options).read(bytes, LoadReport()).table
      #expect(read.schema.names == table.schema.names)
      #expect(read.rowCount == table.rowCount)
      for (position, column) in table.columns.enumerated() {
        for row in 0..<min(table.rowCount, read.rowCount) {
          #expect(read.columns[position][row] == column[row], "chunk \(chunk), column \(position), row \(row)")
        }
      }
    }
  }

  @Test func carriageReturnsEndRowsToo() throws {
    for newline in ["\n", "\r\n", "\r"] {
      let text = ["a,b", "1,\"x \"\"y\"\"\"", "2,z"].joined(separator: newline) + newline
      let table = try CSVReader(path: "memory").read(Array(text.utf8), LoadReport()).table
      #expect(table.rowCount == 2)
      #expect(table["b"]?[0] == .text("x \"y\""))
      #expect(table["a"]?[1] == .integer(2))
    }
  }
}
