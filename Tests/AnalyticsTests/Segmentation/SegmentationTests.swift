import Analytics
import Columnar
import Engine
import Query
import Testing

/// Scores, segments and tiers against pandas.
@Suite struct SegmentationTests {
  @Test func scoresAndSegmentsOfEachCustomer() throws {
    let shop = try SmallShop()
    let result = RecencyFrequencyAmount().analyse(try shop.history(), customer: SmallShop.customer, amount: .plain)
    let expected = shop.lines("rfm")
    #expect(result.table.rowCount == expected.count)
    let columns = ["customer", "last_date", "recency_days", "orders"]
    for (row, line) in expected.enumerated() {
      #expect(columns.map { result.table.text(row, $0) } == Array(line[0...3]))
      #expect(abs(result.table.number(row, "amount") - (try #require(Double(line[4])))) < 1e-9)
      #expect(["r", "f", "m", "segment"].map { result.table.text(row, $0) } == Array(line[6...9]), "\(line[0])")
    }
    for line in shop.lines("segment") {
      let segment = try #require(result.segments.first { $0.name == line[0] })
      #expect(segment.customers == Int(line[1]))
      #expect(abs(segment.amount - (try #require(Double(line[2])))) < 1e-6)
      #expect(abs(try #require(segment.recencyDays) - (try #require(Double(line[3])))) < 1e-9)
      #expect(abs(try #require(segment.orders) - (try #require(Double(line[4])))) < 1e-9)
    }
    #expect(result.segments.map(\.name) == ["Champions", "Loyal", "Potential Loyalists", "At Risk", "Lost"])
    #expect(abs(result.segments.reduce(0) { $0 + $1.share } - 1) < 1e-12)
    let total = try #require(shop.lines("total").first)
    #expect(result.coverage.rows == Int(total[0]))
    #expect(result.coverage.rowsWithoutEntity == Int(total[1]))
    #expect(result.asOf.description == total[2])
  }

  @Test func tiersOfEqualSize() throws {
    let shop = try SmallShop()
    let names = ["Bronze", "Silver", "Gold", "Platinum"]
    let result = CustomerTiers.bySpend(
      try shop.history(), into: names, cuts: .quantiles, customer: SmallShop.customer, amount: .plain, units: .integer)
    for (row, line) in shop.lines("rfm").enumerated() {
      #expect(result.table.text(row, "segment") == names[try #require(Int(line[10])) - 1])
      #expect(result.table.text(row, "units") == line[5])
    }
  }

  @Test func limitsBelongToTheTierAbove() throws {
    let shop = try SmallShop()
    let history = try shop.history()
    let limit = try #require(history.amount.sorted().dropFirst(50).first)
    let result = CustomerTiers.bySpend(
      history, into: ["Low", "High"], cuts: .amounts([limit]), customer: SmallShop.customer, amount: .plain,
      units: .integer)
    #expect(result.segments[0].customers == history.amount.count { $0 < limit })
    #expect(result.segments[1].customers == history.amount.count { $0 >= limit })
  }

