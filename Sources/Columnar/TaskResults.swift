import Synchronization

/// What tasks on several cores have made, in the order of their numbers.
final class TaskResults<T: Sendable>: Sendable {
  private let results: Mutex<[T?]>

  init(_ count: Int) { results = Mutex([T?](repeating: nil, count: count)) }

  /// Keeps the result of a task.
  func put(_ task: Int, _ result: T) { results.withLock { $0[task] = result } }

  /// The results that there are.
  var all: [T] { results.withLock { $0.compactMap { $0 } } }
}
