import Columnar
import Query

/// Answers plans over tables in memory, on all cores.
///
/// Rows flow through filters, projections and look-ups in batches; groups, orders and windows collect them. Values lie in
/// typed buffers throughout. The same plan gives the same bytes on every run and on any number of cores.
public struct InMemoryEngine: QueryEngine {
  private let workers: Int

  /// An engine with so many workers; one for each core unless said.
  public init(workers: Int? = nil) {
    self.workers = max(1, workers ?? ParallelTasks.workerCount)
  }

  /// Checks the plan's types, optimises it, and runs it to its end.
  ///
  /// Throws `Cancelled` within 50 ms of the flag, and `QueryError` when the plan has no meaning or the data no answer.
  public func run(_ plan: LogicalPlan, cancellation: Cancellation) throws -> QueryAnswer {
    let schema = try plan.schema()
    let context = ExecutionContext(cancellation, workers: workers)
    let table = try PlanExecutor(context: context).table(try Optimizer.standard.optimize(plan))
    return QueryAnswer(InMemoryEngine.shaped(table, as: schema), steps: context.steps)
  }

  /// An optimised plan may end with columns that only an inner step needed; the answer has the plan's own.
  private static func shaped(_ table: Table, as schema: Schema) -> Table {
    guard table.schema != schema else { return table }
    let columns = schema.fields.compactMap { table[$0.name] }
    guard columns.count == schema.fields.count else { return table }
    return Table(schema: schema, columns: columns, rowCount: table.rowCount)
  }
}
