/// The distinct texts of a column chunk while it is read. The texts of its dictionary page have the codes that they have there.
struct TextPool {
  private(set) var texts = LocalDictionary()
  /// The texts of the dictionary page alone.
  private var pageTexts: LocalDictionary?
  /// The codes of the page's entries, when some text stands there twice.
  private(set) var codes: [UInt32]?
  /// Entries of the dictionary page.
  private(set) var pageCount = 0
  private var checked = 0
  private var clocks: [Int64: UInt32] = [:]

  /// Adds a text, and gives its code.
  @inline(__always)
  mutating func code(_ text: UnsafeBufferPointer<UInt8>) -> UInt32 { texts.code(text) }

  /// Adds a time of day as a text.
  mutating func code(_ time: Int64, _ unit: FileMetadata.TimeUnit) -> UInt32 {
    if let code = clocks[time] { return code }
    var text = ClockText.of(time, unit)
    let code = text.withUTF8 { texts.code($0) }
    clocks[time] = code
    return code
  }

  /// The texts by now are those of the dictionary page; `entries` are their codes.
  mutating func endPage(_ entries: [UInt32]) {
    pageCount = entries.count
    codes = texts.count == entries.count ? nil : entries
    pageTexts = texts
  }

  /// Forgets the texts that stood outside of the dictionary page.
  mutating func begin() {
    guard texts.count > (pageTexts?.count ?? 0) else { return }
    texts = pageTexts ?? LocalDictionary()
    checked = min(checked, texts.count)
    clocks = [:]
  }

  /// The finished dictionary. Throws when a text is not UTF-8.
  mutating func finish() throws(ParquetFault) -> TextDictionary {
    if texts.isFull { throw .tooManyTexts }
    // Codes of missing rows mean something too.
    if texts.count == 0 { return TextDictionary([""]) }
    if texts.count != checked {
      var foreign: String?
      texts.eachBeyondASCII { _, text in
        if foreign == nil, TextEncoding.census(text).strayBytes > 0 { foreign = TextEncoding.showing(text) }
      }
      if let foreign { throw .badText("holds a text that is not UTF-8: \"\(foreign)\"") }
      checked = texts.count
    }
    return texts.finished
  }
}

/// Times of day as texts.
enum ClockText {
  /// `08:26:00`, with a fraction when there is one.
  static func of(_ time: Int64, _ unit: FileMetadata.TimeUnit) -> String {
    let digits = 3 * unit.rawValue
    let perSecond = (0..<digits).reduce(Int64(1)) { product, _ in product * 10 }
    let (seconds, fraction) = (time / perSecond, time % perSecond)
    guard time >= 0, seconds < 360_000 else { return "\(time)" }
    let (hour, minute, second) = (Int(seconds / 3600), Int(seconds / 60 % 60), Int(seconds % 60))
    var text = "\(twoDigits(hour)):\(twoDigits(minute)):\(twoDigits(second))"
    if fraction > 0 {
      let places = String(fraction)
      text += "." + String(repeating: "0", count: digits - places.count) + places
      while text.hasSuffix("0") { text.removeLast() }
    }
    return text
  }
}
