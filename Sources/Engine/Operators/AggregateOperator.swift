import Columnar
import Query

/// Groups the rows of a pipeline and aggregates each group.
///
/// Keys with few possible combinations become slots of dense arrays as the batches flow. Other keys need the rows in
/// memory: they are numbered by hashing, and the numbers are the slots. Rows are divided into stripes whose number
/// depends on the data alone, and stripes are merged in order: the result is the same on any number of cores.
final class AggregateOperator {
  private let context: ExecutionContext
  private let keys: [NamedExpr]
  private let aggregates: [NamedAggregate]
  private let schema: Schema

  init(keys: [NamedExpr], _ aggregates: [NamedAggregate], _ schema: Schema, _ context: ExecutionContext) {
    self.keys = keys
    self.aggregates = aggregates
    self.schema = schema
    self.context = context
  }

  /// The states of more than two stripes stay below this together, because fresh memory costs more than what it holds.
  private static let stateBytes = 24 << 20

  func run(_ pipeline: Pipeline) throws -> Table {
    let compiler = ExprCompiler(layout: pipeline.layout, cancellation: context.cancellation)
    let nodes = try keys.map { key in
      try compiler.compile(key.expr, as: try key.expr.type(in: pipeline.layout.schema).dataType ?? .real)
    }
    if keys.isEmpty, let known = try known(pipeline, compiler) { return known }
    let limit = RowGrouping.denseLimit(rows: pipeline.source.rowCount)
    guard let slots = try DenseSlots(nodes, limit: limit) else { return try hashed(pipeline, nodes) }
    let (accumulators, met) = try fold(pipeline, slots, slotCount: slots.count)
    let keyColumns = slots.decode(met.order)
    return try table(keyColumns, accumulators, met.order, met)
  }

  /// The answer to a question for nothing but counts, smallest and largest values of columns as they stand in the table: the
  /// columns know them, or find them out once for all later questions. Nil for other questions.
  private func known(_ pipeline: Pipeline, _ compiler: ExprCompiler) throws -> Table? {
    guard pipeline.source.rowCount > 0, pipeline.stages.allSatisfy({ $0 is ProjectStage }) else { return nil }
    var columns: [Column] = []
    for aggregate in aggregates {
      guard let column = try known(aggregate, pipeline, compiler) else { return nil }
      columns.append(column)
    }
    return Table(schema: schema, columns: columns, rowCount: 1)
  }

  private func known(_ aggregate: NamedAggregate, _ pipeline: Pipeline, _ compiler: ExprCompiler) throws -> Column? {
    let rows = pipeline.source.rowCount
    guard let argument = aggregate.arguments.first else {
      return aggregate.function == .count ? .integer([Int64(rows)]) : nil
    }
    guard [.count, .min, .max].contains(aggregate.function) else { return nil }
    let node = try compiler.compile(argument)
    let source = (node as? DayNode)?.moment ?? node
    guard let column = source as? ColumnNode, let origin = pipeline.origins[column.index] else { return nil }
    if aggregate.function == .count {
      let missing = pipeline.source.table.columns[origin].validity.map { rows - $0.population } ?? 0
      return .integer([Int64(rows - missing)])
    }
    guard let range = try node.range() else { return nil }
    let value = aggregate.function == .min ? range.lowerBound : range.upperBound
    switch node.type {
    case .integer: return .integer([value])
    case .date: return Column(.date([Int32(truncatingIfNeeded: value)]))
    case .datetime: return Column(.datetime([value]))
    case .period(let grain): return Column(.period([Int32(truncatingIfNeeded: value)], grain))
    case .real, .text, .boolean: return nil
    }
  }

  /// Aggregates the rows of a table that are numbered already; one row for each number.
  func run(_ table: Table, _ groups: GroupIDs) throws -> Table {
    let (accumulators, met) = try fold(Pipeline(table, context), NumberedSlots(groups), slotCount: groups.count + 1)
    return try self.table([], accumulators, Array(0..<UInt32(groups.count)), met)
  }

