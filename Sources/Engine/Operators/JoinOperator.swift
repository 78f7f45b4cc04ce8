import Columnar
import Query

/// Joins the rows of a pipeline with those of a table.
///
/// Where no key repeats on the right side, the join is a stage of the left pipeline: a look-up for each row. Otherwise rows
/// multiply, and the pairs of rows are listed first.
struct JoinOperator {
  let spec: JoinSpec
  let context: ExecutionContext

  func join(_ left: Pipeline, _ right: Table) throws -> Pipeline {
    let rightPipeline = Pipeline(right, context)
    let schema = try spec.schema(left.layout.schema, right.schema)
    let (leftNodes, rightNodes) = try keyNodes(left, rightPipeline)
    guard !spec.keys.isEmpty else { throw QueryError.other("a join needs at least one key") }
    let index = try JoinIndex(left: leftNodes, right: rightNodes, rightPipeline, context)
    let added = spec.rightColumns(left.layout.schema, right.schema).compactMap { right.schema.index(of: $0.source) }
    let onlyTests = spec.kind == .semi || spec.kind == .anti
    guard index.isUnique || onlyTests else {
      return try Expansion(spec: spec, context: context, index: index).join(left, right, added, schema)
    }
    let partners = JoinPartners(rightPipeline.source, added, index, leftNodes)
    let stage = JoinStage(spec, partners, left.layout.columns, context)
    let rightInfos = added.map { column in
      var info = rightPipeline.layout.columns[column]
      info.partner = PartnerColumn(partners: partners, column: column)
      info.isComplete = false
      return info
    }
    let columns = zip(schema.fields, left.layout.columns + rightInfos).map { field, info in
      var joined = info
      joined.field = field
      // A full join may widen a key; its columns are made when the unmatched right rows are appended.
      if spec.kind == .full { joined.field.type = info.field.type }
      return joined
    }
    let keepsRows = spec.kind == .left || spec.kind == .full
    left.append(
      stage, Layout(columns), origins: left.origins + added.map { _ in nil }, keepsRows: keepsRows)
    guard spec.kind == .full else { return left }
    let matched = try left.collect(context)
    let rest = try UnmatchedRows.table(
      right, rows: stage.unmatchedRightRows(), spec, leftSchema: left.layout.schema, added, context)
    return Pipeline(try Concatenation.tables([matched, rest], schema, context), context)
  }

  /// The keys of both sides in common types.
  private func keyNodes(
    _ left: Pipeline, _ right: Pipeline
  ) throws -> (left: [any VectorNode], right: [any VectorNode]) {
    let ours = ExprCompiler(layout: left.layout, cancellation: context.cancellation)
    let theirs = ExprCompiler(layout: right.layout, cancellation: context.cancellation)
    var nodes: (left: [any VectorNode], right: [any VectorNode]) = ([], [])
    for key in spec.keys {
      guard let a = left.layout.schema[key.left]?.type, let b = right.layout.schema[key.right]?.type else {
        throw QueryError.unknownColumn(key.left)
      }
      let common: DataType = a != b && a.isNumeric ? .real : a
      nodes.left.append(try ours.compile(.column(key.left), as: common))
      nodes.right.append(try theirs.compile(.column(key.right), as: common))
    }
    return nodes
  }
}

/// Looks up the right row of each row.
final class JoinStage: Stage {
  let label: String?
  private let spec: JoinSpec
  private let partners: JoinPartners
  private let leftColumns: [ColumnInfo]
  private let counters: WorkerCounters
  /// For each worker, which right groups have found a partner.
  private let seen: [Cells<Bool>]

  init(_ spec: JoinSpec, _ partners: JoinPartners, _ leftColumns: [ColumnInfo], _ context: ExecutionContext) {
    self.spec = spec
    self.partners = partners
    self.leftColumns = leftColumns
    label = spec.label
    counters = WorkerCounters(workers: context.workerCount)
    let groups = spec.label != nil || spec.kind == .full ? partners.index.groupCount : 0
    seen = groups == 0 ? [] : (0..<context.workerCount).map { _ in Cells(groups, filledWith: false) }
  }

