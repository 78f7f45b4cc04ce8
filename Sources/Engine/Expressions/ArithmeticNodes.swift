import Columnar
import Query

/// `+ - *` of whole numbers. A result beyond 64 bits is an error, never a wrong number.
final class IntegerArithmeticNode: VectorNode {
  let type = DataType.integer
  private let op: ArithmeticOperator
  private let a: any VectorNode
  private let b: any VectorNode
  private let text: String

  init(_ op: ArithmeticOperator, _ a: any VectorNode, _ b: any VectorNode, text: String) {
    self.op = op
    self.a = a
    self.b = b
    self.text = text
  }

  func evaluate(_ batch: any Batch) throws -> Vector {
    let (x, y) = (try a.side(batch, as: Int64.self), try b.side(batch, as: Int64.self))
    let out = batch.scratch.allocate(batch.count, of: Int64.self)
    let validity = Bits.and(x.validity, y.validity, batch.count, batch.scratch)
    var overflows = false
    switch op {
    case .subtract: overflows = checked(x, y, batch.count, out) { $0.subtractingReportingOverflow($1) }
    case .multiply: overflows = checked(x, y, batch.count, out) { $0.multipliedReportingOverflow(by: $1) }
    case .add, .divide, .power: overflows = checked(x, y, batch.count, out) { $0.addingReportingOverflow($1) }
    }
    if overflows, isReal(x, y, validity, batch.count) { throw QueryError.overflow(in: text) }
    return Vector(out, validity: validity)
  }

  @inline(__always) private func checked(
    _ x: Side<Int64>, _ y: Side<Int64>, _ count: Int, _ out: UnsafeMutablePointer<Int64>,
    _ operation: (Int64, Int64) -> (partialValue: Int64, overflow: Bool)
  ) -> Bool {
    var overflows = false
    Kernel.zip(x.operand, y.operand, count, into: out) { (p: Int64, q: Int64) -> Int64 in
      let (value, overflow) = operation(p, q)
      overflows = overflows || overflow
      return value
    }
    return overflows
  }

  /// Missing rows hold arbitrary numbers, so an overflow counts only where both sides have a value.
  private func isReal(_ x: Side<Int64>, _ y: Side<Int64>, _ validity: UnsafePointer<UInt64>?, _ count: Int) -> Bool {
    for i in 0..<count where validity.map({ bit($0, i) }) ?? true {
      let overflow =
        switch op {
        case .subtract: x.operand[i].subtractingReportingOverflow(y.operand[i]).overflow
        case .multiply: x.operand[i].multipliedReportingOverflow(by: y.operand[i]).overflow
        case .add, .divide, .power: x.operand[i].addingReportingOverflow(y.operand[i]).overflow
        }
      if overflow { return true }
    }
    return false
  }
}

/// `+ - * / ^` of numbers with a fraction. What is not a finite number is missing: x / 0 above all.
final class RealArithmeticNode: VectorNode {
  let type = DataType.real
  private let op: ArithmeticOperator
  private let a: any VectorNode
  private let b: any VectorNode

  init(_ op: ArithmeticOperator, _ a: any VectorNode, _ b: any VectorNode) {
    self.op = op
    self.a = a
    self.b = b
  }

  func evaluate(_ batch: any Batch) throws -> Vector {
    if let product = packedProduct(batch) { return product }
    let count = batch.count
    let out = batch.scratch.allocate(count, of: Double.self)
    let packed = (a as? ColumnNode)?.packedReals(batch)
    if op == .multiply, a.type == .integer, b.type == .real, packed == nil, !(a is ConstantNode) {
      // Units times price: converting inside the loop saves a pass.
      let (x, y) = (try a.side(batch, as: Int64.self), try b.realSide(batch))
      Kernel.zip(x.operand, y.operand, count, into: out) { Double($0) * $1 }
      return finished(out, Bits.and(x.validity, y.validity, count, batch.scratch), batch)
    }
    let (x, y) = (try packed ?? a.realSide(batch), try b.realSide(batch))
    switch op {
    case .add: Kernel.zip(x.operand, y.operand, count, into: out) { $0 + $1 }
    case .subtract: Kernel.zip(x.operand, y.operand, count, into: out) { $0 - $1 }
    case .multiply: Kernel.zip(x.operand, y.operand, count, into: out) { $0 * $1 }
    case .divide: Kernel.zip(x.operand, y.operand, count, into: out) { $0 / $1 }
    case .power: Kernel.zip(x.operand, y.operand, count, into: out) { CMath.power($0, $1) }
    }
    return finished(out, Bits.and(x.validity, y.validity, count, batch.scratch), batch)
  }

