import Columnar
import Query
import Testing

/// Each rule is tested by the plan it makes, as text.
@Suite struct OptimizerTests {
  private let sales = LogicalPlan.table(
    Table([
      (Field("shop", .text), .text(["a"])), (Field("units", .integer), .integer([1])),
      (Field("price", .real), .real([2])), (Field("note", .text), .text(["x"])),
    ]), name: "sales")

  private let amount = NamedExpr("amount", .arithmetic(.multiply, .column("units"), .column("price")))
  private let shop = NamedExpr("shop", .column("shop"))
  private let hasUnits = Expr.compare(.greater, .column("units"), .literal(.integer(0)))

  private func check(_ rule: any OptimizerRule, _ plan: LogicalPlan, _ expected: String) throws {
    #expect(try rule.apply(plan).description == expected)
    #expect(try rule.apply(plan).schema() == plan.schema())
  }

  @Test func constantsAreComputedOnce() throws {
    let limit = Expr.arithmetic(.multiply, .literal(.integer(2)), .literal(.integer(3)))
    let plan = LogicalPlan.filter(
      sales, .and(.literal(.boolean(true)), .compare(.less, .column("units"), limit)), label: nil)
    try check(
      ConstantFolding(), plan,
      """
      filter units < 6
        table sales: 1 rows, 4 columns
      """)
    try check(ConstantFolding(), .filter(sales, .literal(.boolean(true)), label: nil), sales.description)
    let counted = LogicalPlan.filter(sales, .literal(.boolean(true)), label: "all")
    try check(ConstantFolding(), counted, counted.description)
  }

  @Test func columnsOfColumnsAreKept() throws {
    let twice = NamedExpr("twice", .arithmetic(.multiply, .column("amount"), .literal(.integer(2))))
    let plan = LogicalPlan.project(
      .project(sales, [shop, amount]), [shop, NamedExpr("amount", .column("amount")), twice])
    try check(ProjectionPruning(), plan, plan.description)
    try check(Optimizer.standard.rules[3], plan, plan.description)
    #expect(try Optimizer.standard.optimize(plan).schema() == plan.schema())
  }

  @Test func filtersGoThroughOrdersAndRenamings() throws {
    let renamed = LogicalPlan.project(sales, [NamedExpr("n", .column("units")), amount])
    let plan = LogicalPlan.filter(
      .sort(renamed, [SortKey(.column("n"))]), .compare(.greater, .column("n"), .literal(.integer(0))), label: "kept")
    try check(
      FilterPushdown(), plan,
      """
      sort n
        project n = units, amount = units * price
          filter units > 0
            table sales: 1 rows, 4 columns
      """)
  }

  @Test func filtersOnComputedColumnsStay() throws {
    let plan = LogicalPlan.filter(
      .project(sales, [shop, amount]), .compare(.greater, .column("amount"), .literal(.integer(0))), label: nil)
    try check(FilterPushdown(), plan, plan.description)
  }

  @Test func filtersDoNotCrossStepsThatCount() throws {
    let plan = LogicalPlan.filter(.filter(sales, hasUnits, label: "first"), .isMissing(.column("note")), label: nil)
    try check(FilterPushdown(), plan, plan.description)
    let keys = LogicalPlan.aggregate(sales, keys: [shop], [NamedAggregate("n", .count)])
    let isNorth = Expr.compare(.equal, .column("shop"), .literal(.text("north")))
    try check(
      FilterPushdown(), .filter(keys, isNorth, label: nil),
      """
      aggregate n = count() by shop
        filter shop = "north"
          table sales: 1 rows, 4 columns
      """)
    let counted = LogicalPlan.filter(keys, isNorth, label: "shops")
    try check(FilterPushdown(), counted, counted.description)
  }

  @Test func limitsMeetTheirOrder() throws {
    let plan = LogicalPlan.limit(.limit(.project(.sort(sales, [SortKey(.column("units"))]), [shop]), 5), 10)
    try check(
      LimitPushdown(), plan,
      """
      project shop
        limit 5
          sort units
            table sales: 1 rows, 4 columns
      """)
  }

  @Test func projectionsAreFusedWhenNothingIsComputedTwice() throws {
    let double = NamedExpr("double", .arithmetic(.multiply, .column("amount"), .literal(.integer(2))))
    try check(
      ProjectFusion(), .project(.project(sales, [shop, amount]), [double]),
      """
      project double = units * price * 2
        table sales: 1 rows, 4 columns
      """)
    let square = NamedExpr("square", .arithmetic(.multiply, .column("amount"), .column("amount")))
    let plan = LogicalPlan.project(.project(sales, [shop, amount]), [square])
    try check(ProjectFusion(), plan, plan.description)
  }

  @Test func columnsThatNobodyLooksAtAreDropped() throws {
    let plan = LogicalPlan.aggregate(
      .filter(
        .sort(.project(sales, [shop, amount, NamedExpr("note", .column("note"))]), [SortKey(.column("shop"))]),
        .compare(.greater, .column("amount"), .literal(.integer(0))), label: nil),
      keys: [shop], [NamedAggregate("total", .sum, [.column("amount")])])
    try check(
      ProjectionPruning(), plan,
      """
      aggregate total = sum(amount) by shop
        filter amount > 0
          sort shop
            project shop, amount = units * price
              table sales: 1 rows, 4 columns
      """)
  }

  @Test func joinsKeepTheNamesThatClash() throws {
    let spec = JoinSpec(.left, keys: [.init("shop", "shop")], suffix: "other")
    let plan = LogicalPlan.project(.join(sales, sales, spec), [NamedExpr("p", .column("other_price"))])
    try check(
      ProjectionPruning(), plan,
      """
      project p = other_price
        join left on shop
          table sales: 1 rows, 4 columns
          project shop, price
            table sales: 1 rows, 4 columns
      """)
  }
}
