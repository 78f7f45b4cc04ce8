import Columnar

extension Column {
  /// All numbers as doubles, with `blank` for missing rows and for columns that are not numbers.
  func doubles(blank: Double = 0) -> [Double] {
    var values: [Double]
    switch storage {
    case .real(let v): values = v
    case .integer(let v): values = v.map(Double.init)
    default: return [Double](repeating: blank, count: count)
    }
    if let validity { for row in values.indices where !validity[row] { values[row] = blank } }
    return values
  }

  /// All whole numbers, with 0 for missing rows; fractions are cut.
  func integers() -> [Int] {
    switch storage {
    case .integer(let v): v.indices.map { isMissing($0) ? 0 : Int(truncatingIfNeeded: v[$0]) }
    case .real(let v): v.indices.map { isMissing($0) ? 0 : Int(exactly: v[$0].rounded(.towardZero)) ?? 0 }
    default: [Int](repeating: 0, count: count)
    }
  }

  /// All days since 1970-01-01, of dates, times and first days of periods; 0 for missing rows and other columns.
  func days() -> [Int32] {
    switch storage {
    case .date(let v), .period(let v, _): v
    case .datetime(let v): v.map { Timestamp(microseconds: $0).date.days }
    default: [Int32](repeating: 0, count: count)
    }
  }

  /// The rows with these numbers, in that order.
  package func taking(_ rows: [Int]) -> Column {
    let bits = validity.map { bits in Bitmap(rows.map { bits[$0] }) }
    if let packed { return Column(packed.storage(rows: rows), validity: bits) }
    func take<T>(_ values: [T]) -> [T] { rows.map { values[$0] } }
    switch storage {
    case .integer(let v): return Column(.integer(take(v)), validity: bits)
    case .real(let v): return Column(.real(take(v)), validity: bits)
    case .text(let codes, let dictionary): return Column(.text(codes: take(codes), dictionary), validity: bits)
    case .boolean(let v): return Column(.boolean(take(v)), validity: bits)
    case .date(let v): return Column(.date(take(v)), validity: bits)
    case .datetime(let v): return Column(.datetime(take(v)), validity: bits)
    case .period(let v, let grain): return Column(.period(take(v), grain), validity: bits)
    }
  }
}

extension Table {
  /// A column that the plan asked for by this name. An engine that leaves one out breaks its contract, which is an error.
  func require(_ name: String) throws(AnalysisError) -> Column {
    guard let column = self[name] else { throw AnalysisError.engineLeftOut(column: name) }
    return column
  }

  /// The rows with these numbers, in that order.
  func taking(_ rows: [Int]) -> Table {
    Table(schema: schema, columns: columns.map { $0.taking(rows) }, rowCount: rows.count)
  }
}

/// Why the data do not allow an analysis.
package enum AnalysisError: Error, Hashable, Sendable {
  /// No row has both a customer (or product, order) and a date.
  case noRows
  /// An engine's answer has no column that its plan makes.
  case engineLeftOut(column: String)
  /// A name that is no segment of the table, and the segments that there are.
  case unknownSegment(String, known: [String])
  /// The dates span this many periods, more than can be looked at one by one.
  case tooManyPeriods(Int)
  /// No customer has come back, so no usual gap between orders can be measured.
  case noRepeatOrders
}
