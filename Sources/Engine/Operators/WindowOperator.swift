import Columnar
import Query

/// Computes columns from each row's neighbours in its partition.
///
/// Rows are numbered by partition, brought into the order of partition, sort keys and incoming order, and each function
/// walks over the partitions' stretches of that order.
struct WindowOperator {
  let context: ExecutionContext

  func run(
    _ table: Table, _ windows: [NamedWindow], partition: [Expr], order: [SortKey], _ schema: Schema
  ) throws -> Table {
    guard table.rowCount < Int(Int32.max) else {
      throw QueryError.other("window functions need a table of less than 2^31 rows")
    }
    let frame = try WindowFrame(table, partition: partition, order: order, context)
    var columns: [Column] = []
    for (window, field) in zip(windows, schema.fields.suffix(windows.count)) {
      try context.cancellation.check()
      columns.append(try column(window, field, table, frame))
    }
    return Table(schema: schema, columns: table.columns + columns, rowCount: table.rowCount)
  }

  private func column(_ window: NamedWindow, _ field: Field, _ table: Table, _ frame: WindowFrame) throws -> Column {
    switch window.function {
    case .lag(let n): return try shifted(window, table, frame, by: 0 &- n)
    case .lead(let n): return try shifted(window, table, frame, by: n)
    case .rowNumber, .rank, .denseRank, .percentRank, .ntile: return try Ranking(frame, context).column(window.function)
    case .aggregate(let function):
      if function == .first || function == .last, frame.isOrdered {
        return try edge(window, table, frame, isLast: function == .last)
      }
      return try broadcast(function, window, table, frame)
    case .cumulative, .change, .growth, .share:
      return try RunningValues(frame, context).column(
        window.function, try argument(window.arguments[0], table), text: window.description)
    case .rolling(let rows, let function, let partial):
      let arguments = try window.arguments.filter { if case .literal = $0 { false } else { true } }
        .map { try argument($0, table) }
      let share = window.arguments.count > 1 ? try window.arguments[1].type(in: table.schema).constant?.number : nil
      return try RollingValues(frame, context, rows: rows, partial: partial)
        .column(function, arguments, share: share, type: field.type)
    }
  }

  private func argument(_ expr: Expr, _ table: Table) throws -> Column {
    let pipeline = Pipeline(table, context)
    try pipeline.project([NamedExpr("argument", expr)], context)
    return try pipeline.collect(context).columns[0]
  }

  /// The argument's value some places further on in the partition's order.
  private func shifted(_ window: NamedWindow, _ table: Table, _ frame: WindowFrame, by distance: Int) throws -> Column {
    var sources = [Int32](repeating: -1, count: table.rowCount)
    try frame.eachPartition(context, &sources) { rows, sources in
      for place in rows.indices {
        let (source, overflow) = place.addingReportingOverflow(distance)
        guard !overflow, rows.indices.contains(source) else { continue }
        sources[Int(rows[place])] = Int32(bitPattern: rows[source])
      }
    }
    return try pick(try argument(window.arguments[0], table), sources)
  }

  private func pick(_ column: Column, _ rows: [Int32]) throws -> Column {
    try Slicing.rows(Table([(Field("value", column.type), column)]), rows, context).columns[0]
  }

  /// The first or last value in the window's order, on each row of the partition.
  private func edge(_ window: NamedWindow, _ table: Table, _ frame: WindowFrame, isLast: Bool) throws -> Column {
    let values = try argument(window.arguments[0], table)
    var sources = [Int32](repeating: -1, count: table.rowCount)
    try frame.eachPartition(context, &sources) { rows, sources in
      let places = isLast ? Array(rows.indices.reversed()) : Array(rows.indices)
      guard let place = places.first(where: { !values.isMissing(Int(rows[$0])) }) else { return }
      for row in rows { sources[Int(row)] = Int32(bitPattern: rows[place]) }
    }
    return try pick(values, sources)
  }

  /// The aggregate of the whole partition, on each of its rows.
  private func broadcast(
    _ function: AggregateFunction, _ window: NamedWindow, _ table: Table, _ frame: WindowFrame
  ) throws -> Column {
    let aggregate = NamedAggregate("value", function, window.arguments)
    let schema = Schema([try aggregate.field(in: table.schema)])
    let values = try AggregateOperator(keys: [], [aggregate], schema, context).run(table, frame.groups)
    return try pick(values.columns[0], frame.groups.ids.map { Int32(bitPattern: $0) })
  }
}

