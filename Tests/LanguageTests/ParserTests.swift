import Columnar
import MartletLanguage
import Testing

struct ParserTests {
  private func parse(_ source: String, _ names: ParserNames = ParserNames()) -> Parser.Result {
    Parser.parse(source, names: names)
  }

  private func statements(_ source: String) -> Int {
    let result = parse(source)
    #expect(result.diagnostics.isEmpty, "\(result.diagnostics.map(\.message)) in \(source)")
    return result.cell.statements.count
  }

  @Test func linesMakeStatements() {
    #expect(statements("a = 1\nb = 2\n\n# comment\nc = 3") == 3)
  }

  @Test func pipesCommentsAndBlankLinesContinue() {
    #expect(statements("sales\n\n# only France\n| where Country = \"France\"\n\n| take 5") == 1)
  }

  @Test func indentedLinesContinue() {
    #expect(
      statements("sales | summarize\n    revenue = sum(amount),\n    orders = count()\n    per month\nx = 1") == 2)
  }

  @Test(arguments: [
    "x = 1 +\n2", "x =\n5", "sales | where a in\n[1, 2]", "sales | count by\nCountry", "sales |\ntake 5",
  ])
  func openEndsContinue(_ source: String) {
    #expect(statements(source) == 1)
  }

  @Test func aStarBehindAVerbEndsItsLine() {
    #expect(statements("sales | distinct a\nsales | select *\nx = 1") == 3)
  }

  @Test func optionsClausesAndItemsInAnyOrder() throws {
    let result = parse("sales | basket Description by InvoiceNo support=1%, confidence=60%")
    guard case .body(.pipeline(let pipeline))? = result.cell.statements.first?.kind else {
      Issue.record("no pipeline")
      return
    }
    let command = try #require(pipeline.stages.first)
    #expect(command.items.count == 1)
    #expect(command.clauses.map(\.kind) == [.by])
    #expect(command.options.map(\.name.text) == ["support", "confidence"])
  }

  @Test func comparisonsInWhereAreNoDefinitions() throws {
    let result = parse("sales | where Country = country")
    guard case .body(.pipeline(let pipeline))? = result.cell.statements.first?.kind,
      case .comparison? = pipeline.stages.first?.items.first?.value.kind
    else {
      Issue.record("no comparison")
      return
    }
  }

  @Test func anAssignmentComesFirstEvenForAVerb() {
    guard case .assignment(let name, .expr)? = parse("top = 5").cell.statements.first?.kind else {
      Issue.record("no assignment")
      return
    }
    #expect(name.text == "top")
  }

  @Test(arguments: [
    ("x = = 1", "E203"), ("sales | ", "E203"), ("sales | where (a = 1", "E210"), ("x = [1, 2", "E210"),
    ("sales where a = 1", "E208"), ("x = 1 )", "E212"), ("x = if a then 1", "E203"),
    ("sales | count per fortnight", "E223"),
    ("x = 1 < 2 < 3", "E211"), ("x = 3 | take 5", "E221"), ("by = 3", "E222"), ("sales | sort a b", "E215"),
    ("sales | take 5 where a", "E208"),
  ]) func faultsHaveTheirCode(_ source: String, _ code: String) {
    #expect(parse(source).diagnostics.map(\.code) == [code], "\(source)")
  }

  @Test func deepNestingIsAFaultAndNoCrash() {
    let deep = "x = " + String(repeating: "(", count: 2000) + "1" + String(repeating: ")", count: 2000)
    #expect(parse(deep).diagnostics.map(\.code) == ["E209"])
    #expect(parse("x = " + String(repeating: "-", count: 5000) + "1").diagnostics.isEmpty)
    #expect(parse("x = " + String(repeating: "not ", count: 5000) + "true").diagnostics.isEmpty)
    #expect(
      parse("x = " + String(repeating: "if true then 1 else ", count: 5000) + "2").diagnostics.map(\.code) == ["E209"])
    #expect(parse("x = 2" + String(repeating: " ^ 2", count: 5000)).diagnostics.map(\.code) == ["E209"])
    #expect(parse("x = " + String(repeating: "[", count: 5000)).diagnostics.count == 1)
  }

  @Test func longChainsAreFlat() {
    let result = parse("x = 1" + String(repeating: "+1", count: 20_000))
    guard case .assignment(_, .expr(let value))? = result.cell.statements.first?.kind,
      case .chain(_, let links) = value.kind
    else {
      Issue.record("no chain")
      return
    }
    #expect(links.count == 20_000)
  }

  /// Whatever tokens follow each other, the parser ends, and its faults point into the source.
  @Test func anyTokensAreReadOrRefused() {
    var random = Dice(seed: 5)
    let words = [
      "sales", "where", "summarize", "by", "per", "month", "=", "|", ",", "(", ")", "[", "]", "not", "and", "in", "1",
      "7 days",
      "\"text\"", "sum", "if", "then", "else", "-", "*", "+", "??", "asc", "desc", "top", "add", "sort", "x", "\n",
      "\n  ", "is",
      "missing", "between", "define", "param", "f\"{x}\"", "2011-12", "60%", "as", "vs", "last", "^", ".",
    ]
    for _ in 0..<4000 {
      let source = (0..<random.below(25)).map { _ in words[random.below(words.count)] }.joined(separator: " ")
      let count = source.unicodeScalars.count
      for diagnostic in parse(source).diagnostics {
        guard let range = diagnostic.range else { continue }
        #expect(range.start >= 0 && range.start <= count, "\(source)")
      }
    }
  }

  @Test func definitionsKeepTheirHelp() {
    let result = parse("## Share that is left.\ndefine margin(r, c = 0) = ratio(r - c, r)")
    guard case .define(let definition)? = result.cell.statements.first?.kind else {
      Issue.record("no definition")
      return
    }
    #expect(definition.help == "Share that is left.")
    #expect(definition.parameters.map(\.name.text) == ["r", "c"])
  }
}

struct CompletenessTests {
  @Test(arguments: ["", "x = 1", "sales | take 5", "# comment", "sales\n  | take 5\n", "sales | select *"])
  func complete(_ source: String) { #expect(Completeness.of(source) == .complete) }

  @Test(arguments: [
    "sum(1,", "x = ", "sales |", "x = \"\"\"open", "sales | where a and", "x = if a then 1", "sales | count by",
    "[1,\n2", "sales\n  | take 5",
  ])
  func incomplete(_ source: String) {
    guard case .incomplete = Completeness.of(source) else {
      Issue.record("\(source): \(Completeness.of(source))")
      return
    }
  }

  @Test(arguments: ["x = = 1", "\"open", "x = 1 )", "7q", "sales | take 5 where a"])
  func invalid(_ source: String) { #expect(Completeness.of(source) == .invalid) }
}
