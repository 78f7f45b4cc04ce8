import Columnar
import Query

/// Customers grouped by the period of their first order, and how many of them order again in each later period.
package struct CohortRetention: Sendable {
  /// One cohort in one later period.
  package struct Cell: Hashable, Sendable {
    package let cohort: Period
    /// Periods since the first order, 0 for the first.
    package let offset: Int
    /// The size of the cohort.
    package let customers: Int
    /// Customers of the cohort with an order in the period.
    package let retained: Int
    /// What they spent in it.
    package let amount: Double
    /// Whether the data cover the whole period.
    package let complete: Bool

    /// Retained customers over the size of the cohort, 0…1.
    package var retention: Double { customers > 0 ? Double(retained) / Double(customers) : 0 }
  }

  /// All cohorts together at one distance from the first order, over complete cells only.
  package struct Pooled: Hashable, Sendable {
    package let offset: Int
    package let retention: Proportion
    /// How many cohorts have a complete cell at this distance.
    package let cohorts: Int
  }

  package let cells: [Cell]
  package let pooled: [Pooled]
  package let coverage: Coverage
  package let grain: Grain
  /// Customers of all cohorts.
  package let customers: Int

  /// The most periods that a table may span; more come from a wrong date or too fine a grain.
  package static let mostPeriods = 100_000

  /// The columns of the result.
  package static func fields(grain: Grain, amount: Measure) -> [Field] {
    [
      Field("cohort", .period(grain)), Field("period", .integer), Field("customers", .integer, measure: .count),
      Field("retained", .integer, measure: .count), Field("retention", .real, measure: .percent),
      Field("amount", .real, measure: amount), Field("complete", .boolean),
    ]
  }

  /// Aggregates customers by period, then counts by first period. Periods in which nobody of a cohort came back are rows too.
  ///
  /// - Parameter periods: the greatest distance from the first period
  package init(
    _ source: TransactionSource, grain: Grain, periods: Int, engine: any QueryEngine, cancellation: Cancellation
  ) throws {
    self.grain = grain
    let starts = try Self.starts(source, engine, cancellation)
    coverage = starts.coverage
    guard let lastDay = coverage.lastDay, let firstDay = starts.firstDay else { throw AnalysisError.noRows }
    let calendar = PeriodIndex(grain, days: [firstDay.days, lastDay.days])
    let last = calendar.index(of: lastDay.days)
    if last >= Self.mostPeriods { throw AnalysisError.tooManyPeriods(last + 1) }
    var sizes = [Int](repeating: 0, count: last + 1)
    for day in try starts.table.require("first").days() { sizes[calendar.index(of: day)] += 1 }
    let width = min(max(periods, 0), last) + 1
    var retained = [Int](repeating: 0, count: (last + 1) * width)
    var spent = [Double](repeating: 0, count: (last + 1) * width)
    let returns = try Self.returns(source, starts.table, grain, engine, cancellation)
    let (cohort, period) = (try returns.require("cohort").days(), try returns.require("period").days())
    let people = try returns.require("customers").integers()
    let amounts = try source.amount.map { _ in try returns.require("amount").doubles() }
    for row in cohort.indices {
      let start = calendar.index(of: cohort[row])
      let offset = calendar.index(of: period[row]) - start
      guard offset < width else { continue }
      retained[start * width + offset] = people[row]
      spent[start * width + offset] = amounts?[row] ?? 0
    }
    try cancellation.check()

    let lastComplete = calendar.period(last).end <= lastDay ? last : last - 1
    var cells: [Cell] = []
    for start in 0...last where sizes[start] > 0 {
      for offset in 0..<min(width, last - start + 1) {
        cells.append(
          Cell(
            cohort: calendar.period(start), offset: offset, customers: sizes[start],
            retained: retained[start * width + offset], amount: spent[start * width + offset],
            complete: start + offset <= lastComplete))
      }
    }
    self.cells = cells
    customers = sizes.reduce(0, +)
    pooled = CohortRetention.pool(cells)
  }

  /// The day of each customer's first order, for those who have one, and what the rows cover.
  private static func starts(
    _ source: TransactionSource, _ engine: any QueryEngine, _ cancellation: Cancellation
  ) throws -> (table: Table, coverage: Coverage, firstDay: CivilDate?) {
    let plan = LogicalPlan.aggregate(
      source.plan, keys: [NamedExpr("customer", source.customer)],
      [
        NamedAggregate("rows", .count), NamedAggregate("dates", .count, [source.date]),
        NamedAggregate("first", .min, [source.date]),
      ])
    let all = try engine.run(plan, cancellation: cancellation).table
    let (customer, first) = (try all.require("customer"), try all.require("first"))
    let last = try engine.run(
      .aggregate(source.plan, keys: [], [NamedAggregate("last", .max, [source.date])]), cancellation: cancellation
    ).table.require("last")
    let (rows, dates) = (try all.require("rows").integers(), try all.require("dates").integers())
    let firstDays = first.days()
    let lastDay = last.count > 0 && !last.isMissing(0) ? last.days().first : nil
    let counts = Coverage(
      rows: rows.reduce(0, +),
      rowsWithoutEntity: rows.indices.reduce(0) { $0 + (customer.isMissing($1) ? rows[$1] : 0) },
      rowsWithoutDate: rows.indices.reduce(0) { $0 + rows[$1] - dates[$1] },
      lastDay: lastDay.map { CivilDate(days: $0) })
    let known = rows.indices.filter { dates[$0] > 0 && !customer.isMissing($0) }
    let table = Table([
      (Field("customer", customer.type), customer.taking(known)),
      (Field("first", .date), Column(.date(known.map { firstDays[$0] }))),
    ])
    return (table, counts, known.map { firstDays[$0] }.min().map { CivilDate(days: $0) })
  }

  /// For each cohort and later period the customers with an order in it, and what they spent. Every row meets the first
  /// period of its customer, so that only as many groups are counted as there are cells.
  private static func returns(
    _ source: TransactionSource, _ starts: Table, _ grain: Grain, _ engine: any QueryEngine,
    _ cancellation: Cancellation
  ) throws -> Table {
    func period(_ date: Expr) -> Expr { .call(.period, [date, .literal(.text(grain.rawValue))]) }
    var columns = [NamedExpr("customer", source.customer), NamedExpr("date", source.date)]
    var measures = [NamedAggregate("customers", .countDistinct, [.column("customer")])]
    if let amount = source.amount {
      columns.append(NamedExpr("amount", amount))
      measures.append(NamedAggregate("amount", .sum, [.column("amount")]))
    }
    let cohorts = LogicalPlan.project(
      .table(starts, name: "starts"),
      [NamedExpr("customer", .column("customer")), NamedExpr("cohort", period(.column("first")))])
    let joined = LogicalPlan.join(
      .project(source.plan, columns), cohorts,
      JoinSpec(.inner, keys: [.init("customer", "customer")], suffix: "starts"))
    let dated = LogicalPlan.filter(joined, .not(.isMissing(.column("date"))), label: nil)
    let plan = LogicalPlan.aggregate(
      dated, keys: [NamedExpr("cohort", .column("cohort")), NamedExpr("period", period(.column("date")))], measures)
    return try engine.run(plan, cancellation: cancellation).table
  }

  private static func pool(_ cells: [Cell]) -> [Pooled] {
    var sums: [Int: (retained: Int, customers: Int, cohorts: Int)] = [:]
    for cell in cells where cell.complete {
      let sum = sums[cell.offset] ?? (0, 0, 0)
      sums[cell.offset] = (sum.retained + cell.retained, sum.customers + cell.customers, sum.cohorts + 1)
    }
    return sums.sorted { $0.key < $1.key }.map { offset, sum in
      Pooled(offset: offset, retention: Proportion(sum.retained, of: sum.customers), cohorts: sum.cohorts)
    }
  }

  /// The cells as a table, cohort after cohort.
  package func table(amount: Measure) -> Table {
    Table(
      schema: Schema(Self.fields(grain: grain, amount: amount)),
      columns: [
        .period(cells.map(\.cohort.start), grain), .integer(cells.map { Int64($0.offset) }),
        .integer(cells.map { Int64($0.customers) }), .integer(cells.map { Int64($0.retained) }),
        .real(cells.map(\.retention)), .real(cells.map(\.amount)), .boolean(cells.map(\.complete)),
      ])
  }
}

