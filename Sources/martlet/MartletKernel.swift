import Columnar
import Display
import Engine
import JupyterKernel
import MartletLanguage

/// Martlet as a language that the Jupyter kernel can run.
final class MartletKernel: KernelLanguage {
  private let session = Session(engine: InMemoryEngine(), loader: FileTableLoader())
  private let renderer = DisplayRenderer()
  private let idleMemory = IdleMemory()

  let info = LanguageInfo(
    implementation: "martlet", implementationVersion: Martlet.version, name: "martlet", version: Martlet.version,
    mimetype: "text/x-martlet", fileExtension: ".martlet",
    // Of all lexers and modes that come with Jupyter, those of Julia colour Martlet without an error. JupyterLab takes the
    // mode of this name where Martlet's extension has brought it, and otherwise that of the MIME type.
    pygmentsLexer: "julia", codeMirrorMode: ["name": "martlet", "mime": "text/x-julia"],
    banner: "Martlet \(Martlet.version): sales and customers, in sentences. `help` lists the commands.",
    helpLinks: [])

  func execute(_ code: String, sink: CellSink) throws(ExecutionError) {
    let cancellation = Cancellation()
    sink.interruption.onRaise { cancellation.cancel() }
    defer { idleMemory.cellEnded() }
    let outcome = session.execute(code, sink: CellOutput(sink, renderer), cancellation: cancellation)
    switch outcome {
    case .succeeded: return
    case .interrupted: throw ExecutionError.interrupted
    case .failed(let diagnostics): throw ExecutionError(renderer.error(diagnostics))
    }
  }

  func evaluate(_ expression: String) throws(ExecutionError) -> MIMEBundle {
    switch session.evaluate(expression) {
    case .failure(let diagnostic): throw ExecutionError(renderer.error([diagnostic]))
    case .success(let output):
      for case .display(let bundle, _) in renderer.messages(output) { return MIMEBundle(bundle) }
      return MIMEBundle(text: "")
    }
  }

  func kept(_ code: String) -> String { SourceAddress.redacted(code) }

  func complete(_ code: String, cursor: CodePointOffset) -> Completions {
    let found = session.complete(code, cursor: cursor.value)
    return Completions(
      found.items.map { Completions.Match($0.text, type: $0.kind.rawValue) },
      start: CodePointOffset(found.range.start), end: CodePointOffset(found.range.end))
  }

  func inspect(_ code: String, cursor: CodePointOffset, detail: Int) -> MIMEBundle? {
    guard let found = session.inspect(code, cursor: cursor.value) else { return nil }
    return MIMEBundle([("text/markdown", .string(found.markdown)), ("text/plain", .string(found.markdown))])
  }

  func page(_ code: String) -> MIMEBundle? {
    session.answer(to: code).map {
      MIMEBundle([("text/markdown", .string($0.markdown)), ("text/plain", .string($0.markdown))])
    }
  }

  func completeness(_ code: String) -> JupyterKernel.Completeness {
    if page(code) != nil { return .complete }
    return switch session.isComplete(code) {
    case .complete: .complete
    case .incomplete(let indent): .incomplete(indent: indent)
    case .invalid: .invalid
    }
  }
}

/// Sends what a cell shows to the frontend.
private struct CellOutput: OutputSink {
  let sink: CellSink
  let renderer: DisplayRenderer

  init(_ sink: CellSink, _ renderer: DisplayRenderer) {
    self.sink = sink
    self.renderer = renderer
  }

  func emit(_ output: Output) {
    for message in renderer.messages(output) {
      switch message {
      case .display(let bundle, let id):
        // The value of an expression is the cell's result; a table is shown where it stands.
        if case .value = output { sink.result(MIMEBundle(bundle)) } else { sink.display(MIMEBundle(bundle), id: id) }
      case .update(let bundle, let id): sink.updateDisplay(MIMEBundle(bundle), id: id)
      case .clear: sink.clearOutput(wait: false)
      case .stream(.stdout, let text): sink.stream(.stdout, text)
      case .stream(.stderr, let text): sink.stream(.stderr, text)
      case .error(let error): sink.stream(.stderr, error.traceback.joined(separator: "\n") + "\n")
      }
    }
  }

  func ask(_ prompt: String, password: Bool) throws -> String? {
    do throws(InputUnavailable) {
      return try sink.input(prompt: prompt, password: password)
    } catch {
      switch error {
      case .notAllowed: return nil
      case .interrupted: throw Cancelled()
      }
    }
  }
}

extension MIMEBundle {
  /// An output of the Display room.
  fileprivate init(_ bundle: DisplayBundle) {
    self.init(
      bundle.parts.map { part in
        switch part.content {
        case .text(let text), .base64(let text): (part.type, .string(text))
        case .json(let json): (part.type, .raw(Array(json.utf8)))
        }
      }, metadata: .raw(Array(bundle.metadata.serialized.utf8)))
  }
}

extension ExecutionError {
  /// A failure of the Display room.
  fileprivate init(_ error: DisplayError) {
    self.init(name: error.name, message: error.message, traceback: error.traceback)
  }

  /// The cell was interrupted.
  fileprivate static var interrupted: ExecutionError {
    let message = "the cell was interrupted; tables and parameters of finished statements are kept"
    return ExecutionError(
      name: "Interrupted", message: message, traceback: ["\u{1b}[33mInterrupted\u{1b}[0m: \(message)"])
  }
}
