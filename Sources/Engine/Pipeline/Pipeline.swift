import Columnar
import Query

/// Steps that rows flow through batch by batch without being stored in between: a table, then filters, projections and
/// look-ups of join partners. What needs all rows (groups, orders, windows) stands at its end.
final class Pipeline {
  let source: TableView
  private(set) var stages: [any Stage] = []
  private(set) var layout: Layout
  /// For each column the source's column that it is, unchanged; nil for computed ones.
  private(set) var origins: [Int?]
  /// Whether each source row comes out exactly once.
  private(set) var keepsRows = true

  init(_ table: Table, _ context: ExecutionContext) {
    let view = TableView(table)
    source = view
    layout = Layout(
      zip(table.schema.fields, table.columns).enumerated().map { index, pair in
        ColumnInfo(
          pair.0, dictionary: pair.1.dictionary, hasWholeSeconds: view.hasWholeSeconds(index),
          isComplete: pair.1.validity == nil
        ) {
          try view.range(index, context)
        }
      })
    origins = table.columns.indices.map { $0 }
  }

  func append(_ stage: any Stage, _ layout: Layout, origins: [Int?], keepsRows: Bool) {
    stages.append(stage)
    self.layout = layout
    self.origins = origins
    self.keepsRows = self.keepsRows && keepsRows
  }

  var batchCount: Int { (source.rowCount + ExecutionContext.batchRows - 1) / ExecutionContext.batchRows }

  /// Whether a report is expected of some stage, so that all rows have to be looked at.
  var isReporting: Bool { stages.contains { $0.label != nil } }

  /// The rows of one source batch after all stages. Its vectors live until the worker's next batch.
  func batch(_ index: Int, _ flow: Flow, _ context: ExecutionContext) throws -> any Batch {
    let start = index * ExecutionContext.batchRows
    let rows = start..<min(source.rowCount, start + ExecutionContext.batchRows)
    let scratch = context.scratch(flow.worker)
    scratch.reset()
    var batch: any Batch = ScanBatch(source, rows, sequence: index, scratch)
    for stage in stages { batch = try stage.apply(batch, flow) }
    return batch
  }

  /// Tells the context what the labelled stages did; to be called once, after all batches.
  func report(to context: ExecutionContext) {
    for stage in stages { stage.report(to: context) }
  }
}

/// How a batch is to be run through the stages.
struct Flow {
  var worker: Int
  /// Whether stages may leave excluded rows where they are, under a mask.
  var masks = false
  /// Whether stages count rows for their reports; false when a batch is run a second time.
  var counts = true
}

/// A step of a pipeline.
protocol Stage: AnyObject {
  var label: String? { get }
  /// Makes the step's batch.
  func apply(_ batch: any Batch, _ flow: Flow) throws -> any Batch
  func report(to context: ExecutionContext)
}

/// Numbers that each worker counts for itself.
final class WorkerCounters {
  private let values: UnsafeMutablePointer<Int>
  private let workers: Int
  /// Each worker's numbers stand in a cache line of their own.
  private static let stride = 8

  init(workers: Int) {
    self.workers = workers
    values = .allocate(capacity: workers * WorkerCounters.stride)
    values.initialize(repeating: 0, count: workers * WorkerCounters.stride)
  }

  deinit { values.deallocate() }

  /// Adds to one of up to eight numbers.
  func add(_ amount: Int, to number: Int, worker: Int) { values[worker * WorkerCounters.stride + number] += amount }

  func total(_ number: Int) -> Int { (0..<workers).reduce(0) { $0 + values[$1 * WorkerCounters.stride + number] } }
}

/// Keeps the rows where a condition is true, and counts those where it is unknown.
final class FilterStage: Stage {
  let label: String?
  private let predicate: any VectorNode
  private let columns: [ColumnInfo]
  private let counters: WorkerCounters

  init(_ predicate: any VectorNode, _ layout: Layout, label: String?, _ context: ExecutionContext) {
    self.predicate = predicate
    self.label = label
    columns = layout.columns
    counters = WorkerCounters(workers: context.workerCount)
  }

  func apply(_ batch: any Batch, _ flow: Flow) throws -> any Batch {
    let (count, scratch) = (batch.count, batch.scratch)
    let decision = try predicate.evaluate(batch)
    let incoming = batch.shape.live
    var mask = decision.values(of: Bool.self)
    var unknown = 0
    if decision.validity != nil || batch.mask != nil {
      let combined = scratch.allocate(count, of: Bool.self)
      unknown = FilterStage.combine(decision, batch.mask, count, into: combined)
      mask = UnsafePointer(combined)
    }
    let live = Bits.count(mask, count)
    if flow.counts {
      counters.add(incoming, to: 0, worker: flow.worker)
      counters.add(live, to: 1, worker: flow.worker)
      counters.add(unknown, to: 2, worker: flow.worker)
    }
    if live == count { return batch }
    if flow.masks, live * 3 > count { return MaskedBatch(batch, mask: mask, live: live) }
    let selection = Gather.selection(mask, count, live: live, scratch)
    return GatherBatch(batch, columns, selection, count: live)
  }

  /// True where the condition is true and the row counts; returns the number of rows that count and are unknown.
  private static func combine(
    _ decision: Vector, _ mask: UnsafePointer<Bool>?, _ count: Int, into out: UnsafeMutablePointer<Bool>
  ) -> Int {
    let values = decision.values(of: UInt8.self)
    let raw = UnsafeMutableRawPointer(out).assumingMemoryBound(to: UInt8.self)
    let masked = mask.map { UnsafeRawPointer($0).assumingMemoryBound(to: UInt8.self) }
    var unknown = 0
    if let validity = decision.validity {
      Bits.unpack(validity, count, into: out)
      if let masked {
        for i in 0..<count {
          unknown &+= Int(masked[i] & (raw[i] ^ 1))
          raw[i] &= values[i] & masked[i]
        }
      } else {
        unknown = count - Bits.population(validity, count)
        for i in 0..<count { raw[i] &= values[i] }
      }
    } else if let masked {
      for i in 0..<count { raw[i] = values[i] & masked[i] }
    }
    return unknown
  }

  func report(to context: ExecutionContext) {
    context.report(
      label, .filter(rowsIn: counters.total(0), kept: counters.total(1), unknown: counters.total(2)))
  }
}

/// Computes columns from the incoming ones.
final class ProjectStage: Stage {
  let label: String? = nil
  private let nodes: [any VectorNode]

  init(_ nodes: [any VectorNode]) { self.nodes = nodes }

  func apply(_ batch: any Batch, _ flow: Flow) throws -> any Batch { ProjectBatch(batch, nodes) }

  func report(to context: ExecutionContext) {}
}