/// The rows of a table by partition and order.
struct WindowFrame {
  let groups: GroupIDs
  /// All rows: partition after partition, each in its order.
  let rows: [UInt32]
  /// Where each partition begins in `rows`, and the end.
  let starts: [Int]
  /// Nil without sort keys: then all rows of a partition are equal.
  let keys: SortKeys?

  var isOrdered: Bool { keys != nil }

  init(_ table: Table, partition: [Expr], order: [SortKey], _ context: ExecutionContext) throws {
    let partitions = Pipeline(table, context)
    try partitions.project(partition.enumerated().map { NamedExpr("key \($0)", $1) }, context)
    let keyTable = try partitions.collect(context)
    groups = try RowGrouping.groups(
      Table(schema: keyTable.schema, columns: keyTable.columns, rowCount: table.rowCount),
      keys: Array(partition.indices), context)
    var incoming = (0..<UInt32(table.rowCount)).map { $0 }
    if order.isEmpty {
      keys = nil
    } else {
      let computed = Pipeline(table, context)
      try computed.project(order.enumerated().map { NamedExpr("key \($0)", $1.expr) }, context)
      let sortKeys = try SortKeys(try computed.collect(context), descending: order.map(\.descending), context)
      incoming = try sortKeys.order(context)
      keys = sortKeys
    }
    var starts = [Int](repeating: 0, count: groups.count + 1)
    for id in groups.ids { starts[Int(id) + 1] += 1 }
    for group in 0..<groups.count { starts[group + 1] += starts[group] }
    var next = starts
    var rows = [UInt32](repeating: 0, count: table.rowCount)
    for row in incoming {
      let group = Int(groups.ids[Int(row)])
      rows[next[group]] = row
      next[group] += 1
    }
    self.starts = starts
    self.rows = rows
  }

  /// Runs the body for the rows of each partition, on all cores. The body writes to its own rows of `results` only.
  func eachPartition<T>(
    _ context: ExecutionContext, _ results: inout [T],
    _ body: (_ rows: UnsafeBufferPointer<UInt32>, _ results: UnsafeMutableBufferPointer<T>) throws -> Void
  ) throws {
    let piece = max(1, groups.count / 256)
    try results.withUnsafeMutableBufferPointer { results in
      try rows.withUnsafeBufferPointer { rows in
        try context.parallel((groups.count + piece - 1) / piece) { task, _ in
          for group in task * piece..<min(groups.count, (task + 1) * piece) {
            try context.cancellation.check()
            try body(UnsafeBufferPointer(rebasing: rows[starts[group]..<starts[group + 1]]), results)
          }
        }
      }
    }
  }
}

/// Row numbers, ranks and parts.
struct Ranking {
  private let frame: WindowFrame
  private let context: ExecutionContext

  init(_ frame: WindowFrame, _ context: ExecutionContext) {
    self.frame = frame
    self.context = context
  }

  func column(_ function: WindowFunction) throws -> Column {
    if case .percentRank = function {
      var shares = [Double](repeating: 0, count: frame.rows.count)
      try frame.eachPartition(context, &shares) { rows, shares in
        guard rows.count > 1 else { return }
        ranks(rows, dense: false) { shares[Int($0)] = Double($1 - 1) / Double(rows.count - 1) }
      }
      return Column(.real(shares))
    }
    var numbers = [Int64](repeating: 0, count: frame.rows.count)
    try frame.eachPartition(context, &numbers) { rows, numbers in
      switch function {
      case .rank: ranks(rows, dense: false) { numbers[Int($0)] = $1 }
      case .denseRank: ranks(rows, dense: true) { numbers[Int($0)] = $1 }
      case .ntile(let parts):
        // The first `rest` parts have one row more.
        let (size, rest) = rows.count.quotientAndRemainder(dividingBy: max(1, parts))
        for (place, row) in rows.enumerated() {
          let inLarge = place < rest * (size + 1)
          numbers[Int(row)] = Int64(
            inLarge ? place / (size + 1) + 1 : rest + (place - rest * (size + 1)) / max(1, size) + 1)
        }
      default: for (place, row) in rows.enumerated() { numbers[Int(row)] = Int64(place + 1) }
      }
    }
    return Column(.integer(numbers))
  }

  /// Each row with its rank; rows with equal sort keys share one.
  private func ranks(_ rows: UnsafeBufferPointer<UInt32>, dense: Bool, _ take: (UInt32, Int64) -> Void) {
    var rank: Int64 = 1
    for place in rows.indices {
      if place > 0, let keys = frame.keys, !keys.areEqual(Int(rows[place]), Int(rows[place - 1])) {
        rank = dense ? rank + 1 : Int64(place + 1)
      }
      take(rows[place], rank)
    }
  }
}
