import Dispatch
import Synchronization

/// Requests that wait for the thread that runs cells. It has no limit: the I/O thread never waits.
final class ShellQueue: Sendable {
  private let requests = Mutex<[Message]>([])
  private let available = DispatchSemaphore(value: 0)

  func append(_ request: Message) {
    requests.withLock { $0.append(request) }
    available.signal()
  }

  /// The oldest request; waits until there is one.
  func next() -> Message {
    while true {
      available.wait()
      if let request = requests.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { return request }
    }
  }
}
