import ArgumentParser
import Columnar
import Display
import Engine
import MartletLanguage

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `martlet run FILE`: runs a script of cells without Jupyter, and prints what they show as text.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Runs a .martlet script, or the cells of a notebook, and prints the results.")

  @Argument(help: "A .martlet file, or a notebook (.ipynb).")
  var file: String

  @Option(name: .customLong("param"), help: "A parameter as name=value; may be given several times.")
  var parameters: [String] = []

  func run() throws {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw ValidationError("cannot read \(file)")
    }
    let cells = file.hasSuffix(".ipynb") ? try NotebookFile(data).codeCells : [String(decoding: data, as: UTF8.self)]
    let session = Session(engine: InMemoryEngine(), loader: FileTableLoader())
    let renderer = DisplayRenderer(colored: false)
    var overrides = try parameters.map(Self.assignment)
    for cell in cells {
      try execute(cell, session, renderer)
      // As papermill does it: what is given replaces the defaults right behind the cell that declares them.
      let declared = overrides.filter { override in session.snapshot.parameters.contains { $0.name == override.name } }
      for override in declared { try execute(override.statement, session, renderer) }
      overrides.removeAll { override in declared.contains { $0.name == override.name } }
    }
    if let unknown = overrides.first { throw ValidationError("\(file) has no parameter \(unknown.name)") }
  }

  private func execute(_ cell: String, _ session: Session, _ renderer: DisplayRenderer) throws {
    switch session.execute(cell, sink: Console(renderer: renderer)) {
    case .succeeded: return
    case .interrupted: throw ExitCode(130)
    case .failed(let diagnostics):
      StandardError.write(renderer.error(diagnostics).traceback.joined(separator: "\n") + "\n")
      throw ExitCode.failure
    }
  }

  private static func assignment(_ text: String) throws -> (name: String, statement: String) {
    guard let sign = text.firstIndex(of: "=") else { throw ValidationError("--param \(text): write name=value") }
    let (name, value) = (String(text[..<sign]), String(text[text.index(after: sign)...]))
    let isLiteral =
      ["true", "false", "missing"].contains(value) || value.first.map { $0.isNumber || "-\"[".contains($0) } ?? false
    let literal = isLiteral ? value : "\"" + value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    return (name, "\(name) = \(literal)")
  }
}

/// Prints what cells show.
private struct Console: OutputSink {
  let renderer: DisplayRenderer

  func emit(_ output: Output) {
    for message in renderer.messages(output) {
      switch message {
      case .display(let bundle, _): print(bundle["text/plain"] ?? "")
      case .update, .clear: continue
      case .stream(.stdout, let text): print(text, terminator: "")
      case .stream(.stderr, let text): StandardError.write(text)
      case .error(let error): StandardError.write(error.traceback.joined(separator: "\n") + "\n")
      }
    }
  }

  func ask(_ prompt: String, password: Bool) throws -> String? {
    StandardError.write(prompt)
    return readLine()
  }
}

/// The code cells of a notebook file.
struct NotebookFile {
  let codeCells: [String]

  private struct Content: Decodable {
    struct Cell: Decodable {
      let cellType: String
      let source: Source
    }
    let cells: [Cell]
  }

  /// The format allows a text or a list of lines.
  private enum Source: Decodable {
    case text(String)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let lines = try? container.decode([String].self) {
        self = .text(lines.joined())
      } else {
        self = .text(try container.decode(String.self))
      }
    }
  }

  init(_ data: Data) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    codeCells = try decoder.decode(Content.self, from: data).cells.compactMap { cell in
      guard cell.cellType == "code", case .text(let text) = cell.source else { return nil }
      return text
    }
  }
}
