/// A column of an Arrow file, as its schema describes it.
struct ArrowField: Sendable {
  /// How the values lie in their buffers.
  enum Layout: Hashable, Sendable {
    case null
    case integer(bits: Int, isSigned: Bool)
    case real(bits: Int)
    case boolean
    /// Offsets of four or eight bytes, and the texts.
    case text(wide: Bool)
    /// Views of 16 bytes, short texts within.
    case textView
    case days
    /// Milliseconds of days.
    case dayMilliseconds
    /// Moments: units in a second.
    case timestamp(perSecond: Int64)
    /// Times of day.
    case time(bits: Int, perSecond: Int64)
    case duration(perSecond: Int64)
    case decimal(bits: Int, scale: Int, isWhole: Bool)
    /// What Martlet has no column for: lists, structs, bytes and others.
    case other(String)
  }

  var name: String
  var layout: Layout
  /// The number of the dictionary whose texts the values stand for, and the layout of the codes.
  var dictionary: (id: Int64, codes: Layout)?
  /// Whether moments are those of UTC.
  var zone: String?
  /// Nodes and buffers of the column and of those within it; `variadic` ones have more.
  var nodes = 1
  var buffers = 2
  var variadics = 0

  /// The type of the column; nil for one that is left out.
  var type: DataType? {
    if dictionary != nil {
      switch layout {
      case .text, .textView: return .text
      default: return nil
      }
    }
    switch layout {
    case .null, .text, .textView, .time: return .text
    case .integer: return .integer
    case .real, .duration: return .real
    case .boolean: return .boolean
    case .days, .dayMilliseconds: return .date
    case .timestamp: return .datetime
    case .decimal(_, _, let isWhole): return isWhole ? .integer : .real
    case .other: return nil
    }
  }

  /// What is left out, for the load card.
  var kind: String {
    if case .other(let kind) = layout { return kind }
    return dictionary == nil ? "" : "a dictionary of other values than texts"
  }
}

/// Reads schemas (Arrow columnar format 1.5, Schema.fbs).
struct ArrowSchema {
  private(set) var fields: [ArrowField] = []
  private var count = 0

  init(_ table: FlatTable, path: String) throws {
    if try table.number(0, or: Int16(0)) != 0 {
      throw SourceError.unsupported(
        path: path, feature: "numbers with the largest byte first",
        advice: "have it written on a machine of today's, or as .csv or .parquet")
    }
    for field in try table.tables(1) { fields.append(try self.field(field, 1)) }
  }

  private mutating func field(_ table: FlatTable, _ depth: Int) throws(BinaryFault) -> ArrowField {
    count += 1
    if depth > 64 || count > 100_000 {
      throw BinaryFault(place: "its schema", found: "has columns in columns without end")
    }
    let type = try table.table(3)
    let kind = try table.number(2, or: UInt8(0))
    var field = ArrowField(
      name: try table.text(0) ?? "", layout: try layout(kind, type), dictionary: nil,
      zone: kind == 10 ? try type?.text(1) : nil)
    field.buffers = try ownBuffers(kind, type)
    if kind == 23 || kind == 24 { field.variadics = 1 }
    if let dictionary = try table.table(4) {
      let codes = try dictionary.table(1)
      let bits = Int(try codes?.number(0, or: Int32(32)) ?? 32)
      let isSigned = try codes?.number(1, or: UInt8(0)) ?? 1 != 0
      field.dictionary = (try dictionary.number(0, or: Int64(0)), .integer(bits: bits, isSigned: isSigned))
      (field.buffers, field.variadics) = (2, 0)
      return field
    }
    for child in try table.tables(5) {
      let child = try self.field(child, depth + 1)
      field.nodes += child.nodes
      field.buffers += child.buffers
      field.variadics += child.variadics
    }
    return field
  }

  private func ownBuffers(_ kind: UInt8, _ type: FlatTable?) throws(BinaryFault) -> Int {
    switch kind {
    case 1, 22: 0
    case 13, 16: 1
    case 14: try type?.number(0, or: Int16(0)) == 1 ? 2 : 1
    case 4, 5, 19, 20, 25, 26: 3
    default: 2
    }
  }

  private func layout(_ kind: UInt8, _ type: FlatTable?) throws(BinaryFault) -> ArrowField.Layout {
    func per(_ unit: Int16) throws(BinaryFault) -> Int64 {
      let units: [Int64] = [1, 1000, 1_000_000, 1_000_000_000]
      guard units.indices.contains(Int(unit)) else {
        throw BinaryFault(place: "its schema", found: "has a unit of time that there is not")
      }
      return units[Int(unit)]
    }
    guard let type else {
      throw BinaryFault(place: "its schema", found: "has a column without a type")
    }
    switch kind {
    case 1: return .null
    case 2:
      let bits = Int(try type.number(0, or: Int32(0)))
      guard [8, 16, 32, 64].contains(bits) else { break }
      return .integer(bits: bits, isSigned: try type.number(1, or: UInt8(0)) != 0)
    case 3: return .real(bits: [0: 16, 1: 32, 2: 64][try type.number(0, or: Int16(0))] ?? 64)
    case 5: return .text(wide: false)
    case 20: return .text(wide: true)
    case 24: return .textView
    case 6: return .boolean
    case 7:
      let (precision, scale) = (try type.number(0, or: Int32(0)), Int(try type.number(1, or: Int32(0))))
      let bits = Int(try type.number(2, or: Int32(128)))
      guard [32, 64, 128].contains(bits), abs(scale) <= 38 else { return .other("decimals of 256 bits") }
      return .decimal(bits: bits, scale: scale, isWhole: scale == 0 && precision <= 18)
    case 8: return try type.number(0, or: Int16(1)) == 0 ? .days : .dayMilliseconds
    case 9:
      let bits = Int(try type.number(1, or: Int32(32)))
      guard bits == 32 || bits == 64 else { break }
      return .time(bits: bits, perSecond: try per(try type.number(0, or: Int16(1))))
    case 10: return .timestamp(perSecond: try per(try type.number(0, or: Int16(0))))
    case 18: return .duration(perSecond: try per(try type.number(0, or: Int16(1))))
    case 4, 15, 19, 23: return .other("bytes")
    case 11: return .other("calendar intervals")
    case 12, 16, 21, 25, 26: return .other("lists")
    case 13: return .other("structs")
    case 14: return .other("unions")
    case 17: return .other("maps")
    case 22: return .other("run lengths")
    default: break
    }
    return .other("values of an unknown type")
  }
}
