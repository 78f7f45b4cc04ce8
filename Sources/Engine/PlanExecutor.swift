import Columnar
import Query

/// Turns a logical plan into pipelines and operators, from the tables upwards.
struct PlanExecutor {
  let context: ExecutionContext

  /// The rows of a plan as a table.
  func table(_ plan: LogicalPlan) throws -> Table {
    switch plan {
    case .table(let table, _):
      try table.code(context.cancellation)
      return table
    case .scan(let scan, let schema, _): return try read(scan, schema, schema.names)
    case .filter, .project, .join: return try pipeline(plan).collect(context)
    case .aggregate(let input, let keys, let aggregates): return try aggregate(input, keys, aggregates, plan.schema())
    case .window(let input, let windows, let partition, let order):
      return try window(input, windows, partition, order, plan.schema())
    case .append(let inputs):
      return try Concatenation.tables(try inputs.map(table), try plan.schema(), context)
    case .sort(let input, let keys): return try sort(input, keys, limit: nil)
    case .limit(.sort(let input, let keys), let count): return try sort(input, keys, limit: count)
    // A few rows need no codes of all texts.
    case .limit(.table(let table, _), let count): return Slicing.prefix(table, count)
    case .limit(let input, let count):
      if let streamed = StreamedLimit(input, count) { return try streamed.run(plan.schema(), context) }
      return try pipeline(input).collect(context, limit: max(0, count))
    case .distinct(let input, let names): return try distinct(input, names)
    }
  }

  /// A pipeline that makes the rows of a plan.
  private func pipeline(_ plan: LogicalPlan) throws -> Pipeline {
    switch plan {
    case .filter(let input, let predicate, let label):
      let (pipeline, exprs, columns) = try prepared(input, [predicate])
      try pipeline.filter(exprs[0], label: label, context)
      try pipeline.keepColumns(columns, context)
      return pipeline
    case .project(.scan(let scan, let schema, let name), let items):
      // Only columns that are looked at are read; one at least, which tells the number of rows.
      let used = Set(items.flatMap { $0.expr.columns })
      let names = used.isEmpty ? Array(schema.names.prefix(1)) : schema.names.filter(used.contains)
      return try self.pipeline(.project(.table(try read(scan, schema, names), name: name), items))
    case .project(.table(let table, let name), let items) where table.columns.contains(where: { !$0.isCoded }):
      // Texts that nobody looks at get no codes.
      let used = Set(items.flatMap { $0.expr.columns })
      let kept = table.keeping(used)
      try kept.code(context.cancellation)
      return try self.pipeline(.project(.table(kept, name: name), items))
    case .project(let input, let items):
      let (pipeline, exprs, _) = try prepared(input, items.map(\.expr))
      let fields = try plan.schema().fields
      try pipeline.project(
        zip(fields, exprs).map { NamedExpr($0.name, $1, measure: $0.measure, format: $0.format) }, context)
      return pipeline
    case .join(let left, let right, let spec):
      return try JoinOperator(spec: spec, context: context).join(try pipeline(left), try table(right))
    case .table, .scan, .aggregate, .window, .append, .sort, .limit, .distinct:
      return Pipeline(try table(plan), context)
    }
  }

  /// The input's pipeline and expressions that it can compute: functions that make new dictionaries are computed first and
  /// become columns behind the input's own, of which there are `columns`.
  private func prepared(
    _ input: LogicalPlan, _ exprs: [Expr]
  ) throws -> (pipeline: Pipeline, exprs: [Expr], columns: Int) {
    let pipeline = try pipeline(input)
    let schema = pipeline.layout.schema
    let count = schema.fields.count
    guard exprs.contains(where: { CombinedFunctions.needed($0, schema) }) else { return (pipeline, exprs, count) }
    var functions = CombinedFunctions(try pipeline.collect(context), context)
    let separated = try exprs.map { try functions.separate($0) }
    return (Pipeline(functions.table, context), separated, count)
  }

  private func read(_ scan: any TableScan, _ schema: Schema, _ names: [String]) throws -> Table {
    let table = try scan.table(names, context.cancellation)
    return table.with(schema: Schema(names.compactMap { schema[$0] }))
  }

  private func aggregate(
    _ input: LogicalPlan, _ keys: [NamedExpr], _ aggregates: [NamedAggregate], _ schema: Schema
  ) throws -> Table {
    if let streamed = try StreamedAggregate(input, keys, aggregates) { return try streamed.run(schema, context) }
    let (pipeline, exprs, _) = try prepared(input, keys.map(\.expr) + aggregates.flatMap(\.arguments))
    var rest = exprs[keys.count...]
    let plainKeys = zip(keys, exprs).map { NamedExpr($0.name, $1) }
    let plainAggregates = aggregates.map { item in
      defer { rest = rest.dropFirst(item.arguments.count) }
      return NamedAggregate(item.name, item.function, Array(rest.prefix(item.arguments.count)))
    }
    return try AggregateOperator(keys: plainKeys, plainAggregates, schema, context).run(pipeline)
  }

  private func window(
    _ input: LogicalPlan, _ windows: [NamedWindow], _ partition: [Expr], _ order: [SortKey], _ schema: Schema
  ) throws -> Table {
    let all = windows.flatMap(\.arguments) + partition + order.map(\.expr)
    let (pipeline, exprs, columns) = try prepared(input, all)
    var rest = exprs[...]
    let plainWindows = windows.map { item in
      defer { rest = rest.dropFirst(item.arguments.count) }
      return NamedWindow(item.name, item.function, Array(rest.prefix(item.arguments.count)), measure: item.measure)
    }
    let plainPartition = Array(rest.prefix(partition.count))
    let plainOrder = zip(order, rest.dropFirst(partition.count)).map { SortKey($1, descending: $0.descending) }
    let table = try pipeline.collect(context)
    let made = Schema(table.schema.fields + schema.fields.suffix(windows.count))
    let result = try WindowOperator(context: context).run(
      table, plainWindows, partition: plainPartition, order: plainOrder, made)
    let extra = columns..<table.columns.count
    let kept = result.columns.indices.filter { !extra.contains($0) }
    return Table(schema: schema, columns: kept.map { result.columns[$0] }, rowCount: result.rowCount)
  }

  private func sort(_ input: LogicalPlan, _ keys: [SortKey], limit: Int?) throws -> Table {
    let (pipeline, exprs, columns) = try prepared(input, keys.map(\.expr))
    let plain = zip(keys, exprs).map { SortKey($1, descending: $0.descending) }
    let sorted = try SortOperator.run(pipeline, plain, limit: limit, context)
    guard columns < sorted.columns.count else { return sorted }
    return Table(
      schema: Schema(Array(sorted.schema.fields.prefix(columns))), columns: Array(sorted.columns.prefix(columns)),
      rowCount: sorted.rowCount)
  }

  private func distinct(_ input: LogicalPlan, _ names: [String]) throws -> Table {
    let table = try table(input)
    let wanted = names.isEmpty ? table.schema.names : names
    let keys = try wanted.map { name in
      guard let index = table.schema.index(of: name) else { throw QueryError.unknownColumn(name) }
      return index
    }
    let groups = try RowGrouping.groups(table, keys: keys, context)
    return try Slicing.rows(table, groups.firstRows.map { Int32(bitPattern: $0) }, context)
  }
}
