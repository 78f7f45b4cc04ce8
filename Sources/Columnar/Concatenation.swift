extension Column {
  /// The columns one after another; nil when their types have no common one. Whole and broken numbers become real, days and
  /// moments become moments.
  public static func concatenated(_ columns: [Column]) -> Column? {
    guard let first = columns.first else { return nil }
    if columns.count == 1 { return first }
    let count = columns.reduce(0) { $0 + $1.count }
    guard let storage = joined(columns, count) else { return nil }
    if columns.allSatisfy({ $0.validity == nil }) { return Column(storage) }
    var bits = Bitmap(repeating: true, count: count)
    var start = 0
    for column in columns {
      if let validity = column.validity {
        for row in 0..<column.count where !validity[row] { bits[start + row] = false }
      }
      start += column.count
    }
    return Column(storage, validity: bits)
  }

  private static func joined(_ columns: [Column], _ count: Int) -> Storage? {
    let types = Set(columns.map(\.type))
    if types == [.text] { return texts(columns, count) }
    if types.isSubset(of: [.integer]) {
      return .integer(
        columns.flatMap { column -> [Int64] in if case .integer(let v) = column.storage { v } else { [] } })
    }
    if types.isSubset(of: [.integer, .real]) {
      return .real(
        columns.flatMap { column -> [Double] in
          switch column.storage {
          case .integer(let v): v.map(Double.init)
          case .real(let v): v
          default: []
          }
        })
    }
    if types == [.boolean] {
      return .boolean(
        columns.flatMap { column -> [Bool] in if case .boolean(let v) = column.storage { v } else { [] } })
    }
    if types == [.date] {
      return .date(columns.flatMap { column -> [Int32] in if case .date(let v) = column.storage { v } else { [] } })
    }
    if types.isSubset(of: [.date, .datetime]) {
      return .datetime(
        columns.flatMap { column -> [Int64] in
          switch column.storage {
          case .date(let v): v.map { Int64($0) * Timestamp.perDay }
          case .datetime(let v): v
          default: []
          }
        })
    }
    if types.count == 1, case .period(let grain)? = types.first {
      return .period(
        columns.flatMap { column -> [Int32] in if case .period(let v, _) = column.storage { v } else { [] } }, grain)
    }
    return nil
  }

  private static func texts(_ columns: [Column], _ count: Int) -> Storage {
    var dictionary = LocalDictionary()
    var codes: [UInt32] = []
    codes.reserveCapacity(count)
    for column in columns {
      guard case .text(let own, let entries) = column.storage else { continue }
      let codeHere = dictionary.merge(entries)
      codes.append(contentsOf: own.lazy.map { codeHere.isEmpty ? 0 : codeHere[Int($0)] })
    }
    return .text(codes: codes, dictionary.finished)
  }
}
