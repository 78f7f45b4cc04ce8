/// A column that grows by one value at a time, as the rows of a database come: packed like those of text files.
final class GrowingColumn {
  /// What the values are.
  enum Form: Hashable {
    case integer
    case real
    /// Whole numbers that stand for decimals with so many digits behind the point, 0…4.
    case decimal(Int)
    case text
    case boolean
    /// Days since 1970-01-01.
    case days
    /// Microseconds since 1970-01-01T00:00.
    case moments
  }

  private(set) var form: Form
  private(set) var count = 0
  private(set) var missing = 0
  private var lanes: ColumnLanes
  private var dictionary = LocalDictionary()
  private var divisor = 1.0
  /// Bits of rows with a value, up to the last row without one.
  private var valid: [UInt64] = []
  /// The last values, which the lanes have not got yet: numbers, bit patterns of real ones, or codes.
  private let stage: UnsafeMutablePointer<Int64>
  private var staged = 0

  private static let stageSize = 2048

  /// A column without rows.
  init(_ form: Form) {
    self.form = form
    stage = .allocate(capacity: GrowingColumn.stageSize)
    switch form {
    case .integer, .real, .decimal: lanes = ColumnLanes(.integer)
    case .text, .boolean: lanes = ColumnLanes(.text)
    case .days, .moments: lanes = ColumnLanes(.date(DateLayout(.yearMonthDay)))
    }
    if case .decimal(let digits) = form { divisor = NumberParser.powers[min(max(0, digits), 4)] }
    if form == .real { lanes.makeReals(by: 1) }
  }

  deinit { stage.deallocate() }

  /// Whether the distinct texts are too many for one dictionary.
  var isFull: Bool { dictionary.isFull }

  /// Bytes that the values take in memory, about.
  var bytes: Int { count * lanes.lane.width + dictionary.bytes.count + dictionary.count * 20 }

  // MARK: Adding

  /// Adds a row without a value.
  func appendMissing() {
    let word = count >> 6
    while valid.count <= word { valid.append(~0) }
    valid[word] &= ~(1 &<< UInt64(truncatingIfNeeded: count & 63))
    missing += 1
    push(0)
  }

  /// Adds a whole number, a truth value, a day or a moment, or a decimal times its power of ten (less than 2^53).
  @inline(__always)
  func append(_ number: Int64) { push(number) }

  /// Adds a real number; decimals become real then.
  @inline(__always)
  func append(real: Double) {
    if form != .real { makeReal() }
    push(Int64(bitPattern: real.bitPattern))
  }

  /// Adds a text.
  @inline(__always)
  func append(text: UnsafeBufferPointer<UInt8>) { push(Int64(dictionary.code(text))) }

  /// Adds a text.
  func append(text: String) {
    var text = text
    text.withUTF8 { append(text: $0) }
  }

  @inline(__always)
  private func push(_ value: Int64) {
    stage[staged] = value
    staged &+= 1
    count &+= 1
    if staged == GrowingColumn.stageSize { flush() }
  }

  private func flush() {
    let values = UnsafeBufferPointer(start: stage, count: staged)
    staged = 0
    if values.isEmpty { return }
    switch form {
    case .integer, .days:
      if !lanes.isWide, let small = small(values) { return small.withUnsafeBufferPointer(lanes.append) }
      lanes.makeWords()
      lanes.append(values)
    case .decimal:
      if !lanes.isWide, let small = small(values) { return small.withUnsafeBufferPointer(lanes.append) }
      lanes.makeReals(by: divisor)
      values.map { Double($0) / divisor }.withUnsafeBufferPointer(lanes.append)
    case .moments:
      if !lanes.isWide, values.allSatisfy({ $0 % 1_000_000 == 0 }), let small = small(values, dividedBy: 1_000_000) {
        return small.withUnsafeBufferPointer(lanes.append)
      }
      lanes.makeWords(times: 1_000_000)
      lanes.append(values)
    case .real: values.withMemoryRebound(to: Double.self) { lanes.append($0) }
    case .boolean: values.map { $0 != 0 }.withUnsafeBufferPointer(lanes.append)
    case .text:
      values.map { UInt32(truncatingIfNeeded: $0) }.withUnsafeBufferPointer {
        lanes.append(codes: $0, limit: dictionary.count)
      }
    }
  }

  /// The numbers in 32 bits; nil when one of them needs more.
  private func small(_ values: UnsafeBufferPointer<Int64>, dividedBy unit: Int64 = 1) -> [Int32]? {
    var small: [Int32] = []
    small.reserveCapacity(values.count)
    for value in values {
      guard let narrow = Int32(exactly: unit == 1 ? value : value / unit) else { return nil }
      small.append(narrow)
    }
    return small
  }

  // MARK: Widening

  /// Makes whole numbers and decimals real.
  func makeReal() {
    flush()
    lanes.makeReals(by: divisor)
    form = .real
  }

  /// Makes texts of numbers: whole ones in their digits, real ones in the fewest that give them back.
  func makeText() {
    flush()
    let numbers = finish { $0.finished }.unpacked
    let texts = GrowingColumn(.text)
    for row in 0..<numbers.count {
      if numbers.isMissing(row) {
        texts.appendMissing()
        continue
      }
      switch numbers.storage {
      case .integer(let values): texts.append(text: String(values[row]))
      case .real(let values): texts.append(text: "\(values[row])")
      case .boolean(let values): texts.append(text: values[row] ? "1" : "0")
      case .text, .date, .datetime, .period: texts.appendMissing()
      }
    }
    texts.flush()
    (form, lanes, dictionary, divisor) = (.text, texts.lanes, texts.dictionary, 1)
  }

  // MARK: Reading

  /// The distinct texts so far.
  var texts: LocalDictionary { dictionary }

  /// The first row with a text.
  func row(of code: UInt32) -> Int? {
    flush()
    // Rows without a value have the code 0 as well; the first text is that of the first row with a value.
    if code == 0 { return (0..<count).first { $0 >> 6 >= valid.count || valid[$0 >> 6] >> UInt64($0 & 63) & 1 == 1 } }
    return lanes.firstRow(of: code)
  }

  /// The finished column, to which nothing can be added; `texts` are its distinct texts as valid UTF-8.
  func finish(_ texts: (LocalDictionary) -> TextDictionary) -> Column {
    flush()
    var validity: Bitmap?
    if missing > 0 {
      valid.append(contentsOf: repeatElement(~0, count: max(0, (count + 63) / 64 - valid.count)))
      validity = Bitmap(words: valid, count: count)
    }
    let meaning: PackedValues.Meaning =
      switch form {
      case .integer: .whole
      case .real: .real
      case .decimal: lanes.isWide ? .real : .decimal(divisor)
      case .boolean: .boolean
      case .days: .days
      case .moments: lanes.isWide ? .microseconds : .seconds
      // A column of missing values only: its rows' codes have to mean something.
      case .text: .codes(dictionary.count == 0 ? TextDictionary([""]) : texts(dictionary))
      }
    return Column(lanes.finish(meaning), validity: validity)
  }
}
