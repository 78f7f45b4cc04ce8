import Columnar
import Query

/// Kleene's `and` and `or`: an unknown side does not matter where the other decides.
final class LogicNode: VectorNode {
  let type = DataType.boolean
  private let isAnd: Bool
  private let a: any VectorNode
  private let b: any VectorNode

  init(and isAnd: Bool, _ a: any VectorNode, _ b: any VectorNode) {
    self.isAnd = isAnd
    self.a = a
    self.b = b
  }

  func range() throws -> ClosedRange<Int64>? { 0...1 }

  func evaluate(_ batch: any Batch) throws -> Vector {
    let (count, scratch) = (batch.count, batch.scratch)
    let (x, y) = (try a.evaluate(batch), try b.evaluate(batch))
    let out = scratch.allocate(count, of: Bool.self)
    if x.validity == nil, y.validity == nil {
      let (p, q) = (Operand.vector(x.values(of: UInt8.self)), Operand.vector(y.values(of: UInt8.self)))
      let raw = UnsafeMutableRawPointer(out).assumingMemoryBound(to: UInt8.self)
      if isAnd {
        Kernel.zip(p, q, count, into: raw) { $0 & $1 }
      } else {
        Kernel.zip(p, q, count, into: raw) { $0 | $1 }
      }
      return Vector(out)
    }
    let words = (count + 63) / 64
    let (p, q) = (scratch.allocateBits(count), scratch.allocateBits(count))
    Bits.pack(x.values(), count, into: p)
    Bits.pack(y.values(), count, into: q)
    let validity = scratch.allocateBits(count)
    for w in 0..<words {
      let (vx, vy) = (x.validity?[w] ?? ~0, y.validity?[w] ?? ~0)
      let (trueX, trueY, falseX, falseY) = (p[w] & vx, q[w] & vy, ~p[w] & vx, ~q[w] & vy)
      let isTrue = isAnd ? trueX & trueY : trueX | trueY
      let isFalse = isAnd ? falseX | falseY : falseX & falseY
      validity[w] = isTrue | isFalse
      p[w] = isTrue
    }
    Bits.unpack(p, count, into: out)
    return Vector(out, validity: validity)
  }
}

/// True where false and false where true.
final class NotNode: VectorNode {
  let type = DataType.boolean
  private let a: any VectorNode

  init(_ a: any VectorNode) { self.a = a }

  func range() throws -> ClosedRange<Int64>? { 0...1 }

  func evaluate(_ batch: any Batch) throws -> Vector {
    let vector = try a.evaluate(batch)
    let out = batch.scratch.allocate(batch.count, of: UInt8.self)
    Kernel.map(vector.values(of: UInt8.self), batch.count, into: out) { $0 ^ 1 }
    return Vector(UnsafeRawPointer(out), validity: vector.validity)
  }
}

/// Whether there is no value.
final class IsMissingNode: VectorNode {
  let type = DataType.boolean
  private let a: any VectorNode

  init(_ a: any VectorNode) { self.a = a }

  func range() throws -> ClosedRange<Int64>? { 0...1 }

  func evaluate(_ batch: any Batch) throws -> Vector {
    let vector = try a.evaluate(batch)
    let out = batch.scratch.allocate(batch.count, of: Bool.self)
    guard let validity = vector.validity else {
      out.update(repeating: false, count: batch.count)
      return Vector(out)
    }
    Bits.unpack(validity, batch.count, into: out)
    let raw = UnsafeMutableRawPointer(out).assumingMemoryBound(to: UInt8.self)
    for i in 0..<batch.count { raw[i] ^= 1 }
    return Vector(out)
  }
}

/// One of two vectors of one type, row by row.
final class SelectNode: VectorNode {
  /// What decides.
  enum Choice {
    /// The first where the condition is true, else the second, also where it is unknown.
    case condition(any VectorNode)
    /// The first where it has a value.
    case firstPresent
  }

  let type: DataType
  let dictionary: TextDictionary?
  private let choice: Choice
  private let a: any VectorNode
  private let b: any VectorNode

  /// The two must have one type, and texts one dictionary.
  init(_ choice: Choice, _ a: any VectorNode, _ b: any VectorNode) {
    self.choice = choice
    self.a = a
    self.b = b
    type = a.type
    dictionary = a.dictionary
  }

  func range() throws -> ClosedRange<Int64>? {
    guard let x = try a.range(), let y = try b.range() else { return nil }
    return min(x.lowerBound, y.lowerBound)...max(x.upperBound, y.upperBound)
  }

  func evaluate(_ batch: any Batch) throws -> Vector {
    let (count, scratch) = (batch.count, batch.scratch)
    let x = try a.evaluate(batch)
    let takesFirst: UnsafeMutablePointer<Bool>
    switch choice {
    case .firstPresent:
      guard let present = x.validity else { return x }
      takesFirst = scratch.allocate(count)
      Bits.unpack(present, count, into: takesFirst)
    case .condition(let condition):
      let decision = try condition.evaluate(batch)
      takesFirst = scratch.allocate(count)
      if let known = decision.validity {
        Bits.unpack(known, count, into: takesFirst)
        let raw = UnsafeMutableRawPointer(takesFirst).assumingMemoryBound(to: UInt8.self)
        let values = decision.values(of: UInt8.self)
        for i in 0..<count { raw[i] &= values[i] }
      } else {
        takesFirst.update(from: decision.values(of: Bool.self), count: count)
      }
    }
    let y = try b.evaluate(batch)
    let out = UnsafeMutableRawPointer(scratch.allocate(count * type.width, of: UInt8.self))
    switch type.width {
    case 1: select(takesFirst, x, y, count, out, as: UInt8.self)
    case 4: select(takesFirst, x, y, count, out, as: UInt32.self)
    default: select(takesFirst, x, y, count, out, as: UInt64.self)
    }
    return Vector(UnsafeRawPointer(out), validity: validity(takesFirst, x, y, count, scratch))
  }

  @inline(__always) private func select<T: BitwiseCopyable>(
    _ first: UnsafePointer<Bool>, _ x: Vector, _ y: Vector, _ count: Int, _ out: UnsafeMutableRawPointer, as: T.Type
  ) {
    let (p, q) = (x.values(of: T.self), y.values(of: T.self))
    let to = out.assumingMemoryBound(to: T.self)
    for i in 0..<count { to[i] = first[i] ? p[i] : q[i] }
  }

  private func validity(
    _ first: UnsafePointer<Bool>, _ x: Vector, _ y: Vector, _ count: Int, _ scratch: Scratch
  ) -> UnsafePointer<UInt64>? {
    if x.validity == nil, y.validity == nil { return nil }
    let chosen = scratch.allocateBits(count)
    Bits.pack(first, count, into: chosen)
    for w in 0..<(count + 63) / 64 {
      chosen[w] = chosen[w] & (x.validity?[w] ?? ~0) | ~chosen[w] & (y.validity?[w] ?? ~0)
    }
    return UnsafePointer(chosen)
  }
}