  /// Stores the keys and arguments, numbers the rows by their keys, and aggregates by number.
  private func hashed(_ pipeline: Pipeline, _ nodes: [any VectorNode]) throws -> Table {
    var items = keys.enumerated().map { NamedExpr("key \($0)", $1.expr) }
    var renamed: [NamedAggregate] = []
    for (place, aggregate) in aggregates.enumerated() {
      var arguments: [Expr] = []
      for (number, argument) in aggregate.arguments.enumerated() {
        if case .literal = argument {
          arguments.append(argument)
          continue
        }
        items.append(NamedExpr("argument \(place) \(number)", argument))
        arguments.append(.column("argument \(place) \(number)"))
      }
      renamed.append(NamedAggregate(aggregate.name, aggregate.function, arguments))
    }
    try pipeline.project(items, context)
    let stored = try pipeline.collect(context)
    let groups = try RowGrouping.groups(stored, keys: Array(keys.indices), context)
    let rows = groups.firstRows.map { Int32(bitPattern: $0) }
    let keyTable = Table(
      schema: Schema(Array(stored.schema.fields.prefix(keys.count))), columns: Array(stored.columns.prefix(keys.count)),
      rowCount: stored.rowCount)
    let keyColumns = try Slicing.rows(keyTable, rows, context).columns
    let values = try AggregateOperator(
      keys: [], renamed, Schema(Array(schema.fields.dropFirst(keys.count))), context
    ).run(stored, groups)
    return Table(schema: schema, columns: keyColumns + values.columns, rowCount: groups.count)
  }

  private func table(
    _ keyColumns: [Column], _ accumulators: [any Accumulator], _ groups: [UInt32], _ met: MetGroups
  ) throws -> Table {
    let values = try accumulators.map { try $0.finish(groups, met, context) }
    return Table(schema: schema, columns: keyColumns + values, rowCount: groups.count)
  }

