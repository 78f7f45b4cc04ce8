import Columnar
import Query
import Testing

@Suite struct PlanTests {
  private let sales = LogicalPlan.table(
    Table([
      (Field("product", .text), .text(["a", "b", nil])),
      (Field("Unit Price", .real, measure: .currency("£")), .real([1.5, 2, 3])),
      (Field("quantity", .integer), .integer([1, 2, 3])),
    ]), name: "sales")

  @Test func plansPrintAsTrees() {
    let amount = NamedExpr("amount", .arithmetic(.multiply, .column("quantity"), .column("Unit Price")))
    let plan = LogicalPlan.limit(
      .sort(
        .aggregate(
          .filter(.project(sales, [NamedExpr("product", .column("product")), amount]), predicate, label: nil),
          keys: [NamedExpr("product", .column("product"))], [NamedAggregate("total", .sum, [.column("amount")])]),
        [SortKey(.column("total"), descending: true)]), 2)
    #expect(
      plan.description == """
        limit 2
          sort total desc
            aggregate total = sum(amount) by product
              filter not product is missing and amount > 1.5
                project product, amount = quantity * `Unit Price`
                  table sales: 3 rows, 3 columns
        """)
  }

  private var predicate: Expr {
    .and(.not(.isMissing(.column("product"))), .compare(.greater, .column("amount"), .literal(.real(1.5))))
  }

  @Test func parenthesesStandWhereTheyAreNeeded() {
    let (a, b, c) = (Expr.column("a"), Expr.column("b"), Expr.column("c"))
    #expect(Expr.arithmetic(.multiply, .arithmetic(.add, a, b), c).description == "(a + b) * c")
    #expect(Expr.arithmetic(.subtract, a, .arithmetic(.subtract, b, c)).description == "a - (b - c)")
    #expect(Expr.arithmetic(.subtract, .arithmetic(.subtract, a, b), c).description == "a - b - c")
    #expect(Expr.and(.or(a, b), c).description == "(a or b) and c")
    #expect(Expr.negate(.arithmetic(.add, a, b)).description == "-(a + b)")
  }

  @Test func schemasFollowTheSteps() throws {
    let plan = LogicalPlan.aggregate(
      sales, keys: [NamedExpr("product", .column("product"))],
      [NamedAggregate("n", .count), NamedAggregate("best", .max, [.column("Unit Price")])])
    #expect(
      try plan.schema().fields == [
        Field("product", .text), Field("n", .integer, measure: .count),
        Field("best", .real, measure: .currency("£")),
      ])
    #expect(throws: QueryError.unknownColumn("amount")) {
      try LogicalPlan.filter(sales, .isMissing(.column("amount")), label: nil).schema()
    }
    #expect(throws: QueryError.duplicateColumn("n")) {
      try LogicalPlan.aggregate(sales, keys: [], [NamedAggregate("n", .count), NamedAggregate("n", .count)]).schema()
    }
  }

  @Test func joinedNamesDoNotClash() throws {
    let spec = JoinSpec(.left, keys: [.init("product", "product")], suffix: "other")
    let names = try LogicalPlan.join(sales, sales, spec).schema().names
    #expect(names == ["product", "Unit Price", "quantity", "other_Unit Price", "other_quantity"])
  }

  @Test func appendedColumnsAreMatchedByName() throws {
    let other = LogicalPlan.table(
      Table([(Field("quantity", .real), .real([0.5])), (Field("note", .text), .text(["x"]))]), name: "other")
    let schema = try LogicalPlan.append([sales, other]).schema()
    #expect(schema.names == ["product", "Unit Price", "quantity", "note"])
    #expect(schema["quantity"]?.type == .real)
  }

  @Test func dateReaderReadsWholeTexts() {
    #expect(DateReader(pattern: "dd/mm/yyyy")?.date("09/12/2011")?.description == "2011-12-09")
    #expect(DateReader(pattern: "d MMM yy")?.date("9 Dec 11")?.description == "2011-12-09")
    #expect(DateReader(pattern: nil)?.date("2011-12-09 08:26")?.description == "2011-12-09")
    #expect(DateReader(pattern: nil)?.date("2011-02-29") == nil)
    #expect(DateReader(pattern: "dd/mm/yyyy")?.date("09/12/2011x") == nil)
    #expect(DateReader(pattern: "dd/mm") == nil)
  }
}
