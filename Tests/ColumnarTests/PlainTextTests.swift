import Columnar
import TestSupport
import Testing

/// Texts of which hardly any comes twice stay as they are until somebody asks for codes; then they have those that any column
/// of text has.
struct PlainTextTests {
  private func options(chunk: Int, most: Int = .max) -> CSVOptions {
    var options = CSVOptions()
    options.chunkBytes = chunk
    options.manyTexts = 20
    options.mostPlainBytes = min(most, options.mostPlainBytes)
    options.delimiter = UInt8(ascii: ",")
    options.header = true
    return options
  }

  /// Mostly different texts in no order, some without a value, some that came before.
  private func texts(_ count: Int, _ random: inout SeededGenerator, _ fragments: [String]) -> [String?] {
    var made: [String?] = []
    for row in 0..<count {
      switch Int.random(in: 0..<20, using: &random) {
      case 0: made.append(nil)
      case 1 where row > 0: made.append(made[Int.random(in: 0..<row, using: &random)])
      default:
        let parts = (0..<Int.random(in: 0...6, using: &random)).compactMap { _ in
          fragments.randomElement(using: &random)
        }
        made.append("t\(Int.random(in: 0..<1_000_000_000, using: &random))\(parts.joined())e")
      }
    }
    return made
  }

  private func file(_ texts: [String?], _ missing: [String], _ random: inout SeededGenerator) -> String {
    var text = "n,t\n"
    for (row, value) in texts.enumerated() {
      var field = value ?? missing.randomElement(using: &random) ?? ""
      if field.contains(where: { $0 == "\"" || $0 == "," || $0 == "\n" || $0 == "\r\n" }) {
        field = "\"" + field.replacing("\"", with: "\"\"") + "\""
      }
      text += "\(row),\(field)\n"
    }
    return text
  }

  private func check(_ column: Column, _ texts: [String?], _ comment: Comment) {
    #expect(column.count == texts.count, comment)
    for row in 0..<min(column.count, texts.count) {
      #expect(column[row] == texts[row].map { .text($0) } ?? .missing, "\(comment), row \(row)")
    }
  }

  /// Codes in order of first appearance.
  private func checkCodes(_ column: Column, _ texts: [String?], _ comment: Comment) {
    guard case .text(let codes, let dictionary) = column.storage else {
      Issue.record("not a column of text")
      return
    }
    var known: [String: UInt32] = [:]
    for (row, text) in texts.enumerated() {
      guard let text else { continue }
      let expected = known[text] ?? UInt32(known.count)
      known[text] = expected
      #expect(codes[row] == expected, "\(comment), row \(row)")
      #expect(dictionary[Int(codes[row])] == text, "\(comment), row \(row)")
    }
    #expect(dictionary.count == max(1, known.count), comment)
    #expect(codes.allSatisfy { Int($0) < dictionary.count }, comment)
  }

  @Test(arguments: 0..<24)
  func textsAreThoseOfTheFile(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let fragments = ["a", "\"", "\n", ",", " ", "é", "日本", "🍎", "a longer piece of text", "--------"]
    let texts = texts(Int.random(in: 200...2_000, using: &random), &random, fragments)
    let bytes = Array(file(texts, ["", "NA", "  ", "NA  ", " null "], &random).utf8)
    for chunk in [64, 3_000, 1 << 20] {
      for most in [Int.max, bytes.count / 3, 500, 10] {
        let comment: Comment = "chunk \(chunk), \(most) bytes"
        let table = try CSVReader(path: "m", options: options(chunk: chunk, most: most)).read(bytes, LoadReport()).table
        let column = try #require(table["t"])
        if chunk < 1 << 20 { #expect(column.isCoded == (most != .max), comment) }
        #expect(column.missingCount == texts.count { $0 == nil }, comment)
        check(column, texts, comment)
        check(column.prefix(9), Array(texts.prefix(9)), comment)
        checkCodes(column, texts, comment)
        #expect(column.isCoded, comment)
        check(column, texts, comment)
        check(column.prefix(100), Array(texts.prefix(100)), comment)
      }
    }
  }

  @Test func manyRowsGetTheSameCodesOnAllCores() throws {
    var random = SeededGenerator(seed: 3)
    let count = 300_000
    // From the middle on most texts are one of a few, or one and the same.
    let texts = (0..<count).map { row -> String? in
      switch row {
      case ..<100_000: "T-\(Int.random(in: 0..<80_000_000, using: &random))"
      case ..<200_000: "some longer text \(Int.random(in: 0..<3_000, using: &random))"
      default: row % 5 == 0 ? nil : "the same"
      }
    }
    let bytes = Array(file(texts, [""], &random).utf8)
    let column = try #require(
      try CSVReader(path: "m", options: options(chunk: 1 << 16)).read(bytes, LoadReport()).table["t"])
    #expect(!column.isCoded)
    checkCodes(column, texts, "many rows")
  }

