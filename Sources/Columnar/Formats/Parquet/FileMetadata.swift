/// The footer of a Parquet file: its columns, and where their values lie. The numbers of fields and enumerations are those of
/// the format's definition (Apache Parquet, parquet.thrift).
struct FileMetadata: Sendable {
  /// How values lie in pages, apart from their encoding.
  enum PhysicalType: Int {
    case boolean, int32, int64, int96, float, double, byteArray, fixedLengthByteArray
  }

  /// Whether a value must be there, may be, or may be several.
  enum Repetition: Int {
    case required, optional, repeated
  }

  /// The unit of moments and times of day.
  enum TimeUnit: Int {
    case milliseconds = 1
    case microseconds, nanoseconds
  }

  /// What values mean.
  enum LogicalType: Hashable {
    case string, map, list, `enum`, date, null, json, bson, uuid, float16, interval
    case decimal(scale: Int, precision: Int)
    case time(TimeUnit)
    case timestamp(TimeUnit, isUTC: Bool)
    case integer(bits: Int, isSigned: Bool)
    /// One that came later than this code.
    case other(Int)
  }

  /// A node of the tree of columns, which stands in the file in depth-first order.
  struct SchemaElement {
    var name = ""
    var type: PhysicalType?
    var typeLength = 0
    var repetition = Repetition.required
    var children = 0
    var logical: LogicalType?
  }

  /// What a writer says about the values of a column chunk.
  struct Statistics {
    var low: [UInt8]?
    var high: [UInt8]?
    var nullCount: Int?
    /// Whether the bounds are values of the column, and not only outside of them.
    var isLowExact = true
    var isHighExact = true
    /// Whether the bounds are in the old fields, whose order was left open for all but signed numbers.
    var isOld = false
  }

  /// The values of one column in one row group.
  struct ColumnChunk {
    var type: PhysicalType?
    var codec = 0
    var values = 0
    var packedBytes = 0
    var unpackedBytes = 0
    var dataOffset = 0
    var dictionaryOffset: Int?
    var statistics: Statistics?
    var isElsewhere = false
    var isEncrypted = false
  }

  /// Some rows, column after column.
  struct RowGroup {
    var rows = 0
    var columns: [ColumnChunk] = []
  }

  var schema: [SchemaElement] = []
  var rows = 0
  var groups: [RowGroup] = []
  var writer: String?
  var isEncrypted = false
}
