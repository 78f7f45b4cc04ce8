import Columnar
import Query

extension EngineConformance {
  private static let shop = NamedExpr("shop", .column("shop"))

  static var aggregateCases: [ConformanceCase] {
    let units = Expr.column("units")
    let all: [NamedAggregate] = [
      NamedAggregate("rows", .count), NamedAggregate("n", .count, [units]), NamedAggregate("sum", .sum, [units]),
      NamedAggregate("mean", .mean, [units]), NamedAggregate("median", .median, [units]),
      NamedAggregate("sd", .sd, [units]), NamedAggregate("q", .quantile, [units, .literal(.real(0.25))]),
      NamedAggregate("low", .min, [units]), NamedAggregate("high", .max, [units]),
      NamedAggregate("distinct", .countDistinct, [.column("price")]), NamedAggregate("mode", .mode, [units]),
      NamedAggregate("first", .first, [units]), NamedAggregate("last", .last, [units]),
      NamedAggregate("weighted", .weightedMean, [.column("price"), units]),
    ]
    let currency = Measure.currency("£")
    let expected = Table([
      (Field("shop", .text), .text(["north", "south", nil])),
      (Field("rows", .integer, measure: .count), .integer([3, 2, 1])),
      (Field("n", .integer, measure: .count), .integer([2, 2, 1])),
      (Field("sum", .integer, measure: .count), .integer([12, 6, 4])),
      (Field("mean", .real), .real([6, 3, 4])),
      (Field("median", .real), .real([6, 3, 4])),
      (Field("sd", .real), .real([4.242640687119285, 2.8284271247461903, nil])),
      (Field("q", .real), .real([4.5, 2, 4])),
      (Field("low", .integer, measure: .count), .integer([3, 1, 4])),
      (Field("high", .integer, measure: .count), .integer([9, 5, 4])),
      (Field("distinct", .integer, measure: .count), .integer([3, 2, 0])),
      (Field("mode", .integer, measure: .count), .integer([3, 1, 4])),
      (Field("first", .integer, measure: .count), .integer([3, 1, 4])),
      (Field("last", .integer, measure: .count), .integer([9, 5, 4])),
      (Field("weighted", .real, measure: currency), .real([3.625, 1.6666666666666667, nil])),
    ])
    let none = LogicalPlan.filter(plan, .compare(.greater, units, .literal(.integer(100))), label: nil)
    return [
      ConformanceCase(
        "every aggregate; a missing key is a group", .aggregate(plan, keys: [shop], all), .table(expected)),
      ConformanceCase(
        "without keys there is one row, also without rows",
        .aggregate(none, keys: [], [NamedAggregate("n", .count), NamedAggregate("sum", .sum, [units])]),
        .table(
          Table([
            (Field("n", .integer, measure: .count), .integer([0])),
            (Field("sum", .integer, measure: .count), .integer([nil] as [Int64?])),
          ]))),
      ConformanceCase(
        "with keys there is no row without rows", .aggregate(none, keys: [shop], [NamedAggregate("n", .count)]),
        .table(
          Table([(Field("shop", .text), .text([])), (Field("n", .integer, measure: .count), .integer([] as [Int64]))]))),
      ConformanceCase(
        "conditions are counted",
        .aggregate(
          plan, keys: [],
          [
            NamedAggregate("n", .sum, [.compare(.greater, units, .literal(.integer(3)))]),
            NamedAggregate("share", .mean, [.compare(.greater, units, .literal(.integer(3)))]),
          ]),
        .table(
          Table([
            (Field("n", .integer, measure: .count), .integer([3])),
            (Field("share", .real, measure: .percent), .real([0.6])),
          ]))),
      ConformanceCase(
        "texts and dates have extremes",
        .aggregate(
          plan, keys: [], [NamedAggregate("a", .max, [.column("shop")]), NamedAggregate("b", .min, [.column("day")])]),
        .table(Table([(Field("a", .text), .text(["south"])), (Field("b", .date), .date([day(2010, 12, 9)]))]))),
    ]
  }

  static let shops = Table([
    (Field("shop", .text), .text(["south", "north", "west", nil])),
    (Field("units", .integer), .integer([100, 200, 300, 400])),
  ])

