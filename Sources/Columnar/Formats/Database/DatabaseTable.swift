/// What the columns of every database go through on their way into a table: names, projection, encoding, and what the cell
/// says of missing values and types.
struct DatabaseTable {
  /// The database as it is shown.
  let path: String
  let options: CSVOptions

  /// Names as a table needs them: none empty, none twice.
  func names(_ given: [String], _ report: inout LoadReport) -> [String] {
    var taken: Set<String> = []
    return given.enumerated().map { position, name in
      let base = name.isEmpty ? "column_\(position + 1)" : name
      var unique = base
      var number = 2
      while !taken.insert(unique).inserted {
        unique = "\(base)_\(number)"
        number += 1
      }
      if unique != name { report.renamed.append((name, unique)) }
      return unique
    }
  }

  /// The places of the columns that are wanted. Throws `unknownColumn`.
  func wanted(_ names: [String]) throws(SourceError) -> [Int] {
    for name in options.types.keys.sorted() where !names.contains(name) {
      throw .unknownColumn(path: path, column: name, columns: names)
    }
    var places: [Int] = []
    for name in options.columns ?? names {
      guard let place = names.firstIndex(of: name) else {
        throw .unknownColumn(path: path, column: name, columns: names)
      }
      if !places.contains(place) { places.append(place) }
    }
    return places
  }

  /// Texts as valid UTF-8, of which databases do not all take care. Throws `badEncoding`, and `tooManyTexts`.
  func texts(_ column: String) -> (GrowingColumn) throws -> TextDictionary {
    { values in
      if values.isFull { throw SourceError.tooManyTexts(path: path, column: column) }
      let texts = values.texts
      var stray: (code: UInt32, value: String)?
      texts.eachBeyondASCII { code, text in
        if stray == nil, TextEncoding.census(text).strayBytes > 0 { stray = (code, TextEncoding.showing(text)) }
      }
      guard let stray else { return texts.finished }
      guard let encoding = options.encoding, encoding.isSingleByte else {
        throw SourceError.badEncoding(
          path: path, encoding: TextEncoding.utf8.rawValue, row: (values.row(of: stray.code) ?? 0) + 1, column: column,
          value: stray.value)
      }
      return TextFinish(encoding: encoding).decoded(texts)
    }
  }

  /// A column with the texts that mean missing taken out and of the type that the cell gave. Throws `badValue`.
  func given(_ column: Column, _ name: String) throws(SourceError) -> Column {
    var column = column
    // NULL says what is missing; the usual words for it count only when the cell has named some.
    if options.missing != CSVOptions().missing { column = withoutMissing(column) }
    guard let type = options.types[name], type != column.type else { return column }
    return try DatabaseCast(path: path, name: name, type: type, options: options).cast(column)
  }

  private func withoutMissing(_ column: Column) -> Column {
    guard case .text(let codes, let dictionary) = column.storage else { return column }
    let words = Set(options.missing)
    let isMissing = (0..<dictionary.count).map { words.contains(dictionary[$0]) }
    guard isMissing.contains(true) else { return column }
    let bits = Bitmap(codes.indices.map { !column.isMissing($0) && !isMissing[Int(codes[$0])] })
    return Column(.text(codes: codes, dictionary), validity: bits)
  }

  /// The table, its columns named and its report filled in.
  func table(_ columns: [(name: String, column: Column)], rows: Int, _ report: inout LoadReport) -> Table {
    var fields: [Field] = []
    var kept: [Column] = []
    for (name, column) in columns {
      var column = column
      if Identifiers.isName(name) { column = Identifiers.wholeNumbers(column) }
      let isLabel = Identifiers.isName(name) && column.type == .integer
      fields.append(Field(name, column.type, measure: isLabel ? .identifier : .plain))
      if column.missingCount > 0 { report.missing.append((name, column.missingCount)) }
      kept.append(column)
    }
    report.rows = rows
    report.columns = kept.count
    return Table(schema: Schema(fields), columns: kept, rowCount: rows)
  }
}
