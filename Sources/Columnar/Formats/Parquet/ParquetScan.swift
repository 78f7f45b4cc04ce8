import Synchronization

/// A Parquet file whose rows are read when somebody asks for them: only the columns that are needed, and only the row groups
/// in which a row can matter.
public final class ParquetScan: ReportedScan {
  /// Rows of one part: columns of eight bytes stay below a megabyte, so that their memory is used again.
  private static let partRows = 60 * 2048

  /// The columns of the file.
  public let schema: Schema
  /// What the footer says.
  public let report: LoadReport
  private let file: ParquetFile
  private let columns: [ParquetColumn]
  /// Rows of each row group that are read.
  private let rows: [Int]

  init(_ file: ParquetFile, _ columns: [ParquetColumn], noTexts: [String], rows limit: Int?) {
    (self.file, self.columns) = (file, columns)
    var left = max(0, limit ?? .max)
    rows = file.groups.map { group in
      let taken = min(left, group.rows)
      left -= taken
      return taken
    }
    schema = Schema(columns.map { Field($0.name, $0.type) })
    report = file.report(columns, noTexts: noTexts, rows: rows.reduce(0, +))
  }

  /// Reading finds out nothing that the footer does not say.
  public var reportAfterReading: LoadReport { report }

  /// The smallest and largest day or moment of a column, where the statistics of all row groups hold them.
  public func extremes(_ name: String) -> (Value, Value)? {
    guard let column = column(name), column.type.isTemporal, rows == file.groups.map(\.rows) else { return nil }
    var (low, high) = (Int64.max, Int64.min)
    for group in file.groups where group.rows > 0 {
      let range = ChunkRange(group.columns[column.position], column)
      if range.isMissing(group.rows) { continue }
      guard range.isExact, case .whole(let first)? = range.low, case .whole(let last)? = range.high else { return nil }
      (low, high) = (min(low, first), max(high, last))
    }
    guard low <= high else { return nil }
    if column.type == .datetime {
      return (.datetime(Timestamp(microseconds: low)), .datetime(Timestamp(microseconds: high)))
    }
    guard let first = Int32(exactly: low), let last = Int32(exactly: high) else { return nil }
    return (.date(CivilDate(days: first)), .date(CivilDate(days: last)))
  }

  private func column(_ name: String) -> ParquetColumn? { columns.first { $0.name == name } }

  // MARK: Row groups

  /// The row groups in which some row may be within the bounds.
  private func groups(within bounds: [ColumnBound]) -> [Int] {
    let bounds = bounds.compactMap { bound in column(bound.column).map { (bound, $0) } }
    return file.groups.indices.filter { place in
      let group = file.groups[place]
      return rows[place] > 0
        && bounds.allSatisfy { bound, column in
          let range = ChunkRange(group.columns[column.position], column)
          return !range.isMissing(group.rows) && range.meets(bound)
        }
    }
  }

  /// How many rows stand in the row groups that are not read for these bounds.
  public func rowsLeftOut(by bounds: [ColumnBound]) -> Int {
    rows.reduce(0, +) - groups(within: bounds).reduce(0) { $0 + rows[$1] }
  }

  // MARK: Reading

  /// What the closure makes of the parts, in the order of the file. Throws what the closure throws, `SourceError`,
  /// `Cancelled`, or `Drift` when bytes that were taken for text are none.
  public func mapParts<Result: Sendable>(
    _ names: [String], within bounds: [ColumnBound], _ cancellation: Cancellation,
    until isEnough: (@Sendable (Result) -> Bool)?, _ body: @escaping @Sendable (Table) throws -> Result
  ) throws -> [Result] {
    let wanted = names.compactMap(column)
    let schema = Schema(wanted.map { Field($0.name, $0.type) })
    let slices = RowSlice.cut(groups(within: bounds), rows, each: ParquetScan.partRows)
    // Whoever puts the results together wants to know at least what they look like.
    if slices.isEmpty {
      return [try body(Table(schema: schema, columns: wanted.map { .of($0.type, []) }, rowCount: 0))]
    }
    do {
      return try SliceReading(file, wanted, slices, cancellation).run(until: isEnough) { columns, rows in
        try body(Table(schema: schema, columns: columns, rowCount: rows))
      }
    } catch let none as ColumnChunkReader.NoText {
      throw FileScan.Drift(path: file.path, column: none.column)
    }
  }

