import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Independent tasks of uneven size, shared out to all cores.
public enum ParallelTasks {
  /// The number of cores that are online, at least one.
  public static let workerCount = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))

  /// Runs `worker` once on each core; it draws task numbers 0 ..< tasks from the queue that it is given until that is empty.
  public static func run(tasks: Int, workers: Int = workerCount, worker: @Sendable (Int, borrowing TaskQueue) -> Void) {
    let queue = TaskQueue(count: tasks)
    let workers = min(workers, max(tasks, 1))
    if workers == 1 { return worker(0, queue) }
    DispatchQueue.concurrentPerform(iterations: workers) { worker($0, queue) }
  }

  /// What the closure makes of the tasks 0 ..< count, in their order.
  public static func results<T: Sendable>(_ count: Int, _ make: @Sendable (Int) -> T) -> [T] {
    let results = TaskResults<T>(count)
    run(tasks: count) { _, queue in
      while let task = queue.next() { results.put(task, make(task)) }
    }
    return results.all
  }
}

/// Hands out the numbers 0 ..< count, each once, to whichever thread asks.
public struct TaskQueue: ~Copyable, Sendable {
  private let drawn = Atomic<Int>(0)
  private let count: Int

  init(count: Int) { self.count = count }

  /// The next task, or nil when all have been drawn.
  public borrowing func next() -> Int? {
    let task = drawn.wrappingAdd(1, ordering: .relaxed).oldValue
    return task < count ? task : nil
  }
}
