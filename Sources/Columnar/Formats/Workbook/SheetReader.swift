#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Takes the cells of a sheet, or of some of its rows, out of their XML, column by column. Rows without a value are left out.
final class SheetReader: XMLHandler {
  /// The cells of one column.
  struct Body: Sendable {
    var cells = CellColumn()
    /// What all of its numbers look like; nil before the first, and `plain` when they differ.
    var look: CellLook?
  }

  /// What was read.
  struct Cells: Sendable {
    /// The columns.
    var bodies: [Body] = []
    /// The sheet's number of each row with a value.
    var rowNumbers: [Int32] = []
    /// Errors such as #N/A, by name.
    var errors: [String: Int] = [:]
    /// Times of day and lengths of time, which are read as text.
    var clocks = 0
    /// Where the texts of the cells are.
    var texts: CellTexts
    /// Whether a row stands where only the rows before it say.
    var hasRowWithoutNumber = false
  }

  /// What the cells of a workbook have in common.
  struct Context: Sendable {
    var path: String
    var sheet: String
    var sharedStrings: SharedTexts
    var looks: [CellLook]
    var dates: SerialDate
  }

  /// Largest numbers of rows and columns that a sheet can have.
  static let mostRows = 1 << 20
  static let mostColumns = 1 << 14

  // Each of these is asked or written for each of millions of cells, by one thread: checks for exclusive access would double
  // the time.
  @exclusivity(unchecked) private(set) var cells: Cells
  @exclusivity(unchecked) private var row = 0
  @exclusivity(unchecked) private var hasSlot = false
  @exclusivity(unchecked) private var column = -1
  @exclusivity(unchecked) private var look = CellLook.plain
  @exclusivity(unchecked) private var kind = UInt8(ascii: "n")
  @exclusivity(unchecked) private var isInValue = false
  @exclusivity(unchecked) private var text = StringItem()
  @exclusivity(unchecked) private var value = FieldBuffer()
  @exclusivity(unchecked) private(set) var depth = 0
  private let context: Context
  private let store: WorkbookTexts
  private let limit: Int

  /// A reader that stops after so many rows with a value.
  init(_ context: Context, _ store: WorkbookTexts, limit: Int) {
    self.context = context
    self.store = store
    self.limit = limit
    cells = Cells(texts: store.texts)
  }

  /// Where the reader is, for messages.
  var place: String { "sheet \"\(context.sheet)\", row \(max(1, row))" }

  private func fail(_ found: String) {
    failure = .damaged(path: context.path, format: WorkbookFormat.name, place: place, found: found)
  }

  // MARK: Elements

  override func start(_ name: XMLName, _ attributes: XMLAttributes) {
    depth &+= 1
    switch name.letter {
    case UInt8(ascii: "c"): startCell(attributes)
    case UInt8(ascii: "v"):
      isInValue = true
      value.clear()
    case UInt8(ascii: "t"): text.start(name)
    case 0:
      if name == "row" { startRow(attributes) } else if name == "rPh" { text.start(name) }
    default: break
    }
  }

  override func end(_ name: XMLName) {
    depth &-= 1
    switch name.letter {
    case UInt8(ascii: "v"): isInValue = false
    case UInt8(ascii: "t"): text.end(name)
    case UInt8(ascii: "c"): endCell()
    case 0: if name == "rPh" { text.end(name) }
    default: break
    }
  }

  override func text(_ bytes: UnsafeBufferPointer<UInt8>) {
    if isInValue { value.append(bytes) } else { text.append(bytes) }
  }

  private func startRow(_ attributes: XMLAttributes) {
    var number = 0
    attributes.each { name, value in
      if name.letter == UInt8(ascii: "r") { number = SheetReader.number(value) ?? -1 }
    }
    if number == 0 {
      number = row + 1
      cells.hasRowWithoutNumber = true
    }
    guard number > row, number <= SheetReader.mostRows else {
      return fail("is followed by row \(number), which cannot stand there")
    }
    row = number
    hasSlot = false
    column = -1
  }

