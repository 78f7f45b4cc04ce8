import Synchronization

/// A delimited file whose rows are read when somebody asks for them: all of some columns as a table, or part after part in
/// little memory.
///
/// Names and types of its columns are those that its head and looks into its middle show. A later row that they do not fit
/// is no error: `Drift` is thrown, and whoever relied on them reads the whole file, whose columns widen then.
public final class FileScan: ReportedScan {
  /// The file is not what its sample promised: some row of the column needs a wider type or another encoding, or has not the
  /// header's number of fields.
  public struct Drift: Error, Hashable, Sendable {
    /// The file.
    public let path: String
    /// The column that needs another type; nil when whole rows do not fit.
    public let column: String?
  }

  /// The columns of the file.
  public let schema: Schema
  /// What is known by now: path, bytes, delimiter, encoding, header, how dates are written.
  public let report: LoadReport
  private let plan: DelimitedPlan
  private let encoding: TextEncoding
  private let options: CSVOptions

  /// What passes over the file have found out.
  private struct Found {
    var ranges: [String: ClosedRange<Int64>] = [:]
    var raggedRows = 0
    var blankLines = 0
  }

  private let found = Mutex(Found())

  /// The report with what was left out, once a pass over the file has counted it.
  public var reportAfterReading: LoadReport {
    let found = found.withLock { $0 }
    var report = report
    (report.skippedRows, report.blankLines) = (found.raggedRows, found.blankLines)
    return report
  }

  /// Bytes of one part.
  private static let partBytes = 1 << 21

  init(_ plan: DelimitedPlan, _ report: LoadReport, _ encoding: TextEncoding, _ options: CSVOptions) {
    self.plan = plan
    self.report = report
    self.encoding = encoding
    self.options = options
    schema = Schema(plan.fields)
  }

  /// The file's size in bytes.
  public var bytes: Int { report.bytes }

  /// The first and last day or moment of a column, once a pass over the whole file has met them.
  public func extremes(_ column: String) -> (Value, Value)? {
    guard let field = schema[column], let range = found.withLock({ $0.ranges[column] }) else { return nil }
    func value(_ number: Int64) -> Value? {
      switch field.type {
      case .date: .date(CivilDate(days: Int32(truncatingIfNeeded: number)))
      case .datetime: .datetime(Timestamp(microseconds: number))
      case .period(let grain): .period(Period(grain, containing: CivilDate(days: Int32(truncatingIfNeeded: number))))
      case .integer, .real, .text, .boolean: nil
      }
    }
    guard let low = value(range.lowerBound), let high = value(range.upperBound) else { return nil }
    return (low, high)
  }

  /// All rows of some columns. Throws `SourceError`, `Cancelled` or `Drift`.
  public func table(_ columns: [String], _ cancellation: Cancellation) throws -> Table {
    var options = options
    options.columns = columns
    let (table, read) = try CSVReader(path: plan.path, options: options, cancellation: cancellation).read()
    for field in table.schema.fields where schema[field.name]?.type != field.type {
      throw Drift(path: plan.path, column: field.name)
    }
    found.withLock { ($0.raggedRows, $0.blankLines) = (read.skippedRows, read.blankLines) }
    return table
  }

  /// Reads the file part by part on all cores, and gives what the closure makes of the parts in the order of the file. Only a
  /// few parts are in memory at a time.
  ///
  /// The closure runs on several threads at once, and may be run on a part whose result is then thrown away: where a part's
  /// first row begins is known for certain only when the parts before it have been read. Throws what the closure throws,
  /// `SourceError`, `Cancelled` or `Drift`.
  public func mapParts<Result: Sendable>(
    _ columns: [String], within bounds: [ColumnBound], _ cancellation: Cancellation,
    until isEnough: (@Sendable (Result) -> Bool)?, _ body: @escaping @Sendable (Table) throws -> Result
  ) throws -> [Result] {
    var part = plan
    part.wanted = columns.compactMap { plan.names.firstIndex(of: $0) }
    let places = part.wanted.compactMap { plan.wanted.firstIndex(of: $0) }
    part.isGiven = places.map { plan.isGiven[$0] }
    part.isBlind = places.map { plan.isBlind[$0] }
    part.source = plan.source.afresh(cancellation)
    part.kinds = places.map { plan.kinds[$0] }
    part.scales = places.map { plan.scales[$0] }
    part.fields = places.map { plan.fields[$0] }
    part.options.chunkBytes = min(plan.options.chunkBytes * 4, FileScan.partBytes)
    let reading = PartReading(part, encoding, cancellation, until: isEnough, body)
    let results = try reading.run()
    // What the first rows say does not hold for all.
    if reading.endedEarly { return results }
    found.withLock { found in
      found.ranges.merge(reading.ranges) { $1 }
      (found.raggedRows, found.blankLines) = (reading.raggedRows, reading.blankLines)
    }
    return results
  }
}
