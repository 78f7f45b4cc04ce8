extension FileMetadata {
  /// The metadata that the footer holds.
  init(_ footer: UnsafeRawBufferPointer) throws(ParquetFault) {
    var reader = ThriftCompactReader(footer)
    var last = 0
    var hasRows = false
    while let field = try reader.field(&last) {
      switch field.id {
      case 2: for _ in 0..<(try reader.structures(field)) { schema.append(try SchemaElement(&reader)) }
      case 3:
        rows = try reader.count(field)
        hasRows = true
      case 4: for _ in 0..<(try reader.structures(field)) { groups.append(try RowGroup(&reader)) }
      case 6: writer = try reader.text(field)
      case 8:
        isEncrypted = true
        try reader.skip(field)
      default: try reader.skip(field)
      }
    }
    guard !schema.isEmpty, hasRows else { throw .damaged("lacks the list of columns or the number of rows") }
  }
}

extension ThriftCompactReader {
  /// A number that counts or places something.
  fileprivate mutating func count(_ field: Field) throws(ParquetFault) -> Int {
    let value = try integer(field)
    guard value >= 0 else { throw .damaged("holds a negative count or place") }
    return Int(value)
  }

  /// The number of the member that a union has, its fields being read by the closure.
  fileprivate mutating func union(
    _ take: (Field, inout ThriftCompactReader) throws(ParquetFault) -> Void
  ) throws(ParquetFault) {
    var last = 0
    while let field = try field(&last) { try take(field, &self) }
  }
}

extension FileMetadata.SchemaElement {
  fileprivate init(_ reader: inout ThriftCompactReader) throws(ParquetFault) {
    var last = 0
    var converted: Int?
    var scale = 0
    var precision = 0
    var hasName = false
    while let field = try reader.field(&last) {
      switch field.id {
      case 1:
        type = FileMetadata.PhysicalType(rawValue: try reader.int32(field))
        if type == nil { throw .damaged("has a column of an unknown physical type") }
      case 2: typeLength = try reader.int32(field)
      case 3:
        guard let known = FileMetadata.Repetition(rawValue: try reader.int32(field)) else {
          throw .damaged("has a column of an unknown repetition")
        }
        repetition = known
      case 4:
        name = try reader.text(field)
        hasName = true
      case 5: children = try reader.int32(field)
      case 6: converted = try reader.int32(field)
      case 7: scale = try reader.int32(field)
      case 8: precision = try reader.int32(field)
      case 10:
        try reader.open(field)
        logical = try FileMetadata.LogicalType(&reader)
      default: try reader.skip(field)
      }
    }
    guard hasName, children >= 0, typeLength >= 0 else {
      throw .damaged("has a column without a name or of negative size")
    }
    if logical == nil { logical = converted.flatMap { .init(converted: $0, scale: scale, precision: precision) } }
  }
}

extension FileMetadata.LogicalType {
  fileprivate init?(_ reader: inout ThriftCompactReader) throws(ParquetFault) {
    var found: FileMetadata.LogicalType?
    try reader.union { (field, reader) throws(ParquetFault) in
      switch field.id {
      case 1: found = .string
      case 2: found = .map
      case 3: found = .list
      case 4: found = .enum
      case 5:
        found = try .decimal(&reader, field)
        return
      case 6: found = .date
      case 7, 8:
        found = try .clock(&reader, field)
        return
      case 10:
        found = try .integer(&reader, field)
        return
      case 11: found = .null
      case 12: found = .json
      case 13: found = .bson
      case 14: found = .uuid
      case 15: found = .float16
      default: found = .other(field.id)
      }
      try reader.skip(field)
    }
    guard let found else { return nil }
    self = found
  }

  private static func decimal(
    _ reader: inout ThriftCompactReader, _ head: ThriftCompactReader.Field
  ) throws(ParquetFault) -> Self {
    try reader.open(head)
    var (scale, precision, last) = (0, 0, 0)
    while let field = try reader.field(&last) {
      switch field.id {
      case 1: scale = try reader.int32(field)
      case 2: precision = try reader.int32(field)
      default: try reader.skip(field)
      }
    }
    return .decimal(scale: scale, precision: precision)
  }

