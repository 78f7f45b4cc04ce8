import Columnar
import Query

/// The rows of several tables, one after another.
enum Concatenation {
  /// Columns are found by name, widened to the schema's types, and missing where a table has none.
  static func tables(_ tables: [Table], _ schema: Schema, _ context: ExecutionContext) throws -> Table {
    let rows = tables.reduce(0) { $0 + $1.rowCount }
    var columns: [Column] = []
    for field in schema.fields {
      try context.cancellation.check()
      columns.append(column(field, tables.map { ($0[field.name], $0.rowCount) }, rows))
    }
    return Table(schema: schema, columns: columns, rowCount: rows)
  }

  private static func column(_ field: Field, _ parts: [(column: Column?, rows: Int)], _ rows: Int) -> Column {
    let storage: Column.Storage =
      switch field.type {
      case .integer: .integer(values(parts, rows, blank: 0) { if case .integer(let v) = $0 { v } else { [] } })
      case .real: .real(values(parts, rows, blank: 0, reals))
      case .text: texts(parts, rows)
      case .boolean: .boolean(values(parts, rows, blank: false) { if case .boolean(let v) = $0 { v } else { [] } })
      case .date: .date(values(parts, rows, blank: 0, days))
      case .datetime: .datetime(values(parts, rows, blank: 0, moments))
      case .period(let grain): .period(values(parts, rows, blank: 0, days), grain)
      }
    return Column(storage, validity: validity(parts, rows))
  }

  private static func values<T>(
    _ parts: [(column: Column?, rows: Int)], _ rows: Int, blank: T, _ take: (Column.Storage) -> [T]
  ) -> [T] {
    var result: [T] = []
    result.reserveCapacity(rows)
    for part in parts {
      if let column = part.column {
        result.append(contentsOf: take(column.storage))
      } else {
        result.append(contentsOf: repeatElement(blank, count: part.rows))
      }
    }
    return result
  }

  private static func reals(_ storage: Column.Storage) -> [Double] {
    switch storage {
    case .real(let v): v
    case .integer(let v): v.map { Double($0) }
    default: []
    }
  }

  private static func days(_ storage: Column.Storage) -> [Int32] {
    switch storage {
    case .date(let v), .period(let v, _): v
    default: []
    }
  }

  private static func moments(_ storage: Column.Storage) -> [Int64] {
    switch storage {
    case .datetime(let v): v
    case .date(let v): v.map { Int64($0) &* Timestamp.perDay }
    default: []
    }
  }

  /// Codes of one dictionary that has the entries of all.
  private static func texts(_ parts: [(column: Column?, rows: Int)], _ rows: Int) -> Column.Storage {
    var interner: TextInterner?
    var first: TextDictionary?
    var codes: [UInt32] = []
    codes.reserveCapacity(rows)
    for part in parts {
      guard case .text(let own, let dictionary)? = part.column?.storage else {
        codes.append(contentsOf: repeatElement(0, count: part.rows))
        continue
      }
      guard let known = first else {
        first = dictionary
        codes.append(contentsOf: own)
        continue
      }
      if known.isIdentical(to: dictionary) {
        codes.append(contentsOf: own)
        continue
      }
      var all = interner ?? TextInterner(known)
      interner = nil
      let map = (0..<dictionary.count).map { code in dictionary.withBytes(of: code) { all.intern($0) } }
      codes.append(contentsOf: own.map { map.indices.contains(Int($0)) ? map[Int($0)] : 0 })
      interner = all
    }
    return .text(codes: codes, interner?.dictionary ?? first ?? TextDictionary([""]))
  }

  private static func validity(_ parts: [(column: Column?, rows: Int)], _ rows: Int) -> Bitmap? {
    guard parts.contains(where: { $0.rows > 0 && ($0.column == nil || $0.column?.validity != nil) }) else { return nil }
    var builder = BitBuilder(capacity: rows)
    for part in parts {
      if let column = part.column {
        builder.append(column.validity?.words, part.rows)
      } else {
        builder.append(Array(repeating: 0, count: (part.rows + 63) / 64), part.rows)
      }
    }
    return Bitmap(words: builder.words, count: rows)
  }
}