  static var joinCases: [ConformanceCase] {
    let right = LogicalPlan.table(shops, name: "shops")
    func join(_ kind: JoinSpec.Kind) -> LogicalPlan {
      .join(plan, right, JoinSpec(kind, keys: [.init("shop", "shop")], suffix: "shops", label: "join"))
    }
    let joined: [Int64?] = [200, 100, nil, 200, 100, 200]
    func with(_ table: Table, _ units: [Int64?]) -> Table {
      Table(Array(zip(table.schema.fields, table.columns)) + [(Field("shops_units", .integer), .integer(units))])
    }
    let report = StepReport.join(matched: 5, unmatchedLeft: 1, unmatchedRight: 2, rowsOut: 6)
    let full = Table(
      zip(sales.schema.fields, sales.columns).map { field, column in
        let extra: [Value] = field.name == "shop" ? [.text("west"), .missing] : [.missing, .missing]
        return (field, .of(field.type, (0..<6).map { column[$0] } + extra))
      })
    let repeated = LogicalPlan.append([right, right])
    return [
      ConformanceCase(
        "left join; missing equals nothing", join(.left), .reported(with(sales, joined), ["join": report])),
      ConformanceCase(
        "inner join", join(.inner),
        .reported(
          with(rows([0, 1, 3, 4, 5]), [200, 100, 200, 100, 200]),
          ["join": .join(matched: 5, unmatchedLeft: 1, unmatchedRight: 2, rowsOut: 5)])),
      ConformanceCase(
        "full join", join(.full),
        .reported(
          with(full, joined + [300, 400]),
          ["join": .join(matched: 5, unmatchedLeft: 1, unmatchedRight: 2, rowsOut: 8)])),
      ConformanceCase(
        "semi join", join(.semi),
        .reported(
          rows([0, 1, 3, 4, 5]), ["join": .join(matched: 5, unmatchedLeft: 1, unmatchedRight: 2, rowsOut: 5)])),
      ConformanceCase(
        "anti join", join(.anti),
        .reported(rows([2]), ["join": .join(matched: 5, unmatchedLeft: 1, unmatchedRight: 2, rowsOut: 1)])),
      ConformanceCase(
        "a many-to-many join is refused",
        .join(plan, repeated, JoinSpec(.left, keys: [.init("shop", "shop")], suffix: "shops")),
        .error(.manyToMany(keys: 2, rowsIn: 6, rowsOut: 11))),
      ConformanceCase(
        "a many-to-many join that is meant",
        .join(
          .limit(plan, 2), repeated,
          JoinSpec(.inner, keys: [.init("shop", "shop")], suffix: "shops", allowsManyToMany: true)),
        .table(with(rows([0, 0, 1, 1]), [200, 200, 100, 100]))),
      ConformanceCase(
        "keys of two columns, whole and real",
        .join(
          plan,
          .table(
            Table([
              (Field("name", .text), .text(["north", "north"])), (Field("u", .real), .real([3, 4])),
              (Field("hit", .boolean), .boolean([true, false])),
            ]), name: "t"),
          JoinSpec(.inner, keys: [.init("shop", "name"), .init("units", "u")], suffix: "t")),
        .table(
          Table(
            Array(zip(sales.schema.fields, rows([0]).columns)) + [
              (Field("name", .text), .text(["north"])), (Field("u", .real), .real([3])),
              (Field("hit", .boolean), .boolean([true])),
            ]))),
    ]
  }

  static var orderCases: [ConformanceCase] {
    func sorted(_ keys: [SortKey]) -> LogicalPlan { .sort(plan, keys) }
    let price = SortKey(.column("price"))
    let shopKey = SortKey(.column("shop"), descending: true)
    return [
      ConformanceCase("missing stands last", sorted([price]), .table(rows([4, 3, 0, 5, 1, 2]))),
      ConformanceCase(
        "missing stands last when descending", sorted([SortKey(.column("price"), descending: true)]),
        .table(rows([1, 5, 0, 3, 4, 2]))),
      ConformanceCase("ties keep their order", sorted([shopKey]), .table(rows([1, 4, 0, 3, 5, 2]))),
      ConformanceCase("second keys decide ties", sorted([shopKey, price]), .table(rows([4, 1, 3, 0, 5, 2]))),
      ConformanceCase("the first of an order", .limit(sorted([shopKey, price]), 3), .table(rows([4, 1, 3]))),
      ConformanceCase("the first rows", .limit(plan, 2), .table(rows([0, 1]))),
      ConformanceCase("no rows", .limit(plan, 0), .table(rows([]))),
      ConformanceCase("first rows of each combination", .distinct(plan, ["shop"]), .table(rows([0, 1, 2]))),
      ConformanceCase("distinct rows", .distinct(.append([plan, plan]), []), .table(rows([0, 1, 2, 3, 4, 5]))),
      ConformanceCase(
        "appended tables are matched by name",
        .append([.limit(plan, 1), .table(shops, name: "shops")]),
        .table(
          Table([
            (Field("shop", .text), .text(["north", "south", "north", "west", nil])),
            (Field("units", .integer, measure: .count), .integer([3, 100, 200, 300, 400])),
            (Field("price", .real, measure: .currency("£")), .real([2.5, nil, nil, nil, nil])),
            (
              Field("day", .date),
              .of(.date, [.date(day(2011, 1, 31)), .missing, .missing, .missing, .missing])
            ),
          ]))),
    ]
  }

