/// Makes columns of the types that somebody asked for, whatever format they were read from.
///
/// Numbers, truth values, days and moments are converted; texts are read as those of a text file are (`CastOfTexts`).
struct ColumnCast: Sendable {
  /// The source as it is shown.
  let path: String
  let options: CSVOptions
  /// The number under which a reader finds a row in the source.
  let place: @Sendable (Int) -> Int

  /// Casts columns of a source whose rows count from 1 unless `place` says otherwise.
  init(path: String, options: CSVOptions, place: @escaping @Sendable (Int) -> Int = { $0 + 1 }) {
    (self.path, self.options, self.place) = (path, options, place)
  }

  /// Whether the options may change columns of formats that know types and what is missing.
  static func isNeeded(_ options: CSVOptions) -> Bool { !options.types.isEmpty || namesMissing(options) }

  /// What is missing, such formats say themselves; the usual words for it count only when the cell has named some.
  private static func namesMissing(_ options: CSVOptions) -> Bool { options.missing != CSVOptions().missing }

  // MARK: What the options say

  /// The table with what the options say of its columns. Throws `badValue` and `tooManyTexts`.
  func table(_ table: Table) throws(SourceError) -> Table {
    if !ColumnCast.isNeeded(options) || table.columns.isEmpty { return table }
    var fields: [Field] = []
    var columns: [Column] = []
    for (place, field) in table.schema.fields.enumerated() {
      let made = try given(table.columns[place], field.name)
      columns.append(made)
      fields.append(ColumnCast.field(field, made.type))
    }
    return Table(schema: Schema(fields), columns: columns, rowCount: table.rowCount)
  }

  /// The field of a column that has a type now.
  private static func field(_ field: Field, _ type: DataType) -> Field {
    if field.type == type { return field }
    let isLabel = type == .integer && Identifiers.isName(field.name)
    return Field(field.name, type, measure: isLabel ? .identifier : .plain)
  }

  /// A column with the texts that mean missing taken out and of the type that the cell gave. Throws `badValue` and
  /// `tooManyTexts`.
  func given(_ column: Column, _ name: String) throws(SourceError) -> Column {
    let column = ColumnCast.namesMissing(options) ? withoutMissing(column) : column
    guard let type = options.types[name] else { return column }
    return try self.column(column, name, type)
  }

  private func withoutMissing(_ column: Column) -> Column {
    guard case .text(let codes, let dictionary) = column.storage else { return column }
    let words = Set(options.missing)
    let isMissing = (0..<dictionary.count).map { words.contains(dictionary[$0]) }
    guard isMissing.contains(true) else { return column }
    let bits = Bitmap(codes.indices.map { !column.isMissing($0) && !isMissing[Int(codes[$0])] })
    return Column(.text(codes: codes, dictionary), validity: bits)
  }

  // MARK: Types

  /// The column with the given type. Throws `badValue` for the first row that has no value of the type, and `tooManyTexts`.
  /// `shown` makes the column as its source shows it, where that differs from how its values are written.
  func column(
    _ column: Column, _ name: String, _ type: DataType, shown: (() -> Column)? = nil
  ) throws(SourceError) -> Column {
    if column.type == type { return column }
    if case .period(let grain) = type {
      return ColumnCast.periods(try self.column(column, name, .date, shown: shown), grain)
    }
    func failure(_ row: Int) -> SourceError { self.failure(shown?() ?? column, row, name, type) }
    switch (column.storage, type) {
    case (_, .text):
      guard let texts = shown?() ?? ColumnTexts.of(column) else { throw .tooManyTexts(path: path, column: name) }
      return texts
    case (.text(let codes, let dictionary), _):
      return try CastOfTexts(cast: self, name: name, type: type).column(column, codes, dictionary)
    case (.integer(let values), .real): return ColumnCast.made(column, type) { $1.append(real: Double(values[$0])) }
    case (.real(let values), .integer):
      return try ColumnCast.made(column, type) { row, out throws(SourceError) in
        guard let whole = Int64(exactly: values[row]) else { throw failure(row) }
        out.append(whole)
      }
    case (.integer(let values), .boolean):
      return try ColumnCast.made(column, type) { row, out throws(SourceError) in
        guard values[row] == 0 || values[row] == 1 else { throw failure(row) }
        out.append(values[row])
      }
    case (.real(let values), .boolean):
      return try ColumnCast.made(column, type) { row, out throws(SourceError) in
        guard values[row] == 0 || values[row] == 1 else { throw failure(row) }
        out.append(values[row] == 0 ? 0 : 1)
      }
    case (.boolean(let values), .integer): return ColumnCast.made(column, type) { $1.append(values[$0] ? 1 : 0) }
    case (.boolean(let values), .real): return ColumnCast.made(column, type) { $1.append(real: values[$0] ? 1 : 0) }
    case (.date(let days), .datetime):
      return ColumnCast.made(column, type) { $1.append(Timestamp(CivilDate(days: days[$0])).microseconds) }
    case (.datetime(let moments), .date):
      return ColumnCast.made(column, type) { $1.append(Int64(Timestamp(microseconds: moments[$0]).date.days)) }
    case (.integer, .date), (.integer, .datetime), (.real, .date), (.real, .datetime):
      if let dates = StoredDates.fromNumbers(column)?.column { return try self.column(dates, name, type, shown: shown) }
      // As texts, the first number that is no date is found, and not just the first one.
      guard let texts = ColumnTexts.of(column) else { throw .tooManyTexts(path: path, column: name) }
      return try self.column(texts, name, type)
    default:
      return try ColumnCast.made(column, type) { row, _ throws(SourceError) in throw failure(row) }
    }
  }

  /// The error of a row; the column is the one that shows the value.
  func failure(_ column: Column, _ row: Int, _ name: String, _ type: DataType) -> SourceError {
    let value = ColumnTexts.text(column[row]) ?? ""
    return .badValue(
      path: path, row: place(row), column: name, value: String(value.prefix(60)), type: type.exactName)
  }

  /// A column of a type with the gaps of another one; the closure adds the value of each row that has one.
  static func made<Failure: Error>(
    _ column: Column, _ type: DataType, _ add: (Int, GrowingColumn) throws(Failure) -> Void
  ) throws(Failure) -> Column {
    let form: GrowingColumn.Form =
      switch type {
      case .integer: .integer
      case .real: .real
      case .text: .text
      case .boolean: .boolean
      case .date, .period: .days
      case .datetime: .moments
      }
    let out = GrowingColumn(form)
    for row in 0..<column.count {
      if column.isMissing(row) { out.appendMissing() } else { try add(row, out) }
    }
    return out.finish { $0.finished }
  }

  /// The periods that hold the days of a column.
  private static func periods(_ column: Column, _ grain: Grain) -> Column {
    guard case .date(let days) = column.storage else { return column }
    return Column(
      .period(days.map { Period(grain, containing: CivilDate(days: $0)).start.days }, grain),
      validity: column.validity)
  }
}
