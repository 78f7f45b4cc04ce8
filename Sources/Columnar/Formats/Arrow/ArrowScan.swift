import Synchronization

/// An Arrow file whose columns are read when somebody asks for them: a record batch is a part.
final class ArrowScan: ReportedScan {
  let schema: Schema
  let report: LoadReport
  private let file: ArrowFile
  /// The readers of the schema's columns.
  private let columns: [ArrowColumn]

  var reportAfterReading: LoadReport { report }

  /// Opens a file. Throws `SourceError`.
  init(_ path: String) throws {
    let source = try FileBytes.open(path)
    do {
      file = try ArrowFile(path, source)
    } catch let fault as BinaryFault {
      throw SourceError.damaged(path: path, format: ArrowFormat.name, place: fault.place, found: fault.found)
    }
    var known = LoadReport()
    (known.path, known.bytes, known.format) = (path, source.count, ArrowFormat.name)
    (known.rows, known.details) = (file.rows, ArrowScan.details(file))
    let (names, renamed) = ColumnNames.unique(file.fields.map(\.name))
    known.renamed = renamed
    var (node, buffer, variadic) = (0, 0, 0)
    var made: [ArrowColumn] = []
    var fields: [Field] = []
    for (place, field) in file.fields.enumerated() {
      if let type = field.type {
        made.append(ArrowColumn(file: file, field: field, node: node, buffer: buffer, variadic: variadic))
        let isLabel = type == .integer && Identifiers.isName(names[place])
        fields.append(Field(names[place], type, measure: isLabel ? .identifier : .plain))
      }
      node += field.nodes
      buffer += field.buffers
      variadic += field.variadics
    }
    known.columns = fields.count
    (columns, schema, report) = (made, Schema(fields), known)
  }

  private static func details(_ file: ArrowFile) -> [(label: String, text: String)] {
    let packings = Set(file.batches.compactMap(\.codec)).sorted().map { $0 == 0 ? "LZ4" : "zstd" }
    var details = [(label: "layout", text: file.isStream ? "a stream" : "a file (Feather 2)")]
    details.append(("record batches", String(file.batches.count)))
    if !packings.isEmpty { details.append(("packed", packings.joined(separator: ", "))) }
    let left = file.fields.filter { $0.type == nil }
    if !left.isEmpty {
      details.append(("left out", left.prefix(20).map { "\($0.name) (\($0.kind))" }.joined(separator: ", ")))
    }
    let zones = Set(file.fields.compactMap(\.zone)).sorted()
    if !zones.isEmpty { details.append(("times of a zone", "in UTC, not in \(zones.joined(separator: ", "))")) }
    let durations = file.fields.filter { if case .duration = $0.layout { true } else { false } }.map(\.name)
    if !durations.isEmpty { details.append(("lengths of time", "\(durations.joined(separator: ", ")) in seconds")) }
    return details
  }

  func extremes(_ column: String) -> (Value, Value)? { nil }

  func table(_ columns: [String], _ cancellation: Cancellation) throws -> Table {
    try table(columns, file.batches[...], cancellation, onAllCores: true)
  }

  /// The first rows of some columns: no more batches are read than hold them.
  func table(_ columns: [String], first rows: Int, _ cancellation: Cancellation) throws -> Table {
    var (batches, count) = (0, 0)
    while batches < file.batches.count, count < rows {
      count += file.batches[batches].rows
      batches += 1
    }
    let table = try table(columns, file.batches[..<batches], cancellation, onAllCores: true)
    if rows >= table.rowCount { return table }
    return Table(schema: table.schema, columns: table.columns.map { $0.prefix(rows) }, rowCount: rows)
  }

  func mapParts<Result: Sendable>(
    _ columns: [String], within bounds: [ColumnBound], _ cancellation: Cancellation,
    until isEnough: (@Sendable (Result) -> Bool)?, _ body: @escaping @Sendable (Table) throws -> Result
  ) throws -> [Result] {
    let make = { @Sendable (batch: Int) in
      try body(try self.table(columns, self.file.batches[batch...batch], cancellation, onAllCores: false))
    }
    guard let isEnough else { return try tasks(file.batches.count, cancellation, make) }
    var results: [Result] = []
    for batch in file.batches.indices {
      let result = try make(batch)
      results.append(result)
      if isEnough(result) { break }
    }
    return results
  }

  private func table(
    _ names: [String], _ batches: ArraySlice<ArrowFile.Batch>, _ cancellation: Cancellation, onAllCores: Bool
  ) throws -> Table {
    var places: [Int] = []
    for name in names {
      guard let place = schema.index(of: name) else {
        throw SourceError.unknownColumn(path: report.path, column: name, columns: schema.names)
      }
      places.append(place)
    }
    let wanted = places
    let made =
      try onAllCores
      ? tasks(wanted.count, cancellation) { try self.column(wanted[$0], batches, cancellation) }
      : wanted.map { try column($0, batches, cancellation) }
    return Table(
      schema: Schema(wanted.map { schema.fields[$0] }), columns: made, rowCount: batches.reduce(0) { $0 + $1.rows })
  }

  private func column(
    _ place: Int, _ batches: ArraySlice<ArrowFile.Batch>, _ cancellation: Cancellation
  ) throws -> Column {
    do {
      return try columns[place].column(batches, cancellation)
    } catch let fault as BinaryFault {
      throw SourceError.damaged(path: report.path, format: ArrowFormat.name, place: fault.place, found: fault.found)
    }
  }

  /// What tasks make on all cores, in their order. Throws what the first of them throws.
  private func tasks<T: Sendable>(
    _ count: Int, _ cancellation: Cancellation, _ body: @Sendable (Int) throws -> T
  ) throws -> [T] {
    let results = TaskResults<T>(count)
    let failure = Mutex((any Error)?.none)
    ParallelTasks.run(tasks: count) { _, queue in
      while failure.withLock({ $0 == nil }), !cancellation.isCancelled, let task = queue.next() {
        do { results.put(task, try body(task)) } catch { failure.withLock { $0 = $0 ?? error } }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    try cancellation.check()
    return results.all
  }
}
