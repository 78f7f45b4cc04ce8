/// The texts that the cells of a workbook share, in the order of their numbers.
struct SharedTexts: Sendable {
  fileprivate(set) var bytes: [UInt8] = []
  fileprivate(set) var offsets = [0]

  var count: Int { offsets.count - 1 }
}

/// Reads the texts that the cells of a workbook share.
final class SharedStrings: XMLHandler {
  private(set) var texts = SharedTexts()
  private var text = StringItem()

  override func start(_ name: XMLName, _ attributes: XMLAttributes) {
    if name == "si" { text.begin() } else { text.start(name) }
  }

  override func end(_ name: XMLName) {
    guard name == "si" else { return text.end(name) }
    text.finish { texts.bytes.append(contentsOf: $0) }
    texts.offsets.append(texts.bytes.count)
  }

  override func text(_ bytes: UnsafeBufferPointer<UInt8>) { text.append(bytes) }
}

/// The texts that one thread has met in the cells of a workbook, shared ones among them.
final class WorkbookTexts {
  let texts = CellTexts()
  /// The code of the empty text, which is no value.
  let blank: UInt64
  private let shared: SharedTexts
  private var codes: [UInt32]

  init(_ shared: SharedTexts) {
    self.shared = shared
    codes = [UInt32](repeating: .max, count: shared.count)
    blank = texts.code("")
  }

  /// The code of a text of the cell's own.
  func code(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 { texts.code(text) }

  /// The code of a text of the cell's own.
  func code(_ text: String) -> UInt64 { texts.code(text) }

  /// The code of a shared text; the number must be one of them.
  func code(ofShared number: Int) -> UInt64 {
    if codes[number] != .max { return UInt64(codes[number]) }
    let code = shared.bytes.withUnsafeBufferPointer { bytes in
      texts.code(UnsafeBufferPointer(rebasing: bytes[shared.offsets[number]..<shared.offsets[number + 1]]))
    }
    codes[number] = UInt32(truncatingIfNeeded: code)
    return code
  }
}

/// One text of a workbook: plain, or in runs of different looks. How it is spoken is left out.
struct StringItem {
  private(set) var bytes: [UInt8] = []
  private var isInText = false
  private var isPhonetic = false

  mutating func begin() {
    bytes.removeAll(keepingCapacity: true)
    (isInText, isPhonetic) = (false, false)
  }

  @inline(__always)
  mutating func start(_ name: XMLName) {
    if name.letter == UInt8(ascii: "t") { isInText = !isPhonetic } else if name == "rPh" { isPhonetic = true }
  }

  @inline(__always)
  mutating func end(_ name: XMLName) {
    if name.letter == UInt8(ascii: "t") { isInText = false } else if name == "rPh" { isPhonetic = false }
  }

  /// No cell holds more than 32,767 characters; what is far beyond is cut.
  @inline(__always)
  mutating func append(_ text: UnsafeBufferPointer<UInt8>) {
    if isInText, bytes.count < 1 << 20 { bytes.append(contentsOf: text) }
  }

  /// Takes a text that stood elsewhere.
  mutating func replace(_ text: UnsafeBufferPointer<UInt8>) { bytes = Array(text) }

  /// Hands the text over, with `_x000D_` as the character that it stands for.
  mutating func finish<T>(_ take: (UnsafeBufferPointer<UInt8>) -> T) -> T {
    if bytes.count >= 1 << 20 { bytes = Array(String(decoding: bytes, as: UTF8.self).utf8) }
    if bytes.contains(UInt8(ascii: "_")) { bytes = StringItem.unescaped(bytes) }
    return bytes.withUnsafeBufferPointer(take)
  }

  /// The text with characters that XML cannot hold, which stand in it as `_x` and four digits (ECMA-376, part 1, 22.9.2.19).
  static func unescaped(_ bytes: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    var place = 0
    while place < bytes.count {
      if let unit = unit(bytes, place) {
        if let low = unit & 0xfc00 == 0xd800 ? self.unit(bytes, place + 7) : nil, low & 0xfc00 == 0xdc00 {
          TextEncoding.append(0x10000 + (unit - 0xd800) << 10 + (low - 0xdc00), to: &out)
          place += 14
        } else {
          // Half a pair stands for nothing.
          let scalar = unit & 0xf800 == 0xd800 ? 0xfffd : unit
          if scalar < 0x80 { out.append(UInt8(scalar)) } else { TextEncoding.append(scalar, to: &out) }
          place += 7
        }
      } else {
        out.append(bytes[place])
        place += 1
      }
    }
    return out
  }

  /// The number that `_x`, four digits and `_` at a place mean.
  static func unit<Bytes: RandomAccessCollection>(_ bytes: Bytes, _ place: Int) -> UInt32?
  where Bytes.Element == UInt8, Bytes.Index == Int {
    guard place + 7 <= bytes.endIndex, bytes[place] == UInt8(ascii: "_"), bytes[place + 1] == UInt8(ascii: "x"),
      bytes[place + 6] == UInt8(ascii: "_"),
      bytes[(place + 2)..<(place + 6)].allSatisfy({ UnicodeScalar($0).properties.isASCIIHexDigit })
    else { return nil }
    return UInt32(String(decoding: bytes[(place + 2)..<(place + 6)], as: UTF8.self), radix: 16)
  }
}
