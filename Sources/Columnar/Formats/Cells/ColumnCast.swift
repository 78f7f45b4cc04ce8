/// Makes columns of the types that somebody asked for.
struct ColumnCast: Sendable {
  let path: String
  let options: CSVOptions
  /// The number under which a reader finds a row in the file.
  let place: @Sendable (Int) -> Int

  /// The column with the given type. Throws `badValue` for the first value that has not that type. `shown` makes the column as
  /// text.
  func column(
    _ column: Column, _ name: String, _ type: DataType, shown: () -> Column
  ) throws(SourceError) -> Column {
    if column.type == type { return column }
    switch (column.storage, type) {
    case (.integer(let values), .real): return Column(.real(values.map(Double.init)), validity: column.validity)
    case (.date(let days), .datetime):
      return Column(.datetime(days.map { Int64($0) &* Timestamp.perDay }), validity: column.validity)
    case (_, .text): return shown()
    default: return try parsed(shown(), name, type)
    }
  }

  private func parsed(_ column: Column, _ name: String, _ type: DataType) throws(SourceError) -> Column {
    guard case .text(let codes, let dictionary) = column.storage else { return column }
    let kind = kind(type, column, dictionary)
    var values: [Value] = []
    for code in 0..<dictionary.count {
      let text = Array(dictionary.bytes[Int(dictionary.offsets[code])..<Int(dictionary.offsets[code + 1])])
      let value = text.withUnsafeBufferPointer { self.value(of: $0, kind, type) }
      let isUsed = { codes.indices.first { codes[$0] == UInt32(code) && !column.isMissing($0) } }
      if value == .missing, let row = isUsed() {
        throw .badValue(path: path, row: place(row), column: name, value: dictionary[code], type: type.displayName)
      }
      values.append(value)
    }
    return Column.of(
      type, codes.enumerated().map { row, code in column.isMissing(row) ? .missing : values[Int(code)] })
  }

  private func kind(_ type: DataType, _ column: Column, _ dictionary: TextDictionary) -> ColumnKind {
    let sample = (0..<min(dictionary.count, 1000)).map { code in
      Array(dictionary.bytes[Int(dictionary.offsets[code])..<Int(dictionary.offsets[code + 1])])
    }.filter { !$0.isEmpty }
    switch type {
    case .integer: return .integer
    case .boolean: return .boolean
    case .text: return .text
    case .real:
      let styles = NumberStyle.candidates(options)
      let fitting = styles.first { style in
        sample.allSatisfy { $0.withUnsafeBufferPointer { style.real($0) != nil } }
      }
      return .real(fitting ?? NumberStyle(decimal: options.decimal ?? UInt8(ascii: ".")))
    case .date, .datetime, .period:
      if case .date(let layout) = ColumnKind.guess(sample, name: "date", options: options) { return .date(layout) }
      return .date(DateLayout(.yearMonthDay))
    }
  }

  private func value(of text: UnsafeBufferPointer<UInt8>, _ kind: ColumnKind, _ type: DataType) -> Value {
    switch kind {
    case .integer: return NumberStyle.integer(text).map { .integer($0) } ?? .missing
    case .real(let style): return style.real(text).map { .real($0) } ?? .missing
    case .boolean: return ColumnKind.boolean(text).map { .boolean($0) } ?? .missing
    case .text: return .missing
    case .date(let layout):
      var facts = DateFacts()
      guard let moment = DateParser.instant(text, layout.order, &facts) else { return .missing }
      let instant = Timestamp(microseconds: moment)
      switch type {
      case .datetime: return .datetime(instant)
      case .period(let grain): return .period(Period(grain, containing: instant.date))
      default: return .date(instant.date)
      }
    }
  }
}
