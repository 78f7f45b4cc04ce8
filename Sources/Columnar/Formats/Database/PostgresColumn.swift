/// One column of a binary copy of PostgreSQL while its rows come.
final class PostgresColumn {
  /// How values are sent.
  enum Wire: Hashable {
    case boolean, int2, int4, int8, oid, float4, float8, numeric, text, date, timestamp, timestampInUTC
  }

  let name: String
  let wire: Wire
  let values: GrowingColumn
  /// Infinite dates and numbers, and such as are none, which count as missing.
  private(set) var beyond = 0

  /// A column of a type with its modifier.
  init(_ name: String, _ type: PostgresType) {
    self.name = name
    wire = type.wire
    switch type.wire {
    case .boolean: values = GrowingColumn(.boolean)
    case .int2, .int4, .int8, .oid: values = GrowingColumn(.integer)
    case .float4, .float8: values = GrowingColumn(.real)
    case .numeric: values = GrowingColumn(type.decimals.map { .decimal($0) } ?? .real)
    case .text: values = GrowingColumn(.text)
    case .date: values = GrowingColumn(.days)
    case .timestamp, .timestampInUTC: values = GrowingColumn(.moments)
    }
  }

  /// Adds a row without a value.
  func appendMissing() { values.appendMissing() }

  private func appendBeyond() {
    beyond += 1
    values.appendMissing()
  }

  /// Adds a value as it was sent. False when it has not the shape of its type.
  func append(_ bytes: UnsafeRawBufferPointer) -> Bool {
    switch wire {
    case .text: values.append(text: bytes.assumingMemoryBound(to: UInt8.self))
    case .boolean:
      guard bytes.count == 1 else { return false }
      values.append(bytes[0] == 0 ? 0 : 1)
    case .int2:
      guard let number = Self.number(bytes, Int16.self) else { return false }
      values.append(Int64(number))
    case .int4:
      guard let number = Self.number(bytes, Int32.self) else { return false }
      values.append(Int64(number))
    case .oid:
      guard let number = Self.number(bytes, UInt32.self) else { return false }
      values.append(Int64(number))
    case .int8:
      guard let number = Self.number(bytes, Int64.self) else { return false }
      values.append(number)
    case .float4:
      guard let bits = Self.number(bytes, UInt32.self) else { return false }
      // The number that the same digits mean, not the nearest one of half the precision.
      append(real: Double("\(Float(bitPattern: bits))") ?? Double(Float(bitPattern: bits)))
    case .float8:
      guard let bits = Self.number(bytes, UInt64.self) else { return false }
      append(real: Double(bitPattern: bits))
    case .numeric:
      guard let number = PostgresNumeric(bytes) else { return false }
      append(number)
    case .date:
      guard let days = Self.number(bytes, Int32.self) else { return false }
      // Days since 2000-01-01; the ends of the range are infinite.
      let (day, isFar) = days.addingReportingOverflow(10_957)
      if isFar || days == .min || days == .max { appendBeyond() } else { values.append(Int64(day)) }
    case .timestamp, .timestampInUTC:
      guard let moment = Self.number(bytes, Int64.self) else { return false }
      let (since1970, isFar) = moment.addingReportingOverflow(946_684_800_000_000)
      if isFar || moment == .min || moment == .max { appendBeyond() } else { values.append(since1970) }
    }
    return true
  }

  private func append(real: Double) {
    if real.isFinite { values.append(real: real) } else { appendBeyond() }
  }

  private func append(_ number: PostgresNumeric) {
    if case .decimal(let digits) = values.form, let scaled = number.scaled(by: digits) { return values.append(scaled) }
    append(real: number.real)
  }

  /// A number in network order; nil when there are not just as many bytes.
  @inline(__always)
  static func number<N: FixedWidthInteger>(_ bytes: UnsafeRawBufferPointer, _ type: N.Type) -> N? {
    guard bytes.count == MemoryLayout<N>.size else { return nil }
    return N(bigEndian: bytes.loadUnaligned(as: N.self))
  }
}

