import Columnar
import Engine
import EngineConformance
import Query
import Testing

/// Random plans over random tables, against the naive engine.
@Suite struct RandomPlanTests {
  @Test(arguments: 0..<60)
  func smallTables(_ seed: Int) throws {
    try check(seed: UInt64(seed), plans: 10, rows: 40, wide: seed.isMultiple(of: 3))
  }

  @Test(arguments: 100..<110)
  func tablesOfSeveralBatches(_ seed: Int) throws {
    try check(seed: UInt64(seed), plans: 2, rows: 17_000, wide: seed.isMultiple(of: 2))
  }

  private func check(seed: UInt64, plans: Int, rows: Int, wide: Bool) throws {
    var random = RandomPlans(seed: seed)
    let table = random.table(rows: rows, wide: wide)
    for _ in 0..<plans {
      let plan = random.plan(over: table)
      // Joins and modes cost the naive engine the square of the rows.
      if rows > 1_000, plan.description.contains("join") || plan.description.contains("mode") { continue }
      if rows > 1_000, plan.description.contains("window") { continue }
      let found = try InMemoryEngine().run(plan, cancellation: Cancellation()).table
      let expected = try ReferenceEngine().run(plan, cancellation: Cancellation()).table
      #expect(TableDifference.first(found, expected) == nil, "seed \(seed)\n\(plan)")
    }
  }

  @Test(arguments: EngineConformance.cases)
  func theNaiveEngineIsRightToo(_ example: ConformanceCase) {
    // It counts nothing, refuses nothing and lacks functions that the random plans do not use.
    if case .error = example.expected { return }
    let failure = example.failure(of: ReferenceEngine())
    if let failure, failure.hasPrefix("steps") || failure.contains("reference engine has no") { return }
    #expect(failure == nil)
  }

  @Test func answersDoNotDependOnTheNumberOfCores() throws {
    var random = RandomPlans(seed: 7)
    let table = random.table(rows: 150_000, wide: false)
    let scaled = Expr.arithmetic(.divide, .column("x"), .literal(.integer(3)))
    let plan = LogicalPlan.aggregate(
      .table(table, name: "t"), keys: [NamedExpr("t", .column("t"))],
      [NamedAggregate("s", .sum, [scaled]), NamedAggregate("v", .sd, [scaled]), NamedAggregate("m", .mean, [scaled])])
    let answers = try [1, 2, 3, 8].map { workers in
      try InMemoryEngine(workers: workers).run(plan, cancellation: Cancellation()).table
    }
    for answer in answers.dropFirst() {
      for (a, b) in zip(answer.columns, answers[0].columns) {
        #expect((0..<answer.rowCount).allSatisfy { a[$0] == b[$0] })
      }
    }
  }

  @Test func aRaisedFlagStopsTheRun() {
    var random = RandomPlans(seed: 8)
    let table = random.table(rows: 10_000, wide: true)
    let flag = Cancellation()
    flag.cancel()
    #expect(throws: Cancelled.self) {
      try InMemoryEngine().run(
        .sort(.table(table, name: "t"), [SortKey(.column("x"))]), cancellation: flag)
    }
  }
}
