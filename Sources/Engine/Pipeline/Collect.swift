import Columnar
import Query
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension Pipeline {
  /// The pipeline's rows as a table, at most `limit` of them.
  func collect(_ context: ExecutionContext, limit: Int? = nil) throws -> Table {
    if stages.isEmpty, limit == nil { return source.table }
    let shared = keepsRows && limit == nil
    let computed = layout.columns.indices.filter { !shared || origins[$0] == nil }
    let sinks = computed.map { ColumnSink(layout.columns[$0], capacity: source.rowCount, parts: batchCount) }
    let places = BatchPlaces(batchCount)
    // With a limit, only so many batches are made as are needed; labelled steps report on all rows.
    let wave = limit == nil || isReporting ? max(1, batchCount) : context.workerCount * 2
    var first = 0
    while first < batchCount, limit.map({ places.total < $0 }) ?? true {
      let base = first
      try context.parallel(min(wave, batchCount - first)) { task, worker in
        let index = base + task
        do {
          let batch = try self.batch(index, Flow(worker: worker), context)
          let row = try places.place(index, rows: batch.count, context.cancellation)
          for (sink, column) in zip(sinks, computed) {
            sink.write(try batch.column(column), count: batch.count, at: row, part: index)
          }
        } catch {
          places.abandon()
          throw error
        }
      }
      first += wave
    }
    report(to: context)
    let (rows, counts) = (places.total, places.counts)
    var made = Dictionary(
      zip(computed, sinks.map { $0.finish(rows: rows, counts: counts) }), uniquingKeysWith: { a, _ in a })
    let columns = layout.columns.indices.map { index -> Column in
      made.removeValue(forKey: index) ?? source.table.columns[origins[index] ?? 0]
    }
    let table = Table(schema: layout.schema, columns: columns, rowCount: shared ? source.rowCount : rows)
    return limit.map { Slicing.prefix(table, $0) } ?? table
  }
}

/// Where each batch's rows go when batches keep different numbers of rows: after all rows of the batches before.
///
/// A batch's number is told before its columns are computed, so that the batches after it hardly wait.
final class BatchPlaces {
  private struct State {
    var counts: [Int]
    var starts: [Int]
    var known = 0
    var total = 0
  }
  private let state: Mutex<State>
  private let isAbandoned = Atomic<Bool>(false)

  init(_ batches: Int) {
    state = Mutex(State(counts: Array(repeating: -1, count: batches), starts: Array(repeating: -1, count: batches)))
  }

  var total: Int { state.withLock { $0.total } }
  var counts: [Int] { state.withLock { Array($0.counts.prefix($0.known)) } }

  /// Lets those who wait give up, because a batch before them has failed.
  func abandon() { isAbandoned.store(true, ordering: .relaxed) }

  /// The first row of a batch with so many rows; waits until the batches before it have told theirs.
  func place(_ batch: Int, rows: Int, _ cancellation: Cancellation) throws -> Int {
    state.withLock { state in
      state.counts[batch] = rows
      while state.known < state.counts.count, state.counts[state.known] >= 0 {
        state.starts[state.known] = state.total
        state.total += state.counts[state.known]
        state.known += 1
      }
    }
    while true {
      let start = state.withLock { $0.starts[batch] }
      if start >= 0 { return start }
      if isAbandoned.load(ordering: .relaxed) { throw Cancelled() }
      try cancellation.check()
      sched_yield()
    }
  }
}

/// Parts of tables.
enum Slicing {
  /// The first rows.
  static func prefix(_ table: Table, _ rows: Int) -> Table {
    let rows = max(0, rows)
    guard rows < table.rowCount else { return table }
    let columns = table.columns.map { DictionaryCompaction.compacted($0.prefix(rows)) }
    return Table(schema: table.schema, columns: columns, rowCount: rows)
  }

  /// Chosen rows in a new order; a row number of -1 makes a row of missing values.
  static func rows(_ table: Table, _ rows: [Int32], _ context: ExecutionContext) throws -> Table {
    let view = TableView(table)
    let size = ExecutionContext.batchRows
    let batches = (rows.count + size - 1) / size
    let sinks = Pipeline(table, context).layout.columns.map { ColumnSink($0, capacity: rows.count, parts: batches) }
    try rows.withUnsafeBufferPointer { rows in
      guard let first = rows.baseAddress else { return }
      try context.parallel(batches) { task, worker in
        let scratch = context.scratch(worker)
        let start = task * size
        let count = min(size, rows.count - start)
        for (column, sink) in sinks.enumerated() {
          scratch.reset()
          let width = table.columns[column].type.width
          let source = view.vector(column, from: 0)
          let vector = Gather.joined(source, view.rowCount, first + start, count, width: width, scratch)
          sink.write(vector, count: count, at: start, part: task)
        }
      }
    }
    let counts = (0..<batches).map { min(size, rows.count - $0 * size) }
    let columns = sinks.map { $0.finish(rows: rows.count, counts: counts) }
    return Table(schema: table.schema, columns: columns, rowCount: rows.count)
  }
}
