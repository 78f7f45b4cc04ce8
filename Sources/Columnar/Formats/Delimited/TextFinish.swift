/// Settles the encoding of a file when all its texts are known, and writes them in UTF-8.
///
/// The bytes of fields are compared as they stand; only distinct texts are ever decoded.
struct TextFinish {
  let encoding: TextEncoding

  /// Takes a known encoding.
  init(encoding: TextEncoding) { self.encoding = encoding }

  /// Takes the encoding that was declared or marked, or finds the one that all texts have. Throws `badEncoding` when texts are
  /// not in it.
  init(_ declared: TextEncoding?, _ sinks: [ColumnSink], _ plan: DelimitedPlan) throws(SourceError) {
    var total = TextEncoding.Census()
    var bad: [(sink: Int, code: UInt32, value: String)] = []
    for (place, sink) in sinks.enumerated() {
      var isClean = true
      sink.eachBeyondASCII { code, text in
        let found = TextEncoding.census(text)
        total.characters += found.characters
        total.strayBytes += found.strayBytes
        if found.strayBytes > 0, isClean {
          bad.append((place, code, TextEncoding.showing(text)))
          isClean = false
        }
      }
    }
    if let declared, declared.isSingleByte {
      encoding = declared
      return
    }
    guard !bad.isEmpty else {
      encoding = declared ?? .utf8
      return
    }
    // Many characters of UTF-8 and a few bytes that are none: damaged UTF-8, not another encoding.
    if declared != nil || total.characters > 20 * total.strayBytes {
      let rows = bad.map { (row: sinks[$0.sink].row(of: $0.code) ?? 0, sink: $0.sink, value: $0.value) }
      let first = rows.min { $0.row < $1.row }
      throw .badEncoding(
        path: plan.path, encoding: (declared ?? .utf8).rawValue, row: (first?.row ?? 0) + plan.headerRows + 1,
        column: first.map { plan.names[plan.wanted[$0.sink]] }, value: first?.value)
    }
    var found = TextEncoding.latin1
    for sink in sinks where sink.withTextBytes(TextEncoding.singleByte) == .windows1252 { found = .windows1252 }
    encoding = found
  }

  /// The texts in UTF-8.
  func decoded(_ texts: LocalDictionary) -> TextDictionary {
    // A column of missing values only: its rows' codes have to mean something.
    if texts.count == 0 { return TextDictionary([""]) }
    guard encoding.isSingleByte, texts.bytes.contains(where: { $0 >= 0x80 }) else { return texts.finished }
    var bytes: [UInt8] = []
    var offsets: [UInt32] = [0]
    bytes.reserveCapacity(texts.bytes.count)
    offsets.reserveCapacity(texts.offsets.count)
    for code in 0..<texts.count {
      encoding.decode(texts.bytes[Int(texts.offsets[code])..<Int(texts.offsets[code + 1])], into: &bytes)
      offsets.append(UInt32(truncatingIfNeeded: bytes.count))
    }
    return TextDictionary(bytes: bytes, offsets: offsets)
  }

  /// The texts of rows in UTF-8.
  func decoded(_ rows: TextRows) -> TextRows {
    guard encoding.isSingleByte, rows.all.contains(where: { $0 >= 0x80 }) else {
      rows.trim()
      return rows
    }
    let view = rows.view
    let made = TextRows()
    var bytes: [UInt8] = []
    for row in 0..<rows.count {
      bytes.removeAll(keepingCapacity: true)
      encoding.decode(view[row], into: &bytes)
      bytes.withUnsafeBufferPointer { _ = made.append($0) }
    }
    made.trim()
    return made
  }
}
