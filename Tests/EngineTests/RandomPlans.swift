import Columnar
import Query
import TestSupport

/// Random tables and random plans over them.
struct RandomPlans {
  private var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
  private mutating func chance(_ percent: Int) -> Bool { number(1...100) <= percent }
  private mutating func pick<T>(_ items: [T]) -> T { items[number(0...items.count - 1)] }

  /// Columns of all types with gaps; `wide` spreads the numbers so far that keys cannot be small codes.
  mutating func table(rows: Int, wide: Bool) -> Table {
    let gaps = chance(70)
    func values(_ generator: inout RandomPlans, _ make: (inout RandomPlans) -> Value) -> [Value] {
      (0..<rows).map { _ in gaps && generator.chance(15) ? .missing : make(&generator) }
    }
    let words = ["north", "south", "east", "west", "", "Ünï", "north-east"]
    let spread: Int64 = wide ? 1_000_000_007 : 1
    return Table([
      (Field("k", .text), .of(.text, values(&self) { .text($0.pick(words)) })),
      (Field("t", .text), .of(.text, values(&self) { .text("c\($0.number(1...40))") })),
      (Field("i", .integer), .of(.integer, values(&self) { .integer(Int64($0.number(-20...20)) * spread) })),
      (Field("j", .integer), .of(.integer, values(&self) { .integer(Int64($0.number(0...5))) })),
      (Field("x", .real), .of(.real, values(&self) { .real(Double($0.number(-40...40)) / 4) })),
      (Field("b", .boolean), .of(.boolean, values(&self) { .boolean($0.chance(50)) })),
      (Field("d", .date), .of(.date, values(&self) { .date(CivilDate(days: Int32($0.number(14_900...15_400)))) })),
    ])
  }

  /// A condition over the columns of `table`.
  mutating func condition(_ depth: Int = 2) -> Expr {
    if depth > 0, chance(50) {
      let (a, b) = (condition(depth - 1), condition(depth - 1))
      return pick([.and(a, b), .or(a, b), .not(a)])
    }
    switch number(1...9) {
    case 1: return .compare(pick(ComparisonOperator.allCases), .column("i"), .column("j"))
    case 2: return .compare(pick(ComparisonOperator.allCases), .column("x"), .literal(.real(1.5)))
    case 3:
      return .compare(pick(ComparisonOperator.allCases), .column("k"), .literal(.text(pick(["north", "nowhere"]))))
    case 4: return .compare(pick(ComparisonOperator.allCases), .column("k"), .column("t"))
    case 5: return .isMissing(.column(pick(["k", "i", "x", "d"])))
    case 6: return .isIn(.column("t"), [.text("c1"), .text("c2"), .text("c30")])
    case 7: return .textTest(pick(TextTest.allCases), .column("k"), .literal(.text(pick(["o", "th", "n"]))))
    case 8:
      let month = Period(.month, containing: CivilDate(days: 15_100))
      return .compare(pick(ComparisonOperator.allCases), .column("d"), .literal(.period(month)))
    default: return .column("b")
    }
  }

  /// A number computed from the columns.
  mutating func numeric(_ depth: Int = 2) -> Expr {
    if depth > 0, chance(60) {
      let (a, b) = (numeric(depth - 1), numeric(depth - 1))
      switch number(1...6) {
      case 1: return .coalesce(a, b)
      case 2: return .conditional(condition(1), then: a, else: b)
      case 3: return .arithmetic(.divide, a, b)
      case 4: return .call(.abs, [a])
      default: return .arithmetic(pick([.add, .subtract]), a, b)
      }
    }
    switch number(1...6) {
    case 1: return .literal(.integer(Int64(number(-3...3))))
    case 2: return .call(.length, [.column("k")])
    case 3: return .call(pick([.year, .month, .weekday]), [.column("d")])
    case 4: return .column("x")
    default: return .column(pick(["i", "j"]))
    }
  }

  private mutating func key() -> Expr {
    switch number(1...8) {
    case 1: .call(.period, [.column("d"), .literal(.text(pick(["week", "month", "quarter", "year"])))])
    case 2: .call(.left, [.column("k"), .literal(.integer(2))])
    case 3: .call(.concat, [.column("k"), .column("j")])
    case 4: .column("x")
    case 5: .column("i")
    case 6: .call(.startOf, [.column("d"), .literal(.text("month"))])
    default: .column(pick(["k", "t", "j", "b", "d"]))
    }
  }