  private static func number(_ text: UnsafePointer<UInt8>) -> Int? {
    var (value, place) = (0, 0)
    while text[place] != 0 {
      let digit = text[place] &- UInt8(ascii: "0")
      if digit > 9 || place > 8 { return nil }
      value = value &* 10 &+ Int(digit)
      place &+= 1
    }
    return place > 0 ? value : nil
  }

  private func startCell(_ attributes: XMLAttributes) {
    column += 1
    kind = UInt8(ascii: "n")
    look = .plain
    var isRight = true
    attributes.each { name, value in
      switch name.letter {
      case UInt8(ascii: "r"):
        guard let place = SheetReader.column(value) else { return isRight = false }
        column = place
      case UInt8(ascii: "s"):
        if let style = SheetReader.number(value), style < context.looks.count { look = context.looks[style] }
      // n, b, d, e, s, str, inlineStr: one letter each here, `t` for texts in the cell.
      case UInt8(ascii: "t"):
        kind =
          value[0] == UInt8(ascii: "s") && value[1] != 0 || value[0] == UInt8(ascii: "i")
          ? UInt8(ascii: "t") : value[0]
      default: break
      }
    }
    if !isRight || column >= SheetReader.mostColumns { fail("has a cell that is in no column") }
    value.clear()
    text.begin()
  }

  /// The column of a cell's name: 27 for `AB12`.
  @inline(__always)
  private static func column(_ name: UnsafePointer<UInt8>) -> Int? {
    var (value, place) = (0, 0)
    while place < 4 {
      let letter = (name[place] & 0xdf) &- UInt8(ascii: "A")
      if letter > 25 { break }
      value = value &* 26 &+ Int(letter) &+ 1
      place &+= 1
    }
    return place > 0 && place < 4 ? value - 1 : nil
  }

  // MARK: Cells

  private func endCell() {
    switch kind {
    case UInt8(ascii: "s"):
      if value.count == 0 { return }
      guard let number = NumberParser.integer(value.base, value.count), number >= 0,
        number < context.sharedStrings.count
      else { return fail("names a shared text \"\(value.shown)\", which there is not") }
      take(.text, store.code(ofShared: Int(number)))
    case UInt8(ascii: "t"):
      // Texts of formulas stand in `v`, others in `is`.
      if value.count > 0 { value.withBytes { text.replace($0) } }
      if !text.bytes.isEmpty { take(.text, text.finish { store.code($0) }) }
    case UInt8(ascii: "b"):
      if value.count > 0 { take(.boolean, value.base[0] == UInt8(ascii: "1") || value.base[0] | 0x20 == 0x74 ? 1 : 0) }
    case UInt8(ascii: "e"):
      cells.errors[value.shown, default: 0] += 1
      take(.missing, 0)
    case UInt8(ascii: "d"):
      if value.count == 0 { return }
      if let moment = value.withBytes(ISODates.moment) { return takeMoment(moment.microseconds) }
      take(.text, value.withBytes { store.code($0) })
    default: if value.count > 0 { takeNumber() }
    }
  }

  private func takeNumber() {
    if case .plain = look {} else { return takeStyled() }
    if let number = NumberParser.integer(value.base, value.count) {
      return takeNumber(.integer, UInt64(bitPattern: number))
    }
    guard let number = value.real() else { return fail("holds \"\(value.shown)\" where a number should be") }
    takeReal(number)
  }

  private func takeReal(_ number: Double) {
    // Spreadsheets know no whole numbers of their own.
    if number == number.rounded(), abs(number) < 1e15 {
      takeNumber(.integer, UInt64(bitPattern: Int64(number)))
    } else {
      takeNumber(.real, number.bitPattern)
    }
  }

