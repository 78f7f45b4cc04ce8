/// What the fields of a column are read as. A column begins with the narrowest kind that its first rows allow, and widens to
/// text when a later row does not fit: nothing fails because of a late row.
enum ColumnKind: Hashable, Sendable {
  case integer
  case real(NumberStyle)
  case boolean
  case date(DateLayout)
  case text

  /// The kind for the given fields of a sample, none of them missing.
  static func guess(_ sample: [UnsafeBufferPointer<UInt8>], options: CSVOptions) -> ColumnKind {
    guard !sample.isEmpty else { return .text }
    if sample.allSatisfy({ NumberStyle.integer($0) != nil }) { return .integer }
    if sample.allSatisfy({ boolean($0) != nil }) { return .boolean }
    if let layout = dateLayout(sample, options: options) { return .date(layout) }
    // Labels such as 00123 are no numbers, whatever style would read them.
    if sample.contains(where: isLabel) { return .text }
    for style in NumberStyle.candidates(decimal: options.decimal) where sample.allSatisfy({ style.real($0) != nil }) {
      return .real(style)
    }
    return .text
  }

  /// The next wider kind after a field that did not fit.
  func widened(for field: UnsafeBufferPointer<UInt8>, options: CSVOptions) -> ColumnKind {
    guard case .integer = self, !ColumnKind.isLabel(field) else { return .text }
    for style in NumberStyle.candidates(decimal: options.decimal) where style.real(field) != nil { return .real(style) }
    return .text
  }

  /// Digits that begin with a zero.
  private static func isLabel(_ field: UnsafeBufferPointer<UInt8>) -> Bool {
    field.count > 1 && field[0] == UInt8(ascii: "0") && field.allSatisfy { $0 &- UInt8(ascii: "0") <= 9 }
  }

  /// `true` and `false` in the usual spellings; 0 and 1 are numbers.
  @inline(__always)
  static func boolean(_ field: UnsafeBufferPointer<UInt8>) -> Bool? {
    switch field.count {
    case 4:
      return field[0] | 0x20 == UInt8(ascii: "t") && field[1] | 0x20 == UInt8(ascii: "r")
        && field[2] | 0x20 == UInt8(ascii: "u") && field[3] | 0x20 == UInt8(ascii: "e") ? true : nil
    case 5:
      return field[0] | 0x20 == UInt8(ascii: "f") && field[1] | 0x20 == UInt8(ascii: "a")
        && field[2] | 0x20 == UInt8(ascii: "l") && field[3] | 0x20 == UInt8(ascii: "s")
        && field[4] | 0x20 == UInt8(ascii: "e") ? false : nil
    default: return nil
    }
  }

  private static func dateLayout(_ sample: [UnsafeBufferPointer<UInt8>], options: CSVOptions) -> DateLayout? {
    let parts = sample.map(DateParser.parts)
    guard !parts.contains(where: { $0 == nil }) else { return nil }
    let all = parts.compactMap { $0 }
    let hasTime = all.contains { $0.hasTime }
    let orders: [DateLayout.Order]
    if let first = all.first, first.firstDigits == 4 {
      orders = [.yearMonthDay]
    } else if let given = options.dates {
      orders = [given == .dayFirst ? .dayMonthYear : given == .monthFirst ? .monthDayYear : .yearMonthDay]
    } else {
      // The usual order for the separator is tried first: with a point, and where commas are decimal, the day comes first.
      let dayFirst = all.first?.separator == UInt8(ascii: ".") || options.decimal == UInt8(ascii: ",")
      orders = dayFirst ? [.dayMonthYear, .monthDayYear] : [.monthDayYear, .dayMonthYear]
    }
    for order in orders where all.allSatisfy({ DateParser.date($0, order) != nil }) {
      return DateLayout(order, hasTime: hasTime)
    }
    return nil
  }
}