  private mutating func aggregates() -> [NamedAggregate] {
    (0..<number(1...4)).map { place in
      let function = pick(AggregateFunction.allCases)
      switch function {
      case .count where chance(50): return NamedAggregate("a\(place)", .count)
      case .count, .countDistinct, .min, .max, .mode, .first, .last:
        return NamedAggregate("a\(place)", function, [.column(pick(["k", "t", "i", "j", "x", "b", "d"]))])
      case .bitOr:
        let bit = Expr.call(
          .periodBit,
          [
            .column("d"), .literal(.text(pick(["day", "week", "month", "year"]))),
            .literal(.date(CivilDate(days: 15_000))),
          ])
        return NamedAggregate("a\(place)", function, [chance(50) ? bit : .column(pick(["i", "j"]))])
      case .weightedMean: return NamedAggregate("a\(place)", function, [numeric(1), .column("j")])
      case .quantile: return NamedAggregate("a\(place)", function, [numeric(1), .literal(.real(0.9))])
      case .sum, .mean:
        return NamedAggregate("a\(place)", function, [chance(30) ? condition(1) : numeric(1)])
      default: return NamedAggregate("a\(place)", function, [numeric(1)])
      }
    }
  }

  private mutating func window(_ place: Int) -> NamedWindow {
    let name = "w\(place)"
    switch number(1...10) {
    case 1: return NamedWindow(name, .lag(number(1...2)), [.column(pick(["k", "x", "d"]))])
    case 2: return NamedWindow(name, .lead(1), [.column(pick(["t", "i", "b"]))])
    case 3: return NamedWindow(name, pick([.rowNumber, .rank, .denseRank, .percentRank, .ntile(3)]))
    case 4: return NamedWindow(name, .cumulative, [.column(pick(["i", "x"]))])
    case 5: return NamedWindow(name, pick([.change, .growth, .share]), [.column(pick(["j", "x"]))])
    case 6, 7:
      let function = pick([
        AggregateFunction.sum, .mean, .min, .max, .count, .median, .sd, .first, .mode, .countDistinct,
      ])
      return NamedWindow(name, .rolling(rows: number(1...4), function, partial: chance(50)), [.column("x")])
    default: return NamedWindow(name, .aggregate(pick([.sum, .mean, .min, .count, .median])), [.column("x")])
    }
  }

  /// A plan over the table.
  mutating func plan(over table: Table) -> LogicalPlan {
    var plan = LogicalPlan.table(table, name: "t")
    for place in 0..<number(0...2) {
      switch number(1...6) {
      case 1, 2: plan = .filter(plan, condition(), label: nil)
      case 3:
        plan = .sort(plan, [SortKey(.column(pick(["x", "k", "d"])), descending: chance(50)), SortKey(.column("i"))])
      case 4: plan = .distinct(plan, ["k", "j", "x"])
      case 5:
        let kept = table.schema.names.map { NamedExpr($0, .column($0)) }
        plan = .project(plan, kept + [NamedExpr("new\(place)", numeric())])
        plan = .project(plan, kept)
      default:
        let lookup = LogicalPlan.distinct(.filter(.table(table, name: "u"), condition(1), label: nil), ["t"])
        let kind = pick(JoinSpec.Kind.allCases)
        plan = .join(plan, lookup, JoinSpec(kind, keys: [.init("t", "t")], suffix: "u"))
        plan = .project(plan, table.schema.names.map { NamedExpr($0, .column($0)) })
      }
    }
    switch number(1...6) {
    case 1, 2:
      let keys = (0..<number(0...3)).map { NamedExpr("key\($0)", key()) }
      return .aggregate(plan, keys: keys, aggregates())
    case 3:
      let order = chance(70) ? [SortKey(.column("x"), descending: chance(50)), SortKey(.column("d"))] : []
      let partition = chance(70) ? [key()] : []
      return .window(plan, (0..<number(1...3)).map { window($0) }, partition: partition, order: order)
    case 4:
      return .limit(.sort(plan, [SortKey(numeric(1), descending: chance(50)), SortKey(.column("k"))]), number(0...30))
    case 5: return .project(plan, [NamedExpr("c", condition()), NamedExpr("n", numeric()), NamedExpr("g", key())])
    default: return .append([plan, .limit(plan, 3)])
    }
  }
}
