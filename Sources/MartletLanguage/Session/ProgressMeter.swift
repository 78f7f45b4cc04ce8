import Synchronization

/// Shows how far a long command is: nothing in its first half second, then at most ten reports a second.
package final class ProgressMeter: Sendable {
  private struct State {
    var isShown = false
    var next: ContinuousClock.Instant
  }

  private static let counter = Atomic<Int>(0)

  private let sink: any OutputSink
  private let label: String
  private let id: Int
  private let state: Mutex<State>

  /// Begins to watch a command, which the label names: `making order lines`.
  package init(_ label: String, sink: any OutputSink) {
    self.sink = sink
    self.label = label
    id = ProgressMeter.counter.add(1, ordering: .relaxed).newValue
    state = Mutex(State(next: .now + .milliseconds(500)))
  }

  /// Says which share of the work is done; any thread may do so, as often as it likes.
  package func report(_ fraction: Double) {
    let isDue = state.withLock { state in
      let now = ContinuousClock.now
      guard now >= state.next else { return false }
      state.isShown = true
      state.next = now + .milliseconds(100)
      return true
    }
    if isDue { sink.emit(.progress(Progress(id: id, label: label, fraction: min(fraction, 0.99)))) }
  }

  /// Takes the report away, if there was one.
  package func finish() {
    let isShown = state.withLock { $0.isShown }
    if isShown { sink.emit(.progress(Progress(id: id, label: label, fraction: 1))) }
  }
}
