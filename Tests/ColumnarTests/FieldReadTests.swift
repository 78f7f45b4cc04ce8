import CScan
import Columnar
import TestSupport
import Testing

/// The quick readers of fields say of each field what plain arithmetic says, or leave it to the slow ones.
struct FieldReadTests {
  /// Texts one to a row, each behind another column, in a buffer as the reader has it.
  private func withFields(_ texts: [String], returns: Bool, _ body: (martlet_fields) -> Void) {
    var bytes = [UInt8](repeating: UInt8(ascii: "7"), count: 16)
    var (starts, ends): ([UInt32], [UInt32]) = ([], [])
    for text in texts {
      starts.append(UInt32(bytes.count))
      bytes += Array("1".utf8)
      ends.append(UInt32(bytes.count))
      bytes += Array(",\(text)\(returns ? "\r" : "")".utf8)
      ends.append(UInt32(bytes.count))
      bytes += Array("\n".utf8)
    }
    bytes += [UInt8](repeating: UInt8(ascii: "8"), count: 64)
    bytes.withUnsafeBufferPointer { bytes in
      starts.withUnsafeBufferPointer { starts in
        ends.withUnsafeBufferPointer { ends in
          body(
            martlet_fields(
              base: bytes.baseAddress, ends: ends.baseAddress, starts: starts.baseAddress, columns: 2, column: 1,
              drops_return: returns ? 1 : 0))
        }
      }
    }
  }

  private static let odd = [
    "", "0", "-", "-0", ".", "-.", "5.", ".5", "-.5", "0.5", "00.5", "007", "-7", "-07", "+7", "1.2.3", "..", "--1",
    "1-", "12345678",
    "123456789", "-1234567", "1234.567", "99999999", "2147483", "-0.00", "0.0", "1e5", " 1", "1 ", "1,2", "a", "/", ":",
    "\"1\"",
    "0.001", "21474836", "٣", "-9999.99",
  ]

  @Test(
    arguments: [(UInt8(0), 0), (UInt8(ascii: "."), 2), (UInt8(ascii: "."), 0), (UInt8(ascii: ","), 7)], [false, true])
  func numbersAreThoseOfTheSlowWay(style: (decimal: UInt8, scale: Int), returns: Bool) {
    var random = SeededGenerator(seed: UInt64(style.scale + 1))
    let sign = style.decimal == 0 ? "" : String(UnicodeScalar(style.decimal))
    let texts = (0..<20_000).map { _ -> String in
      if Int.random(in: 0..<8, using: &random) == 0, let text = Self.odd.randomElement(using: &random) { return text }
      let digits = String(Int.random(in: -99_999...99_999, using: &random))
      if style.decimal == 0 || Bool.random(using: &random) { return digits }
      return digits + sign + String(Int.random(in: 0..<100, using: &random))
    }
    withFields(texts, returns: returns) { fields in
      var out = [Int32](repeating: 77, count: texts.count)
      var places = [UInt32](repeating: 0, count: texts.count)
      var row = 0
      var quick = 0
      while row < texts.count {
        let from = row
        let empty = out.withUnsafeMutableBufferPointer { out in
          places.withUnsafeMutableBufferPointer { places in
            var gaps = martlet_gaps(rows: places.baseAddress, count: 0)
            row = martlet_read_numbers(
              fields, row, texts.count, style.decimal, UInt32(style.scale), out.baseAddress, &gaps)
            return places.prefix(gaps.count).map { Int($0) }
          }
        }
        #expect(empty == (from..<row).filter { texts[$0].isEmpty })
        for place in from..<row where !texts[place].isEmpty {
          #expect(number(texts[place], sign, style.scale) == Int(out[place]), "\(texts[place])")
        }
        quick += row - from
        // Whatever stopped it must be one of the four rows behind.
        if row + 4 <= texts.count, quick > 0 {
          let next = texts[row..<row + 4]
          #expect(next.contains { !$0.isEmpty && number($0, sign, style.scale) == nil }, "\(next)")
        }
        row += 4
      }
    }
  }

