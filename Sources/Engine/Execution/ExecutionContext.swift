import Columnar
import Dispatch
import Query
import Synchronization

/// What one run of a plan shares: the cancellation flag, the workers with their scratch memory, and the step reports.
///
/// Workers touch only their own scratch and the task that they have claimed; reports are written between parallel parts.
final class ExecutionContext {
  /// Rows in one task: large enough to make claiming it cheap, small enough to divide a table over the cores.
  static let morselRows = 65_536
  /// Rows that expressions work on at a time, so that a few vectors fit into a core's cache. Bounds of columns are kept for
  /// blocks of as many.
  static let batchRows = ValueBounds.blockRows

  let cancellation: Cancellation
  let workerCount: Int
  private(set) var steps: [String: StepReport] = [:]
  private var scratches: [Scratch]

  init(_ cancellation: Cancellation, workers: Int) {
    self.cancellation = cancellation
    workerCount = max(1, workers)
    scratches = (0..<max(1, workers)).map { _ in Scratch() }
  }

  /// For one worker, with memory that somebody else has used before.
  init(_ cancellation: Cancellation, scratch: Scratch) {
    self.cancellation = cancellation
    workerCount = 1
    scratches = [scratch]
  }

  func scratch(_ worker: Int) -> Scratch { scratches[worker] }

  func report(_ label: String?, _ report: StepReport) {
    if let label { steps[label] = report }
  }

  /// Runs the body once for each task on all cores; tasks are claimed in order. Looks at the cancellation flag before each.
  ///
  /// Throws the error of the first task that failed. The body gets the task and the worker that runs it.
  func parallel(_ tasks: Int, _ body: (_ task: Int, _ worker: Int) throws -> Void) throws {
    try withoutActuallyEscaping(body) { body in try run(tasks, body) }
  }

  private func run(_ tasks: Int, _ body: @escaping (_ task: Int, _ worker: Int) throws -> Void) throws {
    try cancellation.check()
    let workers = min(workerCount, tasks)
    guard workers > 1 else {
      for task in 0..<max(0, tasks) {
        try cancellation.check()
        try body(task, 0)
      }
      return
    }
    let next = Atomic<Int>(0)
    let failure = Mutex<(task: Int, error: any Error)?>(nil)
    let shared = Shared(body: body)
    let flag = cancellation
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      while true {
        let task = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard task < tasks else { return }
        do {
          try flag.check()
          try shared.body(task, worker)
        } catch {
          // A worker that gives up because another one failed says `Cancelled`; the reason is the other one's error.
          failure.withLock { known in
            guard let first = known else { return known = (task, error) }
            let (isReason, wasReason) = (!(error is Cancelled), !(first.error is Cancelled))
            if isReason != wasReason ? isReason : task < first.task { known = (task, error) }
          }
          next.store(tasks, ordering: .relaxed)
        }
      }
    }
    if let failure = failure.withLock({ $0 }) { throw failure.error }
  }

  /// The body crosses to other threads, which are done before `parallel` returns.
  private struct Shared: @unchecked Sendable {
    let body: (_ task: Int, _ worker: Int) throws -> Void
  }

  /// Runs the body over consecutive ranges of rows, a morsel each.
  func parallelRows(_ rows: Int, _ body: (_ range: Range<Int>, _ worker: Int) throws -> Void) throws {
    let size = ExecutionContext.morselRows
    try parallel((rows + size - 1) / size) { task, worker in
      try body(task * size..<min(rows, (task + 1) * size), worker)
    }
  }
}
