import Columnar
import Query

/// A function of one or more numbers that gives a real number; what is not finite is missing.
final class RealFunctionNode: VectorNode {
  let type = DataType.real
  private let function: ScalarFunction
  private let arguments: [any VectorNode]
  /// The constant second argument of `bin`, and of `round` as a power of ten, negative for places before the point.
  private let parameter: Double

  init(_ function: ScalarFunction, _ arguments: [any VectorNode], parameter: Double = 1) {
    self.function = function
    self.arguments = arguments
    self.parameter = parameter
  }

  func evaluate(_ batch: any Batch) throws -> Vector {
    let count = batch.count
    let out = batch.scratch.allocate(count, of: Double.self)
    let x = try arguments[0].realSide(batch)
    var validity = x.validity
    func unary(_ operation: (Double) -> Double) {
      Kernel.zip(x.operand, .constant(0.0), count, into: out) { a, _ in operation(a) }
    }
    func binary(_ operation: (Double, Double) -> Double) throws {
      let y = try arguments[1].realSide(batch)
      validity = Bits.and(validity, y.validity, count, batch.scratch)
      Kernel.zip(x.operand, y.operand, count, into: out, operation)
    }
    let scale = parameter
    switch function {
    case .abs: unary { Swift.abs($0) }
    case .round:
      if scale < 0 {
        unary { ($0 / -scale).rounded(.toNearestOrAwayFromZero) * -scale }
      } else {
        unary { Rounding.round($0, scale: scale) }
      }
    case .floor: unary { $0.rounded(.down) }
    case .ceil: unary { $0.rounded(.up) }
    case .sqrt: unary { $0.squareRoot() }
    case .exp: unary { CMath.exponential($0) }
    case .ln: unary { CMath.naturalLogarithm($0) }
    case .log10: unary { CMath.decimalLogarithm($0) }
    case .bin: unary { ($0 / scale).rounded(.down) * scale }
    case .mod: try binary { $0 - $1 * ($0 / $1).rounded(.down) }
    case .ratio: try binary { $0 / $1 }
    case .clamp:
      try binary { Swift.max($0, $1) }
      let high = try arguments[2].realSide(batch)
      validity = Bits.and(validity, high.validity, count, batch.scratch)
      Kernel.zip(.vector(UnsafePointer(out)), high.operand, count, into: out) { Swift.min($0, $1) }
    default: throw QueryError.other("\(function.rawValue) is no function of real numbers")
    }
    return Vector(out, validity: Kernel.finite(out, validity, count, batch.scratch))
  }
}

/// Rounding to decimals.
enum Rounding {
  /// Halves away from zero. The scale is a power of ten.
  @inline(__always) static func round(_ x: Double, scale: Double) -> Double {
    let scaled = x * scale
    // Beyond 2^52 there are no decimals left to round, and the product may have overflowed.
    guard Swift.abs(scaled) < 4_503_599_627_370_496 else { return x }
    return scaled.rounded(.toNearestOrAwayFromZero) / scale
  }
}

/// A function of whole numbers that gives a whole number; a rest of a division by zero is missing.
final class IntegerFunctionNode: VectorNode {
  let type = DataType.integer
  private let function: ScalarFunction
  private let arguments: [any VectorNode]
  /// The constant second argument of `round` (a power of ten to round to) and `bin` (the width).
  private let parameter: Int64

  init(_ function: ScalarFunction, _ arguments: [any VectorNode], parameter: Int64 = 1) {
    self.function = function
    self.arguments = arguments
    self.parameter = parameter
  }

  func evaluate(_ batch: any Batch) throws -> Vector {
    let count = batch.count
    let out = batch.scratch.allocate(count, of: Int64.self)
    let x = try arguments[0].side(batch, as: Int64.self)
    var validity = x.validity
    let unit = parameter
    switch function {
    case .abs: unary(x, count, out) { $0 < 0 ? 0 &- $0 : $0 }
    case .bin: unary(x, count, out) { $0 &- IntegerFunctionNode.floorRest($0, unit) }
    case .round where unit > 1:
      unary(x, count, out) { value in
        let rest = value % unit
        let base = value &- rest
        if rest >= unit - rest { return base &+ unit }
        return -rest >= unit + rest ? base &- unit : base
      }
    case .mod:
      let y = try arguments[1].side(batch, as: Int64.self)
      validity = Bits.and(validity, y.validity, count, batch.scratch)
      Kernel.zip(x.operand, y.operand, count, into: out) { IntegerFunctionNode.floorRest($0, $1) }
      validity = nonzero(y.operand, validity, batch)
    case .clamp:
      let (low, high) = (try arguments[1].side(batch, as: Int64.self), try arguments[2].side(batch, as: Int64.self))
      validity = Bits.and(validity, low.validity, count, batch.scratch)
      validity = Bits.and(validity, high.validity, count, batch.scratch)
      Kernel.zip(x.operand, low.operand, count, into: out) { Swift.max($0, $1) }
      Kernel.zip(.vector(UnsafePointer(out)), high.operand, count, into: out) { Swift.min($0, $1) }
    default: unary(x, count, out) { $0 }
    }
    return Vector(out, validity: validity)
  }

