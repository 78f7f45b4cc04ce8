import Columnar
import Engine
import MartletLanguage
import Testing

/// Runs the files of `Tests/Specs`.
struct SpecTests {
  @Test func thereAreSpecs() { #expect(SpecFile.all.count > 5) }

  @Test(arguments: SpecFile.all) func holds(_ file: SpecFile) throws {
    #expect(!file.cases.isEmpty)
    for item in file.cases {
      let session = ExampleShop.session()
      for (name, csv) in item.tables {
        let read = try CSVReader(path: name).read(Array(csv.utf8), LoadReport())
        session.define(read.table, named: name, origin: "spec")
      }
      for step in item.steps { check(step, session, "\(file.path): \(item.title)") }
    }
  }

  private func check(_ step: SpecFile.Step, _ session: Session, _ title: String) {
    let sink = RecordingSink()
    let outcome = session.execute(step.cell, sink: sink)
    var faults = ""
    if case .failed(let all) = outcome {
      faults = all.map { DiagnosticRenderer().render($0) }.joined(separator: "\n\n")
    }
    if !step.expectations.contains(where: { $0.kind == "diagnostic" }) {
      #expect(faults.isEmpty, "\(title)\n\(step.cell)\n\(faults)")
    }
    for (kind, text) in step.expectations {
      let found = kind == "diagnostic" ? faults : shown(kind, sink.outputs)
      #expect(found == text, "\(title)\n\(step.cell)\n--- found\n\(found)\n--- expected\n\(text)")
    }
  }

  private func tables(_ all: [CaptionedTable]) -> String {
    all.map { "\($0.caption)\n\(PlainTable.text($0.table))" }.joined(separator: "\n")
  }

  /// What a cell has shown of one kind.
  private func shown(_ kind: String, _ outputs: [Output]) -> String {
    let parts = outputs.compactMap { output -> String? in
      switch (kind, output) {
      case ("result", .result(let result)): PlainTable.text(result.table)
      case ("value", .value(let value, let measure)): ValueText.plain(value, measure)
      case ("receipt", .receipt(let receipt)): receipt.line
      case ("printed", .text(let text, _)): text.hasSuffix("\n") ? String(text.dropLast()) : text
      case ("notes", .result(let result)):
        result.notes.map { "\($0.kind.rawValue): \($0.text)" }.joined(separator: "\n")
      case ("notes", .receipt(let receipt)):
        receipt.notes.map { "\($0.kind.rawValue): \($0.text)" }.joined(separator: "\n")
      case ("log", .result(let result)): tables(result.appendices)
      case ("log", .receipt(let receipt)): tables(receipt.appendices)
      case ("markdown", .markdown(let text)): text
      default: nil
      }
    }
    return parts.joined(separator: "\n")
  }
}
