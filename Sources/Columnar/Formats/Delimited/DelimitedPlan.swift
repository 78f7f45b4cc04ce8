/// How a delimited text file will be read: what its head and the options say.
struct DelimitedPlan: Sendable {
  /// The path, for messages.
  var path: String
  var source: any ByteSource
  var dialect: CSVDialect
  /// The names of all columns of the file.
  var names: [String]
  /// The columns that are read, by their place in the file.
  var wanted: [Int]
  /// For each wanted column, whether the cell gave its type.
  var isGiven: [Bool]
  /// The kinds that the wanted columns begin with.
  var kinds: [ColumnKind]
  var missing: MissingTexts
  var options: CSVOptions
  /// Where the first row of values begins.
  var bodyStart: Int
  /// Rows before it: the header.
  var headerRows: Int
  /// Mean bytes of a row at the beginning, for the room that columns are given.
  var bytesPerRow: Double

  /// The type that the cell gave a wanted column, in the language's word.
  func typeName(_ slot: Int) -> String { options.types[names[wanted[slot]]]?.displayName ?? "" }

  /// How many rows the file probably has, a little more.
  var expectedRows: Int {
    let rows = Double(max(0, source.count - bodyStart)) / max(1, bytesPerRow)
    return min(options.rows ?? .max, Int(rows * 1.03) + 1024)
  }
}
