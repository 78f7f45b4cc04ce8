/// Gives columns the types that somebody asked for, where that changes how values are kept and not what they are.
struct ParquetTypes {
  let path: String
  /// The types by column.
  let types: [String: DataType]

  /// Throws when a type is given to a column that the file does not have.
  func check(_ file: ParquetFile) throws(SourceError) {
    for name in types.keys.sorted() where !file.columns.contains(where: { $0.name == name }) {
      throw .unknownColumn(path: path, column: name, columns: file.columns.map(\.name))
    }
  }

  /// The table with the types.
  func applied(to table: Table) throws(SourceError) -> Table {
    var pairs: [(Field, Column)] = []
    for (field, column) in zip(table.schema.fields, table.columns) {
      let made =
        try types[field.name].map { (type) throws(SourceError) in try cast(column, field.name, type) } ?? column
      pairs.append((Field(field.name, made.type), made))
    }
    return pairs.isEmpty ? table : Table(pairs)
  }

  private func cast(_ column: Column, _ name: String, _ type: DataType) throws(SourceError) -> Column {
    if column.type == type { return column }
    switch (column.storage, type) {
    case (.integer(let values), .text): return texts(values, column.validity) { "\($0)" }
    case (.date(let days), .text):
      return texts(days.map(Int64.init), column.validity) { "\(CivilDate(days: Int32(truncatingIfNeeded: $0)))" }
    case (.datetime(let moments), .text): return texts(moments, column.validity) { "\(Timestamp(microseconds: $0))" }
    case (.integer(let values), .real): return Column(.real(values.map(Double.init)), validity: column.validity)
    case (.real(let values), .integer):
      var whole = [Int64](repeating: 0, count: values.count)
      for (row, value) in values.enumerated() where !column.isMissing(row) {
        guard let number = Int64(exactly: value) else {
          throw .badValue(path: path, row: row + 1, column: name, value: "\(value)", type: "whole number")
        }
        whole[row] = number
      }
      return Column(.integer(whole), validity: column.validity)
    case (.date(let days), .datetime):
      return Column(.datetime(days.map { Timestamp(CivilDate(days: $0)).microseconds }), validity: column.validity)
    case (.datetime(let moments), .date):
      return Column(.date(moments.map { Timestamp(microseconds: $0).date.days }), validity: column.validity)
    default:
      throw .unsupported(
        path: path, feature: "column `\(name)` of \(column.type.displayName) values, asked for as \(type.displayName)",
        advice: "leave `\(name)` out of types, and make a column of the other type")
    }
  }

  /// Numbers as texts, each distinct one made once.
  private func texts(_ values: [Int64], _ validity: Bitmap?, _ text: (Int64) -> String) -> Column {
    var known: [Int64: UInt32] = [:]
    var texts = LocalDictionary()
    let codes = values.enumerated().map { row, value -> UInt32 in
      if validity?[row] == false { return 0 }
      if let code = known[value] { return code }
      var shown = text(value)
      let code = shown.withUTF8 { texts.code($0) }
      known[value] = code
      return code
    }
    return Column(.text(codes: codes, texts.count == 0 ? TextDictionary([""]) : texts.finished), validity: validity)
  }
}
