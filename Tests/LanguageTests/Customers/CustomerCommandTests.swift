import Columnar
import MartletLanguage
import Testing

/// The customer commands on the example data, and what they say about faulty cells.
@Suite struct CustomerCommandTests {
  private func cells() -> CustomerCells {
    let cells = CustomerCells()
    _ = cells.run("sales = generate sales rows=20000\ncustomers = generate customers")
    return cells
  }

  @Test func everyExampleRuns() {
    let cells = cells()
    _ = cells.run("products = generate products")
    let own = [
      "segment", "churn", "cohort", "loyalty", "opportunity", "risk", "basket", "rank", "products", "kpi",
    ]
    for command in CommandTable.all where own.contains(command.spec.name) {
      for example in command.spec.examples {
        let answer = cells.run(example.code)
        #expect(answer.failures == [], "\(example.code)")
        #expect(answer.table.rowCount > 0, "\(example.code)")
      }
    }
  }

  @Test func announcedColumnsAreTheColumns() {
    let cells = cells()
    for cell in [
      "segment rfm", "segment rfm scheme=11", "segment rfm scheme=value scores=10", "segment spend", "segment volume",
      "churn after 30 days", "churn after 30 days by country", "churn after 30 days per month", "cohort per quarter",
      "loyalty", "basket", "rank country", "rank product by quantity top=3", "kpi", "kpi vs last month",
    ] {
      // A command that lists its columns wrongly would fail in the one behind it.
      let answer = cells.run("sales | \(cell) | take 5")
      #expect(answer.failures == [], "\(cell)")
      #expect(answer.table.rowCount > 0, "\(cell)")
    }
  }

  @Test func volumeKnowsWhoNeverOrdered() {
    let answer = cells().run("sales | segment volume by customer all=customers | count by segment")
    #expect(answer.failures == [])
    #expect(answer.table.schema.names == ["segment", "count", "share"])
  }

  @Test func groupsOfChurnAddUp() {
    let answer = cells().run("sales | churn after 30 days by country")
    let total = (0..<answer.table.rowCount).reduce(0) { $0 + answer.table.real($1, "customers") }
    #expect(Int(total) == answer.detail.rowCount)
  }

  @Test(arguments: [
    ("sales | basket product_name by invoice min_support=1%", "E104", "`basket` has no option `min_support`"),
    ("sales | basket confidence=60", "E303", "confidence must lie between 0 % and 100 %; 60 means 6,000 %"),
    ("customers | drop since | segment rfm", "E401", "`segment` needs a date column and `customers` has none"),
    ("sales | segment spend into A, B at=[1, 2]", "E341", "2 segments need 1 cut, found 2"),
    ("sales | segment spend into A, B, C at=[5, 2]", "E342", "cuts must be rising numbers"),
    ("sales | segment rfm into A, B", "E111", "`segment` does not understand `into`"),
    ("sales | segment rfm scheme=7", "E119", "`scheme` must be one of 5, 11, value, found 7"),
    ("sales | opportunity from A vs B", "E421", "`opportunity` needs customers with a segment, and `sales` has none"),
    ("sales | segment rfm | opportunity from A vs Lost", "E140", "there is no segment `A`"),
    ("sales | cohort per hour", "E142", "customers are followed by day or longer"),
    ("sales | churn after 30 days by country per month", "E141", "`churn` takes `by` or `per`, not both"),
    ("sales | where quantity > 1e9 | segment rfm", "E511", "`segment` finds no row of `sales` that has all it needs"),
    ("sales | rank product abc=[95%, 80%]", "E342", "cuts must be rising numbers"),
    ("sales | kpi vs country", "E143", "`kpi` compares with an earlier period"),
  ])
  func faultyCells(cell: String, code: String, message: String) {
    let answer = cells().run(cell)
    #expect(answer.failures.first?.code == code, "\(answer.failures)")
    #expect(answer.failures.first?.message == message)
  }

  @Test func twoDatesAreAnError() {
    let cells = cells()
    let tie = cells.run("sales | rename paid = date | add shipped = paid + 2 days | cohort per month | take 3")
    #expect(tie.failures.first?.code == "E402")
    #expect(tie.failures.first?.message == "two columns could be the date: `paid`, `shipped`")
    #expect(
      tie.failures.first?.fix
        == "sales | rename paid = date | add shipped = paid + 2 days | cohort per month date=paid | take 3")
    let said = cells.run("sales | rename paid = date | add shipped = paid + 2 days | cohort per month date=paid")
    #expect(said.failures == [])
  }

  /// Customers are followed by their orders, so a date that is named after orders is no tie.
  @Test func theDateOfOrdersIsTaken() {
    let answer = cells().run("sales | rename ordered = date | add shipped = ordered + 2 days | cohort per month")
    #expect(answer.failures == [])
    #expect(answer.notes(.assumed).contains("date = ordered"))
  }

  @Test func noRuleIsAWarningWithAWayOut() {
    let answer = cells().run("sales | basket product_name by invoice support=90%")
    #expect(answer.failures == [])
    #expect(answer.table.rowCount == 0)
    #expect(answer.table.schema.names.count == 9)
    let warning = answer.warnings.first
    #expect(warning?.code == "W501")
    #expect(warning?.message == "no rule reaches support 90 %, so the table is empty (columns kept)")
    #expect(warning?.hint?.hasPrefix("the most frequent pair is in ") == true)
    #expect(warning?.hint?.contains("would give") == true)
  }

  @Test func sameCellSameWords() {
    let cells = cells()
    let first = cells.run("sales | segment rfm")
    let second = cells.run("sales | segment rfm")
    #expect(first.headline == second.headline)
    #expect(first.results.last?.notes == second.results.last?.notes)
    #expect((0..<50).map { first.detail.word($0, "amount") } == (0..<50).map { second.detail.word($0, "amount") })
  }
}
