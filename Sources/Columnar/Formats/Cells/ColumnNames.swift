/// Names of columns as files bring them.
enum ColumnNames {
  /// Names without blanks around them; one that is empty or stood before gets a number. What was changed is told.
  static func unique(_ names: [String]) -> (names: [String], renamed: [(from: String, to: String)]) {
    var taken: Set<String> = []
    var result: [String] = []
    var renamed: [(from: String, to: String)] = []
    var numbers: [String: Int] = [:]
    for (position, name) in names.enumerated() {
      let trimmed = String(name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      let base = trimmed.isEmpty ? "column_\(position + 1)" : trimmed
      var candidate = base
      var number = numbers[base] ?? 2
      while !taken.insert(candidate).inserted {
        candidate = "\(base)_\(number)"
        number += 1
      }
      numbers[base] = number
      if candidate != trimmed { renamed.append((trimmed, candidate)) }
      result.append(candidate)
    }
    return (result, renamed)
  }

  /// The places of the columns to keep, in the order that was asked for. Throws `unknownColumn` for a name of `columns` or
  /// `types` that is none of the names.
  static func wanted(_ names: [String], _ options: CSVOptions, path: String) throws(SourceError) -> [Int] {
    let places = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    for name in options.types.keys.sorted() where places[name] == nil {
      throw .unknownColumn(path: path, column: name, columns: names)
    }
    guard let wanted = options.columns else { return Array(names.indices) }
    var taken: Set<Int> = []
    var result: [Int] = []
    for name in wanted {
      guard let place = places[name] else { throw .unknownColumn(path: path, column: name, columns: names) }
      if taken.insert(place).inserted { result.append(place) }
    }
    return result
  }
}