  @inline(__always) private func unary(
    _ x: Side<Int64>, _ count: Int, _ out: UnsafeMutablePointer<Int64>, _ operation: (Int64) -> Int64
  ) {
    Kernel.zip(x.operand, .constant(Int64(0)), count, into: out) { a, _ in operation(a) }
  }

  /// The rest with the divisor's sign; 0 for a divisor of 0.
  @inline(__always) static func floorRest(_ x: Int64, _ divisor: Int64) -> Int64 {
    if divisor == 0 || divisor == -1 { return 0 }
    let rest = x % divisor
    return rest != 0 && (rest < 0) != (divisor < 0) ? rest &+ divisor : rest
  }

  private func nonzero(
    _ y: Operand<Int64>, _ validity: UnsafePointer<UInt64>?, _ batch: any Batch
  ) -> UnsafePointer<UInt64>? {
    let words = batch.scratch.allocateBits(batch.count)
    for w in 0..<(batch.count + 63) / 64 {
      var word: UInt64 = 0
      for i in w * 64..<min(batch.count, w * 64 + 64) where y[i] != 0 { word |= 1 << UInt64(i & 63) }
      words[w] = word
    }
    return Bits.and(UnsafePointer(words), validity, batch.count, batch.scratch)
  }
}

/// -1, 0 or 1.
final class SignNode: VectorNode {
  let type = DataType.integer
  private let a: any VectorNode

  init(_ a: any VectorNode) { self.a = a }

  func range() throws -> ClosedRange<Int64>? { -1...1 }

  func evaluate(_ batch: any Batch) throws -> Vector {
    let x = try a.realSide(batch)
    let out = batch.scratch.allocate(batch.count, of: Int64.self)
    Kernel.zip(x.operand, .constant(0.0), batch.count, into: out) { (v: Double, zero: Double) -> Int64 in
      v > zero ? 1 : (v < zero ? -1 : 0)
    }
    return Vector(out, validity: x.validity)
  }
}

/// The label of the band that a number falls into.
final class BandNode: VectorNode {
  let type = DataType.text
  let dictionary: TextDictionary?
  private let a: any VectorNode
  private let cuts: [Double]
  /// The code of the label for each number of cuts at or below the value; nil where there is no label.
  private let codes: [UInt32?]

  /// As many labels as cuts: one from each cut on; one more: the first is for what lies below; one less: the last cut
  /// is the end of the last band and belongs to it.
  init(_ a: any VectorNode, cuts: [Double], labels: [String]) {
    self.a = a
    self.cuts = cuts
    var entries: [String] = []
    var known: [String: UInt32] = [:]
    let labelCodes = labels.map { label -> UInt32 in
      if let code = known[label] { return code }
      let code = UInt32(entries.count)
      known[label] = code
      entries.append(label)
      return code
    }
    dictionary = TextDictionary(entries)
    let belowFirst = labels.count > cuts.count
    codes = (0...cuts.count).map { below in
      let place = belowFirst ? below : below - 1
      return labelCodes.indices.contains(place) ? labelCodes[place] : nil
    }
    closedEnd = labels.count < cuts.count ? labelCodes.last : nil
  }

  /// The last label, when the last cut itself still belongs to it.
  private let closedEnd: UInt32?

  func evaluate(_ batch: any Batch) throws -> Vector {
    let x = try a.realSide(batch)
    let out = batch.scratch.allocate(batch.count, of: UInt32.self)
    let words = batch.scratch.allocateBits(batch.count)
    words.update(repeating: 0, count: (batch.count + 63) / 64)
    for i in 0..<batch.count {
      let value = x.operand[i]
      var below = 0
      while below < cuts.count, cuts[below] <= value { below += 1 }
      var code = codes[below]
      if below == cuts.count, let closedEnd, value == cuts[below - 1] { code = closedEnd }
      out[i] = code ?? 0
      if code != nil { words[i >> 6] |= 1 << UInt64(i & 63) }
    }
    return Vector(out, validity: Bits.and(UnsafePointer(words), x.validity, batch.count, batch.scratch))
  }
}
