import Columnar
import Foundation
import MartletLanguage
import Testing

/// Rules that every line of the table of commands must keep.
struct CommandTableTests {
  private static let specs = CommandTable.all.map { $0.spec }

  @Test func namesAreUnique() {
    var seen: Set<String> = []
    for spec in Self.specs {
      for name in [spec.name] + spec.aliases { #expect(seen.insert(name).inserted, "\(name) twice") }
    }
  }

  @Test func noCommandIsASynonymOfAnother() {
    var owners: [String: String] = [:]
    for spec in Self.specs {
      for synonym in spec.synonyms {
        #expect(
          CommandTable.command(synonym.word) == nil, "\(synonym.word) is a command, and a synonym of \(spec.name)")
        #expect(owners.updateValue(spec.name, forKey: synonym.word) == nil, "\(synonym.word) names two commands")
      }
    }
  }

  @Test(arguments: specs.map(\.name)) func everythingIsDocumented(_ name: String) throws {
    let spec = try #require(CommandTable.command(name)?.spec)
    #expect(isSentence(spec.summary), "\(spec.summary)")
    #expect(!spec.summary.contains("\n"))
    #expect(!spec.examples.isEmpty)
    if spec.subject.count.upperBound > 0 {
      #expect(isSentence(spec.subject.doc), "\(spec.subject.doc)")
      #expect(!spec.subject.placeholder.isEmpty)
    }
    for clause in spec.clauses { #expect(isSentence(clause.doc) && !clause.placeholder.isEmpty, "\(clause.kind)") }
    for option in spec.options { #expect(isSentence(option.doc), "\(option.name): \(option.doc)") }
    for column in spec.output { #expect(column.doc.hasSuffix(".") || column.doc.hasSuffix("…"), "\(column.name)") }
    for example in spec.examples { #expect(isSentence(example.caption), "\(example.caption)") }
    #expect(Set(spec.options.map(\.name)).count == spec.options.count)
    #expect(Set(spec.clauses.map(\.kind)).count == spec.clauses.count)
    #expect(!spec.options.contains { ReservedWords.clauses.contains($0.name) })
  }

  @Test(arguments: specs.map(\.name)) func defaultsCanBeRead(_ name: String) throws {
    let spec = try #require(CommandTable.command(name)?.spec)
    for option in spec.options {
      guard let source = option.defaultValue else { continue }
      #expect(Parser.expression(source) != nil, "\(option.name)=\(source)")
    }
  }

  @Test(arguments: specs.map(\.name)) func examplesRun(_ name: String) throws {
    let spec = try #require(CommandTable.command(name)?.spec)
    for example in spec.examples {
      let sink = RecordingSink()
      let outcome = ExampleShop.session(loader: ExampleFiles()).execute(
        ExampleFiles.aside(example.code), sink: sink)
      if case .failed(let faults) = outcome {
        Issue.record("\(example.code)\n\(faults.map { DiagnosticRenderer().render($0) }.joined(separator: "\n"))")
      }
      #expect(!sink.outputs.isEmpty, "\(example.code) shows nothing")
    }
  }

  /// What a command says before it runs is what comes out.
  @Test(arguments: specs.map(\.name)) func promisedColumnsComeOut(_ name: String) throws {
    let spec = try #require(CommandTable.command(name)?.spec)
    for example in spec.examples where !example.code.contains("\n") && spec.input != .none {
      let code = ExampleFiles.aside(example.code)
      let session = ExampleShop.session(loader: ExampleFiles())
      let first = example.code.split(separator: " ").first.map(String.init) ?? ""
      guard session.snapshot.table(first) != nil else { continue }
      guard let promised = session.promisedColumns(of: code) else { continue }
      guard case .succeeded = session.execute("outcome = \(code)", sink: RecordingSink()) else { continue }
      let found = try #require(session.snapshot.table("outcome")).table.schema
      #expect(found.names == promised.names, "\(example.code)")
      for (a, b) in zip(found.fields, promised.fields) {
        #expect(a.type == b.type || (a.type.isNumeric && b.type.isNumeric), "\(example.code): \(a.name)")
      }
    }
  }

  @Test func functionsAreDocumented() {
    for function in FunctionTable.all {
      #expect(!function.signature.summary.isEmpty && !function.signature.summary.hasSuffix("."), "\(function.name)")
      #expect(!function.signature.example.isEmpty)
    }
  }

  /// `docs/commands.md` is written by `martlet docs`; with RECORD_SNAPSHOTS set, this test writes it, and fails.
  @Test func theReferenceIsFresh() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("docs/commands.md")
    let written = try? String(contentsOf: path, encoding: .utf8)
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil {
      try FileManager.default.createDirectory(at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Reference.document.write(to: path, atomically: true, encoding: .utf8)
      Issue.record("docs/commands.md has been written")
    }
    #expect(written == Reference.document, "docs/commands.md is stale: run `martlet docs`")
  }

  private func isSentence(_ text: String) -> Bool {
    guard let first = text.first, let last = text.last else { return false }
    return (first.isUppercase || first == "`" || first.isNumber) && (last == "." || last == "?")
  }
}

/// Gives the examples of `load` and `export` something to work on.
struct ExampleFiles: TableLoader {
  func load(_ request: LoadRequest, cancellation: Cancellation) throws -> [LoadedTable] {
    let name = request.source.split(separator: "/").last.map { String($0.prefix { $0 != "." }) } ?? "table"
    let known = ExampleShop.session().snapshot.table("sales")?.table ?? .empty
    return [LoadedTable(name: name == "*" ? "sales" : name, table: known, facts: [])]
  }

  func completions(of path: String) -> [String] { [] }

  /// An example that writes its file into the system's folder for such things, not into the project.
  static func aside(_ example: String) -> String {
    let folder = FileManager.default.temporaryDirectory.path
    return example.replacing("export \"", with: "export \"\(folder)/")
  }
}
