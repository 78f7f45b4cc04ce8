import Columnar
import Query
import Synchronization

/// Aggregates rows that are read from a file, part after part: each part is filtered, computed and grouped while it is in the
/// cache, and only its groups are kept. Memory does not grow with the file.
///
/// Parts are cut by bytes of the file, whatever the number of cores, and their groups are put together in the order of the
/// file: the same bytes come out on any machine.
struct StreamedAggregate {
  private let scan: any TableScan
  private let schema: Schema
  private let name: String
  private let input: LogicalPlan
  private let keys: [NamedExpr]
  private let parts: [PartialAggregate]

  /// Nil unless the input is filters and projections over a scan, and the groups of parts can be put together.
  init?(_ input: LogicalPlan, _ keys: [NamedExpr], _ aggregates: [NamedAggregate]) throws {
    guard case .scan(let scan, let schema, let name)? = StreamedAggregate.source(input) else { return nil }
    let incoming = try input.schema()
    var parts: [PartialAggregate] = []
    for (place, aggregate) in aggregates.enumerated() {
      guard let part = try PartialAggregate(aggregate, place, incoming) else { return nil }
      parts.append(part)
    }
    (self.scan, self.schema, self.name) = (scan, schema, name)
    (self.input, self.keys, self.parts) = (input, keys, parts)
  }

  /// The scan below filters and projections.
  static func source(_ plan: LogicalPlan) -> LogicalPlan? {
    switch plan {
    case .scan: plan
    case .filter(let input, _, _), .project(let input, _): source(input)
    default: nil
    }
  }

  /// Whether the input is the scan with columns as they are.
  private var isBare: Bool {
    switch input {
    case .scan: true
    case .project(.scan, let items): items.allSatisfy { $0.expr == .column($0.name) }
    default: false
    }
  }

  /// The extremes of columns of the whole file, when a pass over it has found them already.
  private func known(_ answer: Schema) -> Table? {
    guard keys.isEmpty, isBare else { return nil }
    var columns: [Column] = []
    for (part, field) in zip(parts, answer.fields) {
      guard let aggregate = part.partial.first, part.partial.count == 1,
        case .column(let name)? = aggregate.arguments.first, let (low, high) = scan.extremes(name)
      else { return nil }
      switch aggregate.function {
      case .min: columns.append(.of(field.type, [low]))
      case .max: columns.append(.of(field.type, [high]))
      default: return nil
      }
    }
    return Table(schema: answer, columns: columns, rowCount: 1)
  }

  /// The answer with the given columns.
  func run(_ answer: Schema, _ context: ExecutionContext) throws -> Table {
    if let known = known(answer) { return known }
    let columns = StreamedAggregate.columns(input, keys, parts, schema)
    let partial = parts.flatMap(\.partial)
    let kept = Schema(columns.compactMap { schema[$0] })
    let cancellation = context.cancellation
    let (input, keys, name) = (input, keys, name)
    let bounds = ScanBounds.of(input, schema)
    let pool = ScratchPool()
    let results = try scan.mapParts(columns, within: bounds?.bounds ?? [], cancellation) {
      part -> (Table, [String: StepReport]) in
      let scratch = pool.take()
      defer { pool.give(scratch) }
      let worker = ExecutionContext(cancellation, scratch: scratch)
      let source = LogicalPlan.table(part.with(schema: kept), name: name)
      let plan = LogicalPlan.aggregate(StreamedAggregate.replacing(input, by: source), keys: keys, partial)
      return (try PlanExecutor(context: worker).table(plan), worker.steps)
    }
    for (label, report) in StreamedAggregate.total(results.map(\.1)) {
      guard label == bounds?.label, case .filter(let rowsIn, let kept, let unknown) = report else {
        context.report(label, report)
        continue
      }
      let all = rowsIn + scan.rowsLeftOut(by: bounds?.bounds ?? [])
      context.report(label, .filter(rowsIn: all, kept: kept, unknown: unknown))
    }
    guard let first = results.first else { return .empty }
    let groups = try Concatenation.tables(results.map(\.0), first.0.schema, context)
    let whole = LogicalPlan.aggregate(
      .table(groups, name: name), keys: keys.map { NamedExpr($0.name, .column($0.name)) }, parts.flatMap(\.whole))
    let finished = LogicalPlan.project(
      whole, keys.map { NamedExpr($0.name, .column($0.name)) } + parts.map { NamedExpr($0.name, $0.result) })
    let table = try PlanExecutor(context: context).table(finished)
    return Table(schema: answer, columns: table.columns, rowCount: table.rowCount)
  }

