/// What the fields of a column are read as. A column begins with the narrowest kind that its first rows allow, and widens when
/// a later row does not fit: nothing fails because of a late row.
enum ColumnKind: Hashable, Sendable {
  case integer
  case real(NumberStyle)
  case boolean
  case date(DateLayout)
  case text

  /// The kind for the given fields of a sample, none of them missing.
  static func guess(_ sample: [[UInt8]], name: String, options: CSVOptions) -> ColumnKind {
    guard !sample.isEmpty else { return .text }
    func all(_ fits: (UnsafeBufferPointer<UInt8>) -> Bool) -> Bool {
      sample.allSatisfy { $0.withUnsafeBufferPointer(fits) }
    }
    if isDateName(name), all({ DateParser.compact($0) != nil }) { return .date(DateLayout(.compact)) }
    if all({ NumberStyle.integer($0) != nil }) { return .integer }
    if all({ boolean($0) != nil }) { return .boolean }
    if let layout = DateParser.layout(sample, options: options) { return .date(layout) }
    for style in NumberStyle.candidates(options) where all({ style.real($0) != nil }) {
      return .real(style)
    }
    return .text
  }

  /// The next wider kind after a field that did not fit. What is reached in the end does not depend on the order in which
  /// fields that do not fit are met.
  func widened(for field: UnsafeBufferPointer<UInt8>, options: CSVOptions) -> ColumnKind {
    switch self {
    case .integer, .real:
      for style in NumberStyle.candidates(options) {
        let wider = ColumnKind.real(style)
        if wider.readsAll(of: self), style.real(field) != nil { return wider }
      }
      return .text
    case .date(let layout):
      // Day and month may be the other way round: 13/12/2011 after a thousand dates that fit both orders.
      guard options.dates == nil, !layout.isTurned, let other = layout.turned else { return .text }
      var facts = DateFacts()
      return DateParser.instant(field, other.order, &facts) == nil ? .text : .date(other)
    case .boolean, .text: return .text
    }
  }

  /// Whether what the other kind reads is read to the same value by this one.
  func readsAll(of other: ColumnKind) -> Bool {
    switch (self, other) {
    case (.real(let style), .integer): !style.isPercent
    case (.real(let style), .real(let narrower)): style.readsAll(of: narrower)
    default: self == other
    }
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

  /// Whether eight digits under this name are probably a day.
  private static func isDateName(_ name: String) -> Bool {
    Identifiers.words(name).contains { ["date", "day", "ds", "dt", "datum"].contains($0) || $0.hasSuffix("date") }
  }
}
