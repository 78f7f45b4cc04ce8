import Columnar
import Display
import Engine
import MartletLanguage
import Synchronization

/// Runs cells in a session of its own, on the invented shop.
struct Cells {
  let session = Session(engine: InMemoryEngine(workers: 2), loader: FileTableLoader())

  /// The outputs of a cell, and what went wrong.
  func run(_ cell: String) -> (outputs: [Output], faults: [RenderedDiagnostic]) {
    let sink = GatheringSink()
    switch session.execute(cell, sink: sink) {
    case .succeeded, .interrupted: return (sink.outputs, [])
    case .failed(let faults): return (sink.outputs, faults)
    }
  }

  /// The result that the last statement of a cell shows.
  func result(_ cell: String) -> ResultOutput? {
    let (outputs, faults) = run("sales = generate sales rows=3000 seed=4\n" + cell)
    guard faults.isEmpty, case .result(let result)? = outputs.last else { return nil }
    return result
  }

  /// The codes of what is wrong with a cell.
  func faults(_ cell: String) -> [String] {
    run("sales = generate sales rows=3000 seed=4\n" + cell).faults.map(\.diagnostic.code)
  }
}

/// Keeps outputs in order; nobody answers questions.
final class GatheringSink: OutputSink {
  private let state = Mutex<[Output]>([])

  var outputs: [Output] { state.withLock { $0 } }

  func emit(_ output: Output) { state.withLock { $0.append(output) } }

  func ask(_ prompt: String, password: Bool) throws -> String? { nil }
}