  /// The scan's columns that some step looks at; one at least, which tells the number of rows.
  private static func columns(
    _ input: LogicalPlan, _ keys: [NamedExpr], _ parts: [PartialAggregate], _ schema: Schema
  ) -> [String] {
    var used = Set(keys.flatMap { $0.expr.columns } + parts.flatMap(\.partial).flatMap(\.arguments).flatMap(\.columns))
    func add(_ plan: LogicalPlan) {
      switch plan {
      case .filter(let input, let predicate, _):
        used.formUnion(predicate.columns)
        add(input)
      case .project(let input, let items):
        used.formUnion(items.flatMap { $0.expr.columns })
        add(input)
      default: return
      }
    }
    add(input)
    let names = schema.names.filter(used.contains)
    return names.isEmpty ? Array(schema.names.prefix(1)) : names
  }

  private static func replacing(_ plan: LogicalPlan, by source: LogicalPlan) -> LogicalPlan {
    switch plan {
    case .filter(let input, let predicate, let label): .filter(replacing(input, by: source), predicate, label: label)
    case .project(let input, let items): .project(replacing(input, by: source), items)
    default: source
    }
  }

  /// What the labelled steps did on all parts together.
  private static func total(_ reports: [[String: StepReport]]) -> [String: StepReport] {
    reports.reduce(into: [:]) { total, part in
      for (label, report) in part {
        guard case .filter(let rowsIn, let kept, let unknown) = report else { continue }
        if case .filter(let a, let b, let c)? = total[label] {
          total[label] = .filter(rowsIn: a + rowsIn, kept: b + kept, unknown: c + unknown)
        } else {
          total[label] = report
        }
      }
    }
  }
}

/// An aggregate as aggregates of parts, aggregates of these, and an expression of those.
struct PartialAggregate {
  let name: String
  var partial: [NamedAggregate] = []
  var whole: [NamedAggregate] = []
  let result: Expr

  /// Nil for aggregates that need all rows at once, such as a median.
  init?(_ aggregate: NamedAggregate, _ place: Int, _ incoming: Schema) throws {
    name = aggregate.name
    let value = "part \(place)"
    switch aggregate.function {
    case .count:
      partial = [NamedAggregate(value, .count, aggregate.arguments)]
      whole = [NamedAggregate(value, .sum, [.column(value)])]
      result = .column(value)
    case .sum, .min, .max, .first, .last:
      partial = [NamedAggregate(value, aggregate.function, aggregate.arguments)]
      whole = [NamedAggregate(value, aggregate.function, [.column(value)])]
      result = .column(value)
    case .mean:
      guard let argument = aggregate.arguments.first, try argument.type(in: incoming).isNumeric else { return nil }
      let count = "count of part \(place)"
      partial = [
        NamedAggregate(value, .sum, [.arithmetic(.multiply, argument, .literal(.real(1)))]),
        NamedAggregate(count, .count, [argument]),
      ]
      whole = [NamedAggregate(value, .sum, [.column(value)]), NamedAggregate(count, .sum, [.column(count)])]
      result = .arithmetic(.divide, .column(value), .column(count))
    case .countDistinct, .median, .sd, .variance, .quantile, .mode, .weightedMean: return nil
    }
  }
}

/// Scratch memory that one part after another uses: giving it back to the system and asking for it anew leaves holes behind.
private final class ScratchPool: @unchecked Sendable {
  private let lock = Mutex(())
  /// Touched under the lock only.
  private var free: [Scratch] = []

  func take() -> Scratch { lock.withLock { _ in free.popLast() } ?? Scratch() }

  func give(_ scratch: Scratch) { lock.withLock { _ in free.append(scratch) } }
}
