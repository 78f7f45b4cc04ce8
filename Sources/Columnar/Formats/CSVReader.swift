import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Reads delimited text into a table: all cores, whole-file types, nothing dropped in silence.
public struct CSVReader: Sendable {
  private let path: String
  private let options: CSVOptions
  private let cancellation: Cancellation

  /// A reader with its options.
  public init(path: String, options: CSVOptions = CSVOptions(), cancellation: Cancellation = Cancellation()) {
    self.path = path
    self.options = options
    self.cancellation = cancellation
  }

  /// Reads the file, unpacks and decodes it, and makes a table of it. Throws `SourceError` or `Cancelled`.
  public func read() throws -> (table: Table, report: LoadReport) {
    let source = try FileBytes.open(path)
    var report = LoadReport()
    report.path = path
    report.bytes = source.count
    return try read(source, report)
  }

  /// Makes a table of bytes that are in memory; the path is for messages.
  public func read(_ packed: [UInt8], _ known: LoadReport) throws -> (table: Table, report: LoadReport) {
    try read(MemorySource(bytes: packed), known)
  }

  private func read(_ packed: any ByteSource, _ known: LoadReport) throws -> (table: Table, report: LoadReport) {
    let began = CSVReader.seconds()
    var known = known
    let source = try unpacked(packed, &known)
    var (table, report) = try whole(source) { () -> (Table, LoadReport) in
      if options.baskets { return try self.baskets(source, known) }
      return try self.table(source, known)
    }
    report.rows = table.rowCount
    report.columns = table.columns.count
    report.seconds = CSVReader.seconds() - began
    return (table, report)
  }

  /// A file whose rows are read when they are asked for; nil for files that can only be read as a whole, such as packed ones.
  public func scan() throws -> FileScan? {
    let source = try FileBytes.open(path)
    guard source is FileSource, options.rows == nil, !options.baskets, options.columns == nil else { return nil }
    var known = LoadReport()
    known.path = path
    known.bytes = source.count
    let text = try unpacked(source, &known)
    guard text is FileSource || text is UnpackedSource, known.delimiter != CSVDialect.blank, !known.encoding.isUTF16
    else { return nil }
    var file = FileHead(path, text, options, known)
    let (plan, report) = try file.plan()
    // Which of the single-byte encodings it is, only the whole file says.
    if options.encoding == nil, plan.options.encoding?.isSingleByte == true { return nil }
    return FileScan(plan, report, options.encoding ?? .utf8, options)
  }

  private static func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  // MARK: Bytes

  /// The source as text in which ASCII means what it says: without compression, and not in UTF-16.
  private func unpacked(_ packed: any ByteSource, _ report: inout LoadReport) throws -> any ByteSource {
    var source = packed
    var head = try source.bytes(0..<(1 << 16))
    if head.isEmpty { throw SourceError.empty(path: path) }
    report.compression = Decompression.format(head)
    if let format = report.compression {
      source = UnpackedSource(packed, format, path: path, cancellation)
      head = try source.bytes(0..<(1 << 16))
    }
    try cancellation.check()
    if head.isEmpty { throw SourceError.empty(path: path) }
    report.encoding = options.encoding ?? TextEncoding.marked(head) ?? .utf8
    if report.encoding.isUTF16 {
      let text = try report.encoding.decodeUTF16(try all(source), path: path)
      if text.isEmpty { throw SourceError.empty(path: path) }
      source = MemorySource(bytes: text)
    } else if let kind = FileBytes.binaryKind(head) {
      throw try whole(source, or: SourceError.binary(path: path, kind: kind))
    }
    let start = try source.bytes(0..<(1 << 16))
    let isBlankSeparated =
      options.delimiter.map { $0 == CSVDialect.blank } ?? isBlankSeparated(start)
    if isBlankSeparated { source = MemorySource(bytes: BlankSeparated.collapsed(try all(source))) }
    if options.baskets, let packed = source as? UnpackedSource { source = MemorySource(bytes: try packed.all()) }
    report.delimiter = isBlankSeparated ? CSVDialect.blank : report.delimiter
    try cancellation.check()
    return source
  }

