import Columnar
import TestSupport
import Testing

/// Columns of texts that rise, as the numbers of orders do, and that cease to: the same texts on every size of piece.
struct RisingTextTests {
  private enum Shape: CaseIterable {
    /// Rising, with repeats and with credit notes between.
    case orders
    /// One text in the middle is less than those before.
    case broken
    /// Rising, then from the beginning again.
    case twice
    /// Two rising columns of numbers, row by row in turn.
    case interleaved
    /// Longer than what is compared.
    case long
    /// Gaps and quotes between.
    case ragged
  }

  private static func texts(_ shape: Shape, _ random: inout SeededGenerator) -> [String?] {
    var number = 990
    return (0..<400).map { row in
      if Int.random(in: 0..<3, using: &random) == 0 { number += Int.random(in: 1...3, using: &random) }
      switch shape {
      case .orders: return number % 9 == 0 ? "C\(number)" : "X\(number)"
      case .broken: return row == 200 ? "X991" : "X\(number)"
      case .twice: return "X\(row < 200 ? number : number - 100)"
      case .interleaved: return row % 2 == 0 ? "A\(number)" : "B\(number)"
      case .long: return "order number \(number) of the year"
      case .ragged: return row % 17 == 0 ? nil : row % 13 == 0 ? "X\"\(number)" : "X\(number)"
      }
    }
  }

  @Test func theSameTextsComeBack() throws {
    for shape in Shape.allCases {
      for seed in 0..<6 {
        var random = SeededGenerator(seed: UInt64(seed))
        let texts = Self.texts(shape, &random)
        let numbers = Column.integer(texts.indices.map { Int64($0) })
        let table = Table([(Field("order", .text), .text(texts)), (Field("row", .integer), numbers)])
        let bytes = Array(CSVWriter.text(table).utf8)
        for chunk in [1, 90, 1_000, 1 << 20] {
          var options = CSVOptions()
          options.chunkBytes = chunk
          let read = try CSVReader(path: "memory", options: options).read(bytes, LoadReport()).table
          let column = try #require(read["order"])
          #expect(
            (0..<read.rowCount).map { column[$0] } == texts.map { $0.map(Value.text) ?? .missing }, "\(shape) \(chunk)")
          // Each text has one code.
          let dictionary = try #require(column.dictionary)
          #expect(Set(dictionary.texts).count == dictionary.count)
          #expect(dictionary.count == Set(texts.compactMap { $0 }).count, "\(shape) \(chunk)")
        }
      }
    }
  }

  /// Files in which every field is quoted rise as others do; a text with doubled quotes ends that.
  @Test func quotedTextsRiseToo() throws {
    for odd in [nil, 150] {
      let texts = (0..<300).map { $0 == odd ? "X\"1" : "X\(1_000 + $0 / 3)" }
      let rows = texts.enumerated().map { "\"\($1.replacing("\"", with: "\"\""))\",\"\($0)\"" }
      let bytes = Array((["\"order\",\"row\""] + rows).joined(separator: "\n").utf8)
      for chunk in [1, 200, 1 << 20] {
        var options = CSVOptions()
        options.chunkBytes = chunk
        let read = try CSVReader(path: "memory", options: options).read(bytes, LoadReport()).table
        let column = try #require(read["order"])
        #expect((0..<read.rowCount).map { column[$0] } == texts.map(Value.text))
        #expect(column.dictionary?.count == Set(texts).count)
      }
    }
  }
}
