/// A kind of file or database that tables are read from. A format is one folder here and one line in `TableFormats.all`.
public protocol TableFormat: Sendable {
  /// What a reader calls it: `Parquet`, `Excel workbook`.
  static var name: String { get }
  /// The endings of its files' names, with the dot, in lower case; none for databases behind an address.
  static var endings: [String] { get }

  /// Whether a source is of this format. `head` holds the first bytes of a file, and is empty for an address.
  static func recognises(_ source: String, head: [UInt8]) -> Bool

  /// Reads the tables that the options name. Throws `SourceError` or `Cancelled`; then nothing has been read.
  static func read(_ source: String, _ options: SourceOptions, _ cancellation: Cancellation) throws -> [SourceTable]

  /// The table whose rows are read when somebody asks for them; nil for what is read at once.
  static func scan(
    _ source: String, _ options: SourceOptions, _ cancellation: Cancellation
  ) throws -> (any ReportedScan)?
}

extension TableFormat {
  /// Everything is read at once.
  public static func scan(
    _ source: String, _ options: SourceOptions, _ cancellation: Cancellation
  ) throws -> (any ReportedScan)? { nil }
}

/// A format that tables are written in as well.
public protocol WritableFormat: TableFormat {
  /// The endings that a file to write may have: all of the format's, unless some of them mean what is only read.
  static var writtenEndings: [String] { get }

  /// Writes all rows of a table to a new file. Throws `SourceError.notWritable` or `Cancelled`; what was written by then is the
  /// caller's to remove.
  static func write(_ table: Table, to path: String, _ cancellation: Cancellation) throws
}

extension WritableFormat {
  /// All endings of the format.
  public static var writtenEndings: [String] { endings }
}

/// A table as it was read, with what was found out about it.
public struct SourceTable: Sendable {
  /// The table's own name in its file or database; nil when only the file has a name.
  public var name: String?
  /// The rows.
  public var table: Table
  /// What the load card says.
  public var report: LoadReport

  /// A table with its report.
  public init(name: String? = nil, table: Table, report: LoadReport) {
    self.name = name
    self.table = table
    self.report = report
  }
}

/// What `load` was told. What is nil is found out and reported.
public struct SourceOptions: Hashable, Sendable {
  /// How text is to be read; `columns`, `rows`, `types` and `missing` hold for every format.
  public var text = CSVOptions()
  /// The sheet of a workbook, by name or number from 1.
  public var sheet: String?
  /// The table of a database.
  public var table: String?
  /// The question that a database is asked.
  public var query: String?
  /// The place of the records in a JSON document: names with dots between them.
  public var path: String?

  /// Everything is found out.
  public init() {}
}

/// The formats, in the order in which they are asked; text that none of them recognises is delimited text.
public enum TableFormats {
  /// All formats but delimited text.
  public static let all: [any TableFormat.Type] = [
    ParquetFormat.self,
    WorkbookFormat.self,
    JSONFormat.self,
    ArrowFormat.self,
    SQLiteFormat.self,
    PostgresFormat.self,
  ]

  /// The format of a source; nil for delimited text, and for what cannot be read.
  public static func format(of source: String) -> (any TableFormat.Type)? {
    let head = (try? FileBytes.open(source).bytes(0..<64)) ?? []
    return all.first { $0.recognises(source, head: head) }
  }

  /// The format that a file of this name is written in.
  public static func writable(_ path: String) -> (any WritableFormat.Type)? {
    let name = path.lowercased()
    return all.lazy.compactMap { $0 as? any WritableFormat.Type }.first {
      $0.writtenEndings.contains { name.hasSuffix($0) }
    }
  }

  /// Endings of the names of all files that tables are read from.
  static let endings = [".csv", ".tsv", ".txt", ".dat", ".gz", ".zst"] + all.flatMap { $0.endings }
}