  /// All rows of some columns.
  public func table(_ names: [String], _ cancellation: Cancellation) throws -> Table {
    let wanted = names.compactMap(column)
    let schema = Schema(wanted.map { Field($0.name, $0.type) })
    let count = rows.reduce(0, +)
    if wanted.isEmpty { return Table(schema: schema, columns: [], rowCount: count) }
    let slices = RowSlice.cut(Array(rows.indices), rows, each: 8 * ParquetScan.partRows)
    let pieces = try SliceReading(file, wanted, slices, cancellation).run { columns, _ in columns }
    let columns = try PieceJoin(pieces, wanted.map(\.type), path: file.path).columns(wanted.map(\.name), cancellation)
    return Table(schema: schema, columns: columns, rowCount: count)
  }
}

/// Rows of a row group that are read together.
struct RowSlice: Sendable {
  var group: Int
  var first: Int
  var count: Int

  /// The rows of some groups in slices of about the same size, group by group.
  static func cut(_ groups: [Int], _ rows: [Int], each size: Int) -> [[RowSlice]] {
    groups.filter { rows[$0] > 0 }.map { group in
      let all = rows[group]
      // A little more than the size is better than a little rest.
      let parts = max(1, (all + size / 4) / size)
      let each = (all + parts - 1) / parts
      return stride(from: 0, to: all, by: each).map { first in
        RowSlice(group: group, first: first, count: min(each, all - first))
      }
    }
  }
}

/// Reads slices of rows on all cores.
struct SliceReading: Sendable {
  private let file: ParquetFile
  private let columns: [ParquetColumn]
  /// Slices that one thread reads one after another.
  private let tasks: [[RowSlice]]
  private let cancellation: Cancellation

  init(_ file: ParquetFile, _ columns: [ParquetColumn], _ groups: [[RowSlice]], _ cancellation: Cancellation) {
    (self.file, self.columns, self.cancellation) = (file, columns, cancellation)
    // Whoever reads all slices of a group opens it once. The last ones are shared out, so that no core waits for long.
    let whole = max(0, groups.count - 2 * ParallelTasks.workerCount)
    tasks = groups[..<whole] + groups[whole...].flatMap { $0.map { [$0] } }
  }

  private struct State<Result> {
    var results: [Int: [Result]] = [:]
    var failure: (any Error)?
    /// The first task whose results `isEnough` has not been asked about.
    var next = 0
    var isDone = false

    /// Asks about the results whose turn it is.
    mutating func look(_ isEnough: (Result) -> Bool) {
      while !isDone, let results = results[next] {
        next += 1
        isDone = results.contains(where: isEnough)
      }
    }
  }

  /// What the closure makes of the columns of each slice, in the order of the slices; of the first ones only when `isEnough`
  /// says so of one.
  func run<Result: Sendable>(
    until isEnough: (@Sendable (Result) -> Bool)? = nil, _ body: @Sendable ([Column], Int) throws -> Result
  ) throws -> [Result] {
    let state = Mutex(State<Result>())
    ParallelTasks.run(tasks: tasks.count) { _, queue in
      let reader = SliceReader(file, columns)
      while !cancellation.isCancelled, state.withLock({ $0.failure == nil && !$0.isDone }), let task = queue.next() {
        do {
          var results: [Result] = []
          for slice in tasks[task] {
            try cancellation.check()
            results.append(try body(try reader.read(slice), slice.count))
          }
          state.withLock { state in
            state.results[task] = results
            if let isEnough { state.look(isEnough) }
          }
        } catch {
          state.withLock { $0.failure = $0.failure ?? error }
        }
      }
    }
    try cancellation.check()
    var end = state.withLock { $0 }
    if let failure = end.failure { throw failure }
    return tasks.indices.prefix(end.isDone ? end.next : tasks.count).flatMap {
      end.results.removeValue(forKey: $0) ?? []
    }
  }
}

/// Reads slices of rows on one thread.
final class SliceReader {
  private let file: ParquetFile
  private let readers: [ColumnChunkReader]

  init(_ file: ParquetFile, _ columns: [ParquetColumn]) {
    self.file = file
    let unpacker = PageUnpacker()
    readers = columns.map { ColumnChunkReader(file, $0, unpacker) }
  }

  /// The columns of a slice.
  func read(_ slice: RowSlice) throws -> [Column] {
    try readers.map { reader in
      if reader.group != slice.group || reader.row > slice.first {
        try reader.open(slice.group, file.groups[slice.group].columns[reader.column.position])
      }
      try reader.skip(slice.first - reader.row)
      return try reader.read(slice.count)
    }
  }
}
