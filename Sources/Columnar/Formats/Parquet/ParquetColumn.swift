/// A column of a Parquet file that a table can have: what its values are there, and what they become here.
struct ParquetColumn: Sendable {
  /// What is made of the values.
  enum Meaning: Hashable, Sendable {
    /// Whole numbers; those without a sign are below 2^63, as their statistics say, where they have 64 bits.
    case whole(isSigned: Bool)
    /// Whole numbers without a sign that are real numbers here.
    case largeWhole
    /// Numbers with so many decimals; `isWide` when they may need more than 64 bits.
    case decimal(scale: Int, isWide: Bool)
    case days
    case moments(FileMetadata.TimeUnit)
    /// Moments as the nanoseconds of a day and the day's Julian number.
    case oldMoments
    case real
    /// Real numbers of 16 bits.
    case half
    case boolean
    /// Texts; when they are not declared as such, they are bytes that may be no text.
    case text(isDeclared: Bool)
    case uuid
    /// Times of day, which become texts.
    case clock(FileMetadata.TimeUnit)
  }

  /// The name in the table.
  var name: String
  /// The place among the column chunks of each row group.
  var position: Int
  var physical: FileMetadata.PhysicalType
  /// Bytes of a value of fixed length.
  var typeLength: Int
  var isOptional: Bool
  var meaning: Meaning
  /// Whether its moments are said to be in UTC.
  var isUTC = false

  /// The type in the table.
  var type: DataType {
    switch meaning {
    case .whole: .integer
    case .largeWhole, .decimal, .real, .half: .real
    case .days: .date
    case .moments, .oldMoments: .datetime
    case .boolean: .boolean
    case .text, .uuid, .clock: .text
    }
  }

  /// Whether its values are bytes of any length, or of a fixed one.
  var isBytes: Bool { physical == .byteArray || physical == .fixedLengthByteArray }

  /// Bytes of one value as it is written plainly; nil when that differs from value to value or is no whole number.
  var plainWidth: Int? {
    switch physical {
    case .boolean, .byteArray: nil
    case .int32, .float: 4
    case .int64, .double: 8
    case .int96: 12
    case .fixedLengthByteArray: typeLength
    }
  }
}

extension ParquetColumn.Meaning {
  /// What the values of a leaf mean, or why it cannot be a column.
  static func of(_ leaf: FileMetadata.SchemaElement) -> Result<Self, Unreadable> {
    guard let physical = leaf.type else { return .failure(Unreadable(reason: "a structure")) }
    switch (leaf.logical, physical) {
    case (.date, .int32): return .success(.days)
    case (.time(let unit), .int32), (.time(let unit), .int64): return .success(.clock(unit))
    case (.timestamp(let unit, _), .int64): return .success(.moments(unit))
    case (.integer(let bits, false), .int32), (.integer(let bits, false), .int64):
      return .success(bits == 64 && physical == .int64 ? .largeWhole : .whole(isSigned: false))
    case (.decimal(let scale, let precision), let physical): return decimal(leaf, physical, scale, precision)
    case (.uuid, .fixedLengthByteArray) where leaf.typeLength == 16: return .success(.uuid)
    case (.float16, .fixedLengthByteArray) where leaf.typeLength == 2: return .success(.half)
    case (.string, .byteArray), (.enum, .byteArray), (.json, .byteArray), (.string, .fixedLengthByteArray):
      return .success(.text(isDeclared: true))
    case (.bson, _): return .failure(Unreadable(reason: "BSON documents"))
    case (.interval, _): return .failure(Unreadable(reason: "intervals"))
    case (.other, .byteArray), (.other, .fixedLengthByteArray):
      return .failure(Unreadable(reason: "a kind of value that is not known here"))
    case (_, .int32), (_, .int64): return .success(.whole(isSigned: true))
    case (_, .int96): return .success(.oldMoments)
    case (_, .float), (_, .double): return .success(.real)
    case (_, .boolean): return .success(.boolean)
    case (_, .byteArray), (_, .fixedLengthByteArray): return .success(.text(isDeclared: false))
    }
  }

  /// Why a column is left out.
  struct Unreadable: Error { let reason: String }

