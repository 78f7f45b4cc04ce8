import Columnar
import Query

/// One aggregate, ready to run: its arguments as nodes and the accumulator that fits their types.
struct AggregateState {
  let arguments: [any VectorNode]
  /// Bytes of an accumulator with so many slots, nearly.
  let bytes: (_ slots: Int) -> Int
  let make: (_ slots: Int) -> any Accumulator
}

/// Chooses the accumulator of an aggregate by the types of its arguments.
struct AggregateCompiler {
  let expressions: ExprCompiler

  /// Codes that distinct values may have before they are collected instead.
  private static let codeLimit = 1 << 26
  /// Bits for all groups and codes together, up to which distinct values are kept as a matrix of bits.
  private static let bitLimit = 1 << 26

  func compile(_ aggregate: NamedAggregate, slots: Int) throws -> AggregateState {
    let text = aggregate.description
    guard let first = aggregate.arguments.first else {
      return AggregateState(arguments: [], bytes: { $0 * 8 }, make: { CountAccumulator(slots: $0) })
    }
    let type = try first.type(in: expressions.layout.schema)
    let data = type.dataType ?? .real
    func real() throws -> any VectorNode {
      if data == .boolean {
        return WidenNode(BooleanNumberNode(try expressions.compile(first, as: .boolean)), to: .real)
      }
      return try expressions.compile(first, as: .real)
    }
    switch aggregate.function {
    case .count:
      return AggregateState(
        arguments: [try expressions.compile(first)], bytes: { $0 * 8 }, make: { CountAccumulator(slots: $0) })
    case .countDistinct: return try distinct(try expressions.compile(first), slots: slots)
    case .sum where data == .integer || data == .boolean:
      return AggregateState(arguments: [try expressions.compile(first, as: data)], bytes: { $0 * 8 }) {
        IntegerSumAccumulator(slots: $0, isCondition: data == .boolean, text: text)
      }
    case .sum:
      return AggregateState(
        arguments: [try real()], bytes: { $0 * RealSumAccumulator.width(slots: $0) },
        make: { RealSumAccumulator(slots: $0) })
    case .mean:
      return AggregateState(
        arguments: [try real()], bytes: { $0 * (8 + RealSumAccumulator.width(slots: $0)) },
        make: { MeanAccumulator(slots: $0) })
    case .sd, .variance:
      let isDeviation = aggregate.function == .sd
      return AggregateState(arguments: [try real()], bytes: { $0 * 24 }) {
        MomentsAccumulator(slots: $0, isDeviation: isDeviation)
      }
    case .weightedMean:
      let weight = try expressions.compile(aggregate.arguments[1], as: .real)
      return AggregateState(
        arguments: [try real(), weight], bytes: { $0 * 16 }, make: { WeightedMeanAccumulator(slots: $0) })
    case .median, .quantile:
      let share = aggregate.function == .median ? 0.5 : expressions.constant(aggregate.arguments, 1)?.number ?? 0.5
      return AggregateState(arguments: [try real()], bytes: { $0 }) {
        CollectingAccumulator<Double>(slots: $0, blank: 0, .quantile(share))
      }
    case .min, .max, .mode, .first, .last:
      return try typed(aggregate.function, try expressions.compile(first, as: data))
    }
  }

  private func distinct(_ node: any VectorNode, slots: Int) throws -> AggregateState {
    if let coder = try KeyCoding.coder(for: node, limit: AggregateCompiler.codeLimit) {
      let words = DistinctBitsAccumulator.words(coder)
      if slots * words * 64 <= AggregateCompiler.bitLimit {
        return AggregateState(arguments: [node], bytes: { $0 * words * 8 }) {
          DistinctBitsAccumulator(slots: $0, coder: coder)
        }
      }
      return AggregateState(arguments: [node], bytes: { _ in coder.domain * 4 }) {
        DistinctOwnerAccumulator(slots: $0, coder: coder)
      }
    }
    switch node.type.physical {
    case .int64: return collecting(node, blank: Int64(0), .countDistinct)
    case .double: return collecting(node, blank: 0.0, .countDistinct)
    case .code: return collecting(node, blank: UInt32(0), .countDistinct)
    case .bool: return collecting(node, blank: UInt8(0), .countDistinct)
    case .int32: return collecting(node, blank: Int32(0), .countDistinct)
    }
  }

