import Columnar
import Query

/// A comparison of two numbers, days, moments or bools that lie in memory alike; unknown where a side is missing.
final class CompareNode: VectorNode {
  let type = DataType.boolean
  private let op: ComparisonOperator
  private let a: any VectorNode
  private let b: any VectorNode

  /// `>` and `>=` become `<` and `<=` of the swapped sides.
  init(_ op: ComparisonOperator, _ a: any VectorNode, _ b: any VectorNode) {
    switch op {
    case .greater: (self.op, self.a, self.b) = (.less, b, a)
    case .greaterOrEqual: (self.op, self.a, self.b) = (.lessOrEqual, b, a)
    case .equal, .notEqual, .less, .lessOrEqual: (self.op, self.a, self.b) = (op, a, b)
    }
  }

  func range() throws -> ClosedRange<Int64>? { 0...1 }

  func evaluate(_ batch: any Batch) throws -> Vector {
    let out = batch.scratch.allocate(batch.count, of: Bool.self)
    if a.type == .real || b.type == .real {
      return compare(try a.realSide(batch), try b.realSide(batch), batch, out)
    }
    switch a.type.physical {
    case .int64: return compare(try a.side(batch, as: Int64.self), try b.side(batch, as: Int64.self), batch, out)
    case .int32: return compare(try a.side(batch, as: Int32.self), try b.side(batch, as: Int32.self), batch, out)
    case .code, .double:
      return compare(try a.side(batch, as: UInt32.self), try b.side(batch, as: UInt32.self), batch, out)
    case .bool: return compare(try a.side(batch, as: UInt8.self), try b.side(batch, as: UInt8.self), batch, out)
    }
  }

  @inline(__always) private func compare<T: Comparable & BitwiseCopyable>(
    _ x: Side<T>, _ y: Side<T>, _ batch: any Batch, _ out: UnsafeMutablePointer<Bool>
  ) -> Vector {
    switch op {
    case .equal: Kernel.zip(x.operand, y.operand, batch.count, into: out) { $0 == $1 }
    case .notEqual: Kernel.zip(x.operand, y.operand, batch.count, into: out) { $0 != $1 }
    case .less, .greater: Kernel.zip(x.operand, y.operand, batch.count, into: out) { $0 < $1 }
    case .lessOrEqual, .greaterOrEqual: Kernel.zip(x.operand, y.operand, batch.count, into: out) { $0 <= $1 }
    }
    return Vector(out, validity: Bits.and(x.validity, y.validity, batch.count, batch.scratch))
  }
}

/// Whether a whole number, day or moment is one of a few constants.
final class WholeMembershipNode: VectorNode {
  let type = DataType.boolean
  private let a: any VectorNode
  private let items: [Int64]

  init(_ a: any VectorNode, _ items: [Int64]) {
    self.a = a
    self.items = items.sorted()
  }

  func range() throws -> ClosedRange<Int64>? { 0...1 }

  func evaluate(_ batch: any Batch) throws -> Vector {
    let vector = try a.evaluate(batch)
    let out = batch.scratch.allocate(batch.count, of: Bool.self)
    switch a.type.physical {
    case .int64: search(vector.values(of: Int64.self), batch.count, out)
    case .int32: search(vector.values(of: Int32.self), batch.count, out)
    default: search(vector.values(of: UInt8.self), batch.count, out)
    }
    return Vector(out, validity: vector.validity)
  }

  @inline(__always) private func search<T: FixedWidthInteger & BitwiseCopyable>(
    _ values: UnsafePointer<T>, _ count: Int, _ out: UnsafeMutablePointer<Bool>
  ) {
    items.withUnsafeBufferPointer { items in
      if items.count <= 8 {
        for i in 0..<count {
          var found = false
          for item in items where Int64(values[i]) == item { found = true }
          out[i] = found
        }
      } else {
        for i in 0..<count { out[i] = SortedSearch.contains(items, Int64(values[i])) }
      }
    }
  }
}

/// Whether a real number is one of a few constants.
final class RealMembershipNode: VectorNode {
  let type = DataType.boolean
  private let a: any VectorNode
  private let items: [Double]

  init(_ a: any VectorNode, _ items: [Double]) {
    self.a = a
    self.items = items.sorted()
  }

  func evaluate(_ batch: any Batch) throws -> Vector {
    let x = try a.realSide(batch)
    let out = batch.scratch.allocate(batch.count, of: Bool.self)
    items.withUnsafeBufferPointer { items in
      for i in 0..<batch.count { out[i] = SortedSearch.contains(items, x.operand[i]) }
    }
    return Vector(out, validity: x.validity)
  }
}

/// Binary search.
enum SortedSearch {
  @inline(__always) static func contains<T: Comparable>(_ items: UnsafeBufferPointer<T>, _ value: T) -> Bool {
    var low = 0
    var high = items.count
    while low < high {
      let middle = (low + high) / 2
      if items[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low < items.count && items[low] == value
  }
}