  /// The state of all groups after all rows.
  private func fold(
    _ pipeline: Pipeline, _ slots: any SlotSource, slotCount: Int
  ) throws -> ([any Accumulator], MetGroups) {
    let most = slots.most
    let expressions = ExprCompiler(layout: pipeline.layout, cancellation: context.cancellation)
    let compiler = AggregateCompiler(expressions: expressions)
    let states = try aggregates.map { try compiler.compile($0, slots: slotCount) }
    let countsRows = states.contains(where: \.countsRows)
    let perStripe = states.reduce(slotCount) { $0 + $1.bytes(slotCount) }
    let batches = pipeline.batchCount
    let morsels = (batches * ExecutionContext.batchRows + ExecutionContext.morselRows - 1) / ExecutionContext.morselRows
    // Merging a stripe costs as much as some rows for each group, so that stripes have many more rows than groups.
    let worthwhile = max(2, pipeline.source.rowCount / (128 * slotCount))
    let affordable = max(2, AggregateOperator.stateBytes / max(1, perStripe))
    // A power of two: as many for each core, whether there are two, four or eight.
    var stripes = 1
    while stripes * 2 <= min(32, morsels, worthwhile, affordable) { stripes *= 2 }
    let size = (batches + stripes - 1) / stripes
    var results = [([any Accumulator], MetGroups)?](repeating: nil, count: stripes)
    try results.withUnsafeMutableBufferPointer { results in
      try context.parallel(stripes) { stripe, worker in
        let range = min(batches, stripe * size)..<min(batches, (stripe + 1) * size)
        let met = MetGroups(slots: slotCount, most: most, countsRows: countsRows)
        let stripeState = StripeState(states.map { $0.make(slotCount) }, met)
        for index in range {
          try self.context.cancellation.check()
          try self.add(index, worker, pipeline, slots, states, stripeState, slotCount)
        }
        results[stripe] = (stripeState.accumulators, met)
      }
    }
    pipeline.report(to: context)
    guard let (total, met) = results[0] else {
      return ([], MetGroups(slots: slotCount, most: most, countsRows: countsRows))
    }
    for case (let later, let groups)? in results.dropFirst() {
      for (mine, theirs) in zip(total, later) { mine.merge(theirs, groups, own: met) }
      met.merge(groups)
    }
    // Without keys there is one group, also when there are no rows; then it has had no value.
    if slots.isSingle, met.order.isEmpty {
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 1) { nothing in
        let rows = AccumulatorRows(
          count: 0, slots: UnsafePointer(nothing.baseAddress), arguments: [], hasMissing: true, met: met)
        for accumulator in total { accumulator.noteMissing(rows) }
      }
      met.append(0, rows: 0)
    }
    return (total, met)
  }

  private func add(
    _ index: Int, _ worker: Int, _ pipeline: Pipeline, _ slots: any SlotSource, _ states: [AggregateState],
    _ stripe: StripeState, _ slotCount: Int
  ) throws {
    var batch = try pipeline.batch(index, Flow(worker: worker, masks: true), context)
    if addProduct(batch, slots, states, stripe) { return }
    var inputs: (slots: UnsafePointer<UInt32>?, arguments: [[Vector]])
    do {
      inputs = try evaluate(batch, slots, states)
    } catch QueryError.overflow where batch.mask != nil {
      // The overflow may be that of a row that a filter has left out: look at the others alone.
      batch = try pipeline.batch(index, Flow(worker: worker, counts: false), context)
      inputs = try evaluate(batch, slots, states)
    }
    guard batch.shape.live > 0 else { return }
    let last = UInt32(slotCount - 1)
    let rowSlots = masked(inputs.slots, batch, last)
    let met = stripe.met
    var meeting: AccumulatorRows?
    for (place, (state, accumulator)) in zip(inputs.arguments, stripe.accumulators).enumerated() {
      let validity = state.reduce(nil) { Bits.and($0, $1.validity, batch.count, batch.scratch) }
      let argumentSlots = valid(rowSlots, validity, batch, last)
      let rows = AccumulatorRows(
        count: batch.count, slots: argumentSlots, arguments: state, hasMissing: validity != nil, met: met)
      if place == stripe.meeting?.place, validity == nil { meeting = rows } else { accumulator.update(rows) }
    }
    if slots.isSingle {
      met.append(0, rows: Int64(batch.shape.live))
    } else if let meeting {
      stripe.meeting?.accumulator.updateMeeting(meeting)
    } else if let rowSlots {
      met.note(rowSlots, batch.count)
    }
  }

  /// What is asked for most often, the sum of a product such as units times price by one column of texts, is added up from the
  /// columns' few bytes without vectors in between. False when something else is asked for.
  private func addProduct(
    _ batch: any Batch, _ slots: any SlotSource, _ states: [AggregateState], _ stripe: StripeState
  ) -> Bool {
    guard states.count == 1, let node = states[0].product, stripe.met.isMetByAccumulators, batch.mask == nil,
      let sums = stripe.accumulators[0] as? RealSumAccumulator, let codes = slots.packedSlots(batch),
      let product = node.product(batch), product.validity == nil
    else { return false }
    sums.add(product, to: codes, batch.count, stripe.met)
    return true
  }

  private func evaluate(
    _ batch: any Batch, _ slots: any SlotSource, _ states: [AggregateState]
  ) throws -> (slots: UnsafePointer<UInt32>?, arguments: [[Vector]]) {
    guard batch.shape.live > 0 else { return (nil, []) }
    return (try slots.slots(batch), try states.map { try $0.arguments.map { try $0.evaluate(batch) } })
  }

  /// Sends rows that the mask excludes to the last slot.
  private func masked(_ slots: UnsafePointer<UInt32>?, _ batch: any Batch, _ last: UInt32) -> UnsafePointer<UInt32>? {
    guard let mask = batch.mask else { return slots }
    let out = batch.scratch.allocate(batch.count, of: UInt32.self)
    if let slots {
      for i in 0..<batch.count { out[i] = mask[i] ? slots[i] : last }
    } else {
      for i in 0..<batch.count { out[i] = mask[i] ? 0 : last }
    }
    return UnsafePointer(out)
  }

  /// Sends rows without a value to the last slot.
  private func valid(
    _ slots: UnsafePointer<UInt32>?, _ validity: UnsafePointer<UInt64>?, _ batch: any Batch, _ last: UInt32
  ) -> UnsafePointer<UInt32>? {
    guard let validity else { return slots }
    let out = batch.scratch.allocate(batch.count, of: UInt32.self)
    if let slots { out.update(from: slots, count: batch.count) } else { out.update(repeating: 0, count: batch.count) }
    KeyCoding.mask(out, validity, batch.count, missing: last)
    return UnsafePointer(out)
  }
}

