import Dispatch
import Synchronization

/// Where a running cell waits for a line from the person at the frontend.
final class InputDesk: Sendable {
  private enum State {
    case idle
    case waiting(request: String)
    case answered(String)
    case interrupted
  }

  private let state = Mutex(State.idle)
  private let signal = DispatchSemaphore(value: 0)

  /// Sends an input request to the frontend that sent the cell, and waits for its answer or an interrupt.
  func ask(prompt: String, password: Bool, for request: Message, outbox: Outbox) throws(InputUnavailable) -> String {
    state.withLock { $0 = .waiting(request: request.header.id) }
    outbox.reply(.stdin, to: request, "input_request", ["prompt": .string(prompt), "password": .bool(password)])
    while true {
      signal.wait()
      let outcome: Result<String, InputUnavailable>? = state.withLock { state in
        switch state {
        case .idle, .waiting: return nil
        case .answered(let line):
          state = .idle
          return .success(line)
        case .interrupted:
          state = .idle
          return .failure(.interrupted)
        }
      }
      if let outcome { return try outcome.get() }
    }
  }

  /// Hands in a line. One that nobody waits for is stale, and is dropped.
  func answer(_ line: String) {
    let isAwaited = state.withLock { state in
      guard case .waiting = state else { return false }
      state = .answered(line)
      return true
    }
    if isAwaited { signal.signal() }
  }

  /// Ends the wait, if there is one.
  func interrupt() {
    let isAwaited = state.withLock { state in
      guard case .waiting = state else { return false }
      state = .interrupted
      return true
    }
    if isAwaited { signal.signal() }
  }
}