/// Numbers the periods between the first and the last day.
struct PeriodIndex {
  private let origin: Period
  private let firstDay: Int32
  private var ofDay: [Int32] = []

  /// Covers the given days; days may come in any order.
  init(_ grain: Grain, days: [Int32]) {
    let first = days.min() ?? 0
    origin = Period(grain, containing: CivilDate(days: first))
    firstDay = origin.start.days
    let end = days.max() ?? 0
    // A calendar of a few thousand days is a table; one that spans ages because of a wrong date would not fit.
    guard Int(end) - Int(firstDay) < 4_000_000 else { return }
    extend(to: end)
  }

  private mutating func extend(to day: Int32) {
    var period = origin
    var number: Int32 = 0
    while period.start.days <= day {
      let next = period.advanced(by: 1)
      for _ in period.start.days..<max(next.start.days, period.start.days &+ 1) { ofDay.append(number) }
      period = next
      number &+= 1
    }
  }

  /// The number of the period that holds the day; days beyond the table are counted up to.
  func index(of day: Int32) -> Int {
    let place = Int(day) - Int(firstDay)
    if ofDay.indices.contains(place) { return Int(ofDay[place]) }
    return PeriodIndex.distance(origin, Period(origin.grain, containing: CivilDate(days: day)))
  }

  /// The period with this number.
  func period(_ index: Int) -> Period { origin.advanced(by: index) }

  private static func distance(_ from: Period, _ to: Period) -> Int {
    let days = Int(to.start.days) - Int(from.start.days)
    let (a, b) = (from.start.components, to.start.components)
    return switch from.grain {
    case .hour, .day: days
    case .week: days / 7
    case .month: (b.year - a.year) * 12 + b.month - a.month
    case .quarter: (b.year - a.year) * 4 + (b.month - a.month) / 3
    case .year: b.year - a.year
    }
  }
}
