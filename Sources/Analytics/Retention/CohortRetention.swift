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
    let source = try Self.stored(source, engine, cancellation)
    coverage = try Coverage(
      source.plan, entity: source.customer, date: source.date, engine: engine, cancellation: cancellation)
    guard let firstDay = coverage.firstDay, let lastDay = coverage.lastDay else { throw AnalysisError.noRows }
    let calendar = PeriodIndex(grain, days: [firstDay.days, lastDay.days])
    let last = calendar.index(of: lastDay.days)
    if last >= Self.mostPeriods { throw AnalysisError.tooManyPeriods(last + 1) }
    let width = min(max(periods, 0), last) + 1
    var sizes = [Int](repeating: 0, count: last + 1)
    var retained = [Int](repeating: 0, count: (last + 1) * width)
    var spent = [Double](repeating: 0, count: (last + 1) * width)
    let activity = try Activity(source, calendar, periods: last + 1, engine, cancellation)
    if activity.starts.isEmpty { throw AnalysisError.noRows }
    for start in activity.starts { sizes[start] += 1 }
    activity.sets?.count(&retained, width: width, starts: activity.starts)
    if let returns = try Self.returns(source, activity, calendar, grain, engine, cancellation) {
      let (cohort, period) = (try returns.require("cohort"), try returns.require("period"))
      let (starts, days) = (cohort.days(), period.days())
      let people = try activity.sets == nil ? returns.require("customers").integers() : nil
      let amounts = try source.amount.map { _ in try returns.require("amount").doubles() }
      // Rows without a date or a customer are groups of their own, which belong to no cohort.
      for row in starts.indices where !cohort.isMissing(row) && !period.isMissing(row) {
        let start = calendar.index(of: starts[row])
        let offset = calendar.index(of: days[row]) - start
        guard offset < width else { continue }
        if let people { retained[start * width + offset] = people[row] }
        spent[start * width + offset] = amounts?[row] ?? 0
      }
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

  /// Rows that lie in a file are read once, as far as an analysis that looks at them three times needs them.
  private static func stored(
    _ source: TransactionSource, _ engine: any QueryEngine, _ cancellation: Cancellation
  ) throws -> TransactionSource {
    guard source.plan.readsFiles else { return source }
    var columns = [NamedExpr("customer", source.customer), NamedExpr("date", source.date)]
    if let amount = source.amount { columns.append(NamedExpr("amount", amount)) }
    let rows = try engine.run(.project(source.plan, columns), cancellation: cancellation).table
    return TransactionSource(
      .table(rows, name: "rows"), customer: .column("customer"), date: .column("date"),
      amount: source.amount.map { _ in .column("amount") })
  }

  /// For each cohort and later period what its customers spent and, unless their activity tells, how many they are. Every row
  /// meets the first period of its customer, so that only as many groups are made as there are cells. Nil when nothing is left
  /// to be found out.
  private static func returns(
    _ source: TransactionSource, _ activity: Activity, _ calendar: PeriodIndex, _ grain: Grain,
    _ engine: any QueryEngine,
    _ cancellation: Cancellation
  ) throws -> Table? {
    var columns = [NamedExpr("customer", source.customer), NamedExpr("date", source.date)]
    var measures: [NamedAggregate] = []
    if activity.sets == nil { measures.append(NamedAggregate("customers", .countDistinct, [.column("customer")])) }
    if let amount = source.amount {
      columns.append(NamedExpr("amount", amount))
      measures.append(NamedAggregate("amount", .sum, [.column("amount")]))
    }
    if measures.isEmpty { return nil }
    let firstDays = (0...(activity.starts.max() ?? 0)).map { calendar.period($0).start.days }
    let cohorts = Table([
      (Field("customer", activity.customers.type), activity.customers),
      (Field("cohort", .period(grain)), Column(.period(activity.starts.map { firstDays[$0] }, grain))),
    ])
    let joined = LogicalPlan.join(
      .project(source.plan, columns), .table(cohorts, name: "starts"),
      JoinSpec(.left, keys: [.init("customer", "customer")], suffix: "starts"))
    let period = Expr.call(.period, [.column("date"), .literal(.text(grain.rawValue))])
    let plan = LogicalPlan.aggregate(
      joined, keys: [NamedExpr("cohort", .column("cohort")), NamedExpr("period", period)], measures)
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
