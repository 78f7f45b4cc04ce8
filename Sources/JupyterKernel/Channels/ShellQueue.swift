import Dispatch
import Synchronization

/// Requests that wait for a thread that runs cells. It has no limit: the I/O thread never waits.
final class ShellQueue: Sendable {
  private struct State {
    var requests: [Message?] = []
    /// The place of the oldest request: taking one moves no other.
    var head = 0

    mutating func takeFirst() -> Message? {
      guard head < requests.count else { return nil }
      let first = requests[head]
      requests[head] = nil
      head += 1
      if head == requests.count {
        requests.removeAll(keepingCapacity: requests.count < 1024)
        head = 0
      }
      return first
    }
  }

  private let state = Mutex(State())
  private let available = DispatchSemaphore(value: 0)

  func append(_ request: Message) {
    state.withLock { $0.requests.append(request) }
    available.signal()
  }

  /// No request will follow.
  func close() { available.signal() }

  /// The oldest request; waits until there is one. Nil when the queue is closed and empty.
  func next() -> Message? {
    available.wait()
    return state.withLock { $0.takeFirst() }
  }
}
