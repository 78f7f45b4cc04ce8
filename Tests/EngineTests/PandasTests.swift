import Columnar
import Engine
import Query
import Testing

/// Answers of pandas, made by Tests/Reference/engine_reference.py.
@Suite struct PandasTests {
  private let sales: LogicalPlan
  private let products: LogicalPlan

  init() throws {
    sales = .table(try PandasTests.read("sales"), name: "sales")
    products = .table(try PandasTests.read("products"), name: "products")
  }

  private static func read(_ name: String) throws -> Table {
    let folder = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    return try CSVReader(path: "/\(folder)/Reference/engine/\(name).csv").read().table
  }

  /// Compares the columns of an answer with those of the same names in a file.
  private func check(_ plan: LogicalPlan, against name: String, sourceLocation: SourceLocation = #_sourceLocation)
    throws
  {
    let found = try InMemoryEngine().run(plan, cancellation: Cancellation()).table
    let expected = try PandasTests.read(name)
    #expect(found.rowCount == expected.rowCount, sourceLocation: sourceLocation)
    for (field, column) in zip(found.schema.fields, found.columns) {
      guard let right = expected[field.name], right.count == column.count else {
        Issue.record("pandas has no column \(field.name) of \(column.count) rows", sourceLocation: sourceLocation)
        continue
      }
      let wrong = (0..<column.count).first { !isSame(column[$0], right[$0]) }
      let values = wrong.map { "row \($0) of \(field.name): \(column[$0]), pandas says \(right[$0])" }
      #expect(values == nil, sourceLocation: sourceLocation)
    }
  }

  private func isSame(_ a: Value, _ b: Value) -> Bool {
    if let x = a.number, let y = b.number { return abs(x - y) <= 1e-9 * max(1, abs(x), abs(y)) }
    if case .period(let period) = a, case .date(let day) = b { return period.start == day }
    return a == b
  }

  private func column(_ name: String) -> Expr { .column(name) }
  private func text(_ word: String) -> Expr { .literal(.text(word)) }
  private func keep(_ names: String...) -> [NamedExpr] { names.map { NamedExpr($0, .column($0)) } }
  private var amount: Expr { .arithmetic(.multiply, column("units"), column("price")) }

  @Test func everyAggregateByShop() throws {
    let (units, price) = (column("units"), column("price"))
    let plan = LogicalPlan.aggregate(
      sales, keys: keep("shop"),
      [
        NamedAggregate("rows", .count), NamedAggregate("n", .count, [units]), NamedAggregate("sum", .sum, [units]),
        NamedAggregate("mean", .mean, [units]), NamedAggregate("median", .median, [units]),
        NamedAggregate("sd", .sd, [units]), NamedAggregate("var", .variance, [units]),
        NamedAggregate("q90", .quantile, [price, .literal(.real(0.9))]), NamedAggregate("low", .min, [price]),
        NamedAggregate("high", .max, [price]), NamedAggregate("products", .countDistinct, [column("product")]),
        NamedAggregate("mode", .mode, [units]), NamedAggregate("first", .first, [units]),
        NamedAggregate("last", .last, [units]), NamedAggregate("wmean", .weightedMean, [price, units]),
        NamedAggregate("amount", .sum, [amount]),
      ])
    try check(plan, against: "groups")
  }

  @Test func filteredMonths() throws {
    let kept = Expr.and(
      .compare(.greater, column("units"), .literal(.integer(0))), .not(.isMissing(column("price"))))
    let plan = LogicalPlan.aggregate(
      .filter(sales, kept, label: nil), keys: [NamedExpr("month", .call(.period, [column("day"), text("month")]))],
      [NamedAggregate("amount", .sum, [amount]), NamedAggregate("rows", .count)])
    try check(plan, against: "months")
  }

  @Test func windowsByShop() throws {
    let (units, price) = (column("units"), column("price"))
    let windows = [
      NamedWindow("before", .lag(1), [units]), NamedWindow("after", .lead(2), [price]),
      NamedWindow("total", .cumulative, [price]), NamedWindow("change", .change, [units]),
      NamedWindow("growth", .growth, [price]), NamedWindow("share", .share, [units]),
      NamedWindow("number", .rowNumber), NamedWindow("mean3", .rolling(rows: 3, .mean, partial: false), [price]),
      NamedWindow("sum3", .rolling(rows: 3, .sum, partial: true), [price]),
      NamedWindow("sd4", .rolling(rows: 4, .sd, partial: true), [price]),
      NamedWindow("best", .aggregate(.max), [price]),
    ]
    let plan = LogicalPlan.window(sales, windows, partition: [column("shop")], order: [SortKey(column("day"))])
    try check(
      .project(plan, keep("line") + windows.map { NamedExpr($0.name, .column($0.name)) }), against: "windows")
  }

  @Test func ranksByShop() throws {
    let plan = LogicalPlan.window(
      sales, [NamedWindow("rank", .rank), NamedWindow("dense", .denseRank), NamedWindow("percent", .percentRank)],
      partition: [column("shop")], order: [SortKey(column("price"))])
    try check(.project(plan, keep("line", "rank", "dense", "percent")), against: "ranks")
  }

  @Test func leftJoin() throws {
    let plan = LogicalPlan.join(
      sales, products, JoinSpec(.left, keys: [.init("product", "product")], suffix: "products"))
    try check(.project(plan, keep("line", "product", "price", "category", "products_price")), against: "joined")
  }

  @Test func orderOfTwoKeys() throws {
    let plan = LogicalPlan.sort(sales, [SortKey(column("shop"), descending: true), SortKey(column("price"))])
    try check(.project(plan, keep("line")), against: "order")
  }

  @Test func calendar() throws {
    let (day, moment) = (column("day"), column("moment"))
    let quarter = CalendarDuration(3, .month)
    let plan = LogicalPlan.project(
      sales,
      keep("line") + [
        NamedExpr("year", .call(.year, [day])), NamedExpr("quarter", .call(.quarter, [day])),
        NamedExpr("month", .call(.month, [day])), NamedExpr("week", .call(.week, [day])),
        NamedExpr("dayofmonth", .call(.day, [day])), NamedExpr("weekday", .call(.weekday, [day])),
        NamedExpr("name", .call(.monthName, [day])),
        NamedExpr("quarterstart", .call(.startOf, [day, text("quarter")])),
        NamedExpr("monthend", .call(.endOf, [day, text("month")])),
        NamedExpr("weekstart", .call(.startOf, [moment, text("week")])), NamedExpr("hour", .call(.hour, [moment])),
        NamedExpr("later", .arithmetic(.add, day, .literal(.duration(quarter)))),
        NamedExpr("age", .arithmetic(.subtract, .literal(.date(CivilDate(days: 15_318))), day)),
      ])
    try check(plan, against: "calendar")
  }
}
