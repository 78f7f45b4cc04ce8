import Columnar
import Query

/// The cases that every engine answers alike: an engine's tests run all of them.
public enum EngineConformance {
  /// All cases.
  public static var cases: [ConformanceCase] {
    expressionCases + dateCases + textCases + aggregateCases + joinCases + orderCases + windowCases
  }

  static let sales = Table([
    (Field("shop", .text), .text(["north", "south", nil, "north", "south", "north"])),
    (Field("units", .integer, measure: .count), .integer([3, 1, 4, nil, 5, 9] as [Int64?])),
    (Field("price", .real, measure: .currency("£")), .real([2.5, 10, nil, 1, 0, 4] as [Double?])),
    (
      Field("day", .date),
      .of(
        .date,
        [
          .date(day(2011, 1, 31)), .date(day(2011, 2, 1)), .date(day(2011, 2, 28)), .missing, .date(day(2010, 12, 9)),
          .date(day(2011, 1, 1)),
        ])
    ),
  ])

  static var plan: LogicalPlan { .table(sales, name: "sales") }

  static func day(_ year: Int, _ month: Int, _ day: Int) -> CivilDate {
    CivilDate(days: CivilDate.days(year: year, month: month, day: day))
  }

  /// One computed column over `sales`.
  static func computes(
    _ name: String, _ expr: Expr, _ type: DataType, _ measure: Measure = .plain, _ values: [Value]
  ) -> ConformanceCase {
    ConformanceCase(
      name, .project(plan, [NamedExpr("x", expr)]),
      .table(Table([(Field("x", type, measure: measure), .of(type, values))])))
  }

  private static let units = Expr.column("units")
  private static let price = Expr.column("price")

  static var expressionCases: [ConformanceCase] {
    let one = Expr.literal(.integer(1))
    let large = Expr.compare(.greater, units, .literal(.integer(3)))
    return [
      computes(
        "money times count", .arithmetic(.multiply, units, price), .real, .currency("£"),
        [.real(7.5), .real(10), .missing, .missing, .real(0), .real(36)]),
      computes(
        "division by zero is missing", .arithmetic(.divide, units, price), .real, .plain,
        [.real(1.2), .real(0.1), .missing, .missing, .missing, .real(2.25)]),
      computes(
        "whole numbers stay whole", .arithmetic(.subtract, one, units), .integer, .count,
        [.integer(-2), .integer(0), .integer(-3), .missing, .integer(-4), .integer(-8)]),
      computes(
        "a comparison with missing is unknown", large, .boolean, .plain,
        [.boolean(false), .boolean(false), .boolean(true), .missing, .boolean(true), .boolean(true)]),
      computes(
        "unknown or true is true", .or(large, .compare(.less, price, .literal(.integer(2)))), .boolean, .plain,
        [.boolean(false), .boolean(false), .boolean(true), .boolean(true), .boolean(true), .boolean(true)]),
      computes(
        "unknown and true is unknown", .and(large, .compare(.less, price, .literal(.integer(2)))), .boolean, .plain,
        [.boolean(false), .boolean(false), .missing, .missing, .boolean(true), .boolean(false)]),
      computes(
        "missing is replaced", .coalesce(units, .literal(.integer(0))), .integer, .count,
        [.integer(3), .integer(1), .integer(4), .integer(0), .integer(5), .integer(9)]),
      computes(
        "an unknown condition takes the second value",
        .conditional(large, then: .literal(.text("many")), else: .literal(.text("few"))), .text, .plain,
        [.text("few"), .text("few"), .text("many"), .text("few"), .text("many"), .text("many")]),
      computes(
        "membership", .isIn(units, [.integer(1), .integer(9)]), .boolean, .plain,
        [.boolean(false), .boolean(true), .boolean(false), .missing, .boolean(false), .boolean(true)]),
      computes(
        "is missing", .isMissing(price), .boolean, .plain,
        [.boolean(false), .boolean(false), .boolean(true), .boolean(false), .boolean(false), .boolean(false)]),
      computes(
        "the rest has the divisor's sign",
        .call(.mod, [.arithmetic(.subtract, units, .literal(.integer(5))), .literal(.integer(3))]),
        .integer, .count,
        [.integer(1), .integer(2), .integer(2), .missing, .integer(0), .integer(1)]),
      computes(
        "halves round away from zero", .call(.round, [.negate(price)]), .real, .currency("£"),
        [.real(-3), .real(-10), .missing, .real(-1), .real(0), .real(-4)]),
      computes(
        "logarithms of zero are missing", .call(.log10, [price]), .real, .plain,
        [.real(0.3979400086720376), .real(1), .missing, .real(0), .missing, .real(0.6020599913279624)]),
      computes(
        "bins begin at multiples of their width", .call(.bin, [units, .literal(.integer(4))]), .integer, .count,
        [.integer(0), .integer(0), .integer(4), .missing, .integer(4), .integer(8)]),
      computes(
        "bands begin at their cuts",
        .call(
          .band,
          [
            units, .literal(.list([.integer(2), .integer(5)])), .literal(.list([.text("mid"), .text("high")])),
          ]), .text, .plain, [.text("mid"), .missing, .text("mid"), .missing, .text("high"), .text("high")]),
      ConformanceCase(
        "a whole number never wraps",
        .project(plan, [NamedExpr("x", .arithmetic(.multiply, units, .literal(.integer(.max))))]),
        .error(.overflow(in: "units * 9223372036854775807"))),
      ConformanceCase(
        "filters keep what is true and count what is unknown", .filter(plan, large, label: "large"),
        .reported(rows([2, 4, 5]), ["large": .filter(rowsIn: 6, kept: 3, unknown: 1)])),
    ]
  }

