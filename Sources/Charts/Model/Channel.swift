import Columnar

/// One visual variable of a mark: a value a row, and what an axis or a tooltip calls it.
public struct Channel: Sendable {
  /// The values, materialised; nil is missing.
  public enum Values: Sendable {
    case numbers([Double?])
    /// Days since 1970-01-01, with a fraction for the time of day.
    case times([Double?])
    case categories([String?])
  }

  /// The words of an axis or a tooltip.
  public var title: String
  /// One value a row.
  public var values: Values
  /// How the numbers are written.
  public var format: ValueFormat
  /// The length of the periods that times are the first days of.
  public var grain: Grain?

  /// Assembles a channel.
  public init(_ title: String, _ values: Values, format: ValueFormat = ValueFormat(.plain), grain: Grain? = nil) {
    self.title = title
    self.values = values
    self.format = format
    self.grain = grain
  }

  /// Reads a column: numbers, times or categories as its type says.
  public init(_ table: Table, _ name: String) throws(ChartError) {
    guard let index = table.schema.index(of: name) else { throw .unknownColumn(name) }
    let field = table.schema.fields[index]
    let column = table.columns[index]
    self.init(
      Words.title(of: field), Channel.values(of: column), format: ValueFormat(field, column),
      grain: Channel.grain(of: column))
  }

  /// Reads a column whose type must be number.
  static func number(_ table: Table, _ name: String, as channel: String) throws(ChartError) -> Channel {
    let read = try Channel(table, name)
    guard case .numbers = read.values else {
      throw .wrongType(
        channel: channel, column: name, needs: "number", is: table.schema[name]?.type.displayName ?? "unknown")
    }
    return read
  }

  /// Reads a column of any type as labels, written as a table writes them.
  static func label(_ table: Table, _ name: String) throws(ChartError) -> Channel {
    guard let column = table[name], let field = table.schema[name] else { throw .unknownColumn(name) }
    let format = ValueFormat(field, column)
    let labels: [String?]
    if case .text(let codes, let dictionary) = column.storage {
      // Each distinct text is decoded once; a column has far more rows than texts.
      let texts = dictionary.texts
      labels = codes.indices.map { column.isMissing($0) ? nil : texts[Int(codes[$0])] }
    } else {
      labels = (0..<table.rowCount).map { column.isMissing($0) ? nil : format.text(column[$0]) }
    }
    return Channel(Words.title(of: field), .categories(labels), format: format, grain: Channel.grain(of: column))
  }

  /// The number of rows.
  public var count: Int {
    switch values {
    case .numbers(let v), .times(let v): v.count
    case .categories(let v): v.count
    }
  }

  /// The row's place on a number line; nil for a missing value or a category.
  public func number(_ row: Int) -> Double? {
    switch values {
    case .numbers(let v), .times(let v): v.indices.contains(row) ? v[row] : nil
    case .categories: nil
    }
  }

  /// The row's category; nil for a missing value or a number.
  public func category(_ row: Int) -> String? {
    guard case .categories(let v) = values, v.indices.contains(row) else { return nil }
    return v[row]
  }

  /// The row's value in words.
  public func text(_ row: Int) -> String {
    switch values {
    case .categories: return category(row) ?? ValueFormat.missing
    case .numbers: return number(row).map(format.text) ?? ValueFormat.missing
    case .times:
      guard let days = number(row) else { return ValueFormat.missing }
      return TimeWords.text(days, grain: grain)
    }
  }

  private static func grain(of column: Column) -> Grain? {
    switch column.type {
    case .period(let grain): grain
    case .date: .day
    case .integer, .real, .text, .boolean, .datetime: nil
    }
  }

  private static func values(of column: Column) -> Values {
    func present<T>(_ values: [T], _ map: (T) -> Double) -> [Double?] {
      values.indices.map { column.isMissing($0) ? nil : map(values[$0]) }
    }
    switch column.storage {
    case .integer(let v): return .numbers(present(v) { Double($0) })
    case .real(let v): return .numbers(present(v) { $0 }.map { $0?.isFinite == true ? $0 : nil })
    case .date(let v): return .times(present(v) { Double($0) })
    case .period(let v, _): return .times(present(v) { Double($0) })
    case .datetime(let v): return .times(present(v) { Double($0) / Double(Timestamp.perDay) })
    case .text(let codes, let dictionary):
      let texts = dictionary.texts
      return .categories(codes.indices.map { column.isMissing($0) ? nil : texts[Int(codes[$0])] })
    case .boolean(let v):
      return .categories(v.indices.map { column.isMissing($0) ? nil : v[$0] ? "true" : "false" })
    }
  }
}

/// The words that a chart makes of names.
enum Words {
  /// `net_amount` becomes `net amount`, `CustomerID` stays; money says its currency.
  static func title(of field: Field) -> String {
    let words = String(field.name.map { $0 == "_" ? " " : $0 })
    if case .currency(let symbol) = field.measure { return "\(words) (\(symbol))" }
    return words
  }

  /// The text, at most `limit` characters long, the last of them `…` when it was cut.
  static func cut(_ text: String, to limit: Int) -> String {
    text.count <= limit ? text : text.prefix(max(1, limit - 1)).trimmingTrailingSpaces + "…"
  }
}

extension Substring {
  fileprivate var trimmingTrailingSpaces: String {
    var copy = self
    while copy.last == " " { copy.removeLast() }
    return String(copy)
  }
}
