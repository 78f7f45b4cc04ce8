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
  public var chunkBytes = 1 << 20

  /// Everything is found out.
  public init() {}
}

/// What was found out about a file while it was read.
public struct LoadReport: Sendable {
  /// The file's path as given.
  public var path = ""
  /// Bytes of the file, packed.
  public var bytes = 0
  /// The encoding, and whether it was detected.
  public var encoding = TextEncoding.utf8
  /// The byte between fields.
  public var delimiter = UInt8(ascii: ",")
  /// The decimal sign, when numbers with one were read.
  public var decimal: UInt8?
  /// The compression, `gzip` or `zstd`.
  public var compression: String?
  /// False when the first row held values and the columns were numbered.
  public var hasHeader = true
  /// How each date column was read, by column.
  public var dates: [(column: String, layout: DateLayout, reason: DateOrderReason)] = []
  /// Rows that were left out because they had another number of fields.
  public var skippedRows = 0
  /// Lines with nothing on them.
  public var blankLines = 0
  /// Names that stood twice in the header and got a number.
  public var renamed: [(from: String, to: String)] = []
  /// Missing values by column, in order, where there are any.
  public var missing: [(column: String, count: Int)] = []

  /// Nothing is known yet.
  public init() {}
}

/// Why the order of day and month was taken.
public enum DateOrderReason: Hashable, Sendable {
  /// The text can be read in one way only: the year stands first, or the month has a name.
  case unambiguous
  /// Values above 12 stand only in the first, or only in the second place.
  case largeValuesFirst, largeValuesSecond
  /// Nothing decides; the usual order for this separator was taken.
  case assumed
  /// The cell said so.
  case given
}
