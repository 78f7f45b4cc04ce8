import Columnar
import Query

/// Gives the values of a group key small codes: 0 ..< `domain`, and `domain` for missing.
protocol KeyCoder: AnyObject {
  var domain: Int { get }
  /// One code for each of the vector's rows.
  func encode(_ vector: Vector, _ count: Int, _ scratch: Scratch) -> UnsafePointer<UInt32>
  /// The values of these codes.
  func decode(_ codes: [UInt32]) -> Column
}

/// Finds the coder of a key.
enum KeyCoding {
  /// A coder when the key's values are known to lie in a small range, which has at most `limit` codes.
  static func coder(for node: any VectorNode, limit: Int) throws -> (any KeyCoder)? {
    if let dictionary = node.dictionary, node.type == .text {
      return dictionary.count < limit ? TextCoder(dictionary) : nil
    }
    if node.type == .real { return nil }
    guard let range = try node.range() else { return nil }
    let (width, overflow) = range.upperBound.subtractingReportingOverflow(range.lowerBound)
    guard !overflow else { return nil }
    if case .period(let grain) = node.type, width < 400_000 {
      return PeriodCoder(node.type, grain, range, .days)
    }
    guard width < limit else { return nil }
    return WholeCoder(node.type, low: range.lowerBound, domain: Int(width) + 1)
  }

  /// Which codes are those of values; nil when all are.
  static func validity(_ codes: [UInt32], _ missing: UInt32) -> Bitmap? {
    codes.contains(missing) ? Bitmap(codes.map { $0 != missing }) : nil
  }

  /// Codes of valid rows, and the code of missing for all others.
  static func mask(
    _ codes: UnsafeMutablePointer<UInt32>, _ validity: UnsafePointer<UInt64>?, _ count: Int, missing: UInt32
  ) {
    if let validity { fill(codes, missing, validity, count) }
  }

  /// Gives rows whose bit is cleared a value.
  static func fill<T: BitwiseCopyable>(
    _ out: UnsafeMutablePointer<T>, _ value: T, _ validity: UnsafePointer<UInt64>, _ count: Int
  ) {
    for w in 0..<(count + 63) / 64 {
      // Only the cleared bits are visited; those past the end belong to nobody.
      var cleared = ~validity[w]
      if w == count / 64 { cleared &= (1 << UInt64(count & 63)) - 1 }
      while cleared != 0 {
        out[w * 64 + cleared.trailingZeroBitCount] = value
        cleared &= cleared &- 1
      }
    }
  }
}

/// Dictionary codes are codes already.
final class TextCoder: KeyCoder {
  let domain: Int
  private let dictionary: TextDictionary

  init(_ dictionary: TextDictionary) {
    self.dictionary = dictionary
    domain = dictionary.count
  }

  func encode(_ vector: Vector, _ count: Int, _ scratch: Scratch) -> UnsafePointer<UInt32> {
    guard vector.validity != nil else { return vector.values() }
    let out = scratch.allocate(count, of: UInt32.self)
    out.update(from: vector.values(of: UInt32.self), count: count)
    KeyCoding.mask(out, vector.validity, count, missing: UInt32(domain))
    return UnsafePointer(out)
  }

  func decode(_ codes: [UInt32]) -> Column {
    let missing = UInt32(domain)
    let column = Column(
      .text(codes: codes.map { $0 == missing ? 0 : $0 }, dictionary), validity: KeyCoding.validity(codes, missing))
    return DictionaryCompaction.compacted(column)
  }
}

/// Whole numbers, days, moments and bools of a small range: the distance from the smallest.
final class WholeCoder: KeyCoder {
  let domain: Int
  private let type: DataType
  private let low: Int64

  init(_ type: DataType, low: Int64, domain: Int) {
    self.type = type
    self.low = low
    self.domain = domain
  }

  func encode(_ vector: Vector, _ count: Int, _ scratch: Scratch) -> UnsafePointer<UInt32> {
    let out = scratch.allocate(count, of: UInt32.self)
    switch type.physical {
    case .int64:
      let base = low
      Kernel.map(vector.values(of: Int64.self), count, into: out) { UInt32(truncatingIfNeeded: $0 &- base) }
    case .int32:
      let base = Int32(truncatingIfNeeded: low)
      Kernel.map(vector.values(of: Int32.self), count, into: out) { UInt32(bitPattern: $0 &- base) }
    case .bool, .code, .double:
      let base = UInt32(truncatingIfNeeded: low)
      Kernel.map(vector.values(of: UInt8.self), count, into: out) { UInt32($0) &- base }
    }
    KeyCoding.mask(out, vector.validity, count, missing: UInt32(domain))
    return UnsafePointer(out)
  }

