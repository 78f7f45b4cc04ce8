import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Puts chunks that threads read in any order together in the order of the file.
///
/// A chunk that is not the first was begun at a guessed row; here, where the chunk before it is known to its end, the guess is
/// checked, and the chunk is read again when it was wrong. What a thread delivers waits until it is its turn; then whichever
/// thread is there adds all that can be added, and the others read on.
final class TableAssembly: @unchecked Sendable {
  private struct Waiting {
    var chunks: [Int: ChunkTable] = [:]
    var spare: [ChunkTable] = []
    var next = 0
    var isAdding = false
    var failure: SourceError?
    var isDone = false
  }

  private let plan: DelimitedPlan
  private let board: KindBoard
  private let waiting = Mutex(Waiting())
  private let mostWaiting: Int

  // What follows is touched only by the thread that is adding.
  private(set) var sinks: [ColumnSink]
  private(set) var rows = 0
  private(set) var total = RowCount()
  private var firstRagged: RowCount.Ragged?
  private var start: Int
  private var repair: ChunkReader?
  private let isRereading: Bool
  /// Whether it pays to begin anew: a packed file's early row widened a column, and only its head was known before.
  private(set) var beginsAnew = false
  private let lastRestart: Int

  /// `rereading` is set when rows were counted before and only some columns are read again.
  init(_ plan: DelimitedPlan, _ board: KindBoard, threads: Int, rereading: Bool) {
    self.plan = plan
    self.board = board
    mostWaiting = 4 * threads + 4
    isRereading = rereading
    lastRestart = plan.isTentative && !rereading ? plan.source.expectedCount / 8 : 0
    start = plan.bodyStart
    let kinds = board.current
    sinks = zip(kinds, plan.scales).map { ColumnSink($0, scale: $1, plan.options) }
  }

  /// Whether the kinds of some columns were widened so that their earlier rows must be read again.
  var rereads: [Int] { sinks.indices.filter { sinks[$0].mustReread } }

  /// Whether reading on is in vain: something failed, or there are rows enough.
  var isFinished: Bool { waiting.withLock { $0.isDone || $0.failure != nil } }

  /// What failed first in the order of the file.
  var failure: SourceError? { waiting.withLock { $0.failure } }

  /// A chunk to read into; waits while too many are to be added. Ask for it before taking an index: the chunk whose turn it is
  /// must never wait.
  func spareChunk() -> ChunkTable {
    while true {
      let (spare, mustWait) = waiting.withLock { waiting -> (ChunkTable?, Bool) in
        if waiting.chunks.count > mostWaiting, !waiting.isDone, waiting.failure == nil { return (nil, true) }
        return (waiting.spare.popLast(), false)
      }
      if !mustWait { return spare ?? ChunkTable(columns: plan.wanted.count) }
      usleep(100)
    }
  }

  /// Reading chunk `index` failed.
  func fail(_ error: SourceError) { waiting.withLock { $0.failure = $0.failure ?? error } }

  /// Takes a chunk, and adds what is its turn.
  func deliver(_ index: Int, _ chunk: ChunkTable) {
    let mayAdd = waiting.withLock { waiting in
      waiting.chunks[index] = chunk
      if waiting.isAdding { return false }
      waiting.isAdding = true
      return true
    }
    guard mayAdd else { return }
    var added: ChunkTable?
    while true {
      let next = waiting.withLock { waiting -> ChunkTable? in
        if let added { waiting.spare.append(added) }
        let next = waiting.isDone || waiting.failure != nil ? nil : waiting.chunks.removeValue(forKey: waiting.next)
        if next == nil { waiting.isAdding = false } else { waiting.next += 1 }
        return next
      }
      guard let next else { return }
      do throws(SourceError) {
        try add(next)
      } catch {
        fail(error)
      }
      added = next
    }
  }

  private func add(_ chunk: ChunkTable) throws(SourceError) {
    for column in chunk.columns { remember(column) }
    if start >= chunk.range.upperBound {
      // A row that began before the chunk ends behind it.
      chunk.count = RowCount()
      chunk.count.next = start
    } else if chunk.first != start || hasMisfit(chunk) {
      let reader = repair ?? ChunkReader(plan, board)
      repair = reader
      try reader.read(chunk.range, from: start, into: chunk, widening: true)
      for column in chunk.columns { remember(column) }
    }
    let before = plan.headerRows + total.allRows
    if let row = chunk.count.unclosed { throw .unclosedQuote(path: plan.path, row: before + row) }
    let taken = min(chunk.count.rows, (plan.options.rows ?? .max) - rows)
    if chunk.count.rows > 0 {
      for (slot, column) in chunk.columns.enumerated() {
        if let misfit = column.misfit, misfit.row < taken {
          throw .badValue(
            path: plan.path, row: before + misfit.row + 1, column: plan.names[plan.wanted[slot]],
            value: String(decoding: misfit.text.prefix(60), as: UTF8.self), type: plan.typeName(slot))
        }
        sinks[slot].append(column, rows: taken)
        if sinks[slot].isFull { throw .tooManyTexts(path: plan.path, column: plan.names[plan.wanted[slot]]) }
      }
    }
    rows += taken
    leavePlain(read: chunk.count.next)
    if var ragged = chunk.count.firstRagged, firstRagged == nil {
      ragged.row += before
      firstRagged = ragged
    }
    total.allRows += chunk.count.allRows
    total.blankLines += chunk.count.blankLines
    total.raggedRows += chunk.count.raggedRows
    start = chunk.count.next
    plan.source.forget(before: chunk.range.upperBound - 1)
    beginsAnew = chunk.range.upperBound < lastRestart && sinks.contains { $0.mustReread }
    if beginsAnew { waiting.withLock { $0.isDone = true } }
    if let limit = plan.options.rows, rows >= limit { waiting.withLock { $0.isDone = true } }
  }

  /// Leaves texts without codes from here on where hardly any comes twice; `place` is how far the source has been read.
  private func leavePlain(read place: Int) {
    let body = max(1, place - plan.bodyStart)
    let all = max(body, plan.source.expectedCount - plan.bodyStart)
    let expected = Int(Double(rows) * Double(all) / Double(body))
    for (slot, sink) in sinks.enumerated() where sink.repeatsRarely(of: expected) {
      sink.leavePlain()
      board.leavePlain(slot)
    }
  }

  /// Whether a column has to be widened before the chunk can be added.
  private func hasMisfit(_ chunk: ChunkTable) -> Bool {
    zip(chunk.columns, plan.isGiven).contains { $0.misfit != nil && !$1 }
  }

  /// Notes the texts that a chunk brought in, also when the chunk itself will be read again: later ones refer to them.
  private func remember(_ column: ChunkColumn) {
    guard let map = column.coder?.map, !column.newEntries.isEmpty else { return }
    map.entries.append(contentsOf: column.newEntries)
    map.codes.append(contentsOf: repeatElement(TextCoder.CodeMap.unknown, count: column.newEntries.count))
    column.forgetNewEntries()
  }

  /// Throws what stands against the table as a whole.
  func check() throws(SourceError) {
    if let failure { throw failure }
    if let ragged = firstRagged, plan.options.badRows == .fail, !isRereading, !beginsAnew {
      throw .raggedRow(
        path: plan.path, row: ragged.row, expected: plan.names.count, found: ragged.found, text: ragged.text,
        count: total.raggedRows)
    }
  }
}
