import Columnar
import MartletLanguage
import TestSupport
import Testing

/// The customer cells on UCI Online Retail, against pandas and mlxtend (`Tests/Reference/online_retail_reference.py`).
@Suite(
  .serialized,
  .enabled(if: SharedData.isPresent("online_retail"), "needs ../shared/data/online_retail"))
struct OnlineRetailCustomerTests {
  /// One session with the cleaned table, made once for all tests of the suite.
  static let cells: CustomerCells = {
    let cells = CustomerCells()
    let path = SharedData.path("online_retail/online_retail.csv.gz")
    _ = cells.run("raw = load \"\(path)\"\nsales = raw | clean\nrfm = sales | segment rfm by CustomerID")
    return cells
  }()

  private func expected(_ name: String) throws -> [[String]] {
    try SharedData.referenceLines("online_retail/expected.tsv").filter { $0[0] == name }.map { Array($0[1...]) }
  }

  private func isClose(_ a: Double, _ b: String, _ tolerance: Double = 1e-9) throws -> Bool {
    let b = try #require(Double(b))
    return abs(a - b) <= tolerance * max(1, abs(b))
  }

  @Test func cleaning() throws {
    let answer = Self.cells.run("sales | summarize rows = count(), amount = sum(amount)")
    let left = try #require(try expected("left").first)
    #expect(answer.failures == [])
    #expect(answer.table.word(0, "rows") == left[0])
    #expect(try isClose(answer.table.real(0, "amount"), left[2]))
  }