  /// The codes of packed numbers, which need not be made wider first; nil for others.
  func encode(_ slice: PackedSlice, _ count: Int, _ scratch: Scratch) -> UnsafePointer<UInt32>? {
    guard slice.isWhole else { return nil }
    let out = scratch.allocate(count, of: UInt32.self)
    let base = Int32(truncatingIfNeeded: low)
    func encode<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type) {
      Kernel.map(slice.base.assumingMemoryBound(to: T.self), count, into: out) {
        UInt32(bitPattern: Int32(truncatingIfNeeded: $0) &- base)
      }
    }
    switch slice.lane {
    case .int8: encode(Int8.self)
    case .int16: encode(Int16.self)
    case .int32: encode(Int32.self)
    default: return nil
    }
    KeyCoding.mask(out, slice.validity, count, missing: UInt32(domain))
    return UnsafePointer(out)
  }

  func decode(_ codes: [UInt32]) -> Column {
    let validity = KeyCoding.validity(codes, UInt32(domain))
    let values = codes.map { low &+ Int64($0) }
    switch type {
    case .integer, .real, .text: return Column(.integer(values), validity: validity)
    case .datetime: return Column(.datetime(values), validity: validity)
    case .boolean: return Column(.boolean(values.map { $0 == 1 }), validity: validity)
    case .date: return Column(.date(values.map { Int32(truncatingIfNeeded: $0) }), validity: validity)
    case .period(let grain):
      return Column(.period(values.map { Int32(truncatingIfNeeded: $0) }, grain), validity: validity)
    }
  }
}

/// Periods: the place in the row of periods from the first to the last.
final class PeriodCoder: KeyCoder {
  /// What the incoming numbers count.
  enum Unit {
    case days, seconds, microseconds
  }

  let domain: Int
  private let type: DataType
  private let first: Int32
  private let unit: Unit
  private let starts: [Int32]
  /// The period's place for each day from the first start on.
  private let places: [UInt32]

  /// `range` bounds the days; `type` is what the starts become again, a period or a date.
  init(_ type: DataType, _ grain: Grain, _ range: ClosedRange<Int64>, _ unit: Unit) {
    self.type = type
    self.unit = unit
    var start = CivilDate(days: Int32(truncatingIfNeeded: range.lowerBound)).start(of: grain)
    first = start.days
    var starts: [Int32] = []
    var places: [UInt32] = []
    while Int64(start.days) <= range.upperBound {
      let next = start.advanced(by: 1, grain == .hour ? .day : grain)
      places.append(contentsOf: repeatElement(UInt32(starts.count), count: Int(next.days - start.days)))
      starts.append(start.days)
      start = next
    }
    self.starts = starts
    self.places = places
    domain = starts.count
  }

  /// What is to be looked up for the period of a day: moments as they lie in the table, where they are that.
  static func input(_ day: any VectorNode) -> (node: any VectorNode, unit: Unit) {
    let input = (day as? DayNode)?.moment ?? day
    if let seconds = SecondsNode(input) { return (seconds, .seconds) }
    return (input, input.type == .datetime ? .microseconds : .days)
  }

  /// The place of all rows between two days or moments when they lie in one period.
  func commonPlace(_ bounds: ClosedRange<Int64>) -> UInt32? {
    func place(_ bound: Int64) -> UInt32 {
      self.place(day: unit == .days ? Int32(truncatingIfNeeded: bound) : DayNode.day(bound))
    }
    let found = place(bounds.lowerBound)
    return found < UInt32(domain) && place(bounds.upperBound) == found ? found : nil
  }

  /// The place of a day's period; `domain` for days of none.
  func place(day: Int32) -> UInt32 {
    let offset = Int(day &- first)
    return places.indices.contains(offset) ? places[offset] : UInt32(domain)
  }

  func encode(_ vector: Vector, _ count: Int, _ scratch: Scratch) -> UnsafePointer<UInt32> {
    let out = scratch.allocate(count, of: UInt32.self)
    let (low, missing) = (first, UInt32(domain))
    places.withUnsafeBufferPointer { places in
      let size = UInt32(truncatingIfNeeded: places.count)
      // Only a missing row's arbitrary value can lie outside.
      func place(_ offset: UInt32) -> UInt32 { offset < size ? places[Int(offset)] : missing }
      switch unit {
      case .days: Kernel.map(vector.values(of: Int32.self), count, into: out) { place(UInt32(bitPattern: $0 &- low)) }
      case .seconds:
        // Differences of 32-bit seconds are right however they wrap around, as they are counted without a sign.
        let start = Int32(truncatingIfNeeded: Int64(low) &* 86_400)
        Kernel.map(vector.values(of: Int32.self), count, into: out) { place(UInt32(bitPattern: $0 &- start) / 86_400) }
      case .microseconds:
        Kernel.map(vector.values(of: Int64.self), count, into: out) {
          place(UInt32(bitPattern: DayNode.day($0) &- low))
        }
      }
    }
    KeyCoding.mask(out, vector.validity, count, missing: missing)
    return UnsafePointer(out)
  }

  func decode(_ codes: [UInt32]) -> Column {
    let validity = KeyCoding.validity(codes, UInt32(domain))
    let days = codes.map { starts.indices.contains(Int($0)) ? starts[Int($0)] : 0 }
    if case .period(let grain) = type { return Column(.period(days, grain), validity: validity) }
    return Column(.date(days), validity: validity)
  }
}