  private func takeStyled() {
    guard let number = value.real() else { return fail("holds \"\(value.shown)\" where a number should be") }
    switch look {
    case .date:
      if let moment = context.dates.moment(number) { return takeMoment(moment) }
    case .clock:
      if number >= 1, let moment = context.dates.moment(number) { return takeMoment(moment) }
      if let text = SerialDate.clock(number) { return takeClock(text) }
    case .elapsed:
      if let text = SerialDate.clock(number) { return takeClock(text) }
    case .plain, .percent, .currency: break
    }
    takeReal(number)
  }

  private func takeClock(_ text: String) {
    cells.clocks += 1
    take(.text, store.code(text))
  }

  private func takeMoment(_ microseconds: Int64) {
    take(microseconds % Timestamp.perDay == 0 ? .date : .datetime, UInt64(bitPattern: microseconds))
  }

  private func takeNumber(_ kind: CellColumn.Kind, _ word: UInt64) {
    take(kind, word)
    guard column < cells.bodies.count else { return }
    let known = cells.bodies[column].look
    if known == nil { cells.bodies[column].look = look } else if known != look { cells.bodies[column].look = .plain }
  }

  @inline(__always)
  private func take(_ kind: CellColumn.Kind, _ word: UInt64) {
    if isDone || (kind == .text && word == store.blank) { return }
    if !hasSlot {
      if cells.rowNumbers.count == limit { return isDone = true }
      cells.rowNumbers.append(Int32(truncatingIfNeeded: row))
      hasSlot = true
    }
    if column >= cells.bodies.count {
      cells.bodies.append(contentsOf: repeatElement(Body(), count: column + 1 - cells.bodies.count))
    }
    cells.bodies[column].cells.set(cells.rowNumbers.count - 1, kind, word)
  }
}

/// The text of one value, with room before and behind it for readers of whole words and of C strings.
struct FieldBuffer {
  private static let margin = 16
  private static let capacity = 1 << 16
  private let room = Room()
  private(set) var count = 0

  private final class Room {
    let base: UnsafeMutablePointer<UInt8>

    init() {
      base = .allocate(capacity: FieldBuffer.capacity + 2 * FieldBuffer.margin)
      base.initialize(repeating: 0, count: FieldBuffer.capacity + 2 * FieldBuffer.margin)
    }

    deinit { base.deallocate() }
  }

  var base: UnsafePointer<UInt8> { UnsafePointer(room.base + FieldBuffer.margin) }

  /// The text for messages.
  var shown: String { withBytes(TextEncoding.showing) }

  mutating func clear() { count = 0 }

  /// No value has more than 32,767 characters; what is beyond all bounds is cut.
  @inline(__always)
  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let from = bytes.baseAddress else { return }
    let taken = min(bytes.count, FieldBuffer.capacity - count)
    (room.base + FieldBuffer.margin + count).update(from: from, count: taken)
    count += taken
  }

  func withBytes<T>(_ body: (UnsafeBufferPointer<UInt8>) -> T) -> T {
    body(UnsafeBufferPointer(start: base, count: count))
  }

  /// The number that the text is; nil for anything else, also for what is beyond the largest number.
  func real() -> Double? {
    if let short = NumberParser.powers.withUnsafeBufferPointer({ powers in
      powers.baseAddress.flatMap { NumberParser.short(base, count, UInt8(ascii: "."), $0) }
    }) {
      return short
    }
    let isNumeric = withBytes { bytes in
      bytes.allSatisfy { byte in
        byte &- UInt8(ascii: "0") <= 9 || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
          || byte == UInt8(ascii: "+") || byte | 0x20 == UInt8(ascii: "e")
      }
    }
    guard isNumeric, count > 0, count < 400 else { return nil }
    room.base[FieldBuffer.margin + count] = 0
    var end: UnsafeMutablePointer<CChar>?
    let start = UnsafeMutableRawPointer(room.base + FieldBuffer.margin).assumingMemoryBound(to: CChar.self)
    let value = strtod(start, &end)
    return end == start + count && value.isFinite ? value : nil
  }
}