  @Test func g4KeyFiguresAgainstTheSameDays() throws {
    let answer = Self.cells.run("sales | kpi vs previous quarter")
    #expect(answer.failures == [])
    #expect(answer.table.schema.names == ["metric", "value", "previous", "change", "growth", "definition"])
    #expect(
      (0..<6).map { answer.table.word($0, "metric") } == [
        "revenue", "orders", "customers", "units", "order value", "revenue per customer",
      ])
    // The table on display has each figure in its own unit; the numbers are in the rows.
    #expect(answer.table.word(0, "value").hasPrefix("£"))
    let rows = answer.detail
    let lines = try expected("G4")
    for row in 0..<6 {
      #expect(try isClose(rows.real(row, "value"), lines[0][row + 1]))
      #expect(try isClose(rows.real(row, "previous"), lines[1][row + 1]))
    }
    #expect(answer.notes(.remark).contains("2011-Q4 is incomplete (to 2011-12-09), compared with the same 70 days"))
  }

  @Test func g6Segments() throws {
    let answer = Self.cells.run("rfm | summary")
    #expect(answer.failures == [])
    #expect(
      answer.table.schema.names == [
        "segment", "customers", "share", "amount", "amount_share", "recency_days", "orders",
      ])
    let lines = try expected("G6")
    #expect(answer.table.rowCount == lines.count)
    for (row, line) in lines.enumerated() {
      #expect(answer.table.word(row, "segment") == line[0])
      #expect(answer.table.word(row, "customers") == line[1])
      #expect(try isClose(answer.table.real(row, "amount"), line[2]))
      #expect(try isClose(answer.table.real(row, "recency_days"), line[3]))
      #expect(try isClose(answer.table.real(row, "orders"), line[4]))
    }
    let direct = Self.cells.run("sales | segment rfm")
    #expect(direct.detail.rowCount == 4338)
    #expect(
      direct.notes(.assumed)
        == "customer = CustomerID · order = InvoiceNo · date = InvoiceDate · amount = Quantity × UnitPrice · as of "
        + "2011-12-10")
    #expect(direct.notes(.leftOut) == "132,186 rows without CustomerID (25.2 %)")
    #expect(direct.headline.contains("952 Champions (21.9 %) bring 67.0 % of the amount"))
  }

  @Test func g7RiskAndOpportunity() throws {
    let risk = Self.cells.run("rfm | risk \"At Risk\", \"Lost\" over=12 months weight=1")
    #expect(risk.failures == [])
    #expect(
      risk.table.schema.names == ["segment", "customers", "amount", "weight", "at_risk", "share_of_total"])
    for (row, line) in try expected("G7risk").enumerated() {
      #expect(risk.table.word(row, "segment") == line[0])
      #expect(risk.table.word(row, "customers") == line[1])
      #expect(try isClose(risk.table.real(row, "at_risk"), line[2]))
      #expect(try isClose(risk.table.real(row, "share_of_total"), line[3]))
    }
    let won = Self.cells.run("rfm | opportunity from \"Potential Loyalists\" vs \"Loyal\" reach=50%")
    #expect(won.failures == [])
    let line = try #require(try expected("G7opportunity").first)
    #expect(won.table.word(0, "customers") == line[0])
    #expect(try isClose(won.table.real(0, "mean_amount"), line[1]))
    #expect(try isClose(won.table.real(0, "benchmark"), line[2]))
    #expect(try isClose(won.table.real(0, "opportunity"), line[3]))
  }

  @Test func g8ChurnByTier() throws {
    let answer = Self.cells.run(
      "sales\n| segment spend into Bronze, Silver, Gold, Platinum\n| churn after 90 days by segment")
    #expect(answer.failures == [])
    #expect(
      answer.table.schema.names == [
        "segment", "customers", "churned", "churn_rate", "lower", "upper", "amount_lost",
      ])
    for (row, line) in try expected("G8").enumerated() {
      #expect(["segment", "customers", "churned"].map { answer.table.word(row, $0) } == Array(line[0...2]))
      #expect(try isClose(answer.table.real(row, "amount_lost"), line[3]))
    }
    #expect(answer.headline.hasPrefix("1,449 of 4,338 customers (33.4 %)"))
    #expect(answer.notes(.remark) == "churned = no order in the 90 days to 2011-12-10")
    let usual = Self.cells.run("sales | churn")
    #expect(usual.notes(.assumed).contains("limit = 110 days"))
  }

  @Test func g9Cohorts() throws {
    let answer = Self.cells.run("sales | cohort per month")
    #expect(answer.failures == [])
    let lines = try expected("G9")
    #expect(answer.table.rowCount == 91)
    #expect(lines.count == 91)
    for (row, line) in lines.enumerated() {
      #expect(["cohort", "period", "customers", "retained"].map { answer.table.word(row, $0) } == Array(line[0...3]))
      #expect(try isClose(answer.table.real(row, "amount"), line[4]))
      #expect(answer.table.word(row, "complete") == line[5].lowercased())
    }
    #expect(answer.headline.contains("23.7 % order again in month 1, 24.9 % in month 2"))
    #expect(answer.headline.contains("no drop"))
  }

  @Test func g10LoyaltyThreshold() throws {
    let answer = Self.cells.run("sales | loyalty target=80%")
    #expect(answer.failures == [])
    let lines = try expected("G10")
    #expect(answer.table.rowCount == lines.count)
    for (row, line) in lines.enumerated() {
      #expect(["purchases", "customers", "returned"].map { answer.table.word(row, $0) } == line)
      #expect(answer.table.word(row, "is_threshold") == (row == 5 ? "true" : "false"))
    }
    #expect(answer.headline.contains("After 6 orders"))
    #expect(answer.headline.contains("79.6 % after 7"))
    #expect(answer.headline.contains("from 8"))
  }

  @Test func g11Bundles() throws {
    let answer = Self.cells.run(
      """
      bundles = sales
      | where Country = "United Kingdom"
      | basket Description by InvoiceNo support=1% confidence=60% lift=2
      bundles | top 10 by lift | select rule, orders, support, confidence, lift
      """)
    #expect(answer.failures == [])
    #expect(answer.table.rowCount == 10)
    #expect(answer.table.schema.names == ["rule", "orders", "support", "confidence", "lift"])
    let lines = try expected("G11")
    let ours = (0..<10).map { "\(answer.table.word($0, "rule")) \(answer.table.word($0, "orders"))" }
    #expect(Set(ours) == Set(lines.map { "\($0[0]) \($0[1])" }))
    for (row, line) in lines.enumerated() { #expect(try isClose(answer.table.real(row, "lift"), line[3])) }
    let full = Self.cells.run(
      "sales | where Country = \"United Kingdom\" | basket Description by InvoiceNo support=1% confidence=60% lift=2")
    #expect(full.table.rowCount == Int(try #require(try expected("G11rules").first)[1]))
    #expect(full.notes(.leftOut).contains("609 orders with more than 100 items"))
    #expect(full.notes(.remark).contains("1,497 orders"))
  }

  @Test func g13Ranking() throws {
    let answer = Self.cells.run("sales | rank Description by amount others=true | where class = \"A\"")
    #expect(answer.failures == [])
    let line = try #require(try expected("G13").first)
    #expect(answer.table.schema.names == ["rank", "Description", "amount", "share", "cumulative_share", "class"])
    #expect(answer.table.rowCount == Int(line[1]))
    #expect(answer.table.word(0, "Description") == line[3])
    let all = Self.cells.run("sales | rank Description by amount")
    #expect((0..<all.table.rowCount).count { all.table.word($0, "class") == "B" } == Int(line[2]))
    #expect(all.notes(.warning).contains("DOTCOM POSTAGE, POSTAGE"))
  }
}

/// Baskets of a ragged file without a header, from `load` to the rules.
@Suite(.enabled(if: SharedData.isPresent("groceries"), "needs ../shared/data/groceries"))
struct GroceriesTests {
  @Test(arguments: [
    ("1%", "30%", 125, 125), ("1%", "50%", 15, 15), ("0.6%", "25%", 467, 463), ("0.1%", "80%", 413, 410),
  ])
  func rules(support: String, confidence: String, all: Int, single: Int) {
    let cells = CustomerCells()
    let path = SharedData.path("groceries/groceries.csv")
    let answer = cells.run(
      """
      groceries = load "\(path)" baskets=true
      groceries | basket item by order support=\(support) confidence=\(confidence) max_items=8 lift=0
      """)
    #expect(answer.failures == [])
    #expect(answer.table.rowCount == all)
    #expect((0..<answer.table.rowCount).count { !answer.table.word($0, "consequent").contains(" + ") } == single)
    #expect(answer.headline.contains("9,835 orders"))
  }
}