  private func collecting<T: BitwiseCopyable & Comparable>(
    _ node: any VectorNode, blank: T, _ purpose: CollectingAccumulator<T>.Purpose
  ) -> AggregateState {
    AggregateState(arguments: [node], bytes: { $0 }) { CollectingAccumulator<T>(slots: $0, blank: blank, purpose) }
  }

  /// Aggregates that give back a value of the column itself.
  private func typed(_ function: AggregateFunction, _ node: any VectorNode) throws -> AggregateState {
    switch node.type {
    case .integer: return whole(function, node) { .integer($0) }
    case .datetime: return whole(function, node) { .datetime($0) }
    case .date: return day(function, node) { .date($0) }
    case .period(let grain): return day(function, node) { .period($0, grain) }
    case .boolean:
      return ordered(function, node, low: 0, high: 1, blank: UInt8(0)) { .boolean($0.map { $0 == 1 }) }
    case .real:
      return ordered(function, node, low: -.infinity, high: .infinity, blank: 0.0) { values in
        .real(values.map { $0.isFinite ? $0 : 0 })
      }
    case .text:
      guard let dictionary = node.dictionary else { throw QueryError.other("a text column without texts") }
      if function == .first || function == .last {
        return ordered(function, node, low: 0, high: 0, blank: UInt32(0)) { .text(codes: $0, dictionary) }
      }
      // Texts are compared by their place in the order of all entries.
      let ranks = dictionary.ranks
      var entries = [UInt32](repeating: 0, count: ranks.count)
      for (code, rank) in ranks.enumerated() { entries[Int(rank)] = UInt32(code) }
      let order = entries
      let ranked = LookupNode(node, .text, ranks, present: nil, blank: 0, dictionary: dictionary)
      return ordered(function, ranked, low: 0, high: .max, blank: UInt32(0)) { ranks in
        .text(codes: ranks.map { order.indices.contains(Int($0)) ? order[Int($0)] : 0 }, dictionary)
      }
    }
  }

  private func whole(
    _ function: AggregateFunction, _ node: any VectorNode, _ storage: @escaping ([Int64]) -> Column.Storage
  ) -> AggregateState {
    ordered(function, node, low: .min, high: .max, blank: 0, storage: storage)
  }

  private func day(
    _ function: AggregateFunction, _ node: any VectorNode, _ storage: @escaping ([Int32]) -> Column.Storage
  ) -> AggregateState {
    ordered(function, node, low: .min, high: .max, blank: 0, storage: storage)
  }

  private func ordered<T: BitwiseCopyable & Comparable>(
    _ function: AggregateFunction, _ node: any VectorNode, low: T, high: T, blank: T,
    storage: @escaping ([T]) -> Column.Storage
  ) -> AggregateState {
    let width = MemoryLayout<T>.size
    switch function {
    case .mode: return collecting(node, blank: blank, .mode(storage))
    case .first, .last:
      let isLast = function == .last
      return AggregateState(arguments: [node], bytes: { $0 * (width + 1) }) {
        EdgeAccumulator(slots: $0, isLast: isLast, blank: blank, storage: storage)
      }
    default:
      let isMax = function == .max
      return AggregateState(arguments: [node], bytes: { $0 * width }) {
        ExtremeAccumulator(slots: $0, isMax: isMax, start: isMax ? low : high, storage: storage)
      }
    }
  }
}

/// A condition as 1 or 0.
final class BooleanNumberNode: VectorNode {
  let type = DataType.integer
  private let a: any VectorNode

  init(_ a: any VectorNode) { self.a = a }

  func evaluate(_ batch: any Batch) throws -> Vector {
    let vector = try a.evaluate(batch)
    let out = batch.scratch.allocate(batch.count, of: Int64.self)
    Kernel.map(vector.values(of: UInt8.self), batch.count, into: out) { Int64($0) }
    return Vector(out, validity: vector.validity)
  }
}
