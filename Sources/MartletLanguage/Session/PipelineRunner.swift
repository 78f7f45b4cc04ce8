import Columnar
import Query

/// Runs a checked pipeline, and says what the cell shows and what the session keeps.
struct PipelineRunner {
  let context: CommandContext

  /// What a pipeline came to.
  struct Result {
    var outputs: [Output] = []
    var tables: [SessionTable] = []
    var postponed: [PostponedTable] = []
  }

  /// Runs the commands in order, then the plan that they have made.
  func run(_ pipeline: CheckedPipeline, target: String?, origin: String) throws -> Result {
    do {
      return try finish(try flow(pipeline), pipeline, target: target, origin: origin)
    } catch let error as QueryError {
      throw context.explained(error)
    }
  }

  /// The flow at the end of a pipeline.
  private func flow(_ pipeline: CheckedPipeline) throws -> Flow {
    var flow = try start(pipeline.source)
    for stage in pipeline.stages {
      try context.cancellation.check()
      flow = try stage.run(flow, context)
    }
    return flow
  }

  private func start(_ source: CheckedPipeline.Source?) throws -> Flow {
    switch source {
    case .table(let name):
      guard let table = context.session.table(name) else {
        throw Diagnostic.unknownTable(name, among: context.session.tables.map(\.info.name), at: SourceRange(0, 0))
      }
      var presentation = table.presentation
      presentation.isStored = true
      return Flow(Relation(.table(table.table, name: name), table.info), presentation: presentation)
    case .pipeline(let inner): return try flow(inner)
    case nil: return Flow(Relation(.table(.empty, name: ""), TableInfo(name: "", schema: Schema([]))))
    }
  }

  private func finish(_ flow: Flow, _ pipeline: CheckedPipeline, target: String?, origin: String) throws -> Result {
    var result = Result()
    let hasTable = pipeline.output != nil
    let computed = hasTable ? try context.run(flow.relation.plan) : .empty
    let table = hasTable ? computed.with(meaning: flow.relation.info.schema) : computed
    result.postponed = context.postponedTables
    for defined in context.definedTables {
      result.tables.append(
        SessionTable(table: defined.table, like: defined.info, presentation: Presentation(), origin: defined.origin))
    }
    let later = hasTable ? try context.laterNotes() : []
    let notes = context.stepNotes + flow.presentation.notes + later
    guard let target else {
      result.outputs = try display(table, flow, notes, hasTable: hasTable)
      return result
    }
    var kept = flow.presentation
    kept.notes = notes
    var info = flow.relation.info
    info.name = target
    info.schema = table.schema
    info.schema = MeasureInference.infer(info, currency: context.settings.currency)
    let session = SessionTable(info: info, table: table.with(schema: info.schema), presentation: kept, origin: origin)
    result.tables.append(session)
    let line = flow.presentation.receipt ?? ReceiptText.table(target, table)
    result.outputs = [.receipt(Receipt(line, notes: notes, appendices: flow.presentation.logs))]
    return result
  }

  private func display(_ table: Table, _ flow: Flow, _ notes: [Note], hasTable: Bool) throws -> [Output] {
    let presentation = flow.presentation
    if let receipt = presentation.receipt {
      return [.receipt(Receipt(receipt, notes: notes, appendices: presentation.logs))]
    }
    guard hasTable else { return [] }
    let chart =
      try presentation.request.map { try $0.draw($0.drawsDetail ? table : presentation.summary ?? table) }
      ?? presentation.chart?.chart
    return [
      .result(
        ResultOutput(
          title: presentation.title, headline: presentation.headline, chart: chart,
          table: presentation.summary ?? table, rows: presentation.rows,
          detail: presentation.summary == nil ? nil : table, appendices: presentation.appendices + presentation.logs,
          notes: notes,
          settings: context.settings))
    ]
  }
}

extension Table {
  /// The same values with the measures and formats that checking has found for the columns.
  func with(meaning schema: Schema) -> Table {
    let fields = self.schema.fields.map { field -> Field in
      guard let known = schema[field.name] else { return field }
      return Field(field.name, field.type, measure: known.measure, format: known.format)
    }
    return with(schema: Schema(fields))
  }
}

extension SessionTable {
  /// A table that a command has defined.
  init(table: Table, like info: TableInfo, presentation: Presentation, origin: String) {
    var info = info
    info.schema = table.schema
    self.init(info: info, table: table, presentation: presentation, origin: origin)
  }
}

/// The one-line receipts.
enum ReceiptText {
  /// `sales: 397,884 rows, 8 columns`
  static func table(_ name: String, _ table: Table) -> String {
    "\(name): \(Words.count(table.rowCount, "row")), \(Words.count(table.columns.count, "column"))"
  }

  /// `country = "United Kingdom" (text) · Country to report on`
  static func parameter(_ parameter: SessionParameter) -> String {
    var text = "\(parameter.name) = \(ValueText.source(parameter.value, parameter.measure))"
    text += " (\(ExprType(literal: parameter.value).displayName))"
    if let choices = parameter.choices { text += " in " + ValueText.plain(.list(choices)) }
    if let label = parameter.label { text += " · \(label)" }
    return text
  }
}
