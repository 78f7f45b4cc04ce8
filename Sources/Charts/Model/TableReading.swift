import Columnar

/// What several chart types read from a table in the same way.
extension Table {
  /// The flags of a column of truth values, missing as true; nil without a column name.
  func flags(_ name: String?) throws(ChartError) -> [Bool]? {
    guard let name else { return nil }
    guard let column = self[name] else { throw .unknownColumn(name) }
    guard case .boolean(let values) = column.storage else {
      throw .wrongType(channel: "complete", column: name, needs: "bool", is: column.type.displayName)
    }
    return values.indices.map { column.isMissing($0) || values[$0] }
  }

  /// Stacks several number columns into rows of (all other columns, `series`, `value`), so that each becomes a colour.
  func melted(_ columns: [String], series: String, value: String) throws(ChartError) -> Table {
    var texts: [String?] = []
    var numbers: [Double?] = []
    var rows: [Int] = []
    for name in columns {
      let channel = try Channel.number(self, name, as: "y")
      for row in 0..<rowCount {
        texts.append(channel.title)
        numbers.append(channel.number(row))
        rows.append(row)
      }
    }
    let others = zip(schema.fields, self.columns).filter { !columns.contains($0.0.name) }
    var pairs = others.map { field, column in (field, column.picking(rows)) }
    let first = columns.first.flatMap { schema[$0] }
    pairs.append((Field(series, .text), .text(texts)))
    pairs.append((Field(value, .real, measure: first?.measure ?? .plain, format: first?.format), .real(numbers)))
    return Table(pairs)
  }

  /// The rows at these places, in this order.
  func picking(_ rows: [Int]) -> Table {
    Table(zip(schema.fields, columns).map { field, column in (field, column.picking(rows)) })
  }
}

extension Column {
  /// The rows at these places, in this order; places beyond the end are left out by the caller.
  func picking(_ rows: [Int]) -> Column {
    let bits = validity.map { validity in Bitmap(rows.map { validity[$0] }) }
    func pick<T>(_ values: [T]) -> [T] { rows.map { values[$0] } }
    switch storage {
    case .integer(let v): return Column(.integer(pick(v)), validity: bits)
    case .real(let v): return Column(.real(pick(v)), validity: bits)
    case .text(let codes, let dictionary): return Column(.text(codes: pick(codes), dictionary), validity: bits)
    case .boolean(let v): return Column(.boolean(pick(v)), validity: bits)
    case .date(let v): return Column(.date(pick(v)), validity: bits)
    case .datetime(let v): return Column(.datetime(pick(v)), validity: bits)
    case .period(let v, let grain): return Column(.period(pick(v), grain), validity: bits)
    }
  }
}

/// Numbers of a sample that several chart types need.
enum Sample {
  /// The quantile of sorted numbers by linear interpolation between order statistics (Hyndman and Fan, 1996, type 7).
  static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    guard let first = sorted.first, let last = sorted.last else { return 0 }
    let position = share * Double(sorted.count - 1)
    guard position > 0 else { return first }
    let low = Int(position)
    guard low + 1 < sorted.count else { return last }
    return sorted[low] + (sorted[low + 1] - sorted[low]) * (position - Double(low))
  }
}
