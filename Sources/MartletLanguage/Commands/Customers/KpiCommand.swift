import Analytics
import Charts
import Columnar
import Query

/// `kpi`: a few figures, and how they moved.
package struct KpiCommand: AnalysisCommand {
  package static let spec = CommandSpec(
    "kpi", summary: "Shows a few key figures, and how they moved.",
    doc: """
      Without a list: revenue, orders, customers, units, order value and revenue per customer, as far as the table has what \
      they need. `vs previous quarter` holds the quarter of the last date, up to that date, against the same number of days \
      of the quarter before; `vs last year` works the same with years. A whole period is held against the whole one before. \
      The table on display writes each figure in its own unit; the rows that are handed on are plain numbers.
      """,
    subject: SubjectSpec(
      .measures, 0...12, placeholder: "M", doc: "The figures; without a list the usual six.", defines: true),
    clauses: [
      ClauseSpec(.vs, .labels, count: 0...1, placeholder: "previous/last UNIT", doc: "What to compare with.")
    ],
    options: [
      OptionSpec("target", .number(-1e15...1e15), doc: "A target for the first figure."),
      OptionSpec("date", .column(.date), doc: "The date column."),
    ],
    output: [
      OutputColumn("metric", "The figure's name."), OutputColumn("value", "The figure."),
      OutputColumn("previous", "The figure in the earlier days."), OutputColumn("change", "value − previous."),
      OutputColumn("growth", "value ÷ previous − 1."), OutputColumn("definition", "How it is reckoned."),
    ],
    chart: "Cards with a small line of the last periods.",
    examples: [
      Example("How is business?", "sales | kpi"),
      Example("This quarter against the one before.", "sales | kpi vs previous quarter"),
      Example("Figures of your own.", "sales | kpi revenue = sum(amount), baskets = count_distinct(invoice)"),
    ],
    searchWords: ["key figures", "metrics", "dashboard", "scorecard"])

  /// A figure with the words that define it.
  private struct Figure: Sendable {
    var measure: ResolvedMeasure
    var definition: String
  }

  private let arguments: Arguments
  private let figures: [Figure]
  private let date: RoleBinding?
  private let grain: Grain?
  private let assumed: Note?
  package let output: TableInfo?

  package init(checking arguments: Arguments) throws(Diagnostic) {
    self.arguments = arguments
    if arguments.has(.vs) {
      guard let comparison = arguments.comparison else { throw .comparisonWord(at: arguments.range(of: .vs)) }
      grain = comparison.grain == .hour ? .day : comparison.grain ?? .month
      date = try arguments.role(.date)
    } else {
      grain = nil
      date = try? arguments.roleIfAny(.date)
    }
    let written = try arguments.measures()
    if written.isEmpty {
      let usual = try UsualFigures(arguments)
      figures = usual.figures.map { Figure(measure: $0.measure, definition: $0.definition) }
      assumed = arguments.assumed(usual.bindings + [grain == nil ? nil : date])
    } else {
      figures = written.map { measure in
        let how = measure.assumed.map { "\($0.rawValue)(\(measure.name))" } ?? arguments.scope.text(measure.range)
        return Figure(measure: measure, definition: how)
      }
      assumed = arguments.assumed([grain == nil ? nil : date])
    }
    if figures.isEmpty { throw .noFigure(table: arguments.table.name, at: arguments.range) }
    output = TableInfo(
      name: arguments.table.name, schema: Schema(KeyFigures.fields), summary: Schema(KeyFigureNarrative.fields))
  }

  package func analyse(_ input: Relation, _ context: CommandContext) throws -> AnalysisResult {
    try explaining(arguments) {
      let rows = try context.materialize(input)
      var spans: KeyFigures.Spans?
      if let grain, let date {
        let coverage = try Coverage(
          rows.plan, entity: date.expr, date: date.expr, engine: context, cancellation: context.cancellation)
        guard let last = coverage.lastDay else { throw AnalysisError.noRows }
        spans = KeyFigures.Spans(grain: grain, lastDay: last)
      }
      let now = try values(rows.plan, spans?.current, context)
      let before = try spans.map { try values(rows.plan, $0.previous, context) }
      let found = figures.enumerated().map { place, figure in
        KeyFigures.Figure(
          figure.measure.name, figure.measure.field.measure, value: now[place], previous: before?[place],
          definition: figure.definition)
      }
      var notes: [Note] = assumed.map { [$0] } ?? []
      if let spans, let grain { notes.append(KeyFigureNarrative.spans(spans, grain: grain)) }
      if let target = arguments.real("target"), let note = KeyFigureNarrative.target(found[0], target) {
        notes.append(note)
      }
      let history = try history(rows.plan, context)
      let chart = DefaultChart { [cards = KeyFigureNarrative.cards(found, history: history)] () throws(ChartError) in
        try Chart.cards(cards)
      }
      return AnalysisResult(
        KeyFigures.table(found), summary: KeyFigureNarrative.table(found),
        headline: KeyFigureNarrative.headline(found, spans: spans), chart: chart, notes: notes)
    }
  }

  /// The figures over a span, or over all rows.
  private func values(_ plan: LogicalPlan, _ span: ClosedRange<CivilDate>?, _ context: CommandContext) throws
    -> [Double?]
  {
    var rows = plan
    if let span, let date { rows = KeyFigures.rows(plan, date: date.expr, in: span) }
    let table = try context.run(rows.measured(by: [], figures.map(\.measure)))
    return figures.map { figure in table.rowCount > 0 ? table[figure.measure.name]?[0].number : nil }
  }

  /// Each figure in the last thirteen shorter periods.
  private func history(_ plan: LogicalPlan, _ context: CommandContext) throws -> [[Double]] {
    guard let date else { return [] }
    let shorter: Grain =
      switch grain {
      case .year?, .quarter?, nil, .hour?: .month
      case .month?: .week
      case .week?, .day?: .day
      }
    let key = NamedExpr("#period", .call(.period, [date.expr, .literal(.text(shorter.rawValue))]))
    let known = LogicalPlan.filter(plan, .not(.isMissing(date.expr)), label: nil)
    let table = try context.run(
      .sort(known.measured(by: [key], figures.map(\.measure)), [SortKey(.column("#period"))]))
    let first = max(0, table.rowCount - 13)
    return figures.map { figure in
      guard let column = table[figure.measure.name] else { return [] }
      return (first..<table.rowCount).compactMap { column[$0].number }
    }
  }
}

