/// A chunk of a file, read: its rows' columns, and where it was thought to begin. It is handed from thread to thread and never
/// held by two at a time.
final class ChunkTable: @unchecked Sendable {
  /// The bytes of the source in which the chunk's rows begin.
  var range = 0..<0
  /// Where the first row begins; nil when no guess held.
  var first: Int?
  var count = RowCount()
  private(set) var columns: [ChunkColumn] = []

  init(columns: Int) { self.columns = (0..<columns).map { _ in ChunkColumn() } }
}

/// Reads chunks of a file on one thread: buffers and dictionaries of its own, nothing shared but the kinds of the columns.
final class ChunkReader {
  private let plan: DelimitedPlan
  private let scanner: RowScanner
  private let board: KindBoard
  private var coders: [TextCoder?]
  /// Quotes in bare text were met; the fast way would be in vain.
  private var prefersSlowWay = false
  /// The separators to look for when few columns are wanted; nil when that saves nothing, and as soon as a row has another
  /// number of fields.
  private var choice: FieldChoice?

  init(_ plan: DelimitedPlan, _ board: KindBoard) {
    self.plan = plan
    self.board = board
    scanner = RowScanner(plan.source, plan.dialect, columns: plan.names.count)
    coders = [TextCoder?](repeating: nil, count: plan.wanted.count)
    choice = FieldChoice(plan.wanted, of: plan.names.count)
  }

  /// Reads the rows that begin in a range. `first` is where the first of them begins, nil when that has to be guessed. A column
  /// with a field that its kind does not fit ends there, unless the columns may be widened.
  func read(
    _ range: Range<Int>, from first: Int?, into table: ChunkTable, widening: Bool
  ) throws(SourceError) {
    let limit = plan.options.rows ?? .max
    table.range = range
    table.first = nil
    table.count = RowCount()
    try scanner.load(range)
    guard let start = first ?? scanner.guessStart() else { return }
    if start >= range.upperBound {
      table.count.next = start
      table.first = start
      return
    }
    let kinds = board.current
    for slot in table.columns.indices { begin(table.columns[slot], slot, kinds[slot]) }
    // Whatever becomes of the attempt, the texts that it met have codes now.
    defer { for column in table.columns { column.end() } }
    var open = Array(table.columns.indices)
    var isFirstRound = true
    while isFirstRound || !open.isEmpty {
      guard let count = try scan(range, start, guessed: first == nil, open, table, limit) else { return }
      if isFirstRound { table.count = count }
      isFirstRound = false
      open = open.filter { slot in
        let column = table.columns[slot]
        guard widening, let misfit = column.misfit, !plan.isGiven[slot] else { return false }
        begin(column, slot, board.widen(slot, from: column.kind, for: misfit.text))
        return true
      }
    }
    for (slot, column) in table.columns.enumerated() where column.repeatsRarely { coders[slot] = nil }
    table.first = start
  }

  private func begin(_ column: ChunkColumn, _ slot: Int, _ kind: ColumnKind) {
    guard kind == .text else {
      column.begin(kind, nil, scale: plan.scales[slot])
      return
    }
    if board.plain.contains(slot) {
      coders[slot] = nil
      column.begin(kind, nil, scale: nil)
      return
    }
    let coder = coders[slot] ?? TextCoder()
    coders[slot] = coder
    column.begin(kind, coder, scale: nil)
  }

  /// Cuts the chunk and converts some of its columns. Nil when the guess of its beginning was given up.
  private func scan(
    _ range: Range<Int>, _ start: Int, guessed: Bool, _ open: [Int], _ table: ChunkTable, _ limit: Int
  ) throws(SourceError) -> RowCount? {
    func convert(_ block: FieldBlock, _ places: [Int]) {
      for slot in open { table.columns[slot].append(block, places[slot], plan.missing) }
    }
    while !prefersSlowWay {
      let places = choice?.places ?? plan.wanted
      let outcome = try scanner.scan(from: start, to: range.upperBound, limit: limit, guessed: guessed, choice) {
        block in
        convert(block, places)
      }
      switch outcome {
      case .done(let count): return count
      case .gaveUp: return nil
      case .ragged: choice = nil
      // A wrong guess meets stray quotes too: only a row that is known to begin there says something of the file.
      case .stray: prefersSlowWay = !guessed
      }
      for slot in open { begin(table.columns[slot], slot, table.columns[slot].kind) }
      if case .stray = outcome { break }
    }
    guard
      case .done(let count) = try scanner.scanSlowly(
        from: start, to: range.upperBound, limit: limit, guessed: guessed, { convert($0, plan.wanted) })
    else { return nil }
    return count
  }
}
