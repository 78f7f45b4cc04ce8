/// Dates and moments of ISO 8601 as texts, as JSON has them: 2011-12-09, 2011-12-09T08:26:00Z.
enum ISODates {
  /// Microseconds since 1970 and whether a time of day was named; nil for any other text. A zone's offset is left: times are
  /// in the data's own clock.
  static func moment(_ text: UnsafeBufferPointer<UInt8>) -> (microseconds: Int64, hasTime: Bool)? {
    // The cheap questions first: nearly all texts are none.
    guard text.count >= 10, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"), text[0] &- 0x30 <= 9 else {
      return nil
    }
    guard let parts = DateParser.parts(text), parts.firstDigits == 4, parts.namedMonth == nil,
      let date = DateParser.date(parts, .yearMonthDay)
    else { return nil }
    return (Int64(date.days) &* Timestamp.perDay &+ parts.time, parts.hasTime)
  }

  /// The column of dates or moments when all distinct texts are such; nil otherwise.
  static func column(
    of texts: LocalDictionary, _ rows: Int, _ codes: @autoclosure () -> (codes: [UInt32], validity: Bitmap?)
  ) -> Column? {
    var moments: [Int64] = []
    var hasTime = false
    let areDates = texts.bytes.withUnsafeBufferPointer { bytes in
      (0..<texts.count).allSatisfy { code in
        let text = bytes[Int(texts.offsets[code])..<Int(texts.offsets[code + 1])]
        guard let moment = moment(UnsafeBufferPointer(rebasing: text)) else { return false }
        moments.append(moment.microseconds)
        hasTime = hasTime || moment.hasTime
        return true
      }
    }
    guard areDates, !moments.isEmpty else { return nil }
    let (codes, validity) = codes()
    return Column(
      ColumnLanes.packedMoments(codes.map { moments[Int($0)] }, areDays: !hasTime), validity: validity)
  }
}