/// What is known of a column's type on the server.
struct PostgresType {
  let wire: PostgresColumn.Wire
  /// What the column is turned into by the server before it is sent, such as `text`; nil when it is sent as it is.
  let cast: String?
  /// Digits behind the point, where all values have so many and they are few.
  var decimals: Int?

  /// The type by its number in `pg_type` and its modifier; nil for bytes, which no table holds.
  init?(_ number: UInt32, modifier: Int32) {
    switch number {
    case 17: return nil
    case 16: (wire, cast) = (.boolean, nil)
    case 20: (wire, cast) = (.int8, nil)
    case 21: (wire, cast) = (.int2, nil)
    case 23: (wire, cast) = (.int4, nil)
    case 26: (wire, cast) = (.oid, nil)
    case 700: (wire, cast) = (.float4, nil)
    case 701: (wire, cast) = (.float8, nil)
    // Cents by the server's locale.
    case 790: (wire, cast) = (.numeric, "numeric")
    case 1082: (wire, cast) = (.date, nil)
    case 1114: (wire, cast) = (.timestamp, nil)
    case 1184: (wire, cast) = (.timestampInUTC, nil)
    case 25, 1043, 114: (wire, cast) = (.text, nil)
    case 1700:
      (wire, cast) = (.numeric, nil)
      let scale = (Int(modifier) - 4) & 0x7ff
      if modifier >= 4, scale <= 4 { decimals = scale }
    default: (wire, cast) = (.text, "text")
    }
  }
}

/// A number of PostgreSQL's type `numeric` as it is sent: digits to the base of ten thousand.
struct PostgresNumeric {
  private enum Kind { case finite, infinite }

  private let kind: Kind
  private let isNegative: Bool
  /// The digits as one whole number, which is the value times a power of ten; nil when it is 2^53 or more.
  private let whole: Int64?
  private let exponent: Int
  private let digits: [UInt16]

  /// Reads a number; nil when the bytes are none.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count >= 8 else { return nil }
    func word(_ place: Int) -> UInt16 {
      UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: place * 2, as: UInt16.self))
    }
    let count = Int(word(0))
    guard bytes.count == 8 + 2 * count else { return nil }
    let weight = Int(Int16(bitPattern: word(1)))
    let sign = word(2)
    isNegative = sign == 0x4000
    kind = sign == 0 || sign == 0x4000 ? .finite : .infinite
    exponent = 4 * (weight - count + 1)
    var whole: Int64 = 0
    for place in 0..<count {
      let digit = word(4 + place)
      guard digit < 10_000 else { return nil }
      // The most that this can become is 2^53 * 10^4 + 9999, and below 2^63 that is no overflow once the limit is looked at.
      if whole >= 0 { whole = whole < 1 << 49 ? whole * 10_000 + Int64(digit) : -1 }
    }
    self.whole = whole >= 0 && whole < 1 << 53 ? whole : nil
    digits = self.whole == nil ? (0..<count).map { word(4 + $0) } : []
  }

  /// The value times a power of ten, when that is whole and less than 2^53.
  func scaled(by decimals: Int) -> Int64? {
    guard kind == .finite, var number = whole else { return nil }
    var shift = exponent + decimals
    if number == 0 { return 0 }
    while shift > 0 {
      guard number < 1 << 53 else { return nil }
      number *= 10
      shift -= 1
    }
    while shift < 0 {
      guard number % 10 == 0 else { return nil }
      number /= 10
      shift += 1
    }
    guard number < 1 << 53 else { return nil }
    return isNegative ? -number : number
  }

  /// The nearest real number; not finite for what is none.
  var real: Double {
    guard kind == .finite else { return .nan }
    if let whole, abs(exponent) <= 22 {
      // One rounding: both numbers are exact (Clinger, 1990).
      let power = NumberParser.powers[abs(exponent)]
      let value = exponent < 0 ? Double(whole) / power : Double(whole) * power
      return isNegative ? -value : value
    }
    var text = isNegative ? "-0" : "0"
    if let whole { text += String(whole) }
    for digit in digits { text += String(10_000 + Int(digit)).dropFirst() }
    return Double("\(text)e\(exponent)") ?? .nan
  }
}
