/// Days and moments that a database without a type for them keeps as texts and numbers.
enum StoredDates {
  /// Texts that are all dates as ISO 8601 writes them, as days, or as moments when a time of day stands there; nil when some
  /// text is another.
  static func fromTexts(_ column: Column) -> Column? {
    guard let dictionary = column.dictionary, column.missingCount < column.count else { return nil }
    return fromTexts(column) { text, facts in
      guard isISO(text) else { return nil }
      return DateParser.instant(text, .yearMonthDay, &facts)
    } ?? (dictionary.count == 0 ? column : nil)
  }

  /// Texts of which each is read as microseconds; nil when some is not.
  static func fromTexts(
    _ column: Column, _ read: (UnsafeBufferPointer<UInt8>, inout DateFacts) -> Int64?
  ) -> Column? {
    guard let dictionary = column.dictionary else { return nil }
    var facts = DateFacts()
    var moments: [Int64] = []
    moments.reserveCapacity(dictionary.count)
    let isWhole = dictionary.bytes.withUnsafeBufferPointer { bytes in
      for code in 0..<dictionary.count {
        let range = Int(dictionary.offsets[code])..<Int(dictionary.offsets[code + 1])
        guard let moment = read(UnsafeBufferPointer(rebasing: bytes[range]), &facts) else { return false }
        moments.append(moment)
      }
      return true
    }
    guard isWhole, case .text(let codes, _) = column.storage else { return nil }
    return made(column, facts.hasTime) { moments[Int(codes[$0])] }
  }

  /// `2011-12-09`, alone or with a time of day.
  private static func isISO(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count == 10 || text.count >= 16 else { return false }
    let dash = UInt8(ascii: "-")
    guard text[4] == dash, text[7] == dash else { return false }
    return [0, 1, 2, 3, 5, 6, 8, 9].allSatisfy { text[$0] >= UInt8(ascii: "0") && text[$0] <= UInt8(ascii: "9") }
  }

  /// Numbers in a column that was declared to hold dates: what they count, and the days or moments; nil when no reading gives
  /// dates of our time.
  static func fromNumbers(_ column: Column) -> (column: Column, unit: String)? {
    switch column.storage {
    case .integer(let values): return fromIntegers(column, values)
    case .real(let values): return fromJulianDays(column, values)
    default: return nil
    }
  }

  private static func fromIntegers(_ column: Column, _ values: [Int64]) -> (column: Column, unit: String)? {
    var (low, high) = (Int64.max, Int64.min)
    for row in 0..<values.count where !column.isMissing(row) {
      (low, high) = (min(low, values[row]), max(high, values[row]))
    }
    guard low <= high else { return nil }
    // 20111209 is a day, not a second of August 1970.
    if low > 19_000_000, high < 21_000_000 {
      let days = values.map { number in
        CivilDate(year: Int(number / 10_000), month: Int(number / 100 % 100), day: Int(number % 100))
      }
      let isWhole = days.indices.allSatisfy { days[$0] != nil || column.isMissing($0) }
      if isWhole { return (made(column, false) { Int64(days[$0]?.days ?? 0) &* Timestamp.perDay }, "yyyymmdd") }
    }
    // Seconds of the years 1973…5138 have as many digits as no other unit's moments of our time.
    let largest = max(high.magnitude, low.magnitude)
    let (factor, divisor, unit): (Int64, Int64, String)
    switch largest {
    case 100_000_000..<100_000_000_000: (factor, divisor, unit) = (1_000_000, 1, "seconds since 1970")
    case 100_000_000_000..<100_000_000_000_000: (factor, divisor, unit) = (1000, 1, "milliseconds since 1970")
    case 100_000_000_000_000..<100_000_000_000_000_000: (factor, divisor, unit) = (1, 1, "microseconds since 1970")
    case 100_000_000_000_000_000...: (factor, divisor, unit) = (1, 1000, "nanoseconds since 1970")
    default: return nil
    }
    return (made(column, true) { values[$0] / divisor &* factor }, unit)
  }

  /// Days since noon of 24 November 4714 BC, as SQLite's own functions count them.
  private static func fromJulianDays(_ column: Column, _ values: [Double]) -> (column: Column, unit: String)? {
    // The years 1800…2200.
    let isOurs = values.indices.allSatisfy { column.isMissing($0) || (2_378_496...2_524_594).contains(values[$0]) }
    guard isOurs, column.missingCount < column.count else { return nil }
    let made = made(column, true) { row in
      // SQLite keeps milliseconds.
      let milliseconds = ((column.isMissing(row) ? 0 : values[row] - 2_440_587.5) * 86_400_000).rounded()
      return (Int64(exactly: milliseconds) ?? 0) &* 1000
    }
    return (made, "Julian days")
  }

  /// A column of days or moments with the gaps of another.
  static func made(_ column: Column, _ hasTime: Bool, _ moment: (Int) -> Int64) -> Column {
    let out = GrowingColumn(hasTime ? .moments : .days)
    for row in 0..<column.count {
      if column.isMissing(row) {
        out.appendMissing()
      } else {
        let moment = moment(row)
        out.append(hasTime ? moment : Int64(Timestamp(microseconds: moment).date.days))
      }
    }
    return out.finish { $0.finished }
  }
}
