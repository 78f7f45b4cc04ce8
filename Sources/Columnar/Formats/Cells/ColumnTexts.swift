/// Columns of any type as text.
enum ColumnTexts {
  /// The column as texts, each distinct one made once; nil when they are too many for one dictionary.
  static func of(_ column: Column) -> Column? {
    switch column.storage {
    case .text: column
    case .integer(let values): made(column, values) { String($0) }
    case .real(let values): made(column, values) { CellAssembly.text($0) }
    case .boolean(let values): made(column, values) { $0 ? "true" : "false" }
    case .date(let days): made(column, days) { CivilDate(days: $0).description }
    case .datetime(let moments): made(column, moments) { Timestamp(microseconds: $0).description }
    case .period(let days, let grain):
      made(column, days) { Period(grain, containing: CivilDate(days: $0)).description }
    }
  }

  /// One value in the same words; nil for a missing one.
  static func text(_ value: Value) -> String? {
    switch value {
    case .missing, .duration, .list: nil
    case .integer(let number): String(number)
    case .real(let number): CellAssembly.text(number)
    case .text(let text): text
    case .boolean(let value): value ? "true" : "false"
    case .date(let date): date.description
    case .datetime(let moment): moment.description
    case .period(let period): period.description
    }
  }

  private static func made<V: Hashable>(_ column: Column, _ values: [V], _ text: (V) -> String) -> Column? {
    var known: [V: UInt32] = [:]
    var texts = LocalDictionary()
    var codes = [UInt32](repeating: 0, count: values.count)
    for row in values.indices where !column.isMissing(row) {
      if let code = known[values[row]] {
        codes[row] = code
        continue
      }
      var shown = text(values[row])
      codes[row] = shown.withUTF8 { texts.code($0) }
      known[values[row]] = codes[row]
    }
    if texts.isFull { return nil }
    // Codes of missing rows mean something too.
    if texts.count == 0 { return Column(.text(codes: codes, TextDictionary([""])), validity: column.validity) }
    return Column(ColumnLanes.packed(codes, texts.finished), validity: column.validity)
  }
}
