import Analytics
import Columnar
import Engine
import Query
import Testing

/// From a table with one row an order line to a table of rules.
@Suite struct BasketAnalysisTests {
  /// Orders 1 … 4: {a, b}, {a, b, c}, {a}, {c}; one row names no item; item a has two names.
  private static let table = Table([
    (Field("order", .integer), .integer([1, 1, 2, 2, 2, 3, 4, 4] as [Int64])),
    (Field("code", .text), .text(["A", "B", "A", "B", "C", "A", "C", nil])),
    (Field("name", .text), .text(["apple", "bread", "apple", "bread", "cake", "APPLE?", "cake", "dust"])),
  ])

  private func analysis(_ support: Double, confidence: Double = 0.5, named: Bool = true) throws -> BasketAnalysis {
    var analysis = BasketAnalysis(
      order: .column("order"), item: .column("code"), name: named ? .column("name") : nil,
      confidence: try threshold(confidence), lift: try threshold(1))
    analysis.support = .share(try threshold(support))
    return analysis
  }

  private func run(_ analysis: BasketAnalysis) throws -> BasketAnalysis.Result {
    try analysis.analyse(.table(Self.table, name: "t"), engine: InMemoryEngine(), cancellation: Cancellation())
  }

  @Test func rulesByLiftWithTheMostFrequentNames() throws {
    let result = try run(analysis(0.5))
    #expect(result.orders == 4)
    #expect(result.incompleteRows == 1)
    #expect(result.singleItemOrders == 2)
    #expect(result.items == 3)
    #expect((0..<2).map { result.table.text($0, "rule") } == ["bread → apple", "apple → bread"])
    #expect((0..<2).map { result.table.number($0, "confidence") } == [1, 2.0 / 3])
    #expect((0..<2).map { result.table.number($0, "lift") } == [4.0 / 3, 4.0 / 3])
    #expect(result.table["conviction"]?[0] == .missing)
    #expect(abs(result.table.number(1, "conviction") - 1.5) < 1e-12)
    #expect(abs(result.table.number(0, "leverage") - 0.125) < 1e-12)
    #expect(result.table.text(0, "orders") == "2")
  }

  @Test func sidesOfSeveralItemsAreJoined() throws {
    let result = try run(analysis(0.25, confidence: 1, named: false))
    let rules = (0..<result.table.rowCount).map { result.table.text($0, "rule") }
    #expect(rules.contains("A + C → B"))
    #expect(rules.contains("B → A"))
    #expect(!rules.contains("A → B"))
  }

  @Test func anEmptyTableSaysWhatWouldFillIt() throws {
    let result = try run(analysis(0.9))
    #expect(result.table.rowCount == 0)
    #expect(result.table.schema == Schema(BasketAnalysis.fields))
    #expect(result.bestPair?.orders == 2)
    #expect(result.suggestion?.support == 0.05)
    #expect((result.suggestion?.rules ?? 0) > 0)
  }

  @Test func equalNamesAreToldApart() throws {
    let table = Table([
      (Field("order", .integer), .integer([1, 1, 2, 2] as [Int64])),
      (Field("code", .text), .text(["A", "B", "A", "B"])),
      (Field("name", .text), .text(["pen", "pen", "pen", "pen"])),
    ])
    let result = try analysis(0.5).analyse(
      .table(table, name: "t"), engine: InMemoryEngine(), cancellation: Cancellation())
    #expect(result.table.text(0, "rule") == "pen (A) → pen (B)")
  }

  @Test func topKeepsTheStrongest() throws {
    var analysis = try analysis(0.25, confidence: 0)
    let all = try run(analysis)
    analysis.top = 1
    let one = try run(analysis)
    #expect(one.table.rowCount == 1)
    #expect(one.rules == all.table.rowCount)
    #expect(one.table.text(0, "rule") == all.table.text(0, "rule"))
  }
}
