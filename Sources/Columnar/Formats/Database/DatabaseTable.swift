/// What the columns of every database go through on their way into a table: encoding, and what their names say.
struct DatabaseTable {
  /// The database as it is shown.
  let path: String
  let options: CSVOptions

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

  /// The table, its columns named and its report filled in.
  func table(_ columns: [(name: String, column: Column)], rows: Int, _ report: inout LoadReport) -> Table {
    var fields: [Field] = []
    var kept: [Column] = []
    for (name, column) in columns {
      var column = column
      // What the cell said of a column counts for more than its name.
      if Identifiers.isName(name), options.types[name] == nil { column = Identifiers.wholeNumbers(column) }
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