  /// Window columns over `sales`, by shop in the order of price.
  private static func windowed(
    _ name: String, _ function: WindowFunction, _ arguments: [Expr], _ type: DataType, _ measure: Measure = .plain,
    _ values: [Value]
  ) -> ConformanceCase {
    let all = Array(zip(sales.schema.fields, sales.columns))
    return ConformanceCase(
      name,
      .window(
        plan, [NamedWindow("x", function, arguments)], partition: [.column("shop")],
        order: [SortKey(.column("price"))]),
      .table(Table(all + [(Field("x", type, measure: measure), .of(type, values))])))
  }

  static var windowCases: [ConformanceCase] {
    let units = Expr.column("units")
    let price = Expr.column("price")
    let money = Measure.currency("£")
    // By shop and price the rows are 3, 0, 5 (north), 4, 1 (south) and 2 (missing).
    return [
      windowed(
        "lag", .lag(1), [units], .integer, .count,
        [.missing, .integer(5), .missing, .missing, .missing, .integer(3)]),
      windowed(
        "lead", .lead(1), [price], .real, money,
        [.real(4), .missing, .missing, .real(2.5), .real(10), .missing]),
      windowed(
        "row number", .rowNumber, [], .integer, .count,
        [.integer(2), .integer(2), .integer(1), .integer(1), .integer(1), .integer(3)]),
      windowed(
        "cumulative sums skip missing values", .cumulative, [units], .integer, .count,
        [.integer(3), .integer(6), .integer(4), .missing, .integer(5), .integer(12)]),
      windowed(
        "change", .change, [price], .real, money, [.real(1.5), .real(10), .missing, .missing, .missing, .real(1.5)]),
      windowed(
        "growth from zero is missing", .growth, [price], .real, .percent,
        [.real(1.5), .missing, .missing, .missing, .missing, .real(0.6)]),
      windowed(
        "share of the partition", .share, [units], .real, .percent,
        [.real(0.25), .real(1.0 / 6), .real(1), .missing, .real(5.0 / 6), .real(0.75)]),
      windowed(
        "an incomplete window is missing", .rolling(rows: 2, .mean, partial: false), [price], .real, money,
        [.real(1.75), .real(5), .missing, .missing, .missing, .real(3.25)]),
      windowed(
        "a partial window", .rolling(rows: 2, .sum, partial: true), [units], .integer, .count,
        [.integer(3), .integer(6), .integer(4), .missing, .integer(5), .integer(12)]),
      windowed(
        "the aggregate on each row", .aggregate(.max), [units], .integer, .count,
        [.integer(9), .integer(5), .integer(4), .integer(9), .integer(5), .integer(9)]),
      windowed(
        "parts of nearly equal size", .ntile(2), [], .integer, .count,
        [.integer(1), .integer(2), .integer(1), .integer(1), .integer(1), .integer(2)]),
      windowed(
        "percent rank", .percentRank, [], .real, .percent,
        [.real(0.5), .real(1), .real(0), .real(0), .real(0), .real(1)]),
      ConformanceCase(
        "equal rows share a rank",
        .project(
          .window(
            plan, [NamedWindow("rank", .rank), NamedWindow("dense", .denseRank)], partition: [],
            order: [SortKey(.column("shop"))]),
          [NamedExpr("rank", .column("rank")), NamedExpr("dense", .column("dense"))]),
        .table(
          Table([
            (Field("rank", .integer, measure: .count), .integer([1, 4, 6, 1, 4, 1])),
            (Field("dense", .integer, measure: .count), .integer([1, 2, 3, 1, 2, 1])),
          ]))),
    ]
  }
}
