/// What was found out about a file while it was read.
public struct LoadReport: Sendable {
  /// The file's path as given.
  public var path = ""
  /// Bytes of the file, packed.
  public var bytes = 0
  /// Rows of the table.
  public var rows = 0
  /// Columns of the table.
  public var columns = 0
  /// Seconds that reading took.
  public var seconds = 0.0
  /// The format, unless it is delimited text.
  public var format: String?
  /// Lines of the load card that only this format has, in order: the sheet of a workbook, the codec of a Parquet file.
  public var details: [(label: String, text: String)] = []
  /// The encoding, and whether it was detected.
  public var encoding = TextEncoding.utf8
  /// The byte between fields; a blank stands for any number of blanks.
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