  private func all(_ source: any ByteSource) throws -> [UInt8] {
    if let packed = source as? UnpackedSource { return try packed.all() }
    return try source.bytes(0..<source.count)
  }

  /// What a closure makes of a source. When it fails, a packed file is read to its end first: that it is damaged explains all
  /// else that is wrong with it.
  private func whole<T>(_ source: any ByteSource, _ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as SourceError {
      throw try whole(source, or: error)
    }
  }

  private func whole(_ source: any ByteSource, or error: SourceError) throws -> any Error {
    try (source as? UnpackedSource)?.verify()
    try cancellation.check()
    return error
  }

  private func isBlankSeparated(_ head: [UInt8]) -> Bool {
    if options.baskets { return CSVDialect.detectRagged(head, delimiter: nil).delimiter == CSVDialect.blank }
    let usual = [",", ";", "\t", "|"].compactMap(\.utf8.first)
    return !head.contains(where: usual.contains) && BlankSeparated.isLikely(head)
  }

  // MARK: Tables

  private func table(_ source: any ByteSource, _ known: LoadReport) throws -> (table: Table, report: LoadReport) {
    var settings = options
    if known.delimiter == CSVDialect.blank { settings.delimiter = CSVDialect.blank }
    if known.encoding.isUTF16 { settings.encoding = .utf8 }
    var head = FileHead(path, source, settings, known)
    let (plan, begun) = try head.plan()
    try TableEstimate.check(plan)
    guard plan.isTentative else { return try table(plan, begun, settings).made }
    // What is packed has shown its head only. When all rows are as that promised, looks into the middle would have changed
    // nothing; otherwise they are made up for, now that the end is known.
    let first = Result { try table(plan, begun, settings) }
    if case .success(let read) = first, !read.isSurprising { return read.made }
    if case .failure(let error) = first, !(error is SourceError) { throw error }
    try (source as? UnpackedSource)?.verify()
    try cancellation.check()
    head = FileHead(path, source, settings, known)
    let (sure, anew) = try head.plan()
    if sure.reads(like: plan) { return try first.get().made }
    return try table(sure, anew, settings).made
  }

  /// Reads all rows by a plan. `isSurprising` says that some were not as the plan's sample promised.
  private func table(
    _ plan: DelimitedPlan, _ known: LoadReport, _ options: CSVOptions
  ) throws -> (made: (table: Table, report: LoadReport), isSurprising: Bool) {
    var settings = options
    var report = known
    if settings.encoding == nil, known.encoding == .utf8WithMark { settings.encoding = .utf8WithMark }

    // In the first pass all columns are read; then, as long as there are any, those whose earlier rows a late one widened.
    var kinds = plan.kinds
    var columns: [Int: ColumnSink] = [:]
    var open = Array(plan.wanted.indices)
    var counted: TableAssembly?
    var isFirstPass = true
    repeat {
      var pass = plan
      if !isFirstPass { pass.source = plan.source.afresh(cancellation) }
      isFirstPass = false
      pass.wanted = open.map { plan.wanted[$0] }
      pass.isGiven = open.map { plan.isGiven[$0] }
      pass.isBlind = open.map { plan.isBlind[$0] }
      pass.scales = open.map { plan.scales[$0] }
      let board = KindBoard(open.map { kinds[$0] }, options: plan.options)
      let assembly = try assemble(pass, board, rereading: counted != nil)
      for (place, kind) in board.current.enumerated() { kinds[open[place]] = kind }
      if assembly.beginsAnew { continue }
      for (place, sink) in assembly.sinks.enumerated() { columns[open[place]] = sink }
      counted = counted ?? assembly
      open = open.filter { columns[$0]?.mustReread == true }
    } while !open.isEmpty
    let sinks = plan.wanted.indices.compactMap { columns[$0] }
    let finish = try TextFinish(settings.encoding, sinks, plan)
    if !report.encoding.isUTF16 { report.encoding = finish.encoding }
    report.blankLines = counted?.total.blankLines ?? 0
    report.skippedRows = counted?.total.raggedRows ?? 0
    // Numbers and truth values widen to the same kind wherever they began; eight digits that were days might have been numbers.
    let isTurned = zip(plan.kinds, kinds).contains { if case .date = $0 { $0 != $1 } else { false } }
    let isFilled = zip(plan.isBlind, sinks).contains { $0 && $1.missing < $1.count }
    let isForeign = settings.encoding == nil && finish.encoding != .utf8
    let isSurprising = isTurned || isFilled || isForeign || report.skippedRows > 0
    return ((assembled(plan, sinks, finish, rows: counted?.rows ?? 0, &report), report), isSurprising)
  }

