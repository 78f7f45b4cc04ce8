import Columnar
import Query
import Synchronization

/// What a running command may use.
package final class CommandContext: QueryEngine {
  private let engine: any QueryEngine
  package let cancellation: Cancellation
  package let settings: Settings
  package let loader: any TableLoader
  /// Where printed text and progress go.
  package let sink: any OutputSink
  /// The session as it stands before this statement.
  package let session: SessionSnapshot
  private let ledger = Mutex(Ledger())

  /// The words of each labelled step, and what the engine reported.
  private struct Ledger {
    var words: [(label: String, notes: @Sendable (StepReport) -> [Note])] = []
    var reports: [String: StepReport] = [:]
    var laterNotes: [@Sendable () throws -> [Note]] = []
    var explanations: [@Sendable (QueryError) -> Diagnostic?] = []
    var tables: [DefinedTable] = []
    var postponed: [PostponedTable] = []
  }

  /// A context for one statement.
  package init(
    engine: any QueryEngine, cancellation: Cancellation, settings: Settings, loader: any TableLoader,
    sink: any OutputSink, session: SessionSnapshot
  ) {
    self.engine = engine
    self.cancellation = cancellation
    self.settings = settings
    self.loader = loader
    self.sink = sink
    self.session = session
  }

  /// Runs a plan and remembers what its labelled steps did: an analysis that runs several plans over the same steps leaves
  /// their reports here as well.
  package func run(_ plan: LogicalPlan, cancellation: Cancellation) throws -> QueryAnswer {
    let answer = try engine.run(plan, cancellation: cancellation)
    ledger.withLock { state in
      for (label, report) in answer.steps where state.reports[label] == nil { state.reports[label] = report }
    }
    return answer
  }

  /// The rows of a plan.
  package func run(_ plan: LogicalPlan) throws -> Table {
    if case .table(let table, _) = plan { return table }
    return try run(plan, cancellation: cancellation).table
  }

  /// The rows of a relation in memory, for an analysis that looks at them more than once.
  package func materialize(_ relation: Relation) throws -> Relation {
    Relation(.table(try run(relation.plan), name: relation.info.name), relation.info)
  }

  /// A label for a step of a plan, with what to say once the engine has reported on it.
  package func reserveLabel(_ notes: @escaping @Sendable (StepReport) -> [Note]) -> String {
    ledger.withLock { state in
      let label = "step \(state.words.count + 1)"
      state.words.append((label, notes))
      return label
    }
  }

  /// What the steps that have run so far have to say, in the order of the pipeline.
  package var stepNotes: [Note] {
    let (words, reports) = ledger.withLock { ($0.words, $0.reports) }
    return words.flatMap { entry in reports[entry.label].map(entry.notes) ?? [] }
  }

  /// Adds notes that are found only when the pipeline's table is shown or kept, as finding them costs a look at the rows.
  package func noteLater(_ notes: @escaping @Sendable () throws -> [Note]) {
    ledger.withLock { $0.laterNotes.append(notes) }
  }

  /// The notes that were put off.
  func laterNotes() throws -> [Note] {
    let all = ledger.withLock { $0.laterNotes }
    return try all.flatMap { try $0() }
  }

  /// Adds a way to put an engine's error in words.
  package func explain(_ words: @escaping @Sendable (QueryError) -> Diagnostic?) {
    ledger.withLock { $0.explanations.append(words) }
  }

  /// An engine's error in the words of the command that asked for trouble.
  func explained(_ error: QueryError) -> Diagnostic {
    let explanations = ledger.withLock { $0.explanations }
    for words in explanations {
      if let diagnostic = words(error) { return diagnostic }
    }
    return .query(error, at: nil)
  }

  /// Gives the session a table under a name when the statement has succeeded.
  package func define(_ info: TableInfo, _ table: Table, origin: String) {
    ledger.withLock { $0.tables.append(DefinedTable(info: info, table: table, origin: origin)) }
  }

  /// Gives the session a name for a file that it reads when the name is used.
  package func postpone(_ info: TableInfo, _ request: LoadRequest) {
    ledger.withLock { $0.postponed.append(PostponedTable(info: info, request: request)) }
  }

  /// The files that the session reads when they are asked for.
  var postponedTables: [PostponedTable] { ledger.withLock { $0.postponed } }

  /// The tables that commands of this statement have defined.
  var definedTables: [DefinedTable] { ledger.withLock { $0.tables } }

  /// A table for the session.
  struct DefinedTable: Sendable {
    var info: TableInfo
    var table: Table
    var origin: String
  }
}

/// The tables and parameters of a session at one moment.
package struct SessionSnapshot: Sendable {
  /// The tables in order of their definition.
  package var tables: [SessionTable]
  package var parameters: [SessionParameter]
  /// The name of the table that a leading command means.
  package var usedTable: String?

  /// An empty session.
  package init(tables: [SessionTable] = [], parameters: [SessionParameter] = [], usedTable: String? = nil) {
    self.tables = tables
    self.parameters = parameters
    self.usedTable = usedTable
  }

  /// The table with this exact name.
  package func table(_ name: String) -> SessionTable? { tables.first { $0.info.name == name } }
}

/// A table that a cell has named.
package struct SessionTable: Sendable {
  package var info: TableInfo
  package var table: Table
  package var presentation: Presentation
  /// Where it came from: a file, or the line that computed it.
  package var origin: String

  /// Describes a table of the session.
  package init(info: TableInfo, table: Table, presentation: Presentation = Presentation(), origin: String) {
    self.info = info
    self.table = table
    self.presentation = presentation
    self.origin = SourceAddress.redacted(origin)
  }
}

/// A named value of the session.
package struct SessionParameter: Sendable {
  package var name: String
  package var value: Value
  package var measure: Measure
  package var label: String?
  package var choices: [Value]?
  /// `declared` by `param`, `set` by a later assignment.
  package var origin: String

  /// Describes a parameter or a variable.
  package init(
    name: String, value: Value, measure: Measure = .plain, label: String? = nil, choices: [Value]? = nil, origin: String
  ) {
    self.name = name
    self.value = value
    self.measure = measure
    self.label = label
    self.choices = choices
    self.origin = origin
  }
}