/// What is kept of one stripe of rows.
private struct StripeState {
  let accumulators: [any Accumulator]
  let met: MetGroups
  /// The accumulator that meets groups by itself, where they are many.
  let meeting: (place: Int, accumulator: any MeetingAccumulator)?

  init(_ accumulators: [any Accumulator], _ met: MetGroups) {
    self.accumulators = accumulators
    self.met = met
    meeting =
      met.isMetByAccumulators
      ? accumulators.enumerated().lazy.compactMap { place, accumulator in
        (accumulator as? any MeetingAccumulator).map { (place, $0) }
      }.first : nil
  }
}

/// Gives each row of a batch its group's slot.
protocol SlotSource: AnyObject {
  /// Whether there is one group only.
  var isSingle: Bool { get }
  /// At most so many groups can have rows.
  var most: Int { get }
  /// The slot of each row; nil when there is one group only.
  func slots(_ batch: any Batch) throws -> UnsafePointer<UInt32>?
  /// The same as they lie packed in a column; nil when they do not.
  func packedSlots(_ batch: any Batch) -> PackedSlice?
}

extension SlotSource {
  func packedSlots(_ batch: any Batch) -> PackedSlice? { nil }
}

/// Slots that are combinations of small key codes.
final class DenseSlots: SlotSource {
  private let keys: [CodedKey]
  private let factors: [UInt32]
  /// All combinations, and one more slot for rows that do not count.
  let count: Int

  /// Nil when some key has no small codes or the combinations are more than the limit.
  init?(_ nodes: [any VectorNode], limit: Int) throws {
    var keys: [CodedKey] = []
    var factors: [UInt32] = []
    var product = 1
    for node in nodes {
      guard let key = try CodedKey(node, limit: limit) else { return nil }
      factors.append(UInt32(product))
      keys.append(key)
      let (next, overflow) = product.multipliedReportingOverflow(by: key.coder.domain + 1)
      guard !overflow, next <= limit else { return nil }
      product = next
    }
    self.keys = keys
    self.factors = factors
    count = product + 1
  }

  var isSingle: Bool { keys.isEmpty }

  var most: Int { keys.reduce(1) { $0 * ($1.coder.domain + ($1.node.isComplete ? 0 : 1)) } }

  func slots(_ batch: any Batch) throws -> UnsafePointer<UInt32>? {
    var sum: UnsafePointer<UInt32>?
    for (key, factor) in zip(keys, factors) {
      let codes = try key.codes(batch)
      guard let before = sum else {
        sum = codes
        continue
      }
      let out = batch.scratch.allocate(batch.count, of: UInt32.self)
      for i in 0..<batch.count { out[i] = before[i] &+ codes[i] &* factor }
      sum = UnsafePointer(out)
    }
    return sum
  }

  func packedSlots(_ batch: any Batch) -> PackedSlice? { keys.count == 1 ? keys[0].packedCodes(batch) : nil }

  /// The key columns of these slots.
  func decode(_ slots: [UInt32]) -> [Column] {
    zip(keys, factors).map { key, factor in
      let domain = UInt32(key.coder.domain + 1)
      return key.coder.decode(slots.map { $0 / factor % domain })
    }
  }
}

/// Slots that are the numbers of groups of a table in memory.
final class NumberedSlots: SlotSource {
  private let groups: GroupIDs

  init(_ groups: GroupIDs) { self.groups = groups }

  let isSingle = false

  var most: Int { groups.count }

  func slots(_ batch: any Batch) throws -> UnsafePointer<UInt32>? {
    let start = batch.shape.sequence * ExecutionContext.batchRows
    return groups.ids.withUnsafeBufferPointer { ids in ids.baseAddress.map { $0 + start } }
  }
}