  func apply(_ batch: any Batch, _ flow: Flow) throws -> any Batch {
    if spec.kind == .left, label == nil {
      return JoinBatch(batch, columns: leftColumns.count, partners, nil, batch.shape)
    }
    let (count, scratch) = (batch.count, batch.scratch)
    let groups = try partners.index.groups(partners.nodes, batch)
    let mask = scratch.allocate(count, of: Bool.self)
    for i in 0..<count { mask[i] = groups[i] >= 0 }
    if let outer = batch.mask { for i in 0..<count { mask[i] = mask[i] && outer[i] } }
    let matched = Bits.count(mask, count)
    if flow.counts {
      counters.add(matched, to: 0, worker: flow.worker)
      counters.add(batch.shape.live - matched, to: 1, worker: flow.worker)
      if !seen.isEmpty {
        let marks = seen[flow.worker].base
        for i in 0..<count where mask[i] { marks[Int(groups[i])] = true }
      }
    }
    switch spec.kind {
    case .left, .full: return joined(batch, groups, batch.shape, hasGaps: matched < batch.shape.live)
    case .semi: return kept(batch, mask, matched, flow)
    case .anti:
      let others = scratch.allocate(count, of: Bool.self)
      for i in 0..<count { others[i] = groups[i] < 0 && (batch.mask?[i] ?? true) }
      return kept(batch, others, batch.shape.live - matched, flow)
    case .inner:
      if matched == count { return joined(batch, groups, batch.shape.masked(nil, live: count)) }
      if flow.masks, matched * 3 > count { return joined(batch, groups, batch.shape.masked(mask, live: matched)) }
      let selection = Gather.selection(mask, count, live: matched, scratch)
      let chosen = scratch.allocate(matched, of: Int32.self)
      for i in 0..<matched { chosen[i] = groups[Int(selection[i])] }
      let gathered = GatherBatch(batch, leftColumns, selection, count: matched)
      return joined(gathered, UnsafePointer(chosen), gathered.shape)
    }
  }

  /// Where partners are joined, no key repeats on the right side, so that groups are rows.
  private func joined(
    _ batch: any Batch, _ rows: UnsafePointer<Int32>, _ shape: BatchShape, hasGaps: Bool = false
  ) -> any Batch {
    JoinBatch(batch, columns: leftColumns.count, partners, JoinedRows(rows: rows, hasGaps: hasGaps), shape)
  }

  private func kept(_ batch: any Batch, _ mask: UnsafeMutablePointer<Bool>, _ live: Int, _ flow: Flow) -> any Batch {
    if live == batch.count { return batch }
    if flow.masks, live * 3 > batch.count { return MaskedBatch(batch, mask: mask, live: live) }
    let selection = Gather.selection(mask, batch.count, live: live, batch.scratch)
    return GatherBatch(batch, leftColumns, selection, count: live)
  }

  /// Right rows without a left partner, in order.
  func unmatchedRightRows() -> [Int32] {
    let groups = partners.index.groupOfRow
    return groups.indices.compactMap { row in
      let group = groups[row]
      return group >= 0 && seen.contains { $0.base[Int(group)] } ? nil : Int32(row)
    }
  }

  func report(to context: ExecutionContext) {
    guard label != nil else { return }
    let (matched, unmatched, rest) = (counters.total(0), counters.total(1), unmatchedRightRows().count)
    let rowsOut =
      switch spec.kind {
      case .left: matched + unmatched
      case .full: matched + unmatched + rest
      case .inner, .semi: matched
      case .anti: unmatched
      }
    context.report(
      label, .join(matched: matched, unmatchedLeft: unmatched, unmatchedRight: rest, rowsOut: rowsOut))
  }
}

/// The right rows that a full join adds at its end.
enum UnmatchedRows {
  /// Left columns are missing, but for key columns that both sides share; right columns come from the rows.
  static func table(
    _ right: Table, rows: [Int32], _ spec: JoinSpec, leftSchema: Schema, _ added: [Int], _ context: ExecutionContext
  ) throws -> Table {
    let chosen = try Slicing.rows(right, rows, context)
    let leftCount = leftSchema.fields.count - added.count
    var fields: [Field] = []
    var columns: [Column] = []
    for field in leftSchema.fields.prefix(leftCount) {
      let shared = spec.keys.first { $0.left == field.name && $0.right == field.name }
      if let shared, let column = chosen[shared.right] {
        fields.append(Field(field.name, column.type, measure: field.measure, format: field.format))
        columns.append(column)
      } else {
        fields.append(field)
        columns.append(.of(field.type, Array(repeating: .missing, count: rows.count)))
      }
    }
    for (field, column) in zip(leftSchema.fields.dropFirst(leftCount), added) {
      fields.append(field)
      columns.append(chosen.columns[column])
    }
    return Table(schema: Schema(fields), columns: columns, rowCount: rows.count)
  }
}