  private static func clock(
    _ reader: inout ThriftCompactReader, _ head: ThriftCompactReader.Field
  ) throws(ParquetFault) -> Self {
    try reader.open(head)
    var unit: FileMetadata.TimeUnit?
    var (isUTC, last) = (false, 0)
    while let field = try reader.field(&last) {
      switch field.id {
      case 1: isUTC = try reader.boolean(field)
      case 2:
        try reader.open(field)
        try reader.union { (member, reader) throws(ParquetFault) in
          unit = FileMetadata.TimeUnit(rawValue: member.id)
          try reader.skip(member)
        }
      default: try reader.skip(field)
      }
    }
    guard let unit else { throw .damaged("has a column of moments without a unit") }
    return head.id == 7 ? .time(unit) : .timestamp(unit, isUTC: isUTC)
  }

  private static func integer(
    _ reader: inout ThriftCompactReader, _ head: ThriftCompactReader.Field
  ) throws(ParquetFault) -> Self {
    try reader.open(head)
    var (bits, isSigned, last) = (64, true, 0)
    while let field = try reader.field(&last) {
      switch field.id {
      case 1: bits = try reader.int32(field)
      case 2: isSigned = try reader.boolean(field)
      default: try reader.skip(field)
      }
    }
    return .integer(bits: bits, isSigned: isSigned)
  }

  /// The meaning in files older than logical types.
  fileprivate init?(converted: Int, scale: Int, precision: Int) {
    switch converted {
    case 0: self = .string
    case 1, 2: self = .map
    case 3: self = .list
    case 4: self = .enum
    case 5: self = .decimal(scale: scale, precision: precision)
    case 6: self = .date
    case 7: self = .time(.milliseconds)
    case 8: self = .time(.microseconds)
    case 9: self = .timestamp(.milliseconds, isUTC: true)
    case 10: self = .timestamp(.microseconds, isUTC: true)
    case 11...14: self = .integer(bits: 8 << (converted - 11), isSigned: false)
    case 15...18: self = .integer(bits: 8 << (converted - 15), isSigned: true)
    case 19: self = .json
    case 20: self = .bson
    case 21: self = .interval
    default: return nil
    }
  }
}

extension FileMetadata.RowGroup {
  fileprivate init(_ reader: inout ThriftCompactReader) throws(ParquetFault) {
    var last = 0
    while let field = try reader.field(&last) {
      switch field.id {
      case 1: for _ in 0..<(try reader.structures(field)) { columns.append(try FileMetadata.ColumnChunk(&reader)) }
      case 3: rows = try reader.count(field)
      default: try reader.skip(field)
      }
    }
  }
}

extension FileMetadata.ColumnChunk {
  fileprivate init(_ reader: inout ThriftCompactReader) throws(ParquetFault) {
    var last = 0
    while let field = try reader.field(&last) {
      switch field.id {
      case 1: isElsewhere = !(try reader.binary(field)).isEmpty
      case 3:
        try reader.open(field)
        try readMetadata(&reader)
      case 8, 9:
        isEncrypted = true
        try reader.skip(field)
      default: try reader.skip(field)
      }
    }
  }

  private mutating func readMetadata(_ reader: inout ThriftCompactReader) throws(ParquetFault) {
    var last = 0
    while let field = try reader.field(&last) {
      switch field.id {
      case 1: type = FileMetadata.PhysicalType(rawValue: try reader.int32(field))
      case 4: codec = try reader.int32(field)
      case 5: values = try reader.count(field)
      case 6: unpackedBytes = try reader.count(field)
      case 7: packedBytes = try reader.count(field)
      case 9: dataOffset = try reader.count(field)
      // Some writers put 0 or -1 where there is no dictionary.
      case 11: dictionaryOffset = Int(exactly: try reader.integer(field)).flatMap { $0 > 0 ? $0 : nil }
      case 12:
        try reader.open(field)
        statistics = try FileMetadata.Statistics(&reader)
      default: try reader.skip(field)
      }
    }
  }
}

extension FileMetadata.Statistics {
  fileprivate init(_ reader: inout ThriftCompactReader) throws(ParquetFault) {
    var (oldLow, oldHigh): ([UInt8]?, [UInt8]?) = (nil, nil)
    var last = 0
    while let field = try reader.field(&last) {
      switch field.id {
      case 1: oldHigh = try reader.binary(field)
      case 2: oldLow = try reader.binary(field)
      case 3: nullCount = Int(try reader.integer(field))
      case 5: high = try reader.binary(field)
      case 6: low = try reader.binary(field)
      case 7: isHighExact = try reader.boolean(field)
      case 8: isLowExact = try reader.boolean(field)
      default: try reader.skip(field)
      }
    }
    guard low == nil, high == nil, oldLow != nil || oldHigh != nil else { return }
    (low, high, isOld) = (oldLow, oldHigh, true)
  }
}