  /// The number that a short plain text stands for, times ten to the power of the scale; nil for any other text.
  private func number(_ text: String, _ sign: String, _ scale: Int) -> Int? {
    let isNegative = text.hasPrefix("-")
    let own = text.dropFirst(isNegative ? 1 : 0)
    let parts = sign.isEmpty ? [own] : own.split(separator: Character(sign), omittingEmptySubsequences: false)
    let (whole, rest) = (parts[0], parts.count > 1 ? parts[1] : "")
    let digits = whole + rest
    guard text.utf8.count <= 8, parts.count <= 2, !digits.isEmpty, rest.count <= scale,
      digits.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }), whole.count < 2 || !whole.hasPrefix("0"),
      let value = Int(digits + String(repeating: "0", count: scale - rest.count)), value <= Int(Int32.max)
    else { return nil }
    if isNegative, value == 0 { return nil }
    return isNegative ? -value : value
  }

  @Test func momentsAreThoseOfTheSlowWay() {
    var random = SeededGenerator(seed: 9)
    let odd = [
      "", "2024-02-30", "2023-02-29", "2024-02-29", "1900-02-29", "2000-02-29 23:59:59", "2024-13-01", "2024-00-10",
      "2024-01-00",
      "2024-1-01 1", "2024-01-01T10:00", "2024-01-01 24:00", "2024-01-01 12:60", "2024-01-01 12:00:60",
      "2024-01-01X12:00",
      "1969-12-31 23:59:59", "0001-01-01", "9999-12-31", "1901-12-13", "2038-01-19 03:14:07", "2038-01-19 03:14:08",
      "2024-01-01 12.00", "2024/01/01", "\0\0\0\0\0\0\0\0\0\0", "2024-01-01 1a:00", "2024-01-01 12:0a",
    ]
    func two(_ range: ClosedRange<Int>) -> String {
      let number = Int.random(in: range, using: &random)
      return number < 10 ? "0\(number)" : "\(number)"
    }
    let texts = (0..<20_000).map { _ -> String in
      if Int.random(in: 0..<8, using: &random) == 0, let text = odd.randomElement(using: &random) { return text }
      let day = "20\(two(0...37))-\(two(1...12))-\(two(1...31))"
      switch Int.random(in: 0..<3, using: &random) {
      case 0: return day
      case 1: return "\(day) \(two(0...23)):\(two(0...59))"
      default: return "\(day) \(two(0...23)):\(two(0...59)):\(two(0...59))"
      }
    }
    withFields(texts, returns: false) { fields in
      var out = [Int32](repeating: 77, count: texts.count)
      var places = [UInt32](repeating: 0, count: texts.count)
      var months = martlet_months()
      var hasTime: Int32 = 0
      var row = 0
      while row < texts.count {
        let from = row
        out.withUnsafeMutableBufferPointer { out in
          places.withUnsafeMutableBufferPointer { places in
            var gaps = martlet_gaps(rows: places.baseAddress, count: 0)
            row = martlet_read_moments(fields, row, texts.count, out.baseAddress, &gaps, &months, &hasTime)
            #expect(places.prefix(gaps.count).map { Int($0) } == (from..<row).filter { texts[$0].isEmpty })
          }
        }
        for place in from..<row where !texts[place].isEmpty {
          #expect(seconds(texts[place]) == Int(out[place]), "\(texts[place].debugDescription)")
        }
        if row < texts.count {
          #expect(seconds(texts[row]) == nil, "\(texts[row].debugDescription) could have been read")
        }
        row += 1
      }
      #expect(hasTime == 1)
    }
  }

  /// Seconds since 1970 of a text in one of the three layouts, if they fit into 32 bits and the year has a century.
  private func seconds(_ text: String) -> Int? {
    let bytes = Array(text.utf8)
    let layout = Array("0000-00-00 00:00:00".utf8)
    guard [10, 16, 19].contains(bytes.count) else { return nil }
    for (byte, sample) in zip(bytes, layout) {
      let isDigit = UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
      let fits = sample == UInt8(ascii: "0") ? isDigit : byte == sample || (sample == 32 && byte == UInt8(ascii: "T"))
      guard fits else { return nil }
    }
    func field(_ from: Int, _ to: Int) -> Int {
      bytes.count < to ? 0 : Int(String(decoding: bytes[from..<to], as: UTF8.self)) ?? 0
    }
    let (hour, minute, second) = (field(11, 13), field(14, 16), field(17, 19))
    guard field(0, 4) >= 100, hour < 24, minute < 60, second < 60,
      let day = CivilDate(year: field(0, 4), month: field(5, 7), day: field(8, 10))
    else { return nil }
    let all = Int(day.days) * 86_400 + hour * 3600 + minute * 60 + second
    return Int32(exactly: all).map { Int($0) }
  }
}