  @Test func volumeCountsThoseWhoNeverOrdered() throws {
    let shop = try SmallShop()
    let history = try shop.history()
    let result = CustomerTiers.byVolume(
      history, limits: [1, 3, 6], others: .text(["X1", "X2"]), customer: SmallShop.customer, amount: .plain,
      units: .integer)
    let orders = history.orders
    #expect(
      result.segments.map(\.customers) == [
        2, orders.count { $0 < 3 }, orders.count { (3...6).contains($0) }, orders.count { $0 > 6 },
      ])
    let last = result.table.rowCount - 1
    #expect(result.table["last_date"]?[last] == .missing)
    #expect(result.table.text(last, "orders") == "0")
    #expect(result.segments[0].recencyDays == nil)
  }

  @Test func equalCustomersGetEqualScores() {
    // Three of five have one order: their average rank is 2, so ceil(5 × 2 ÷ 5) = 2; nobody has score 1.
    #expect(Ranks.scores([1, 1, 1, 4, 9], groups: 5) == [2, 2, 2, 4, 5])
    #expect(Ranks.scores([7, 7, 7, 7], groups: 5) == [4, 4, 4, 4])
    #expect(Ranks.scores([], groups: 5) == [])
    #expect(Ranks.scores([0.1 + 0.2, 0.3], groups: 2) == [2, 2])
    #expect(Ranks.doubled([.nan, 1, .infinity]) == [5, 2, 5])
  }

  @Test func aDayOfReckoningLeavesLaterRowsOut() throws {
    let shop = try SmallShop()
    let asOf = try day("2023-07-01")
    let history = try CustomerHistory(shop.source, asOf: asOf, engine: InMemoryEngine(), cancellation: Cancellation())
    #expect(history.lastDay.allSatisfy { $0 < asOf.days })
    #expect(history.recencyDays.allSatisfy { $0 >= 1 })
  }

  @Test func anEmptyTableIsAnError() throws {
    let shop = try SmallShop()
    var source = shop.source
    source.plan = .filter(shop.plan, .literal(.boolean(false)), label: nil)
    #expect(throws: AnalysisError.noRows) {
      try CustomerHistory(source, engine: InMemoryEngine(), cancellation: Cancellation())
    }
  }

  @Test func opportunityIsTheGapTimesTheCustomers() throws {
    let shop = try SmallShop()
    let result = RecencyFrequencyAmount().analyse(try shop.history(), customer: SmallShop.customer, amount: .plain)
    let rows = try Opportunity.analyse(
      result.table, from: ["Potential Loyalists", "Champions"], versus: ["Loyal"], measure: "amount", reach: 0.5)
    let (low, loyal) = (result.segments[2], result.segments[1])
    let gap = loyal.amount / Double(loyal.customers) - low.amount / Double(low.customers)
    #expect(abs(rows[0].opportunity - Double(low.customers) * 0.5 * gap) < 1e-9)
    #expect(rows[1].opportunity == 0)
    #expect(throws: AnalysisError.unknownSegment("Gold", known: SegmentMembersNames.inOrder(result.table))) {
      try Opportunity.analyse(result.table, from: ["Gold"], versus: ["Loyal"], measure: "amount", reach: 1)
    }
  }

  @Test func amountAtRiskOfTheLastMonths() throws {
    let shop = try SmallShop()
    let result = RecencyFrequencyAmount().analyse(try shop.history(), customer: SmallShop.customer, amount: .plain)
    let since = result.asOf.adding(months: -12)
    let rows = try AmountAtRisk.analyse(
      result.table, segments: ["At Risk", "Lost"], weight: .churnRate(limitDays: 90), source: shop.source, since: since,
      engine: InMemoryEngine(), cancellation: Cancellation())
    // All customers of both segments are churned, so the weight is 1 and the amount is that of their recent rows.
    let members = Set(
      (0..<result.table.rowCount).filter { result.table.text($0, "segment") == "At Risk" }
        .map { result.table.text($0, "customer") })
    var sum = 0.0
    for row in 0..<shop.table.rowCount where members.contains(shop.table.text(row, "customer")) {
      guard case .date(let date)? = shop.table["date"]?[row], date >= since else { continue }
      sum += shop.table.number(row, "quantity") * shop.table.number(row, "price")
    }
    #expect(rows[0].weight == 1)
    #expect(abs(rows[0].atRisk - sum) < 1e-6)
    #expect(rows.count == 2)
  }
}

/// The segments of a customers' table in the order of their first customer.
enum SegmentMembersNames {
  static func inOrder(_ table: Table) -> [String] {
    var names: [String] = []
    for row in 0..<table.rowCount where !names.contains(table.text(row, "segment")) {
      names.append(table.text(row, "segment"))
    }
    return names
  }
}
