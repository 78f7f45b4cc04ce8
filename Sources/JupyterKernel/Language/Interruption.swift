import Synchronization

/// Whether the running cell is to end. Each thread that runs cells has one; an interrupt raises all of them.
public final class Interruption: Sendable {
  private struct State {
    var isRaised = false
    var handler: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())

  init() {}

  /// Whether the cell is to end.
  public var isRaised: Bool { state.withLock { $0.isRaised } }

  /// Calls the handler when the cell is to end, at once if that is so already. It may come from any thread and must not
  /// wait; it is forgotten when the cell ends.
  public func onRaise(_ handler: @escaping @Sendable () -> Void) {
    let isRaised = state.withLock { state in
      state.handler = handler
      return state.isRaised
    }
    if isRaised { handler() }
  }

  /// Ends the running cell; any thread may call it.
  func raise() {
    let handler = state.withLock { state in
      state.isRaised = true
      return state.handler
    }
    handler?()
  }

  /// Forgets an interrupt that hit nothing, and the cell before.
  func clear() { state.withLock { $0 = State() } }
}