/// The figures that are meant when none is named.
private struct UsualFigures {
  var figures: [(measure: ResolvedMeasure, definition: String)] = []
  var bindings: [RoleBinding?] = []
  private let range: SourceRange

  init(_ arguments: Arguments) throws(Diagnostic) {
    range = arguments.range
    let amount = try arguments.roleIfAny(.amount)
    let order = try arguments.roleIfAny(.order)
    let customer = try arguments.roleIfAny(.customer)
    let quantity = try arguments.roleIfAny(.quantity)
    bindings = [amount, order, customer, quantity]
    let money = amount?.field.measure ?? .plain
    if let amount { add("revenue", money, .sum, amount.expr, "sum of \(amount.name)") }
    if let order { add("orders", .count, .countDistinct, order.expr, "different \(order.name)") }
    if let customer { add("customers", .count, .countDistinct, customer.expr, "different \(customer.name)") }
    if let quantity { add("units", .count, .sum, quantity.expr, "sum of \(quantity.name)") }
    if let amount, let order {
      add("order value", money, over: (amount.expr, order.expr), "revenue ÷ orders")
    }
    if let amount, let customer {
      let known = Expr.conditional(.isMissing(customer.expr), then: .literal(.missing), else: amount.expr)
      add(
        "revenue per customer", money, over: (known, customer.expr),
        "revenue of rows with \(customer.name) ÷ customers")
    }
  }

  private mutating func add(
    _ name: String, _ measure: Measure, _ function: AggregateFunction, _ expr: Expr, _ definition: String
  ) {
    let resolved = ResolvedMeasure(
      aggregates: [NamedAggregate(name, function, [expr], measure: measure)], value: .column(name),
      field: Field(name, .real, measure: measure), range: range, isAdditive: function == .sum)
    figures.append((resolved, definition))
  }

  /// A sum over a number of different keys.
  private mutating func add(
    _ name: String, _ measure: Measure, over parts: (sum: Expr, keys: Expr), _ definition: String
  ) {
    let (sum, keys) = ("#\(name) sum", "#\(name) keys")
    let resolved = ResolvedMeasure(
      aggregates: [NamedAggregate(sum, .sum, [parts.sum]), NamedAggregate(keys, .countDistinct, [parts.keys])],
      value: .arithmetic(.divide, .column(sum), .column(keys)), field: Field(name, .real, measure: measure),
      range: range, isAdditive: false)
    figures.append((resolved, definition))
  }
}
