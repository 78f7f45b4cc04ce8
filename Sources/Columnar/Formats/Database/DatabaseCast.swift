/// Makes a column the type that the cell gave it.
struct DatabaseCast {
  /// The source, for messages.
  let path: String
  let name: String
  let type: DataType
  let options: CSVOptions

  /// The column with other values for the same rows. Throws `badValue` for the first row that has no value of the type.
  func cast(_ column: Column) throws(SourceError) -> Column {
    switch (type, column.type) {
    case (.text, _): return try each(column, .text) { $1.append(text: text(column[$0])) }
    case (_, .text): return try fromText(column)
    case (.real, .integer):
      guard case .integer(let values) = column.storage else { break }
      return try each(column, .real) { $1.append(real: Double(values[$0])) }
    case (.integer, .real):
      guard case .real(let values) = column.storage else { break }
      return try each(column, .integer) { row, out throws(SourceError) in
        guard let whole = Int64(exactly: values[row]) else { throw failure(row, "\(values[row])") }
        out.append(whole)
      }
    case (.boolean, .integer):
      guard case .integer(let values) = column.storage else { break }
      return try each(column, .boolean) { row, out throws(SourceError) in
        guard values[row] == 0 || values[row] == 1 else { throw failure(row, "\(values[row])") }
        out.append(values[row])
      }
    case (.integer, .boolean), (.real, .boolean):
      guard case .boolean(let values) = column.storage else { break }
      return try each(column, type == .real ? .real : .integer) {
        if type == .real { $1.append(real: values[$0] ? 1 : 0) } else { $1.append(values[$0] ? 1 : 0) }
      }
    case (.datetime, .date):
      guard case .date(let days) = column.storage else { break }
      return try each(column, .moments) { $1.append(Timestamp(CivilDate(days: days[$0])).microseconds) }
    case (.date, .datetime):
      guard case .datetime(let moments) = column.storage else { break }
      return try each(column, .days) { $1.append(Int64(Timestamp(microseconds: moments[$0]).date.days)) }
    case (.date, .integer), (.date, .real), (.datetime, .integer), (.datetime, .real):
      guard let dates = StoredDates.fromNumbers(column)?.column else { break }
      return dates.type == type ? dates : try cast(dates)
    default: break
    }
    let row = (0..<column.count).first { !column.isMissing($0) } ?? 0
    throw failure(row, column.count > 0 ? text(column[row]) : "")
  }

  private func each(
    _ column: Column, _ form: GrowingColumn.Form, _ add: (Int, GrowingColumn) throws(SourceError) -> Void
  ) throws(SourceError) -> Column {
    let out = GrowingColumn(form)
    for row in 0..<column.count {
      if column.isMissing(row) { out.appendMissing() } else { try add(row, out) }
    }
    return out.finish { $0.finished }
  }

  /// Texts are read as those of a text file are.
  private func fromText(_ column: Column) throws(SourceError) -> Column {
    guard case .text(let codes, let dictionary) = column.storage else { return column }
    let sample = (0..<min(1000, dictionary.count)).map { Array(dictionary[$0].utf8) }
    switch type {
    case .integer:
      let numbers = read(dictionary) { NumberStyle.integer($0) }
      return try each(column, .integer) { row, out throws(SourceError) in
        guard let number = numbers[Int(codes[row])] else { throw failure(row, dictionary[Int(codes[row])]) }
        out.append(number)
      }
    case .real:
      let style = NumberStyle.candidates(options).first { style in
        sample.allSatisfy { $0.withUnsafeBufferPointer { style.real($0) } != nil }
      }
      let numbers = read(dictionary) { (style ?? NumberStyle()).real($0) }
      return try each(column, .real) { row, out throws(SourceError) in
        guard let number = numbers[Int(codes[row])] else { throw failure(row, dictionary[Int(codes[row])]) }
        out.append(real: number)
      }
    case .boolean:
      let values = read(dictionary) { ColumnKind.boolean($0) }
      return try each(column, .boolean) { row, out throws(SourceError) in
        guard let value = values[Int(codes[row])] else { throw failure(row, dictionary[Int(codes[row])]) }
        out.append(value ? 1 : 0)
      }
    case .date, .datetime, .period:
      let layout = DateParser.layout(sample, options: options)
      var facts = DateFacts()
      let moments = read(dictionary) { DateParser.instant($0, layout?.order ?? .yearMonthDay, &facts) }
      return try each(column, type == .datetime ? .moments : .days) { row, out throws(SourceError) in
        guard let moment = moments[Int(codes[row])] else { throw failure(row, dictionary[Int(codes[row])]) }
        out.append(type == .datetime ? moment : Int64(Timestamp(microseconds: moment).date.days))
      }
    case .text: return column
    }
  }

  private func read<T>(_ dictionary: TextDictionary, _ read: (UnsafeBufferPointer<UInt8>) -> T?) -> [T?] {
    dictionary.bytes.withUnsafeBufferPointer { bytes in
      (0..<dictionary.count).map { code in
        read(UnsafeBufferPointer(rebasing: bytes[Int(dictionary.offsets[code])..<Int(dictionary.offsets[code + 1])]))
      }
    }
  }

  private func text(_ value: Value) -> String {
    switch value {
    case .integer(let number): "\(number)"
    case .real(let number): "\(number)"
    case .text(let text): text
    case .boolean(let value): value ? "true" : "false"
    case .date(let date): date.description
    case .datetime(let moment): moment.description
    case .period(let period): period.description
    case .missing, .duration, .list: ""
    }
  }

  private func failure(_ row: Int, _ value: String) -> SourceError {
    .badValue(path: path, row: row + 1, column: name, value: String(value.prefix(60)), type: type.displayName)
  }
}