  private static func decimal(
    _ leaf: FileMetadata.SchemaElement, _ physical: FileMetadata.PhysicalType, _ scale: Int, _ precision: Int
  ) -> Result<Self, Unreadable> {
    guard (0...76).contains(scale) else { return .failure(Unreadable(reason: "decimals of \(scale) places")) }
    switch physical {
    case .int32, .int64: return .success(.decimal(scale: scale, isWide: false))
    case .byteArray: return .success(.decimal(scale: scale, isWide: !(1...18).contains(precision)))
    case .fixedLengthByteArray where leaf.typeLength <= 64:
      return .success(.decimal(scale: scale, isWide: leaf.typeLength > 8 && !(1...18).contains(precision)))
    default: return .failure(Unreadable(reason: "decimals in a form that is not known here"))
    }
  }
}

/// The columns of a file, and what had to be left out.
struct ParquetColumns: Sendable {
  private(set) var columns: [ParquetColumn] = []
  /// Columns that no table can have, with the reason.
  private(set) var unread: [(name: String, reason: String)] = []
  /// Leaves of the tree of columns, each of which has a chunk in every row group.
  private(set) var types: [FileMetadata.PhysicalType] = []
  /// Names that stood twice and got a number.
  private(set) var renamed: [(from: String, to: String)] = []

  init(_ schema: [FileMetadata.SchemaElement]) throws(ParquetFault) {
    guard let root = schema.first, root.type == nil else { throw .damaged("lists columns without a root") }
    var place = 1
    for _ in 0..<root.children {
      guard place < schema.count else { throw .damaged("lists fewer columns than it announces") }
      let element = schema[place]
      let position = types.count
      try take(schema, &place)
      guard element.type != nil, element.children == 0 else {
        unread.append((element.name, ParquetColumns.structure(element)))
        continue
      }
      guard element.repetition != .repeated else {
        unread.append((element.name, "several values a row"))
        continue
      }
      add(element, position)
    }
    guard place == schema.count else { throw .damaged("lists more columns than it announces") }
    let (names, renamed) = ColumnNames.unique(columns.map(\.name))
    for (place, name) in names.enumerated() { columns[place].name = name }
    self.renamed = renamed
  }

  /// Passes over one column with all that is below it.
  private mutating func take(_ schema: [FileMetadata.SchemaElement], _ place: inout Int) throws(ParquetFault) {
    var open = 1
    while open > 0 {
      guard place < schema.count else { throw .damaged("lists fewer columns than it announces") }
      let element = schema[place]
      place += 1
      open += element.children - 1
      if let type = element.type { types.append(type) }
      guard element.type == nil || element.children == 0 else {
        throw .damaged("has a column that is values and a group")
      }
    }
  }

  private mutating func add(_ element: FileMetadata.SchemaElement, _ position: Int) {
    switch ParquetColumn.Meaning.of(element) {
    case .failure(let unreadable): unread.append((element.name, unreadable.reason))
    case .success(let meaning):
      guard let physical = element.type else { return }
      var column = ParquetColumn(
        name: element.name, position: position, physical: physical, typeLength: element.typeLength,
        isOptional: element.repetition == .optional, meaning: meaning)
      if case .timestamp(_, let isUTC)? = element.logical { column.isUTC = isUTC }
      columns.append(column)
    }
  }

  private static func structure(_ element: FileMetadata.SchemaElement) -> String {
    switch element.logical {
    case .list?: "a list"
    case .map?: "a map"
    default: element.repetition == .repeated ? "a list" : "a structure"
    }
  }

  /// Whole numbers without a sign stay whole when the statistics of all row groups say that none is 2^63 or more.
  mutating func settle(_ groups: [FileMetadata.RowGroup]) {
    for (place, column) in columns.enumerated() where column.meaning == .largeWhole {
      let fits = groups.allSatisfy { group in
        let statistics = group.columns[column.position].statistics
        guard let statistics, !statistics.isOld else { return group.rows == 0 || statistics?.nullCount == group.rows }
        guard let high = statistics.high else { return statistics.nullCount == group.rows }
        return high.count == 8 && high[7] < 0x80
      }
      if fits { columns[place].meaning = .whole(isSigned: false) }
    }
  }
}
