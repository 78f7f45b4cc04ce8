import Synchronization

/// Several files with the same columns as one table whose rows are read when somebody asks for them, file after file.
public final class ManyFilesScan: ReportedScan {
  /// The columns, of types that hold the values of all files.
  public let schema: Schema
  private let scans: [any ReportedScan]

  /// The files' scans in order; nil when their columns have not the same names, or types that nothing holds both of.
  public init?(_ scans: [any ReportedScan]) {
    guard var fields = scans.first?.schema.fields, scans.allSatisfy({ $0.schema.names == fields.map(\.name) }) else {
      return nil
    }
    for scan in scans {
      for (place, field) in scan.schema.fields.enumerated() {
        guard let type = Column.commonType(fields[place].type, field.type) else { return nil }
        fields[place].type = type
      }
    }
    self.scans = scans
    schema = Schema(fields)
  }

  /// What is known of the first file.
  public var report: LoadReport { scans.first?.report ?? LoadReport() }
  /// The same with what passes over its rows have found out.
  public var reportAfterReading: LoadReport { scans.first?.reportAfterReading ?? LoadReport() }
  /// What is known of each file.
  public var reports: [LoadReport] { scans.flatMap(\.reports) }
  /// The same with what passes over their rows have found out.
  public var reportsAfterReading: [LoadReport] { scans.flatMap(\.reportsAfterReading) }

  /// The smallest and largest value of a column, once all files have found theirs out.
  public func extremes(_ column: String) -> (Value, Value)? {
    guard let type = schema[column]?.type else { return nil }
    var least: Int64?, most: Int64?
    var ends: (Value, Value)?
    for scan in scans {
      guard let (low, high) = scan.extremes(column), let first = place(low), let last = place(high) else { return nil }
      if first < least ?? .max {
        least = first
        ends = (low, ends?.1 ?? high)
      }
      if last > most ?? .min {
        most = last
        ends = (ends?.0 ?? low, high)
      }
    }
    return ends.map { (Self.value($0.0, as: type), Self.value($0.1, as: type)) }
  }

  /// A day or moment in microseconds.
  private func place(_ value: Value) -> Int64? {
    switch value {
    case .date(let day): Timestamp(day).microseconds
    case .datetime(let moment): moment.microseconds
    case .period(let period): Timestamp(period.start).microseconds
    default: nil
    }
  }

  private static func value(_ value: Value, as type: DataType) -> Value {
    if case .date(let day) = value, type == .datetime { return .datetime(Timestamp(day)) }
    return value
  }

  /// All rows of some columns. Throws `SourceError`, `Cancelled` or `FileScan.Drift`.
  public func table(_ columns: [String], _ cancellation: Cancellation) throws -> Table {
    let parts = try scans.map { try $0.table(columns, cancellation) }
    let pairs = try columns.enumerated().compactMap { place, name -> (Field, Column)? in
      guard let field = schema[name] else { return nil }
      guard let column = Column.concatenated(parts.map { $0.columns[place] }) else {
        throw FileScan.Drift(path: report.path, column: name)
      }
      return (field, Self.widened(column, to: field.type))
    }
    return Table(
      schema: Schema(pairs.map(\.0)), columns: pairs.map(\.1), rowCount: parts.reduce(0) { $0 + $1.rowCount })
  }

  /// What a closure makes of the parts of the files, file after file.
  public func mapParts<Result: Sendable>(
    _ columns: [String], within bounds: [ColumnBound], _ cancellation: Cancellation,
    until isEnough: (@Sendable (Result) -> Bool)?, _ body: @escaping @Sendable (Table) throws -> Result
  ) throws -> [Result] {
    let isDone = Mutex(false)
    let ask = isEnough.map { isEnough in
      { @Sendable (result: Result) in
        let enough = isEnough(result)
        if enough { isDone.withLock { $0 = true } }
        return enough
      }
    }
    let fields = columns.compactMap { schema[$0] }
    var results: [Result] = []
    for scan in scans where !isDone.withLock({ $0 }) {
      results += try scan.mapParts(columns, within: bounds, cancellation, until: ask) { part in
        let made = zip(part.columns, fields).map { Self.widened($0, to: $1.type) }
        return try body(Table(schema: Schema(fields), columns: made, rowCount: part.rowCount))
      }
    }
    return results
  }

  /// How many rows stand in the parts that are left out for these bounds.
  public func rowsLeftOut(by bounds: [ColumnBound]) -> Int { scans.reduce(0) { $0 + $1.rowsLeftOut(by: bounds) } }

  /// A column of one file in the type that all files have.
  private static func widened(_ column: Column, to type: DataType) -> Column {
    switch (column.storage, type) {
    case (.integer(let values), .real): Column(.real(values.map(Double.init)), validity: column.validity)
    case (.date(let days), .datetime):
      Column(.datetime(days.map { Timestamp(CivilDate(days: $0)).microseconds }), validity: column.validity)
    default: column
    }
  }
}

extension Column {
  /// The type that holds values of two; nil when there is none. Whole and broken numbers are real, days and moments moments.
  static func commonType(_ a: DataType, _ b: DataType) -> DataType? {
    if a == b { return a }
    let both: Set<DataType> = [a, b]
    if both == [.integer, .real] { return .real }
    if both == [.date, .datetime] { return .datetime }
    return nil
  }
}
