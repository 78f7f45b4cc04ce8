import Columnar
import Query
import Testing

@Suite struct TypeInferenceTests {
  private let schema = Schema([
    Field("quantity", .integer, measure: .count), Field("price", .real, measure: .currency("£")),
    Field("cost", .real, measure: .currency("$")), Field("discount", .real, measure: .percent),
    Field("day", .date), Field("moment", .datetime), Field("name", .text), Field("id", .integer, measure: .identifier),
    Field("month", .period(.month)), Field("done", .boolean),
  ])

  private func type(_ expr: Expr) throws -> ExprType { try expr.type(in: schema) }

  @Test func moneyTimesCountIsMoney() throws {
    #expect(try type(.arithmetic(.multiply, .column("quantity"), .column("price"))) == .value(.real, .currency("£")))
  }

  @Test func moneyByMoneyIsPlainAndItsRatioAShare() throws {
    #expect(try type(.arithmetic(.divide, .column("price"), .column("price"))) == .value(.real))
    #expect(try type(.call(.ratio, [.column("price"), .column("price")])) == .value(.real, .percent))
  }

  @Test func currenciesDoNotAddOrCompare() {
    let sum = Expr.arithmetic(.add, .column("price"), .column("cost"))
    #expect(throws: QueryError.differentCurrencies("£", "$", in: "price + cost")) { try type(sum) }
    let comparison = Expr.compare(.less, .column("price"), .column("cost"))
    #expect(throws: QueryError.differentCurrencies("£", "$", in: "price < cost")) { try type(comparison) }
    let choice = Expr.coalesce(.column("price"), .column("cost"))
    #expect(throws: QueryError.differentCurrencies("£", "$", in: "price ?? cost")) { try type(choice) }
  }

  @Test func datesMoveByDurationsAndSubtractToDays() throws {
    let week = Expr.literal(.duration(CalendarDuration(1, .week)))
    let hours = Expr.literal(.duration(CalendarDuration(12, .hour)))
    #expect(try type(.arithmetic(.add, .column("day"), week)) == .value(.date))
    #expect(try type(.arithmetic(.add, .column("day"), hours)) == .value(.datetime))
    #expect(try type(.arithmetic(.subtract, .column("day"), .column("day"))) == .value(.integer, .days))
    #expect(try type(.arithmetic(.subtract, .column("moment"), .column("day"))) == .value(.real, .days))
    #expect(throws: QueryError.typeMismatch(expected: "duration", found: "number", in: "day + 7")) {
      try type(.arithmetic(.add, .column("day"), .literal(.integer(7))))
    }
  }

  @Test func textAndNumberNeverMix() {
    let comparison = Expr.compare(.equal, .column("id"), .literal(.text("17850")))
    #expect(throws: QueryError.typeMismatch(expected: "number", found: "text", in: "id = \"17850\"")) {
      try type(comparison)
    }
    #expect(throws: QueryError.typeMismatch(expected: "number", found: "text", in: "quantity + name")) {
      try type(.arithmetic(.add, .column("quantity"), .column("name")))
    }
  }

  @Test func missingGoesWithEverything() throws {
    #expect(try type(.coalesce(.literal(.missing), .column("name"))) == .value(.text))
    #expect(try type(.compare(.equal, .column("name"), .literal(.missing))) == .value(.boolean))
  }

  @Test func functionsCheckTheirArguments() {
    #expect(throws: QueryError.wrongArgumentCount(expected: "1 or 2", found: 0, in: "round()")) {
      try type(.call(.round, []))
    }
    #expect(throws: QueryError.typeMismatch(expected: "text", found: "number", in: "lower(id)")) {
      try type(.call(.lower, [.column("id")]))
    }
    let band = Expr.call(
      .band,
      [.column("price"), .literal(.list([.integer(3), .integer(1)])), .literal(.list([.text("a"), .text("b")]))])
    #expect(throws: QueryError.self) { try type(band) }
    #expect(throws: QueryError.self) { try type(.call(.startOf, [.column("day"), .literal(.text("fortnight"))])) }
    #expect(throws: QueryError.self) { try type(.call(.extract, [.column("name"), .literal(.text("("))])) }
  }

  @Test func aggregatesKeepTheirMeasure() throws {
    let amount = Expr.arithmetic(.multiply, .column("quantity"), .column("price"))
    #expect(try NamedAggregate("t", .sum, [amount]).field(in: schema) == Field("t", .real, measure: .currency("£")))
    #expect(try NamedAggregate("n", .count).field(in: schema) == Field("n", .integer, measure: .count))
    #expect(try NamedAggregate("m", .mean, [.column("done")]).field(in: schema) == Field("m", .real, measure: .percent))
    #expect(try NamedAggregate("d", .max, [.column("moment")]).field(in: schema) == Field("d", .datetime))
    #expect(throws: QueryError.self) { try NamedAggregate("s", .sum, [.column("name")]).field(in: schema) }
  }

  @Test func everyFunctionHasHelp() {
    let scalar = ScalarFunction.allCases.map(\.signature)
    let aggregates = AggregateFunction.allCases.map(\.signature)
    for signature in scalar + aggregates + WindowFunction.signatures {
      #expect(!signature.summary.isEmpty && !signature.result.isEmpty)
      #expect(signature.example.hasPrefix(signature.name) || signature.example.contains(signature.name))
      #expect(!signature.summary.hasSuffix("."))
    }
    #expect(Set(scalar.map(\.name)) == Set(ScalarFunction.allCases.map(\.rawValue)))
  }

  @Test func deepNestingIsAnErrorNotACrash() {
    var expr = Expr.literal(.integer(1))
    for _ in 0..<2_000 { expr = .negate(expr) }
    #expect(throws: QueryError.self) { try type(expr) }
  }
}
