import Display
import MartletLanguage
import Testing

/// Diagnostics as they stand under a cell.
@Suite struct DiagnosticTextTests {
  /// The range of a word in a cell, in Unicode scalars.
  func range(of word: String, in source: String) throws -> SourceRange {
    let scalars = Array(source.unicodeScalars)
    let wanted = Array(word.unicodeScalars)
    let start = try #require(
      scalars.indices.first { scalars[$0...].prefix(wanted.count).elementsEqual(wanted) })
    return SourceRange(start, start + wanted.count)
  }

  func render(_ source: String, _ word: String, _ make: (SourceRange) -> Diagnostic) throws -> [String] {
    DisplayRenderer(colored: false).error([RenderedDiagnostic(make(try range(of: word, in: source)), source: source)])
      .traceback
  }

  @Test func caretStandsBelowTheName() throws {
    let lines = try render("sales\n| where Quantty > 0", "Quantty") {
      Diagnostic(
        "E101", "`sales` has no column `Quantty`", at: $0, hint: "did you mean `Quantity`?",
        details: ["columns: InvoiceNo, Quantity"])
    }
    #expect(
      lines == [
        "error E101: `sales` has no column `Quantty`", "  2 | | where Quantty > 0",
        "    |         ^^^^^^^ did you mean `Quantity`?", "  columns: InvoiceNo, Quantity",
      ])
  }

  @Test func wideLettersTakeTwoColumns() throws {
    let lines = try render("x = \"東京\" | forcast", "forcast") { Diagnostic("E102", "no", at: $0, fix: "y") }
    #expect(lines == ["error E102: no", "  1 | x = \"東京\" | forcast", "    |              ^^^^^^^", "  fix: y"])
  }

  @Test func placesBeyondTheCellDoNotTrap() {
    for range in [SourceRange(99, 120), SourceRange(-4, 2), SourceRange(3, 3)] {
      let item = RenderedDiagnostic(Diagnostic("E201", "m", at: range), source: "a |")
      #expect(DisplayRenderer(colored: false).error([item]).traceback.count == 3)
    }
  }

  @Test func atMostThreeFaultsAreShown() {
    let items = (1...5).map { RenderedDiagnostic(Diagnostic("E10\($0)", "m"), source: "a") }
    #expect(
      DisplayRenderer(colored: false).error(items).traceback == [
        "error E101: m", "", "error E102: m", "", "error E103: m",
      ])
  }

  @Test func tracebackHoldsTheMessageAndColours() throws {
    let item = RenderedDiagnostic(
      Diagnostic("E102", "there is no command `forcast`", at: SourceRange(0, 7), fix: "forecast"), source: "forcast")
    let error = DisplayRenderer().error([item])
    #expect(error.name == "E102")
    #expect(error.message == "there is no command `forcast`")
    #expect(error.traceback.joined().contains("\u{1B}[1;31merror E102\u{1B}[0m"))
    #expect(error.traceback.joined().contains("there is no command `forcast`"))
  }

  @Test func warningsAreOutputsAndErrorsAreFailures() {
    let warning = RenderedDiagnostic(Diagnostic("W501", "the table is empty"), source: "")
    guard case .display? = DisplayRenderer().messages(.diagnostic(warning)).first else {
      Issue.record("a warning does not fail the cell")
      return
    }
    let failure = RenderedDiagnostic(Diagnostic("E501", "no"), source: "")
    guard case .error? = DisplayRenderer().messages(.diagnostic(failure)).first else {
      Issue.record("an error fails the cell")
      return
    }
  }
}
