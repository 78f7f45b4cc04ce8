import Charts
import Columnar
import Query

/// A command of the table: a value that says what it is, checks its arguments, and runs.
///
/// A command conforms to `RelationalCommand` when it only extends the plan, to `AnalysisCommand` when it computes something
/// of its own. One file in `Commands/` holds one command; `CommandTable.swift` holds its line.
package protocol Command: Sendable {
  /// What the command is. All that analysts read about it comes from here.
  static var spec: CommandSpec { get }

  /// Checks what was written against the incoming table. Nothing has run yet, and nothing may be computed from data here.
  init(checking arguments: Arguments) throws(Diagnostic)

  /// The columns of what comes out, known before anything runs; nil for a command that ends a pipeline without a table.
  var output: TableInfo? { get }

  /// What the command changes in the session once it has succeeded: the used table, a setting, a new table.
  var effects: [SessionEffect] { get }

  /// Runs the command. Throws a `Diagnostic`, a `QueryError` or `Cancelled`.
  func run(_ flow: Flow, _ context: CommandContext) throws -> Flow
}

extension Command {
  /// Most commands change nothing.
  package var effects: [SessionEffect] { [] }
}

/// A command that adds a step to the plan. Nothing is computed until the pipeline ends or an analysis needs the rows.
package protocol RelationalCommand: Command {
  /// The plan with this command's step on top. `label` names the step in the engine's reports.
  func extend(_ plan: LogicalPlan, label: String) -> LogicalPlan
  /// What to say about the step once the engine has reported on it.
  func notes(_ report: StepReport) -> [Note]
  /// The engine's error in words, when this command's step has caused it.
  func explain(_ error: QueryError) -> Diagnostic?
  /// The chart that is drawn of the answer when nobody asks for another; nil for none.
  var defaultChart: ChartRequest? { get }
  /// Whether the rows stay what they were, only fewer or in another order, so that their default chart still holds.
  var keepsDefaultChart: Bool { get }
  /// Puts off notes that need a look at the incoming rows.
  func prepare(_ input: Relation, _ context: CommandContext)
}

extension RelationalCommand {
  /// Most steps have nothing to say.
  package func notes(_ report: StepReport) -> [Note] { [] }

  /// Most steps need no look at the rows.
  package func prepare(_ input: Relation, _ context: CommandContext) {}

  /// Most steps say nothing that a picture would say better.
  package var defaultChart: ChartRequest? { nil }

  /// Most steps make other rows.
  package var keepsDefaultChart: Bool { false }

  /// Most steps cannot fail.
  package func explain(_ error: QueryError) -> Diagnostic? { nil }

  /// Extends the plan of the flow, and keeps the words for its report.
  package func run(_ flow: Flow, _ context: CommandContext) throws -> Flow {
    guard let output else { return flow }
    var next = flow
    let label = context.reserveLabel { report in notes(report) }
    context.explain { error in explain(error) }
    prepare(flow.relation, context)
    let usual = keepsDefaultChart ? next.presentation.request : defaultChart
    next.presentation.changeRows()
    if next.presentation.request == nil { next.presentation.request = usual }
    next.relation = Relation(extend(flow.relation.plan, label: label), output)
    return next
  }
}

/// A command that computes an answer of its own from the incoming rows.
package protocol AnalysisCommand: Command {
  /// Computes the answer. `input` is what the pipeline has made so far; run plans on it with `context.run`.
  func analyse(_ input: Relation, _ context: CommandContext) throws -> AnalysisResult
  /// Roles that the command's clauses gave to columns of its input, so that a later command finds the same ones.
  var inputRoles: [Role: String] { get }
}

extension AnalysisCommand {
  /// Most commands take the roles as they are.
  package var inputRoles: [Role: String] { [:] }