  @Test func aRaisedFlagLeavesTheTextsAsTheyAre() throws {
    var random = SeededGenerator(seed: 4)
    let texts = texts(2_000, &random, ["x"])
    let bytes = Array(file(texts, [""], &random).utf8)
    let column = try #require(
      try CSVReader(path: "m", options: options(chunk: 3_000)).read(bytes, LoadReport()).table["t"])
    let flag = Cancellation()
    flag.cancel()
    #expect(throws: Cancelled.self) { try column.code(flag) }
    #expect(!column.isCoded)
    try column.code(Cancellation())
    #expect(column.isCoded)
    checkCodes(column, texts, "after another try")
  }

  @Test func otherEncodingsAreDecoded() throws {
    var random = SeededGenerator(seed: 5)
    let texts = texts(2_000, &random, ["é", "ü", "x"])
    let plain = file(texts, [""], &random)
    let latin1 = plain.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    for most in [Int.max, 5_000] {
      var options = options(chunk: 3_000, most: most)
      let (found, report) = try CSVReader(path: "m", options: options).read(latin1, LoadReport())
      #expect(report.encoding == .latin1)
      let column = try #require(found["t"])
      #expect(column.isCoded == (most != .max))
      checkCodes(column, texts, "found")
      options.encoding = .windows1252
      let euro = latin1 + Array("1,t".utf8) + [0x80] + Array("\n".utf8)
      let declared = try #require(try CSVReader(path: "m", options: options).read(euro, LoadReport()).table["t"])
      checkCodes(declared, texts + ["t€"], "declared")
      options.encoding = .utf8
      let damaged = Array(plain.utf8) + Array("1,t".utf8) + [0xe9] + Array("\n".utf8)
      #expect(
        throws: SourceError.badEncoding(
          path: "m", encoding: "UTF-8", row: texts.count + 2, column: "t", value: "t\\xE9")
      ) { try CSVReader(path: "m", options: options).read(damaged, LoadReport()) }
    }
  }

  @Test func zerosBehindATextMakeAnotherText() throws {
    var random = SeededGenerator(seed: 8)
    var texts = (0..<10_000).map { _ in String?("t\(Int.random(in: 0..<1_000_000_000, using: &random))") }
    // Not within the head of the file, which would be taken for one that holds no text.
    for text in ["a", "1234567", "12345678", "12345678901", "123456789012", "1234567890123456"] {
      for _ in 0..<2 { texts += [text, text + "\0", text + "\0\0", "\0" + text] }
    }
    let bytes = Array(file(texts, [""], &random).utf8)
    let column = try #require(
      try CSVReader(path: "m", options: options(chunk: 3_000)).read(bytes, LoadReport()).table["t"])
    #expect(!column.isCoded)
    checkCodes(column, texts, "zeros")
  }

  @Test func noMoreRowsThanWanted() throws {
    var random = SeededGenerator(seed: 6)
    let texts = texts(2_000, &random, ["x"])
    var options = options(chunk: 700)
    options.rows = 777
    let bytes = Array(file(texts, [""], &random).utf8)
    let column = try #require(try CSVReader(path: "m", options: options).read(bytes, LoadReport()).table["t"])
    #expect(!column.isCoded)
    check(column, Array(texts.prefix(777)), "777 rows")
    checkCodes(column, Array(texts.prefix(777)), "777 rows")
  }

  @Test func textsThatComeAgainAndSuchThatRiseHaveCodes() throws {
    var random = SeededGenerator(seed: 7)
    let often = (0..<2_000).map { _ in String?("t\(Int.random(in: 0..<300, using: &random))") }
    let rising = (0..<2_000).map { String?("t\(10_000 + $0)") }
    for texts in [often, rising] {
      let bytes = Array(file(texts, [""], &random).utf8)
      let column = try #require(
        try CSVReader(path: "m", options: options(chunk: 700)).read(bytes, LoadReport()).table["t"])
      #expect(column.isCoded)
      checkCodes(column, texts, "codes from the beginning on")
    }
  }
}
