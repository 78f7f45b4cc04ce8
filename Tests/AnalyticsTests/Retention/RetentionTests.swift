import Analytics
import Columnar
import Engine
import Query
import Testing

/// Churn, cohorts and loyalty against pandas and statsmodels.
@Suite struct RetentionTests {
  @Test func churnBySegmentWithIntervals() throws {
    let shop = try SmallShop()
    let history = try shop.history()
    let segments = RecencyFrequencyAmount().analyse(history, customer: SmallShop.customer, amount: .plain)
    let group = try #require(segments.table["segment"])
    let result = try Churn.analyse(
      Churn.Customers(
        keys: history.customers, lastDay: history.lastDay.map { $0 }, amount: history.amount,
        group: (Field("segment", .text), group)),
      limitDays: 90, asOf: history.asOf, customer: SmallShop.customer, amount: .plain,
      order: RecencyFrequencyAmount().names)
    #expect(result.groups.map(\.key) == RecencyFrequencyAmount().names.map(Value.text))
    for line in shop.lines("churn") {
      let found = line[0] == "*" ? result.overall : result.groups.first { $0.key == .text(line[0]) }
      let one = try #require(found)
      #expect(one.churned == Proportion(try #require(Int(line[2])), of: try #require(Int(line[1]))))
      let interval = try #require(one.churned.interval())
      #expect(abs(interval.lowerBound - (try #require(Double(line[3])))) < 1e-12)
      #expect(abs(interval.upperBound - (try #require(Double(line[4])))) < 1e-12)
      #expect(abs(one.amountLost - (try #require(Double(line[5])))) < 1e-6)
    }
    #expect(
      result.summary.schema.names == [
        "segment", "customers", "churned", "churn_rate", "lower", "upper", "amount_lost",
      ])
  }

  @Test func churnAtTheEndOfEachMonth() throws {
    let shop = try SmallShop()
    let states = try Churn.byPeriod(
      shop.source, grain: .month, limitDays: 90, engine: InMemoryEngine(), cancellation: Cancellation())
    let expected = shop.lines("churn_month")
    #expect(states.map { "\($0.period)" } == expected.map { $0[0] })
    for (state, line) in zip(states, expected) {
      #expect(state.churned == Proportion(try #require(Int(line[2])), of: try #require(Int(line[1]))), "\(line[0])")
      #expect(abs(state.amountLost - (try #require(Double(line[3])))) < 1e-6)
    }
    #expect(states.map(\.complete) == Array(repeating: true, count: states.count - 1) + [false])
  }

  @Test func theUsualGapBetweenOrders() throws {
    let shop = try SmallShop()
    let orders = try OrderDays(shop.source, engine: InMemoryEngine(), cancellation: Cancellation())
    let line = try #require(shop.lines("gap").first)
    #expect(orders.gaps.count == Int(line[0]))
    let quantile = try #require(SampleQuantile.linear(orders.gaps, 0.9))
    #expect(abs(quantile - (try #require(Double(line[1])))) < 1e-9)
    #expect(orders.gap(quantile: 0.9) == 95)
  }

  @Test(arguments: [("M", Grain.month), ("Q", .quarter), ("W", .week)])
  func cohorts(letter: String, grain: Grain) throws {
    let shop = try SmallShop()
    let result = try CohortRetention(
      shop.source, grain: grain, periods: 1000, engine: InMemoryEngine(), cancellation: Cancellation())
    var cells: [String: CohortRetention.Cell] = [:]
    for cell in result.cells { cells["\(cell.cohort.start) \(cell.offset)"] = cell }
    #expect(cells.count == result.cells.count)
    let expected = shop.lines("cohort\(letter)")
    for line in expected {
      let found = cells.removeValue(forKey: "\(line[0]) \(line[1])")
      let cell = try #require(found, "\(line)")
      #expect([cell.customers, cell.retained] == [Int(line[2]), Int(line[3])])
      #expect(abs(cell.amount - (try #require(Double(line[4])))) < 1e-6)
      #expect(cell.complete == (line[5] == "True"))
    }
    // What pandas has no row for are periods in which nobody came back.
    #expect(cells.values.allSatisfy { $0.retained == 0 && $0.amount == 0 })
    for pooled in result.pooled {
      let own = result.cells.filter { $0.offset == pooled.offset && $0.complete }
      #expect(pooled.retention.successes == own.reduce(0) { $0 + $1.retained })
      #expect(pooled.retention.trials == own.reduce(0) { $0 + $1.customers })
    }
  }

  /// Sets of some days, of more than one word, and more days than sets are made for: the same counts.
  @Test(arguments: [60, 200, 256, 257, 900])
  func cohortsPerDay(days: Int) throws {
    let shop = try SmallShop()
    guard case .date(let all)? = shop.table["date"]?.storage, let first = all.min() else {
      Issue.record("the shop has no dates")
      return
    }
    let kept = LogicalPlan.filter(
      shop.plan,
      .compare(.less, .column("date"), .literal(.date(CivilDate(days: first + Int32(days))))), label: nil)
    var source = shop.source
    source.plan = kept
    let result = try CohortRetention(
      source, grain: .day, periods: 1000, engine: InMemoryEngine(), cancellation: Cancellation())
    var active: [String: Set<Int32>] = [:]
    let customers = try #require(shop.table["customer"])
    for row in 0..<shop.table.rowCount where all[row] < first + Int32(days) {
      if case .text(let name) = customers[row] { active[name, default: []].insert(all[row]) }
    }
    var expected: [[Int]: Int] = [:]
    for set in active.values {
      guard let start = set.min() else { continue }
      for day in set { expected[[Int(start), Int(day - start)], default: 0] += 1 }
    }
    #expect(result.customers == active.count)
    for cell in result.cells {
      #expect(cell.retained == expected.removeValue(forKey: [Int(cell.cohort.start.days), cell.offset]) ?? 0)
    }
    #expect(expected.isEmpty)
  }

  @Test func cohortsAreATriangleUpToTheGreatestDistance() throws {
    let shop = try SmallShop()
    let result = try CohortRetention(
      shop.source, grain: .month, periods: 3, engine: InMemoryEngine(), cancellation: Cancellation())
    let cohorts = Set(result.cells.map(\.cohort)).count
    #expect(result.cells.count == cohorts * 4 - 3 - 2 - 1)
    #expect(result.cells.filter { !$0.complete }.count == 4)
  }

  @Test func loyaltyByNumberOfOrders() throws {
    let shop = try SmallShop()
    let orders = try OrderDays(shop.source, engine: InMemoryEngine(), cancellation: Cancellation())
    let asOf = try shop.history().asOf
    let result = LoyaltyThreshold(orders, target: try threshold(0.6), asOf: asOf)
    let expected = shop.lines("loyalty")
    #expect(result.steps.count == expected.count)
    for (step, line) in zip(result.steps, expected) {
      #expect([step.purchases, step.returned.trials, step.returned.successes] == line[0...2].map { Int($0) })
      let interval = try #require(step.returned.interval())
      #expect(abs(interval.lowerBound - (try #require(Double(line[3])))) < 1e-12)
      #expect(abs(interval.upperBound - (try #require(Double(line[4])))) < 1e-12)
    }
    #expect(result.threshold == 0)
    #expect(result.dips == [2])
    let within = LoyaltyThreshold(orders, target: try threshold(0.6), within: 60, asOf: asOf)
    for (step, line) in zip(within.steps, shop.lines("loyalty60")) {
      #expect([step.returned.trials, step.returned.successes] == [Int(line[1]), Int(line[2])])
    }
    #expect(within.threshold == nil)
    #expect(within.stableFrom == nil)
  }
}
