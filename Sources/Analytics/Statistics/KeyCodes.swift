import Columnar

/// Small whole numbers that stand for the values of a key column, one a row, for loops that index arrays by key.
package struct KeyCodes: Sendable {
  /// One code a row, below `count`; a missing row's code is arbitrary.
  package let codes: [UInt32]
  /// The number of codes; some may stand for no row.
  package let count: Int
  private let values: Values

  private enum Values: Sendable {
    case text(TextDictionary)
    case integers([Int64], DataType)
    case offset(Int64, DataType)
    case reals([Double])
  }

  /// Codes for any column: a text keeps its dictionary's codes, other types are numbered by value or by first appearance.
  package init(_ column: Column) {
    switch column.storage {
    case .text(let codes, let dictionary):
      self.init(codes: codes, count: dictionary.count, values: .text(dictionary))
    case .integer(let v), .datetime(let v):
      self.init(integers: v, validity: column.validity, type: column.type)
    case .date(let v), .period(let v, _):
      self.init(integers: v.map(Int64.init), validity: column.validity, type: column.type)
    case .boolean(let v):
      self.init(integers: v.map { $0 ? 1 : 0 }, validity: column.validity, type: .boolean)
    case .real(let v):
      let bits = v.map { Int64(bitPattern: ($0 == 0 ? 0 : $0).bitPattern) }
      let hashed = KeyCodes.hashed(bits, validity: column.validity)
      let distinct = hashed.distinct.map { Double(bitPattern: UInt64(bitPattern: $0)) }
      self.init(codes: hashed.codes, count: distinct.count, values: .reals(distinct))
    }
  }

  private init(codes: [UInt32], count: Int, values: Values) {
    self.codes = codes
    self.count = count
    self.values = values
  }

  private init(integers: [Int64], validity: Bitmap?, type: DataType) {
    if let range = KeyCodes.narrowRange(integers, validity: validity) {
      let low = range.lowerBound
      self.init(
        codes: integers.map { range.contains($0) ? UInt32(truncatingIfNeeded: $0 &- low) : 0 },
        count: Int(range.upperBound - low) + 1, values: .offset(low, type))
    } else {
      let hashed = KeyCodes.hashed(integers, validity: validity)
      self.init(codes: hashed.codes, count: hashed.distinct.count, values: .integers(hashed.distinct, type))
    }
  }

  /// A number for each row's combination of values, counted from 0 in order of first appearance; missing is a value too.
  ///
  /// - Parameter columns: at least one, of equal length
  package static func numbers(_ columns: [Column]) -> (numbers: [Int], count: Int) {
    var numbers = [Int](repeating: 0, count: columns.first?.count ?? 0)
    var count = min(1, numbers.count)
    for column in columns {
      let keys = KeyCodes(column)
      var seen: [UInt64: Int] = [:]
      for row in numbers.indices {
        let code = column.isMissing(row) ? UInt64(keys.count) : UInt64(keys.codes[row])
        let pair = UInt64(numbers[row]) << 32 | code
        let number = seen[pair] ?? seen.count
        seen[pair] = number
        numbers[row] = number
      }
      count = seen.count
    }
    return (numbers, count)
  }

  /// The value that a code stands for.
  package func value(_ code: Int) -> Value {
    switch values {
    case .text(let dictionary): return .text(dictionary[code])
    case .integers(let distinct, let type): return KeyCodes.value(distinct[code], type)
    case .offset(let low, let type): return KeyCodes.value(low &+ Int64(code), type)
    case .reals(let distinct): return .real(distinct[code])
    }
  }

  private static func value(_ number: Int64, _ type: DataType) -> Value {
    switch type {
    case .boolean: .boolean(number != 0)
    case .date: .date(CivilDate(days: Int32(truncatingIfNeeded: number)))
    case .datetime: .datetime(Timestamp(microseconds: number))
    case .period(let grain): .period(Period(grain, containing: CivilDate(days: Int32(truncatingIfNeeded: number))))
    case .integer, .real, .text: .integer(number)
    }
  }

  /// The least and greatest present value, when a table that spans them is not much longer than the column.
  private static func narrowRange(_ values: [Int64], validity: Bitmap?) -> ClosedRange<Int64>? {
    var low = Int64.max
    var high = Int64.min
    for (row, value) in values.enumerated() where validity.map({ $0[row] }) ?? true {
      low = min(low, value)
      high = max(high, value)
    }
    guard low <= high else { return 0...0 }
    let span = high.subtractingReportingOverflow(low)
    guard !span.overflow, span.partialValue < Int64(values.count) &* 4 &+ 1024, span.partialValue < Int64(UInt32.max)
    else { return nil }
    return low...high
  }

  private static func hashed(_ values: [Int64], validity: Bitmap?) -> (codes: [UInt32], distinct: [Int64]) {
    var seen: [Int64: UInt32] = [:]
    var distinct: [Int64] = []
    var codes: [UInt32] = []
    codes.reserveCapacity(values.count)
    for (row, value) in values.enumerated() {
      if let validity, !validity[row] {
        codes.append(0)
      } else if let code = seen[value] {
        codes.append(code)
      } else {
        let code = UInt32(truncatingIfNeeded: distinct.count)
        seen[value] = code
        distinct.append(value)
        codes.append(code)
      }
    }
    return (codes, distinct)
  }
}