  /// Reads all chunks on all cores.
  private func assemble(_ plan: DelimitedPlan, _ board: KindBoard, rereading: Bool) throws -> TableAssembly {
    let pieces = SourcePieces(plan)
    let threads = min(pieces.most, ParallelTasks.workerCount)
    let assembly = TableAssembly(plan, board, threads: threads, rereading: rereading)
    ParallelTasks.run(tasks: pieces.most) { _, queue in
      let reader = ChunkReader(plan, board)
      while !assembly.isFinished, !cancellation.isCancelled {
        let chunk = assembly.spareChunk()
        guard let index = queue.next() else { break }
        do throws(SourceError) {
          guard let range = try pieces.range(index) else { break }
          try reader.read(range, from: index == 0 ? range.lowerBound : nil, into: chunk, widening: false)
        } catch {
          assembly.fail(error)
          break
        }
        assembly.deliver(index, chunk)
      }
    }
    try cancellation.check()
    try assembly.check()
    return assembly
  }

  private func assembled(
    _ plan: DelimitedPlan, _ sinks: [ColumnSink], _ finish: TextFinish, rows: Int, _ report: inout LoadReport
  ) -> Table {
    var fields: [Field] = []
    var columns: [Column] = []
    for (slot, sink) in sinks.enumerated() {
      let name = plan.names[plan.wanted[slot]]
      var column = sink.column(finish)
      var field = Field(name, column.type)
      switch sink.kind {
      case .real(let style):
        if let currency = style.currency { field.measure = .currency(currency) }
        if style.isPercent { field.measure = .percent }
        report.decimal = style.decimal
      case .date(var layout):
        layout.hasTime = sink.dates.hasTime
        report.dates.append((name, layout, sink.dates.reason(layout, plan.options)))
      case .integer, .boolean, .text: break
      }
      if Identifiers.isName(name), case .plain = field.measure {
        column = Identifiers.wholeNumbers(column)
        if column.type == .integer { field = Field(name, .integer, measure: .identifier) }
      }
      if column.missingCount > 0 { report.missing.append((name, column.missingCount)) }
      fields.append(field)
      columns.append(column)
    }
    return Table(schema: Schema(fields), columns: columns, rowCount: rows)
  }

  // MARK: Baskets

  private func baskets(_ source: any ByteSource, _ known: LoadReport) throws -> (table: Table, report: LoadReport) {
    var report = known
    let head = try source.bytes(0..<(1 << 16))
    let given = known.delimiter == CSVDialect.blank ? CSVDialect.blank : options.delimiter
    let dialect = CSVDialect.detectRagged(head, delimiter: given)
    report.delimiter = dialect.delimiter
    report.hasHeader = false
    var reader = BasketReader(path, source, dialect, options)
    let table = try reader.read(cancellation)
    report.encoding = report.encoding.isUTF16 ? report.encoding : reader.encoding
    report.blankLines = reader.blankLines
    return (table, report)
  }
}
