/// What stands before the bytes of a page.
struct PageHeader {
  enum Kind: Int {
    case data, index, dictionary, data2
  }

  /// The ways in which values are written.
  enum Encoding: Int {
    case plain = 0
    case plainDictionary = 2
    case runLengths, bitPacked, deltaBinaryPacked, deltaLengthByteArray, deltaByteArray, dictionary, byteStreamSplit
  }

  var kind: Kind?
  /// Bytes of the page, unpacked and packed.
  var unpacked = 0
  var packed = 0
  /// Values with those that are missing.
  var values = 0
  var encoding = -1
  var levelEncoding = Encoding.runLengths.rawValue
  /// Of a page of the second version: bytes of the levels before the values, which are not packed, and whether these are.
  var definitionBytes = 0
  var repetitionBytes = 0
  var isPacked = true
  /// Bytes of the header itself.
  private(set) var size = 0

  /// Reads the header that stands at the beginning of the bytes.
  init(_ bytes: UnsafeRawBufferPointer) throws(ParquetFault) {
    var reader = ThriftCompactReader(bytes)
    var last = 0
    var isFound = (unpacked: false, packed: false)
    while let field = try reader.field(&last) {
      switch field.id {
      case 1: kind = Kind(rawValue: try reader.int32(field))
      case 2:
        unpacked = try reader.int32(field)
        isFound.unpacked = true
      case 3:
        packed = try reader.int32(field)
        isFound.packed = true
      case 5:
        try reader.open(field)
        try readData(&reader)
      case 7:
        try reader.open(field)
        try readData(&reader)
      case 8:
        try reader.open(field)
        try readSecond(&reader)
      default: try reader.skip(field)
      }
    }
    guard isFound == (true, true), unpacked >= 0, packed >= 0, values >= 0, definitionBytes >= 0, repetitionBytes >= 0
    else { throw .damaged("has a page of negative size") }
    size = reader.place
  }

  private mutating func readData(_ reader: inout ThriftCompactReader) throws(ParquetFault) {
    var last = 0
    while let field = try reader.field(&last) {
      switch field.id {
      case 1: values = try reader.int32(field)
      case 2: encoding = try reader.int32(field)
      // Of a dictionary's header, this is whether it is sorted.
      case 3 where field.kind == .int32: levelEncoding = try reader.int32(field)
      default: try reader.skip(field)
      }
    }
  }

  private mutating func readSecond(_ reader: inout ThriftCompactReader) throws(ParquetFault) {
    var last = 0
    while let field = try reader.field(&last) {
      switch field.id {
      case 1: values = try reader.int32(field)
      case 4: encoding = try reader.int32(field)
      case 5: definitionBytes = try reader.int32(field)
      case 6: repetitionBytes = try reader.int32(field)
      case 7: isPacked = try reader.boolean(field)
      default: try reader.skip(field)
      }
    }
  }
}
