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
    guard let validity else { return }
    for w in 0..<(count + 63) / 64 {
      // Only the cleared bits are visited; those past the end belong to nobody.
      var cleared = ~validity[w]
      if w == count / 64 { cleared &= (1 << UInt64(count & 63)) - 1 }
      while cleared != 0 {
        codes[w * 64 + cleared.trailingZeroBitCount] = missing
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

/// A key's coder and the node whose vectors it reads, which may stand before the key's own.
struct CodedKey {
  let node: any VectorNode
  let coder: any KeyCoder

  /// Nil when the key has no small codes.
  init?(_ key: any VectorNode, limit: Int) throws {
    if let period = key as? PeriodNode, !period.isEnd, let days = try period.day.range(),
      days.upperBound - days.lowerBound < 400_000
    {
      // The period's place is looked up by day or moment, without making the period first.
      let input = (period.day as? DayNode)?.moment ?? period.day
      let seconds = SecondsNode(input)
      node = seconds ?? input
      let unit: PeriodCoder.Unit = seconds != nil ? .seconds : input.type == .datetime ? .microseconds : .days
      coder = PeriodCoder(period.type, period.grain, days, unit)
      return
    }
    if let moments = (key as? DayNode)?.moment, let seconds = SecondsNode(moments), let days = try key.range(),
      days.upperBound - days.lowerBound < 400_000
    {
      node = seconds
      coder = PeriodCoder(.date, .day, days, .seconds)
      return
    }
    guard let coder = try KeyCoding.coder(for: key, limit: limit) else { return nil }
    node = key
    self.coder = coder
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
