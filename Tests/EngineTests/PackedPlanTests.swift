import Columnar
import Engine
import EngineConformance
import Query
import TestSupport
import Testing

/// Plans over packed columns, as files are loaded into them: what is read without widening, known from bounds of blocks, and
/// looked up through joins, against the naive engine.
struct PackedPlanTests {
  /// Sales of several blocks: in the order of time or not, with gaps or without.
  private static func sales(rows: Int, sorted: Bool, gaps: Bool, seed: UInt64) throws -> Table {
    var random = SeededGenerator(seed: seed)
    var text = "date,customer,product,quantity,price\n"
    for row in 0..<rows {
      let day = sorted ? row * 400 / rows : Int.random(in: 0..<400, using: &random)
      let date = CivilDate(days: 19_000 + Int32(day))
      func isGap() -> Bool { gaps && Int.random(in: 0..<9, using: &random) == 0 }
      let customer = isGap() ? "" : "\(Int.random(in: 40_000..<40_300, using: &random))"
      let product = "P\(Int.random(in: 0..<6_000, using: &random))"
      let hour = Int.random(in: 10..<24, using: &random)
      let moment = isGap() ? "" : "\(date) \(hour):30"
      let price = "\(Int.random(in: 1..<90, using: &random)).\(Int.random(in: 10..<100, using: &random))"
      text += "\(moment),\(customer),\(product),\(Int.random(in: -3..<30, using: &random)),\(price)\n"
    }
    return try CSVReader(path: "memory").read(Array(text.utf8), LoadReport()).table
  }

  private func check(_ plan: LogicalPlan, _ comment: Comment) throws {
    let found = try InMemoryEngine().run(plan, cancellation: Cancellation()).table
    let expected = try ReferenceEngine().run(plan, cancellation: Cancellation()).table
    #expect(TableDifference.first(found, expected) == nil, comment)
  }

  @Test(arguments: [true, false], [true, false])
  func groupsAndSums(sorted: Bool, gaps: Bool) throws {
    let table = try Self.sales(rows: 20_000, sorted: sorted, gaps: gaps, seed: sorted ? 1 : 2)
    #expect(table["quantity"]?.packed != nil && table["product"]?.type == .text && table["date"]?.type == .datetime)
    let source = LogicalPlan.table(table, name: "t")
    let amount = Expr.arithmetic(.multiply, .column("quantity"), .column("price"))
    let month = NamedExpr("month", .call(.period, [.column("date"), .literal(.text("month"))]))
    let first = Expr.literal(.date(CivilDate(days: 19_040)))
    let bit = Expr.call(.periodBit, [.column("date"), .literal(.text("month")), first])
    let total = NamedAggregate("total", .sum, [amount])
    try check(.aggregate(source, keys: [NamedExpr("product", .column("product"))], [total]), "many texts")
    try check(
      .aggregate(
        source, keys: [NamedExpr("product", .column("product"))], [total, NamedAggregate("n", .count)]),
      "two aggregates")
    try check(.aggregate(source, keys: [month], [total]), "months")
    try check(
      .aggregate(source, keys: [NamedExpr("customer", .column("customer"))], [NamedAggregate("months", .bitOr, [bit])]),
      "sets of months")
    try check(
      .aggregate(
        source, keys: [],
        [
          NamedAggregate("rows", .count), NamedAggregate("customers", .count, [.column("customer")]),
          NamedAggregate("first", .min, [.column("date")]), NamedAggregate("last", .max, [.column("date")]),
        ]), "what columns know by themselves")
    let kept = LogicalPlan.filter(
      source, .compare(.greater, .column("quantity"), .literal(.integer(0))), label: nil)
    try check(.aggregate(kept, keys: [month, NamedExpr("product", .column("product"))], [total]), "a filter")
    try check(.aggregate(kept, keys: [NamedExpr("product", .column("product"))], [total]), "many texts and a filter")
  }

  @Test(arguments: [JoinSpec.Kind.left, .inner], [true, false])
  func groupsByWhatAJoinAdds(kind: JoinSpec.Kind, gaps: Bool) throws {
    let table = try Self.sales(rows: 8_500, sorted: true, gaps: gaps, seed: 3)
    // Some customers are unknown, and some of the known have no value.
    let known = (0..<200).map { 40_050 + Int64($0) }
    let customers = Table([
      (Field("customer", .integer), .integer(known)),
      (Field("home", .text), .text(known.map { $0 % 7 == 0 ? nil : "country \($0 % 5)" })),
      (Field("size", .integer), .integer(known.map { $0 % 11 })),
      (
        Field("since", .period(.month)),
        .period(known.map { CivilDate(days: Int32($0 % 900) * 30).start(of: .month) }, .month)
      ),
    ])
    let joined = LogicalPlan.join(
      .table(table, name: "t"), .table(customers, name: "c"),
      JoinSpec(kind, keys: [.init("customer", "customer")], suffix: "c"))
    let total = NamedAggregate("units", .sum, [.column("quantity")])
    let month = NamedExpr("month", .call(.period, [.column("date"), .literal(.text("month"))]))
    for name in ["home", "size", "since"] {
      let key = NamedExpr(name, .column(name))
      try check(.aggregate(joined, keys: [key], [total]), "\(name)")
      try check(.aggregate(joined, keys: [key, month], [total, NamedAggregate("n", .count)]), "\(name) and month")
      let renamed = LogicalPlan.project(
        joined, [NamedExpr("other", .column(name)), NamedExpr("quantity", .column("quantity"))])
      try check(.aggregate(renamed, keys: [NamedExpr("other", .column("other"))], [total]), "\(name), renamed")
      let big = LogicalPlan.filter(
        joined, .compare(.greater, .column("quantity"), .literal(.integer(25))), label: nil)
      try check(.aggregate(big, keys: [key], [total]), "\(name) of a few rows")
    }
  }
}
