import Columnar
import Query

/// One step of a compiled expression: it makes a vector from a batch. The type is decided once, outside all loops.
protocol VectorNode: AnyObject {
  var type: DataType { get }
  /// What the codes of a text vector stand for.
  var dictionary: TextDictionary? { get }
  /// Bounds of the values of whole numbers, days and moments, when they can be known.
  func range() throws -> ClosedRange<Int64>?
  /// Whether it is known that no row is without a value.
  var isComplete: Bool { get }
  func evaluate(_ batch: any Batch) throws -> Vector
  /// The same bounds for the rows of one batch, when they are known without looking at them.
  func bounds(_ batch: any Batch) -> ClosedRange<Int64>?
}

extension VectorNode {
  func bounds(_ batch: any Batch) -> ClosedRange<Int64>? { nil }
  var dictionary: TextDictionary? { nil }
  func range() throws -> ClosedRange<Int64>? { nil }
  var isComplete: Bool { false }
}

/// A column of the incoming batch.
final class ColumnNode: VectorNode {
  let index: Int
  private let info: ColumnInfo

  init(_ index: Int, _ info: ColumnInfo) {
    self.index = index
    self.info = info
  }

  var type: DataType { info.field.type }
  var dictionary: TextDictionary? { info.dictionary }
  func range() throws -> ClosedRange<Int64>? { try info.range() }
  func evaluate(_ batch: any Batch) throws -> Vector { try batch.column(index) }
  func bounds(_ batch: any Batch) -> ClosedRange<Int64>? { batch.bounds(index) }
  var isComplete: Bool { info.isComplete }
  var hasWholeSeconds: Bool { info.hasWholeSeconds }
  var partner: PartnerColumn? { info.partner }
}

/// The moments of a column as whole seconds, which is how they lie in memory: half the bytes and no multiplication.
final class SecondsNode: VectorNode {
  /// A count of seconds in 32 bits, as days are.
  let type = DataType.date
  private let moments: ColumnNode

  /// Nil unless all moments are whole seconds.
  init?(_ moments: any VectorNode) {
    guard let moments = moments as? ColumnNode, moments.hasWholeSeconds else { return nil }
    self.moments = moments
  }

  var isComplete: Bool { moments.isComplete }

  /// Microseconds, as those of the moments.
  func bounds(_ batch: any Batch) -> ClosedRange<Int64>? { moments.bounds(batch) }

  func evaluate(_ batch: any Batch) throws -> Vector {
    if let slice = batch.packed(moments.index) { return Vector(slice.base, validity: slice.validity) }
    let vector = try moments.evaluate(batch)
    let out = batch.scratch.allocate(batch.count, of: Int32.self)
    Kernel.map(vector.values(of: Int64.self), batch.count, into: out) { Int32(truncatingIfNeeded: $0 / 1_000_000) }
    return Vector(out, validity: vector.validity)
  }
}

/// The same value in every row.
final class ConstantNode: VectorNode {
  let type: DataType
  let dictionary: TextDictionary?
  /// The value as its type's physical form needs it.
  let whole: Int64
  let real: Double

  /// Nil when the value cannot be one of the type.
  init?(_ value: Value, as type: DataType) {
    self.type = type
    var text: TextDictionary?
    switch (value, type) {
    case (.integer(let i), .integer): (whole, real) = (i, Double(i))
    case (.integer(let i), .real): (whole, real) = (i, Double(i))
    case (.real(let d), .real) where d.isFinite: (whole, real) = (0, d)
    case (.text(let t), .text):
      (whole, real) = (0, 0)
      text = TextDictionary([t])
    case (.boolean(let b), .boolean): (whole, real) = (b ? 1 : 0, 0)
    case (.date(let d), .date): (whole, real) = (Int64(d.days), 0)
    case (.date(let d), .datetime): (whole, real) = (Int64(d.days) * Timestamp.perDay, 0)
    case (.datetime(let t), .datetime): (whole, real) = (t.microseconds, 0)
    case (.period(let p), .period(let grain)) where p.grain == grain: (whole, real) = (Int64(p.start.days), 0)
    default: return nil
    }
    dictionary = text
  }

  func range() throws -> ClosedRange<Int64>? { type == .real || type == .text ? nil : whole...whole }

  func evaluate(_ batch: any Batch) throws -> Vector {
    let count = batch.count
    func filled<T: BitwiseCopyable>(_ value: T) -> Vector {
      let values = batch.scratch.allocate(count, of: T.self)
      values.update(repeating: value, count: count)
      return Vector(values)
    }
    switch type.physical {
    case .int64: return filled(whole)
    case .double: return filled(real)
    case .code: return filled(UInt32(0))
    case .bool: return filled(whole != 0)
    case .int32: return filled(Int32(truncatingIfNeeded: whole))
    }
  }
}

/// No value in any row.
final class MissingNode: VectorNode {
  let type: DataType
  let dictionary: TextDictionary?

  init(_ type: DataType) {
    self.type = type
    dictionary = type == .text ? TextDictionary([""]) : nil
  }

  func evaluate(_ batch: any Batch) throws -> Vector {
    let bytes = batch.scratch.allocate(batch.count * type.width, of: UInt8.self)
    bytes.update(repeating: 0, count: batch.count * type.width)
    let words = batch.scratch.allocateBits(batch.count)
    words.update(repeating: 0, count: (batch.count + 63) / 64)
    return Vector(UnsafeRawPointer(bytes), validity: UnsafePointer(words))
  }
}
