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
  /// For each wanted column the decimals that its numbers have, as far as the sample goes; nil where they are not all plain.
  var scales: [Int?]
  /// The wanted columns as a table has them, as far as the sample goes.
  var fields: [Field]
  var missing: MissingTexts
  var options: CSVOptions
  /// Where the first row of values begins.
  var bodyStart: Int
  /// Rows before it: the header.
  var headerRows: Int
  /// For each wanted column, whether no row of the sample had a value.
  var isBlind: [Bool]
  /// Whether the source could not be looked into beyond its head: then a row may show that it is to be read in another way.
  var isTentative: Bool

  /// Whether the file is read in the same way by another plan.
  func reads(like other: DelimitedPlan) -> Bool {
    names == other.names && kinds == other.kinds && dialect == other.dialect && options == other.options
      && wanted == other.wanted && bodyStart == other.bodyStart
  }

  /// The type that the cell gave a wanted column, in the language's word.
  func typeName(_ slot: Int) -> String { options.types[names[wanted[slot]]]?.exactName ?? "" }
}
