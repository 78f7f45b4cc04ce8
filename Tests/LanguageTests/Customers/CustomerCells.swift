import Columnar
import Engine
import Foundation
import MartletLanguage
import Synchronization

/// A session for tests of the customer commands, with everything that its cells showed.
final class CustomerCells: OutputSink {
  private let session: Session
  private let shown = Mutex<[Output]>([])

  init() { session = Session(engine: InMemoryEngine(), loader: FileTableLoader()) }

  func emit(_ output: Output) { shown.withLock { $0.append(output) } }

  func ask(_ prompt: String, password: Bool) throws -> String? { nil }

  /// What one cell did.
  struct Answer {
    var results: [ResultOutput]
    var warnings: [Diagnostic]
    var failures: [Diagnostic]

    /// The last table on display.
    var table: Table { results.last?.table ?? .empty }
    var detail: Table { results.last?.detail ?? table }
    var headline: String { results.last?.headline ?? "" }

    /// The texts of all notes of a kind, joined.
    func notes(_ kind: Note.Kind) -> String {
      (results.last?.notes ?? []).filter { $0.kind == kind }.map(\.text).joined(separator: " · ")
    }
  }

  /// Runs a cell.
  func run(_ cell: String) -> Answer {
    shown.withLock { $0.removeAll() }
    let outcome = session.execute(cell, sink: self)
    var answer = Answer(results: [], warnings: [], failures: [])
    if case .failed(let diagnostics) = outcome { answer.failures = diagnostics.map(\.diagnostic) }
    for output in shown.withLock({ $0 }) {
      switch output {
      case .result(let result): answer.results.append(result)
      case .diagnostic(let rendered): answer.warnings.append(rendered.diagnostic)
      default: continue
      }
    }
    return answer
  }
}

extension Table {
  /// One cell as the language writes it.
  func word(_ row: Int, _ column: String) -> String {
    guard let values = self[column], row < rowCount else { return "?" }
    switch values[row] {
    case .text(let t): return t
    case .integer(let i): return "\(i)"
    case .boolean(let b): return "\(b)"
    case .period(let p): return "\(p)"
    case .date(let d): return "\(d)"
    case .real(let d): return "\(d)"
    case .missing: return "–"
    default: return "?"
    }
  }

  func real(_ row: Int, _ column: String) -> Double {
    guard let values = self[column], row < rowCount else { return .nan }
    return values[row].number ?? .nan
  }
}
