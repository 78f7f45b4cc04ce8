/// Tells new texts from known ones without a look-up as long as texts rise, as the numbers of orders do in an export: a text
/// that is greater than all before it has not been there.
///
/// Texts are compared with those of their length and first letter only, so that a credit note `C1017` between the orders
/// `1016` and `1018` does no harm.
struct RisingTexts {
  /// What a text is.
  enum Finding {
    /// Greater than all of its class.
    case new
    /// The greatest of its class so far.
    case known(UInt32)
    /// Less than another one, too long, or of one class too many: only a look-up can tell.
    case unclear
  }

  private struct Top {
    var high: UInt64
    var low: UInt64
    var code: UInt32
  }

  static let longest = 16
  /// The place of each class among the tops, and one more; 0 for a class that has not been met.
  private var places = [UInt8](repeating: 0, count: 32 * (RisingTexts.longest + 1))
  private var tops: [Top] = []

  /// `high` and `low` order texts of the same length, and tell them apart; a new text gets `code`.
  @inline(__always)
  mutating func find(_ high: UInt64, _ low: UInt64, _ first: UInt8, _ count: Int, code: UInt32) -> Finding {
    guard count > 0, count <= RisingTexts.longest else { return .unclear }
    let kind = count &<< 5 | Int(first & 31)
    let place = Int(places[kind])
    if place == 0 {
      guard tops.count < 255 else { return .unclear }
      tops.append(Top(high: high, low: low, code: code))
      places[kind] = UInt8(truncatingIfNeeded: tops.count)
      return .new
    }
    let top = tops[place &- 1]
    if high == top.high, low == top.low { return .known(top.code) }
    guard (high, low) > (top.high, top.low) else { return .unclear }
    tops[place &- 1] = Top(high: high, low: low, code: code)
    return .new
  }

  /// The same for bytes of which nothing behind the end may be read.
  @inline(__always)
  mutating func find(_ text: UnsafeBufferPointer<UInt8>, code: UInt32) -> Finding {
    guard text.count > 0, text.count <= RisingTexts.longest else { return .unclear }
    let raw = UnsafeRawBufferPointer(text)
    if text.count >= 8 {
      // The second word overlaps the first, which changes nothing between texts of one length.
      let high = raw.loadUnaligned(as: UInt64.self).bigEndian
      let low = raw.loadUnaligned(fromByteOffset: text.count &- 8, as: UInt64.self).bigEndian
      return find(high, low, text[0], text.count, code: code)
    }
    var high: UInt64 = 0
    for byte in text { high = high << 8 | UInt64(byte) }
    return find(high, 0, text[0], text.count, code: code)
  }
}
