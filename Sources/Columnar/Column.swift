/// The values of one column: a contiguous typed buffer, and a validity bitmap when some rows are missing.
public struct Column: Sendable {
  /// How the values lie in memory. A missing row's slot holds an arbitrary value of the type.
  public enum Storage: Sendable {
    case integer([Int64])
    case real([Double])
    /// One code a row into the column's dictionary of distinct texts.
    case text(codes: [UInt32], TextDictionary)
    case boolean([Bool])
    /// Days since 1970-01-01.
    case date([Int32])
    /// Microseconds since 1970-01-01T00:00 in the data's own clock.
    case datetime([Int64])
    /// The first day of each period, in days since 1970-01-01.
    case period([Int32], Grain)
  }

  /// The typed buffer; that of a packed column is without rows.
  private let wide: Storage
  private let fixed: PackedValues?
  /// Texts that have no codes as long as nobody asks for them.
  private let plain: PlainTexts?
  /// A set bit for each row that has a value; nil when no row is missing.
  public let validity: Bitmap?
  /// What is known about the values; empty until somebody asks.
  public let statistics = ColumnStatistics()

  /// Takes a buffer and its validity. A bitmap without a cleared bit is dropped, so that `nil` always means "none missing".
  public init(_ storage: Storage, validity: Bitmap? = nil) {
    wide = storage
    fixed = nil
    plain = nil
    if let validity, validity.population < validity.count { self.validity = validity } else { self.validity = nil }
  }

  /// Takes packed values and their validity.
  public init(_ packed: PackedValues, validity: Bitmap? = nil) {
    fixed = packed
    plain = nil
    wide =
      switch packed.meaning {
      case .whole: .integer([])
      case .real, .decimal: .real([])
      case .boolean: .boolean([])
      case .days: .date([])
      case .periods(let grain): .period([], grain)
      case .seconds, .microseconds: .datetime([])
      case .codes(let dictionary): .text(codes: [], dictionary)
      }
    if let validity, validity.population < validity.count { self.validity = validity } else { self.validity = nil }
  }

  /// Takes texts that have no codes yet, and their validity.
  public init(_ plain: PlainTexts, validity: Bitmap? = nil) {
    self.plain = plain
    fixed = nil
    wide = .text(codes: [], TextDictionary([String]()))
    if let validity, validity.population < validity.count { self.validity = validity } else { self.validity = nil }
  }

  /// The values in fewer bytes, when that is how they lie in memory; `storage` is made of them then. Texts without codes get
  /// them here, which may take a moment: see `code`.
  public var packed: PackedValues? { plain?.codes ?? fixed }

  /// Gives codes to texts that have none yet. Throws when the flag is raised before all have one; nothing has changed then.
  public func code(_ cancellation: Cancellation) throws(Cancelled) { try plain?.code(cancellation) }

  /// Whether all is there that loops over the values need; false for texts without codes.
  public var isCoded: Bool { plain?.isCoded ?? true }

  /// The typed buffer. A packed column makes it anew each time: ask once, not in a loop.
  public var storage: Storage { packed.map { $0.storage(first: $0.count) } ?? wide }

  /// The column with the values as the type has them, for loops that ask for the storage of one row after another.
  public var unpacked: Column { packed == nil ? self : Column(storage, validity: validity) }

  /// The distinct texts of a column of text.
  public var dictionary: TextDictionary? {
    if let plain, case .codes(let dictionary) = plain.codes.meaning { return dictionary }
    return if case .text(_, let dictionary) = wide { dictionary } else { nil }
  }

  /// The first rows.
  public func prefix(_ rows: Int) -> Column {
    let rows = max(0, rows)
    guard rows < count else { return self }
    let bits = validity.map { Bitmap(words: $0.words, count: rows) }
    // A few texts need no codes of all.
    if let plain, rows < 1 << 16, !plain.isCoded {
      return .text((0..<rows).map { isMissing($0) ? nil : plain.text($0) })
    }
    if let packed { return Column(packed.storage(first: rows), validity: bits) }
    let storage: Storage =
      switch wide {
      case .integer(let v): .integer(Array(v[0..<rows]))
      case .real(let v): .real(Array(v[0..<rows]))
      case .text(let v, let dictionary): .text(codes: Array(v[0..<rows]), dictionary)
      case .boolean(let v): .boolean(Array(v[0..<rows]))
      case .date(let v): .date(Array(v[0..<rows]))
      case .datetime(let v): .datetime(Array(v[0..<rows]))
      case .period(let v, let grain): .period(Array(v[0..<rows]), grain)
      }
    return Column(storage, validity: bits)
  }