  /// Rows of `sales` by number.
  static func rows(_ numbers: [Int]) -> Table {
    Table(
      zip(sales.schema.fields, sales.columns).map { field, column in
        (field, .of(field.type, numbers.map { column[$0] }))
      })
  }

  static var dateCases: [ConformanceCase] {
    let day = Expr.column("day")
    func dates(_ name: String, _ expr: Expr, _ values: [CivilDate?]) -> ConformanceCase {
      computes(name, expr, .date, .plain, values.map { $0.map(Value.date) ?? .missing })
    }
    let month = CalendarDuration(1, .month)
    return [
      dates(
        "a month later is cut to the month's length", .arithmetic(.add, day, .literal(.duration(month))),
        [
          self.day(2011, 2, 28), self.day(2011, 3, 1), self.day(2011, 3, 28), nil, self.day(2011, 1, 9),
          self.day(2011, 2, 1),
        ]),
      dates(
        "the last day of the quarter", .call(.endOf, [day, .literal(.text("quarter"))]),
        [
          self.day(2011, 3, 31), self.day(2011, 3, 31), self.day(2011, 3, 31), nil, self.day(2010, 12, 31),
          self.day(2011, 3, 31),
        ]),
      computes(
        "ISO weeks", .call(.week, [day]), .integer, .plain,
        [.integer(5), .integer(5), .integer(9), .missing, .integer(49), .integer(52)]),
      computes(
        "Monday is 1", .call(.weekday, [day]), .integer, .plain,
        [.integer(1), .integer(2), .integer(1), .missing, .integer(4), .integer(6)]),
      computes(
        "dates subtract to days", .arithmetic(.subtract, day, .literal(.date(self.day(2011, 1, 1)))), .integer, .days,
        [.integer(30), .integer(31), .integer(58), .missing, .integer(-23), .integer(0)]),
      computes(
        "a date equals the period it lies in",
        .compare(.equal, day, .literal(.period(Period(.month, containing: self.day(2011, 2, 1))))), .boolean, .plain,
        [.boolean(false), .boolean(true), .boolean(true), .missing, .boolean(false), .boolean(false)]),
      computes(
        "month names", .call(.monthName, [day]), .text, .plain,
        [.text("January"), .text("February"), .text("February"), .missing, .text("December"), .text("January")]),
      ConformanceCase(
        "calendar groups",
        .aggregate(
          plan, keys: [NamedExpr("period", .call(.period, [day, .literal(.text("month"))]))],
          [NamedAggregate("n", .count)]),
        .table(
          Table([
            (
              Field("period", .period(.month)),
              .of(
                .period(.month),
                [
                  .period(Period(.month, containing: self.day(2011, 1, 1))),
                  .period(Period(.month, containing: self.day(2011, 2, 1))), .missing,
                  .period(Period(.month, containing: self.day(2010, 12, 1))),
                ])
            ),
            (Field("n", .integer, measure: .count), .integer([2, 2, 1, 1])),
          ]))),
    ]
  }

  static var textCases: [ConformanceCase] {
    let shop = Expr.column("shop")
    func text(_ word: String) -> Expr { .literal(.text(word)) }
    return [
      computes(
        "equality", .compare(.equal, shop, text("north")), .boolean, .plain,
        [.boolean(true), .boolean(false), .missing, .boolean(true), .boolean(false), .boolean(true)]),
      computes(
        "a text that no row has", .compare(.notEqual, shop, text("west")), .boolean, .plain,
        [.boolean(true), .boolean(true), .missing, .boolean(true), .boolean(true), .boolean(true)]),
      computes(
        "order by scalar values", .compare(.less, shop, text("o")), .boolean, .plain,
        [.boolean(true), .boolean(false), .missing, .boolean(true), .boolean(false), .boolean(true)]),
      computes(
        "regular expressions", .textTest(.matches, shop, text("^s|h$")), .boolean, .plain,
        [.boolean(true), .boolean(true), .missing, .boolean(true), .boolean(true), .boolean(true)]),
      computes(
        "capitals", .call(.upper, [shop]), .text, .plain,
        [.text("NORTH"), .text("SOUTH"), .missing, .text("NORTH"), .text("SOUTH"), .text("NORTH")]),
      computes(
        "a transformation that makes texts equal", .call(.right, [shop, .literal(.integer(2))]), .text, .plain,
        [.text("th"), .text("th"), .missing, .text("th"), .text("th"), .text("th")]),
      computes(
        "extraction that fails is missing", .call(.extract, [shop, text("n(.)r")]), .text, .plain,
        [.text("o"), .missing, .missing, .text("o"), .missing, .text("o")]),
      computes(
        "concatenation of several columns", .call(.concat, [shop, text("-"), .column("units")]), .text, .plain,
        [.text("north-3"), .text("south-1"), .missing, .missing, .text("south-5"), .text("north-9")]),
      computes(
        "a length that differs from row to row", .call(.left, [shop, .column("units")]), .text, .plain,
        [.text("nor"), .text("s"), .missing, .missing, .text("south"), .text("north")]),
      computes(
        "numbers in texts",
        .call(.number, [.conditional(.compare(.equal, shop, text("north")), then: text("£1,234.50"), else: shop)]),
        .real, .plain, [.real(1234.5), .missing, .missing, .real(1234.5), .missing, .real(1234.5)]),
    ]
  }
}
