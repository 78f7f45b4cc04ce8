import Columnar
import Query

/// One aggregate, ready to run: its arguments as nodes and the accumulator that fits their types.
struct AggregateState {
  let arguments: [any VectorNode]
  /// Bytes of an accumulator with so many slots, nearly.
  let bytes: (_ slots: Int) -> Int
  let make: (_ slots: Int) -> any Accumulator
  /// Whether it needs the number of rows of each group.
  var countsRows = false
  /// What is added up, when it is a product of two columns.
  var product: RealArithmeticNode?
}

/// Chooses the accumulator of an aggregate by the types of its arguments.
struct AggregateCompiler {
  let expressions: ExprCompiler

  /// Codes that distinct values may have before they are collected instead.
  private static let codeLimit = 1 << 26
  /// Bits for all groups and codes together, up to which distinct values are kept as a matrix of bits.
  private static let bitLimit = 1 << 27

  func compile(_ aggregate: NamedAggregate, slots: Int) throws -> AggregateState {
    let text = aggregate.description
    guard let first = aggregate.arguments.first else {
      return AggregateState(
        arguments: [], bytes: { $0 * 8 }, make: { CountAccumulator(slots: $0) }, countsRows: true)
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
        arguments: [try expressions.compile(first)], bytes: { $0 * 8 }, make: { CountAccumulator(slots: $0) },
        countsRows: true)
    case .countDistinct: return try distinct(try expressions.compile(first), slots: slots)
    case .sum where data == .integer || data == .boolean:
      return AggregateState(arguments: [try expressions.compile(first, as: data)], bytes: { $0 * 8 }) {
        IntegerSumAccumulator(slots: $0, isCondition: data == .boolean, text: text)
      }
    case .sum:
      let node = try real()
      return AggregateState(
        arguments: [node], bytes: { $0 * RealSumAccumulator.width(slots: $0) },
        make: { RealSumAccumulator(slots: $0) }, product: node as? RealArithmeticNode)
    case .mean:
      return AggregateState(
        arguments: [try real()], bytes: { $0 * (8 + RealSumAccumulator.width(slots: $0)) },
        make: { MeanAccumulator(slots: $0) }, countsRows: true)
    case .sd, .variance:
      let isDeviation = aggregate.function == .sd
      return AggregateState(arguments: [try real()], bytes: { $0 * 24 }) {
        MomentsAccumulator(slots: $0, isDeviation: isDeviation)
      }
    case .weightedMean:
      let weight = try expressions.compile(aggregate.arguments[1], as: .real)
      return AggregateState(
        arguments: [try real(), weight], bytes: { $0 * 16 }, make: { WeightedMeanAccumulator(slots: $0) })
    case .bitOr:
      let node = try expressions.compile(first, as: .integer)
      let isNarrow = try node.range().map { $0.lowerBound >= 0 && $0.upperBound <= Int64(UInt32.max) } ?? false
      return AggregateState(
        arguments: [node], bytes: { $0 * (isNarrow ? 4 : 8) }, make: { BitOrAccumulator(slots: $0, isNarrow: isNarrow) }
      )
    case .median, .quantile:
      let share = aggregate.function == .median ? 0.5 : expressions.constant(aggregate.arguments, 1)?.number ?? 0.5
      return collecting(try real(), .quantile(share))
    case .min, .max, .mode, .first, .last:
      return typed(aggregate.function, try expressions.compile(first, as: data))
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
    return collecting(node, .countDistinct)
  }

  private func collecting(
    _ node: any VectorNode, _ purpose: CollectingAccumulator.Purpose, _ order: TextOrder? = nil
  ) -> AggregateState {
    AggregateState(arguments: [node], bytes: { $0 }) {
      CollectingAccumulator(slots: $0, node.type, purpose, node.dictionary, order)
    }
  }

  /// Aggregates that give back a value of the column itself.
  private func typed(_ function: AggregateFunction, _ node: any VectorNode) -> AggregateState {
    let (type, dictionary) = (node.type, node.dictionary)
    if function == .first || function == .last {
      return AggregateState(arguments: [node], bytes: { $0 * (type.width + 1) }) {
        EdgeAccumulator(slots: $0, type, isLast: function == .last, dictionary)
      }
    }
    var argument = node
    var order: TextOrder?
    if let dictionary {
      // Texts are compared by their place in the order of all entries.
      let places = TextOrder(dictionary)
      argument = LookupNode(node, .text, places.ranks, present: nil, blank: 0, dictionary: dictionary)
      order = places
    }
    if function == .mode { return collecting(argument, .mode, order) }
    // The day of the last moment is the last day: the moments are compared, and only what is found is converted.
    let moments = (node as? DayNode)?.moment ?? node
    if let seconds = SecondsNode(moments) {
      return AggregateState(arguments: [seconds], bytes: { $0 * 4 }) {
        SecondsExtremeAccumulator(slots: $0, type, isMax: function == .max)
      }
    }
    return AggregateState(arguments: [argument], bytes: { $0 * type.width }) { [order] in
      ExtremeAccumulator(slots: $0, type, isMax: function == .max, dictionary, order)
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
