import Analytics
import Columnar
import Engine
import Query
import Testing

/// ABC classes and product quadrants against pandas, and the spans of key figures.
@Suite struct RankingTests {
  private func ranked(_ shop: SmallShop, top: Int? = nil, others: Bool = false) throws -> ParetoRanking {
    let sums = try InMemoryEngine().run(
      .aggregate(
        shop.plan, keys: [NamedExpr("product", .column("product"))],
        [NamedAggregate("amount", .sum, [SmallShop.amount])]), cancellation: Cancellation()
    ).table
    return ParetoRanking(
      item: (Field("product", .text), try #require(sums["product"])),
      measure: (Field("amount", .real), try #require(sums["amount"])),
      limits: [try threshold(0.8), try threshold(0.95)],
      top: top, others: others)
  }

  @Test func classesAndRunningShares() throws {
    let shop = try SmallShop()
    let result = try ranked(shop)
    let expected = shop.lines("abc")
    #expect(result.table.rowCount == expected.count)
    for (row, line) in expected.enumerated() {
      #expect(result.table.text(row, "product") == line[0])
      #expect(abs(result.table.number(row, "amount") - (try #require(Double(line[1])))) < 1e-6)
      #expect(abs(result.table.number(row, "cumulative_share") - (try #require(Double(line[2])))) < 1e-12)
      #expect(result.table.text(row, "class") == line[3])
      #expect(result.table.text(row, "rank") == "\(row + 1)")
    }
  }

  @Test func whatIsCutOffStaysInTheShares() throws {
    let shop = try SmallShop()
    let whole = try ranked(shop)
    let top = try ranked(shop, top: 3, others: true)
    #expect(top.table.rowCount == 4)
    #expect(top.merged == whole.items - 3)
    #expect(top.table.text(3, "product") == "Others")
    #expect(abs((0..<4).reduce(0) { $0 + top.table.number($1, "share") } - 1) < 1e-12)
    #expect(top.table.number(2, "cumulative_share") == whole.table.number(2, "cumulative_share"))
    let merged = try ranked(shop, others: true)
    #expect(merged.table.rowCount == whole.items - whole.classes[2].items + 1)
  }

  @Test func aGiantIsStillInTheFirstClass() throws {
    let result = ParetoRanking(
      item: (Field("p", .text), .text(["b", "a", "c"])),
      measure: (Field("m", .integer), .integer([5, 90, 5] as [Int64])),
      limits: [try threshold(0.8), try threshold(0.95)])
    #expect((0..<3).map { result.table.text($0, "p") } == ["a", "b", "c"])
    #expect((0..<3).map { result.table.text($0, "class") } == ["A", "B", "C"])
  }

  @Test func productQuadrants() throws {
    let shop = try SmallShop()
    let source = ProductPerformance.Source(
      shop.plan, product: .column("product"), date: .column("date"), amount: SmallShop.amount, order: .column("order"),
      quantity: .column("quantity"))
    let result = try ProductPerformance(
      source, window: 90, product: Field("product", .text), amount: .plain, engine: InMemoryEngine(),
      cancellation: Cancellation())
    var rows: [String: Int] = [:]
    for row in 0..<result.table.rowCount { rows[result.table.text(row, "product")] = row }
    for line in shop.lines("product") {
      let row = try #require(rows[line[0]])
      let found = ["amount", "units", "orders", "velocity"].map { result.table.number(row, $0) }
      for (ours, theirs) in zip(found, try line[1...4].map { try #require(Double($0)) }) {
        #expect(abs(ours - theirs) < 1e-9)
      }
      #expect(result.table.text(row, "class") == line[5], "\(line[0])")
      #expect(result.table["stock_flag"]?[row] == .missing)
    }
  }

  @Test func incompletePeriodsAreHeldAgainstTheSameDays() throws {
    let quarter = KeyFigures.Spans(grain: .quarter, lastDay: try day("2011-12-09"))
    #expect(!quarter.complete)
    #expect(quarter.current == (try day("2011-10-01"))...(try day("2011-12-09")))
    #expect(quarter.previous == (try day("2011-07-01"))...(try day("2011-09-08")))
    let march = KeyFigures.Spans(grain: .month, lastDay: try day("2011-03-30"))
    #expect(march.previous == (try day("2011-02-01"))...(try day("2011-02-28")))
    let february = KeyFigures.Spans(grain: .month, lastDay: try day("2011-02-28"))
    #expect(february.complete)
    #expect(february.previous == (try day("2011-01-01"))...(try day("2011-01-31")))
  }
}
