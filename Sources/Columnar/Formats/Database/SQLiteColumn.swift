import CSQLite

/// One column of a query while its rows come. SQLite's values have types of their own, whatever the column was declared as:
/// what the column is, all its rows decide.
final class SQLiteColumn {
  let name: String
  /// The declared type in capitals, a hint for what numbers and texts mean.
  let declaration: String
  private let place: Int32
  private let isForcedText: Bool
  private var values: GrowingColumn?
  /// Rows without a value before the first one with one.
  private var missingBefore = 0
  /// Whether some value is a blob that is no text: the column is left out.
  private(set) var isBinary = false
  /// Numbers that are infinite, which count as missing.
  private(set) var infinite = 0
  /// Whether whole numbers became real before a text came: their digits have to be read again, as texts.
  private(set) var mustReread = false
  private var hasIntegers = false

  /// The column at a place of a statement; `isText` when the cell asked for text.
  init(_ statement: SQLiteStatement, _ place: Int32, name: String, isText: Bool) {
    self.place = place
    self.name = name
    declaration = statement.declaration(place)
    isForcedText = isText
  }

  /// Whether the distinct texts are too many for one dictionary.
  var isFull: Bool { values?.isFull ?? false }

  /// Bytes that the values take in memory, about.
  var bytes: Int { values?.bytes ?? 0 }

  /// Adds the value of the row at which the statement stands.
  func append(_ statement: SQLiteStatement) {
    if isBinary { return }
    switch statement.kind(place) {
    case SQLITE_INTEGER: append(integer: statement.integer(place))
    case SQLITE_FLOAT: append(real: statement.real(place))
    case SQLITE_TEXT: append(text: statement.text(place))
    case SQLITE_NULL: appendMissing()
    default:
      let bytes = statement.blob(place)
      if TextEncoding.census(bytes).strayBytes == 0, !bytes.contains(0) { return append(text: bytes) }
      isBinary = true
      values = nil
    }
  }

  private func appendMissing() {
    if let values { values.appendMissing() } else { missingBefore += 1 }
  }

  private func begin(_ form: GrowingColumn.Form) -> GrowingColumn {
    let values = GrowingColumn(isForcedText ? .text : form)
    for _ in 0..<missingBefore { values.appendMissing() }
    self.values = values
    return values
  }

  private func append(integer: Int64) {
    let values = values ?? begin(.integer)
    hasIntegers = true
    switch values.form {
    case .integer: values.append(integer)
    case .real: values.append(real: Double(integer))
    default: values.append(text: String(integer))
    }
  }

  private func append(real: Double) {
    guard real.isFinite else {
      infinite += 1
      return appendMissing()
    }
    let values = values ?? begin(.real)
    if values.form == .text { return values.append(text: "\(real)") }
    values.append(real: real)
  }

  private func append(text: UnsafeBufferPointer<UInt8>) {
    let values = values ?? begin(.text)
    if values.form == .real, hasIntegers { mustReread = true }
    if values.form != .text { values.makeText() }
    values.append(text: text)
  }

  /// The finished values, numbers and texts as they came; of the declared type when no row has a value.
  func finish(_ texts: (GrowingColumn) throws -> TextDictionary) rethrows -> Column {
    let values = values ?? begin(emptyForm)
    // A column is finished once; what its texts are is for the caller to say, who may throw.
    let dictionary = values.form == .text && values.texts.count > 0 ? try texts(values) : TextDictionary([""])
    return values.finish { _ in dictionary }
  }

  private var emptyForm: GrowingColumn.Form {
    if isTemporal { return declaration.contains("TIME") ? .moments : .days }
    if declaration.contains("BOOL") { return .boolean }
    if declaration.contains("INT") { return .integer }
    let isNumber = ["REAL", "FLOA", "DOUB", "NUM", "DEC"].contains { declaration.contains($0) }
    return isNumber ? .real : .text
  }

  /// Whether the declared type is one of days or moments.
  var isTemporal: Bool { declaration.contains("DATE") || declaration.contains("TIMESTAMP") }
}
