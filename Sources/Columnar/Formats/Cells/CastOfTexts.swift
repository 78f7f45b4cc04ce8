/// Reads the texts of a column as those of a text file are: numbers in the style and dates in the order that fit them all.
struct CastOfTexts {
  let cast: ColumnCast
  let name: String
  let type: DataType

  /// The column with the values of its texts. Throws `badValue` for the first row whose text is no such value.
  func column(
    _ column: Column, _ codes: [UInt32], _ dictionary: TextDictionary
  ) throws(SourceError) -> Column {
    // Only what some row has matters: a dictionary may hold words for missing values, and those of other rows.
    var isUsed = [Bool](repeating: false, count: dictionary.count)
    for row in codes.indices where !column.isMissing(row) { isUsed[Int(codes[row])] = true }
    let sample = isUsed.indices.lazy.filter { isUsed[$0] }.prefix(1000).map { bytes(dictionary, $0) }
    var kind = ColumnKind.given(type, sample.filter { !$0.isEmpty }, options: cast.options)
    while true {
      let values = read(dictionary, isUsed, kind)
      guard let stray = values.indices.first(where: { isUsed[$0] && values[$0] == nil }) else {
        return ColumnCast.made(column, type) { row, out in
          let value = values[Int(codes[row])] ?? 0
          if type == .real {
            out.append(real: Double(bitPattern: UInt64(bitPattern: value)))
          } else {
            out.append(value)
          }
        }
      }
      // A text behind the sample may show another style, or the other order of day and month.
      let wider = bytes(dictionary, stray).withUnsafeBufferPointer { kind.widened(for: $0, options: cast.options) }
      if type == .integer || wider == .text {
        let row = codes.indices.first { !column.isMissing($0) && values[Int(codes[$0])] == nil } ?? 0
        throw cast.failure(column, row, name, type)
      }
      kind = wider
    }
  }

  private func bytes(_ dictionary: TextDictionary, _ code: Int) -> [UInt8] {
    Array(dictionary.bytes[Int(dictionary.offsets[code])..<Int(dictionary.offsets[code + 1])])
  }

  /// The values of the texts that some row has: whole numbers, bit patterns of real ones, truth values, days or microseconds.
  private func read(_ dictionary: TextDictionary, _ isUsed: [Bool], _ kind: ColumnKind) -> [Int64?] {
    var facts = DateFacts()
    return dictionary.bytes.withUnsafeBufferPointer { bytes in
      isUsed.indices.map { code in
        guard isUsed[code] else { return nil }
        let text = bytes[Int(dictionary.offsets[code])..<Int(dictionary.offsets[code + 1])]
        if let value = value(UnsafeBufferPointer(rebasing: text), kind, &facts) { return value }
        let bare = CastOfTexts.withoutBlanks(text)
        return bare.count < text.count ? value(UnsafeBufferPointer(rebasing: bare), kind, &facts) : nil
      }
    }
  }

  private func value(_ text: UnsafeBufferPointer<UInt8>, _ kind: ColumnKind, _ facts: inout DateFacts) -> Int64? {
    switch kind {
    case .integer: return NumberStyle.integer(text)
    case .real(let style): return style.real(text).map { Int64(bitPattern: $0.bitPattern) }
    case .boolean: return ColumnKind.boolean(text).map { $0 ? 1 : 0 }
    case .date(let layout):
      guard let moment = DateParser.instant(text, layout.order, &facts) else { return nil }
      return type == .datetime ? moment : Int64(Timestamp(microseconds: moment).date.days)
    case .text: return nil
    }
  }

  private static func withoutBlanks(
    _ text: Slice<UnsafeBufferPointer<UInt8>>
  ) -> Slice<UnsafeBufferPointer<UInt8>> {
    var text = text.drop { $0 == UInt8(ascii: " ") }
    while text.last == UInt8(ascii: " ") { text.removeLast() }
    return text
  }
}
