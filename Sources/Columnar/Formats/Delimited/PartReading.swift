import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Reads a file part by part on all cores and keeps nothing but what a closure makes of each part.
final class PartReading<Result: Sendable>: @unchecked Sendable {
  /// A part that a thread has read from a guessed beginning, and what the closure made of it.
  private struct Read {
    var range: Range<Int>
    var first: Int?
    var count: RowCount
    var ranges: [String: ClosedRange<Int64>] = [:]
    var result: Swift.Result<Result, any Error>?
  }

  private struct State {
    var read: [Int: Read] = [:]
    var next = 0
    var isAdding = false
    var isDone = false
    var failure: (any Error)?
  }

  private let plan: DelimitedPlan
  private let encoding: TextEncoding
  private let cancellation: Cancellation
  private let isEnough: (@Sendable (Result) -> Bool)?
  private let body: @Sendable (Table) throws -> Result
  private let board: KindBoard
  private let state = Mutex(State())

  // What follows is touched only by the thread that is adding.
  private var results: [Result] = []
  private(set) var ranges: [String: ClosedRange<Int64>] = [:]
  /// Rows with another number of fields, and lines with nothing on them.
  private(set) var raggedRows = 0
  private(set) var blankLines = 0
  private var start: Int
  private var repair: (reader: ChunkReader, chunk: ChunkTable)?

  init(
    _ plan: DelimitedPlan, _ encoding: TextEncoding, _ cancellation: Cancellation,
    until isEnough: (@Sendable (Result) -> Bool)?, _ body: @escaping @Sendable (Table) throws -> Result
  ) {
    self.plan = plan
    self.encoding = encoding
    self.cancellation = cancellation
    self.isEnough = isEnough
    self.body = body
    board = KindBoard(plan.kinds, options: plan.options)
    start = plan.bodyStart
  }

  /// Reads the parts until there is enough; after all of them the ranges of columns of dates are known, and what was left out.
  func run() throws -> [Result] {
    let pieces = SourcePieces(plan)
    ParallelTasks.run(tasks: pieces.most) { _, queue in
      let reader = ChunkReader(plan, board)
      let chunk = ChunkTable(columns: plan.wanted.count)
      while !isOver, !cancellation.isCancelled {
        // Whoever is far ahead of the part whose turn it is would only make its bytes wait.
        if state.withLock({ $0.read.count > 4 * ParallelTasks.workerCount }) {
          usleep(100)
          continue
        }
        guard let index = queue.next() else { break }
        do throws(SourceError) {
          guard let range = try pieces.range(index) else { break }
          deliver(index, read(range, from: index == 0 ? range.lowerBound : nil, reader, chunk))
        } catch {
          state.withLock { $0.failure = $0.failure ?? error }
        }
      }
    }
    try cancellation.check()
    if let failure = state.withLock({ $0.failure }) { throw failure }
    return results
  }

  /// Whether parts were left unread because there was enough.
  var endedEarly: Bool { state.withLock { $0.isDone } }

  private var isOver: Bool { state.withLock { $0.failure != nil || $0.isDone } }

  private func read(_ range: Range<Int>, from first: Int?, _ reader: ChunkReader, _ chunk: ChunkTable) -> Read {
    do {
      try reader.read(range, from: first, into: chunk, widening: false)
      guard let begin = chunk.first else { return Read(range: range, first: nil, count: RowCount(), result: nil) }
      var ranges: [String: ClosedRange<Int64>] = [:]
      let result = Swift.Result<Result, any Error> {
        let table = try table(chunk)
        ranges = PartReading.ranges(table)
        return try body(table)
      }
      return Read(range: range, first: begin, count: chunk.count, ranges: ranges, result: result)
    } catch {
      return Read(range: range, first: first, count: RowCount(), result: .failure(error))
    }
  }

  /// Takes what was read of a part, and adds what is its turn.
  private func deliver(_ index: Int, _ read: Read) {
    let mayAdd = state.withLock { state in
      state.read[index] = read
      if state.isAdding { return false }
      state.isAdding = true
      return true
    }
    guard mayAdd else { return }
    while true {
      let next = state.withLock { state -> Read? in
        let next = state.failure == nil && !state.isDone ? state.read.removeValue(forKey: state.next) : nil
        if next == nil { state.isAdding = false } else { state.next += 1 }
        return next
      }
      guard let next else { return }
      do {
        try add(next)
      } catch {
        state.withLock { $0.failure = $0.failure ?? error }
      }
    }
  }

  private func add(_ part: Read) throws {
    defer { plan.source.forget(before: part.range.upperBound - 1) }
    // A row that began before the part may end behind it.
    if start >= part.range.upperBound { return }
    var part = part
    if part.first != start {
      let tools = repair ?? (ChunkReader(plan, board), ChunkTable(columns: plan.wanted.count))
      repair = tools
      part = read(part.range, from: start, tools.reader, tools.chunk)
    }
    // Reading all of the file says what is wrong, and how often.
    let isRagged = part.count.raggedRows > 0 && (plan.options.badRows == .fail || plan.isTentative)
    if part.count.unclosed != nil || isRagged { throw FileScan.Drift(path: plan.path, column: nil) }
    guard let result = try part.result?.get() else { return }
    results.append(result)
    if isEnough?(result) == true { state.withLock { $0.isDone = true } }
    raggedRows += part.count.raggedRows
    blankLines += part.count.blankLines
    ranges.merge(part.ranges) { min($0.lowerBound, $1.lowerBound)...max($0.upperBound, $1.upperBound) }
    start = part.count.next
  }

  /// The smallest and largest value of each column of dates.
  private static func ranges(_ table: Table) -> [String: ClosedRange<Int64>] {
    var ranges: [String: ClosedRange<Int64>] = [:]
    for (field, column) in zip(table.schema.fields, table.columns) where field.type.isTemporal {
      if let range = column.packed?.range(column.validity) { ranges[field.name] = range }
    }
    return ranges
  }

  // MARK: Tables

  /// The rows of a part. Throws `Drift` when they do not have the promised types.
  private func table(_ chunk: ChunkTable) throws -> Table {
    var columns: [Column] = []
    for (slot, column) in chunk.columns.enumerated() {
      let field = plan.fields[slot]
      if column.misfit != nil { throw FileScan.Drift(path: plan.path, column: field.name) }
      if let coder = column.coder {
        coder.map.restart(coder.entries)
      }
      let sink = ColumnSink(column.kind, scale: plan.scales[slot], plan.options)
      sink.append(column, rows: chunk.count.rows)
      var isClean = true
      if !encoding.isSingleByte {
        sink.eachBeyondASCII { _, text in isClean = isClean && TextEncoding.census(text).strayBytes == 0 }
      }
      let finish = TextFinish(encoding: encoding)
      var made = sink.column(hasTime: field.type == .datetime ? true : nil, finish)
      if field.type == .integer, made.type == .real { made = Identifiers.wholeNumbers(made) }
      let isSurprise = plan.isTentative && plan.isBlind[slot] && made.missingCount < made.count
      if isSurprise || !isClean || made.type != field.type { throw FileScan.Drift(path: plan.path, column: field.name) }
      columns.append(made)
    }
    return Table(schema: Schema(plan.fields), columns: columns, rowCount: chunk.count.rows)
  }
}
