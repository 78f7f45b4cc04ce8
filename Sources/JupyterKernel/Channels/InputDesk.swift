import Dispatch
import Synchronization

/// Where a running cell waits for a line from the person at the frontend.
final class InputDesk: Sendable {
  private enum State {
    case idle
    case waiting(question: String, cell: String)
    case answered(String)
    case interrupted
  }

  private let state = Mutex(State.idle)
  private let signal = DispatchSemaphore(value: 0)

  /// Sends an input request to the frontend that sent the cell, and waits for its answer or an interrupt.
  func ask(
    prompt: String, password: Bool, for cell: Message, outbox: Outbox, interruption: Interruption
  ) throws(InputUnavailable) -> String {
    let question = randomID()
    state.withLock { $0 = .waiting(question: question, cell: cell.header.id) }
    // An interrupt that came before the line above found nobody waiting here.
    if interruption.isRaised { interrupt() }
    outbox.post(
      .message(
        .stdin,
        Outgoing(
          id: question, identities: cell.identities, type: "input_request", parent: cell.rawHeader,
          content: ["prompt": .string(prompt), "password": .bool(password)])))
    signal.wait()
    let outcome = state.withLock { state in
      defer { state = .idle }
      return state
    }
    guard case .answered(let line) = outcome else { throw .interrupted }
    return line
  }

  /// Hands in a line; returns whether it was taken. One that nobody waits for is stale, and so is one whose parent is
  /// another question. A frontend may name the question, the cell or nothing as the parent.
  func answer(_ line: String, parent: String?) -> Bool {
    let isAwaited = state.withLock { state in
      guard case .waiting(let question, let cell) = state else { return false }
      if let parent, parent != question, parent != cell { return false }
      state = .answered(line)
      return true
    }
    if isAwaited { signal.signal() }
    return isAwaited
  }

  /// Whether a cell waits for its answer.
  var isWaiting: Bool {
    state.withLock { state in
      guard case .waiting = state else { return false }
      return true
    }
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
