/// How a delimited text file is to be read. What is nil is found out from the file and reported.
public struct CSVOptions: Hashable, Sendable {
  /// What to do with a row that has too many or too few fields.
  public enum BadRows: String, CaseIterable, Hashable, Sendable {
    case fail, skip
  }

  /// The order of day and month in dates such as 1/2/2011.
  public enum DateOrder: String, CaseIterable, Hashable, Sendable {
    case dayFirst = "dmy"
    case monthFirst = "mdy"
    case yearFirst = "ymd"
  }

  /// The character encoding.
  public var encoding: TextEncoding?
  /// The byte between fields.
  public var delimiter: UInt8?
  /// The decimal sign, `.` or `,`.
  public var decimal: UInt8?
  /// The order of the parts of dates.
  public var dates: DateOrder?
  /// Types that columns must have, by name.
  public var types: [String: DataType] = [:]
  /// Texts that stand for a missing value.
  public var missing: [String] = ["", "NA", "N/A", "null"]
  /// The columns to keep, in this order; nil keeps all.
  public var columns: [String]?
  /// Read no more than this many rows.
  public var rows: Int?
  /// Whether the first row holds the columns' names.
  public var header: Bool?
  /// What to do with ragged rows.
  public var badRows = BadRows.fail
  /// Whether each line is one basket of items: the table gets a row an item, with the columns `order` and `item`.
  public var baskets = false
  /// Bytes that one piece of parallel work is given; for tests of the borders between pieces.
  public var chunkBytes = 1 << 19

  /// Distinct texts from which on a column of which hardly any comes twice is left without codes; for tests with small files.
  public var manyTexts = 1 << 16
  /// Bytes that such a column may have; for tests too. A byte of another encoding becomes up to three of UTF-8, and 32 bits
  /// count them.
  public var mostPlainBytes = Int(UInt32.max) / 3

  /// Bytes of memory that a table may take; what the machine has left when it is nil.
  public var memory: Int?

  /// Everything is found out.
  public init() {}
}
