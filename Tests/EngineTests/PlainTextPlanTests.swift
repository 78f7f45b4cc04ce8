import Columnar
import Engine
import EngineConformance
import Query
import TestSupport
import Testing

/// Plans over texts that have no codes yet: the answers are those of any column, and only texts that are looked at get codes.
struct PlainTextPlanTests {
  private static func table(rows: Int) throws -> Table {
    var random = SeededGenerator(seed: 1)
    var text = "ticket,shop,quantity\n"
    for row in 0..<rows {
      // Some tickets come twice, and some rows have none.
      let ticket = row % 50 == 7 ? "" : row % 20 == 3 ? "T-1" : "T-\(Int.random(in: 0..<9_000_000, using: &random))"
      text += "\(ticket),S\(row % 7),\(Int.random(in: -3..<30, using: &random))\n"
    }
    var options = CSVOptions()
    options.manyTexts = 100
    options.chunkBytes = 20_000
    let table = try CSVReader(path: "memory", options: options).read(Array(text.utf8), LoadReport()).table
    #expect(table["ticket"]?.isCoded == false)
    return table
  }

  private func check(_ make: (LogicalPlan) -> LogicalPlan, _ comment: Comment) throws {
    let plan = make(.table(try Self.table(rows: 5_000), name: "t"))
    let found = try InMemoryEngine().run(plan, cancellation: Cancellation()).table
    let expected = try ReferenceEngine().run(plan, cancellation: Cancellation()).table
    #expect(TableDifference.first(found, expected) == nil, comment)
  }

  @Test func answersAreThoseOfAnyColumn() throws {
    let ticket = Expr.column("ticket")
    let count = NamedAggregate("n", .count)
    try check({ .aggregate($0, keys: [NamedExpr("ticket", ticket)], [count]) }, "a key")
    try check({ .aggregate($0, keys: [], [NamedAggregate("d", .countDistinct, [ticket])]) }, "different ones")
    try check({ .filter($0, .compare(.equal, ticket, .literal(.text("T-1"))), label: nil) }, "a filter")
    try check({ .sort($0, [SortKey(ticket, descending: true)]) }, "an order")
    try check({ .distinct($0, ["ticket"]) }, "one row each")
    try check({ .limit($0, 300) }, "the first rows")
    try check({ .project($0, [NamedExpr("l", .call(.length, [ticket]))]) }, "a function")
    let other = LogicalPlan.distinct(.table(try Self.table(rows: 2_000), name: "o"), ["ticket"])
    try check({ .join($0, other, JoinSpec(.left, keys: [.init("ticket", "ticket")], suffix: "other")) }, "a join")
  }

  @Test func onlyTextsThatAreLookedAtGetCodes() throws {
    let table = try Self.table(rows: 20_000)
    let source = LogicalPlan.table(table, name: "t")
    let total = NamedAggregate("total", .sum, [.column("quantity")])
    _ = try InMemoryEngine().run(
      .aggregate(source, keys: [NamedExpr("shop", .column("shop"))], [total]), cancellation: Cancellation())
    let first = try InMemoryEngine().run(.limit(source, 10), cancellation: Cancellation()).table
    #expect(first.rowCount == 10)
    #expect(table["ticket"]?.isCoded == false)
    _ = try InMemoryEngine().run(
      .aggregate(source, keys: [NamedExpr("ticket", .column("ticket"))], [total]), cancellation: Cancellation())
    #expect(table["ticket"]?.isCoded == true)
  }

  @Test func anInterruptedPlanLeavesThemAsTheyAre() throws {
    let table = try Self.table(rows: 20_000)
    let flag = Cancellation()
    flag.cancel()
    #expect(throws: Cancelled.self) {
      try InMemoryEngine().run(.sort(.table(table, name: "t"), [SortKey(.column("ticket"))]), cancellation: flag)
    }
    #expect(table["ticket"]?.isCoded == false)
  }
}