  /// The product of two columns of packed numbers, such as units and prices, in one pass over their few bytes. It is always
  /// finite. Nil for other factors.
  private func packedProduct(_ batch: any Batch) -> Vector? {
    guard let product = product(batch) else { return nil }
    let out = batch.scratch.allocate(batch.count, of: Double.self)
    product.values(0, batch.count, into: out)
    return Vector(out, validity: product.validity)
  }

  /// The same before it is made; nil for other factors and operators.
  func product(_ batch: any Batch) -> PackedProduct? {
    guard op == .multiply, let x = (a as? ColumnNode)?.packedFactor(batch),
      let y = (b as? ColumnNode)?.packedFactor(batch),
      let p = NumberProducts.Factor(x.slice.base, x.slice.lane, divisor: x.divisor ?? 1),
      let q = NumberProducts.Factor(y.slice.base, y.slice.lane, divisor: y.divisor ?? 1)
    else { return nil }
    return PackedProduct(
      a: p, b: q, validity: Bits.and(x.slice.validity, y.slice.validity, batch.count, batch.scratch))
  }

  private func finished(
    _ out: UnsafeMutablePointer<Double>, _ validity: UnsafePointer<UInt64>?, _ batch: any Batch
  ) -> Vector {
    Vector(out, validity: Kernel.finite(out, validity, batch.count, batch.scratch))
  }
}

/// The number with its sign changed.
final class NegateNode: VectorNode {
  let type: DataType
  private let a: any VectorNode

  init(_ a: any VectorNode) {
    self.a = a
    type = a.type
  }

  func evaluate(_ batch: any Batch) throws -> Vector {
    let vector = try a.evaluate(batch)
    if type == .real {
      let out = batch.scratch.allocate(batch.count, of: Double.self)
      Kernel.map(vector.values(of: Double.self), batch.count, into: out) { -$0 }
      return Vector(out, validity: vector.validity)
    }
    let out = batch.scratch.allocate(batch.count, of: Int64.self)
    Kernel.map(vector.values(of: Int64.self), batch.count, into: out) { 0 &- $0 }
    return Vector(out, validity: vector.validity)
  }
}

/// A whole number as a real one, or a day as the moment it begins.
final class WidenNode: VectorNode {
  let type: DataType
  private let a: any VectorNode

  init(_ a: any VectorNode, to type: DataType) {
    self.a = a
    self.type = type
  }

  func range() throws -> ClosedRange<Int64>? {
    guard type == .datetime, let days = try a.range() else { return nil }
    return days.lowerBound * Timestamp.perDay...days.upperBound * Timestamp.perDay
  }

  func evaluate(_ batch: any Batch) throws -> Vector {
    let vector = try a.evaluate(batch)
    if type == .real {
      let out = batch.scratch.allocate(batch.count, of: Double.self)
      Kernel.map(vector.values(of: Int64.self), batch.count, into: out) { Double($0) }
      return Vector(out, validity: vector.validity)
    }
    let out = batch.scratch.allocate(batch.count, of: Int64.self)
    Kernel.map(vector.values(of: Int32.self), batch.count, into: out) { Int64($0) &* Timestamp.perDay }
    return Vector(out, validity: vector.validity)
  }
}

/// A product of two packed columns that is made when its values are needed.
struct PackedProduct {
  fileprivate let a: NumberProducts.Factor
  fileprivate let b: NumberProducts.Factor
  let validity: UnsafePointer<UInt64>?

  /// Writes the values of some of the batch's rows.
  func values(_ first: Int, _ count: Int, into out: UnsafeMutablePointer<Double>) {
    NumberProducts.multiply(a, b, from: first, count, into: out)
  }
}
