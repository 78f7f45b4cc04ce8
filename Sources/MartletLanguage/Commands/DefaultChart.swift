import Charts
import Synchronization

/// The usual chart of an analysis, made when somebody looks at it: a result that only gets a name costs no drawing.
package final class DefaultChart: Sendable {
  private enum State {
    case pending(@Sendable () -> Chart?)
    case made(Chart?)
  }
  private let state: Mutex<State>

  /// What cannot be drawn, such as a table without rows, has no chart.
  init(_ make: @escaping @Sendable () throws(ChartError) -> Chart) { state = Mutex(.pending { try? make() }) }

  /// A chart that is there.
  init(made chart: Chart?) { state = Mutex(.made(chart)) }

  /// The chart, made by the first who asks; nil when there is none.
  package var chart: Chart? {
    state.withLock { state in
      switch state {
      case .made(let chart): return chart
      case .pending(let make):
        let chart = make()
        state = .made(chart)
        return chart
      }
    }
  }
}