  /// The number of rows.
  public var count: Int {
    if let fixed { return fixed.count }
    if let plain { return plain.count }
    return switch wide {
    case .integer(let v): v.count
    case .real(let v): v.count
    case .text(let codes, _): codes.count
    case .boolean(let v): v.count
    case .date(let v): v.count
    case .datetime(let v): v.count
    case .period(let v, _): v.count
    }
  }

  /// The type of the values.
  public var type: DataType {
    switch wide {
    case .integer: .integer
    case .real: .real
    case .text: .text
    case .boolean: .boolean
    case .date: .date
    case .datetime: .datetime
    case .period(_, let grain): .period(grain)
    }
  }

  /// How many rows have no value.
  public var missingCount: Int { validity.map { $0.count - $0.population } ?? 0 }

  /// Whether the row has no value.
  @inlinable public func isMissing(_ row: Int) -> Bool { validity.map { !$0[row] } ?? false }

  /// The value of one row, boxed: for display, tests and small results, never for loops over data.
  public subscript(row: Int) -> Value {
    if isMissing(row) { return .missing }
    if let fixed { return fixed.value(row) }
    if let plain { return .text(plain.text(row)) }
    switch wide {
    case .integer(let v): return .integer(v[row])
    case .real(let v): return .real(v[row])
    case .text(let codes, let dictionary): return .text(dictionary[Int(codes[row])])
    case .boolean(let v): return .boolean(v[row])
    case .date(let v): return .date(CivilDate(days: v[row]))
    case .datetime(let v): return .datetime(Timestamp(microseconds: v[row]))
    case .period(let v, let grain): return .period(Period(grain, containing: CivilDate(days: v[row])))
    }
  }
}

extension Column {
  /// A column of numbers without gaps.
  public static func real(_ values: [Double]) -> Column { Column(.real(values)) }

  /// A column of numbers in which nil is missing.
  public static func real(_ values: [Double?]) -> Column {
    Column(.real(values.map { $0 ?? 0 }), validity: Bitmap(values.map { $0 != nil }))
  }

  /// A column of whole numbers without gaps.
  public static func integer(_ values: [Int64]) -> Column { Column(.integer(values)) }

  /// A column of whole numbers in which nil is missing.
  public static func integer(_ values: [Int64?]) -> Column {
    Column(.integer(values.map { $0 ?? 0 }), validity: Bitmap(values.map { $0 != nil }))
  }

  /// A column of texts in which nil is missing.
  public static func text(_ values: [String?]) -> Column {
    var codes: [String: UInt32] = [:]
    var entries: [String] = []
    let rows = values.map { value -> UInt32 in
      guard let value else { return 0 }
      if let code = codes[value] { return code }
      let code = UInt32(entries.count)
      codes[value] = code
      entries.append(value)
      return code
    }
    // Codes of missing rows mean something too.
    if entries.isEmpty, !values.isEmpty { entries.append("") }
    return Column(.text(codes: rows, TextDictionary(entries)), validity: Bitmap(values.map { $0 != nil }))
  }

  /// A column of truth values without gaps.
  public static func boolean(_ values: [Bool]) -> Column { Column(.boolean(values)) }

  /// A column of days without gaps.
  public static func date(_ values: [CivilDate]) -> Column { Column(.date(values.map(\.days))) }

  /// A column of periods of one grain without gaps.
  public static func period(_ starts: [CivilDate], _ grain: Grain) -> Column {
    Column(.period(starts.map(\.days), grain))
  }

  /// A column of the given type from boxed values: for small results and tests. A value of another type is missing.
  public static func of(_ type: DataType, _ values: [Value]) -> Column {
    func present<T>(_ blank: T, _ take: (Value) -> T?) -> ([T], Bitmap) {
      let taken = values.map(take)
      return (taken.map { $0 ?? blank }, Bitmap(taken.map { $0 != nil }))
    }
    switch type {
    case .integer:
      let (v, bits) = present(Int64(0)) { if case .integer(let i) = $0 { i } else { nil } }
      return Column(.integer(v), validity: bits)
    case .real:
      let (v, bits) = present(0.0) { $0.number }
      return Column(.real(v), validity: bits)
    case .text:
      return .text(values.map { if case .text(let t) = $0 { t } else { nil } })
    case .boolean:
      let (v, bits) = present(false) { if case .boolean(let b) = $0 { b } else { nil } }
      return Column(.boolean(v), validity: bits)
    case .date:
      let (v, bits) = present(Int32(0)) { if case .date(let d) = $0 { d.days } else { nil } }
      return Column(.date(v), validity: bits)
    case .datetime:
      let (v, bits) = present(Int64(0)) { if case .datetime(let t) = $0 { t.microseconds } else { nil } }
      return Column(.datetime(v), validity: bits)
    case .period(let grain):
      let (v, bits) = present(Int32(0)) { if case .period(let p) = $0 { p.start.days } else { nil } }
      return Column(.period(v, grain), validity: bits)
    }
  }
}