  /// Computes, and carries the detail rows on.
  package func run(_ flow: Flow, _ context: CommandContext) throws -> Flow {
    let result = try analyse(flow.relation, context)
    let source = flow.relation.info
    var origin = flow.relation
    origin.info.setRoles.merge(inputRoles) { _, given in given }
    var info = TableInfo(
      name: output?.name ?? source.name, schema: try result.plan.schema(), setRoles: output?.setRoles ?? [:],
      lineage: Lineage(command: Self.spec.name, input: origin), summary: result.summary?.schema)
    info.setRoles = info.setRoles.filter { info.schema.index(of: $0.value) != nil }
    var next = flow
    next.presentation.changeRows()
    var plan = result.plan
    if case .table(let table, _) = plan { plan = .table(table, name: info.name) }
    next.relation = Relation(plan, info)
    next.presentation.take(result)
    return next
  }
}

/// What an analysis found.
package struct AnalysisResult: Sendable {
  /// The detail rows, which the next command of the pipeline sees.
  package var plan: LogicalPlan
  /// What is displayed on top instead of the detail rows, and what `| summary` gives.
  package var summary: Table?
  /// The finding in one sentence.
  package var headline: String?
  package var title: String?
  /// The default chart of what is displayed; the `chart` command replaces it.
  package var chart: DefaultChart?
  package var notes: [Note]
  package var appendices: [CaptionedTable]

  /// Assembles a result of rows that are there.
  package init(
    _ table: Table, summary: Table? = nil, headline: String? = nil, title: String? = nil, chart: DefaultChart? = nil,
    notes: [Note] = [], appendices: [CaptionedTable] = []
  ) {
    self.init(
      .table(table, name: "result"), summary: summary, headline: headline, title: title, chart: chart, notes: notes,
      appendices: appendices)
  }

  /// Assembles a result whose rows are made when they are asked for.
  package init(
    _ plan: LogicalPlan, summary: Table? = nil, headline: String? = nil, title: String? = nil,
    chart: DefaultChart? = nil,
    notes: [Note] = [], appendices: [CaptionedTable] = []
  ) {
    self.plan = plan
    self.summary = summary
    self.headline = headline
    self.title = title
    self.chart = chart
    self.notes = notes
    self.appendices = appendices
  }
}

/// What travels down a pipeline: the table so far and how it will be shown.
package struct Flow: Sendable {
  package var relation: Relation
  package var presentation: Presentation

  /// Begins a pipeline.
  package init(_ relation: Relation, presentation: Presentation = Presentation()) {
    self.relation = relation
    self.presentation = presentation
  }
}

/// How the end of a pipeline is shown. Kept with a table that an assignment names.
package struct Presentation: Sendable {
  package var title: String?
  package var headline: String?
  /// The chart of the last analysis; commands that change the rows drop it.
  package var chart: DefaultChart?
  /// The chart that `chart` asked for, or the usual one of a relational command; drawn when the rows are shown.
  package var request: ChartRequest?
  /// The summary of the last analysis, while nothing has changed the rows since.
  package var summary: Table?
  /// Rows to show; nil follows the setting.
  package var rows: Int?
  package var notes: [Note] = []
  /// Further tables of the last analysis, shown with its result.
  package var appendices: [CaptionedTable] = []
  /// What was done on the way, such as a cleaning log; shown with a receipt as well.
  package var logs: [CaptionedTable] = []
  /// Set by a command that says all it has to say in one line, such as `export`.
  package var receipt: String?

  /// Whether it was kept with a table and nothing has been done to the rows in this pipeline yet.
  var isStored = false

  /// Drops what no longer holds once a command has changed the rows.
  mutating func changeRows() {
    if isStored { self = Presentation() }
    summary = nil
    headline = nil
    chart = nil
    appendices = []
    // What somebody has asked for is drawn from the changed rows; a default belongs to its command.
    if request?.range == nil { request = nil }
  }

  /// Nothing special to show.
  package init() {}

  /// Takes over what an analysis found.
  mutating func take(_ result: AnalysisResult) {
    summary = result.summary
    headline = result.headline
    chart = result.chart
    request = nil
    if let given = result.title { title = given }
    notes += result.notes
    appendices = result.appendices
  }
}

/// A change of the session that a command makes.
package enum SessionEffect: Sendable {
  /// The table that a leading command means.
  case use(String)
  case settings(Settings)
  /// A table under a name: `as`, `load`.
  case define(String, TableInfo)
}
