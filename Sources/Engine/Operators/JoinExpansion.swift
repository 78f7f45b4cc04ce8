import Columnar
import Query

/// A join in which a left row may have several right rows: the pairs are counted, listed, and then gathered.
struct Expansion {
  let spec: JoinSpec
  let context: ExecutionContext
  let index: JoinIndex

  func join(_ left: Pipeline, _ right: Table, _ added: [Int], _ schema: Schema) throws -> Pipeline {
    let table = try left.collect(context)
    let groups = try leftGroups(table, right)
    let sizes = Lists(index.groupOfRow, groups: index.groupCount)
    let keepsUnmatched = spec.kind != .inner
    let unmatchedLeft = groups.count { $0 < 0 }
    let rowsOut = try total(groups, sizes, keepsUnmatched: keepsUnmatched)
    let rightUnmatched = unmatchedRight(groups)
    if !spec.allowsManyToMany { try refuseManyToMany(groups, sizes, rowsOut: rowsOut) }

    var leftRows = [Int32](repeating: 0, count: rowsOut)
    var rightRows = [Int32](repeating: -1, count: rowsOut)
    var place = 0
    for (row, group) in groups.enumerated() {
      if row & 0xFFFF == 0 { try context.cancellation.check() }
      if group < 0 {
        guard keepsUnmatched else { continue }
        leftRows[place] = Int32(truncatingIfNeeded: row)
        place += 1
        continue
      }
      for partner in sizes.rows(of: Int(group)) {
        leftRows[place] = Int32(truncatingIfNeeded: row)
        rightRows[place] = partner
        place += 1
      }
    }
    let ours = try Slicing.rows(table, leftRows, context)
    let rightColumns = Table(
      schema: Schema(added.map { right.schema.fields[$0] }), columns: added.map { right.columns[$0] },
      rowCount: right.rowCount)
    let theirs = try Slicing.rows(rightColumns, rightRows, context)
    let columns = ours.columns + theirs.columns
    let fields = zip(schema.fields, columns).map { Field($0.name, $1.type, measure: $0.measure, format: $0.format) }
    let pairs = Table(schema: Schema(fields), columns: columns, rowCount: rowsOut)
    context.report(
      spec.label,
      .join(
        matched: groups.count - unmatchedLeft, unmatchedLeft: unmatchedLeft, unmatchedRight: rightUnmatched.count,
        rowsOut: rowsOut + (spec.kind == .full ? rightUnmatched.count : 0)))
    guard spec.kind == .full else { return Pipeline(pairs, context) }
    let rest = try UnmatchedRows.table(
      right, rows: rightUnmatched, spec, leftSchema: pairs.schema, added, context)
    return Pipeline(try Concatenation.tables([pairs, rest], schema, context), context)
  }

  /// The right group of each left row.
  private func leftGroups(_ table: Table, _ right: Table) throws -> [Int32] {
    let pipeline = Pipeline(table, context)
    let compiler = ExprCompiler(layout: pipeline.layout, cancellation: context.cancellation)
    let nodes = try spec.keys.map { key -> any VectorNode in
      let (a, b) = (table.schema[key.left]?.type ?? .real, right.schema[key.right]?.type ?? .real)
      return try compiler.compile(.column(key.left), as: a != b && a.isNumeric ? .real : a)
    }
    var groups = [Int32](repeating: -1, count: table.rowCount)
    try groups.withUnsafeMutableBufferPointer { groups in
      try context.parallel(pipeline.batchCount) { task, worker in
        let batch = try pipeline.batch(task, Flow(worker: worker), context)
        let found = try index.groups(nodes, batch)
        let start = task * ExecutionContext.batchRows
        for i in 0..<batch.count { groups[start + i] = found[i] }
      }
    }
    return groups
  }

  private func total(_ groups: [Int32], _ sizes: Lists, keepsUnmatched: Bool) throws -> Int {
    var sum = 0
    for group in groups { sum += group < 0 ? (keepsUnmatched ? 1 : 0) : sizes.count(of: Int(group)) }
    guard sum < Int(Int32.max) else {
      throw QueryError.other("this join would make \(sum) rows, more than fit into a table")
    }
    return sum
  }

  private func unmatchedRight(_ groups: [Int32]) -> [Int32] {
    var seen = [Bool](repeating: false, count: index.groupCount)
    for group in groups where group >= 0 { seen[Int(group)] = true }
    return index.groupOfRow.indices.compactMap { row in
      let group = index.groupOfRow[row]
      return group >= 0 && seen[Int(group)] ? nil : Int32(row)
    }
  }

  private func refuseManyToMany(_ groups: [Int32], _ sizes: Lists, rowsOut: Int) throws {
    var counts = [Int](repeating: 0, count: index.groupCount)
    for group in groups where group >= 0 { counts[Int(group)] += 1 }
    let repeated = counts.indices.count { counts[$0] > 1 && sizes.count(of: $0) > 1 }
    if repeated > 0 { throw QueryError.manyToMany(keys: repeated, rowsIn: groups.count, rowsOut: rowsOut) }
  }

  /// The right rows of each group, side by side.
  private struct Lists {
    private var starts: [Int]
    private var members: [Int32]

    init(_ groupOfRow: [Int32], groups: Int) {
      starts = Array(repeating: 0, count: groups + 1)
      for group in groupOfRow where group >= 0 { starts[Int(group) + 1] += 1 }
      for group in 0..<groups { starts[group + 1] += starts[group] }
      members = Array(repeating: 0, count: starts[groups])
      var next = starts
      for (row, group) in groupOfRow.enumerated() where group >= 0 {
        members[next[Int(group)]] = Int32(truncatingIfNeeded: row)
        next[Int(group)] += 1
      }
    }

    func count(of group: Int) -> Int { starts[group + 1] - starts[group] }
    func rows(of group: Int) -> ArraySlice<Int32> { members[starts[group]..<starts[group + 1]] }
  }
}
