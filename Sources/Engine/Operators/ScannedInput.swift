import Columnar
import Query
import Synchronization

/// Filters and projections over rows that are read from a file, part after part: each part goes through them while it is in
/// the cache. Memory does not grow with the file.
///
/// Parts are cut by bytes of the file, whatever the number of cores, and what is made of them comes in the order of the file:
/// the same bytes come out on any machine.
struct ScannedInput {
  let scan: any TableScan
  let plan: LogicalPlan
  private let schema: Schema
  private let name: String

  /// Nil unless the plan is filters and projections over a scan.
  init?(_ plan: LogicalPlan) {
    guard case .scan(let scan, let schema, let name)? = ScannedInput.source(plan) else { return nil }
    (self.scan, self.schema, self.name, self.plan) = (scan, schema, name, plan)
  }

  private static func source(_ plan: LogicalPlan) -> LogicalPlan? {
    switch plan {
    case .scan: plan
    case .filter(let input, _, _), .project(let input, _): source(input)
    default: nil
    }
  }

  /// Whether the rows are the scan's, with columns as they are.
  var isBare: Bool {
    switch plan {
    case .scan: true
    case .project(.scan, let items): items.allSatisfy { $0.expr == .column($0.name) }
    default: false
    }
  }

  /// Whether some step is to report how many rows it kept, so that all rows must go through it.
  var isReported: Bool {
    func hasLabel(_ plan: LogicalPlan) -> Bool {
      switch plan {
      case .filter(let input, _, let label): label != nil || hasLabel(input)
      case .project(let input, _): hasLabel(input)
      default: false
      }
    }
    return hasLabel(plan)
  }

  /// What the closure's plan, made of the input's plan on one part, gives for each part. `isEnough` is asked after each in
  /// turn, and no further part is read when it says yes. Only the scan's columns that some step or `used` names are read.
  func tables(
    _ used: Set<String>, _ context: ExecutionContext, until isEnough: (@Sendable (Table) -> Bool)? = nil,
    _ finish: @escaping @Sendable (LogicalPlan) -> LogicalPlan
  ) throws -> [Table] {
    let columns = columns(used)
    let kept = Schema(columns.compactMap { schema[$0] })
    let cancellation = context.cancellation
    let (plan, name) = (plan, name)
    let bounds = ScanBounds.of(plan, schema)
    let pool = ScratchPool()
    let ask = isEnough.map { isEnough in { @Sendable (made: Made) in isEnough(made.table) } }
    let results = try scan.mapParts(columns, within: bounds?.bounds ?? [], cancellation, until: ask) { part -> Made in
      let scratch = pool.take()
      defer { pool.give(scratch) }
      let worker = ExecutionContext(cancellation, scratch: scratch)
      let source = LogicalPlan.table(part.with(schema: kept), name: name)
      let table = try PlanExecutor(context: worker).table(finish(ScannedInput.replacing(plan, by: source)))
      return Made(table: table, steps: worker.steps)
    }
    for (label, report) in ScannedInput.total(results.map(\.steps)) {
      guard label == bounds?.label, case .filter(let rowsIn, let kept, let unknown) = report else {
        context.report(label, report)
        continue
      }
      let all = rowsIn + scan.rowsLeftOut(by: bounds?.bounds ?? [])
      context.report(label, .filter(rowsIn: all, kept: kept, unknown: unknown))
    }
    return results.map(\.table)
  }

  private struct Made: Sendable {
    var table: Table
    var steps: [String: StepReport]
  }

  /// The scan's columns that somebody looks at; one at least, which tells the number of rows.
  private func columns(_ used: Set<String>) -> [String] {
    var used = used
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
    add(plan)
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

/// Scratch memory that one part after another uses: giving it back to the system and asking for it anew leaves holes behind.
private final class ScratchPool: @unchecked Sendable {
  private let lock = Mutex(())
  /// Touched under the lock only.
  private var free: [Scratch] = []

  func take() -> Scratch { lock.withLock { _ in free.popLast() } ?? Scratch() }

  func give(_ scratch: Scratch) { lock.withLock { _ in free.append(scratch) } }
}
