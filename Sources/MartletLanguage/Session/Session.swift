import Columnar
import Query
import Synchronization

/// A conversation with the language: tables and parameters that live from cell to cell.
///
/// One cell runs at a time; completion and inspection may be asked for from other threads meanwhile, and see the session
/// as it was when the last statement ended.
package final class Session: Sendable {
  let engine: any QueryEngine
  let loader: any TableLoader
  private let state: Mutex<SessionState>

  /// An empty session on an engine.
  package init(engine: any QueryEngine, loader: any TableLoader, settings: Settings = Settings()) {
    self.engine = engine
    self.loader = loader
    state = Mutex(SessionState(settings: settings))
  }

  /// The tables, parameters and settings as they are now.
  package var snapshot: SessionSnapshot { state.withLock { $0.snapshot } }

  /// The settings as they are now.
  package var settings: Settings { state.withLock { $0.settings } }

  /// Gives the session a table, as `load` would.
  package func define(_ table: Table, named name: String, origin: String) {
    state.withLock { state in
      var info = TableInfo(name: name, schema: table.schema)
      info.schema = MeasureInference.infer(info, currency: state.settings.currency)
      state.define(SessionTable(info: info, table: table.with(schema: info.schema), origin: origin))
    }
  }

  /// What a cell came to.
  package enum Outcome: Sendable {
    case succeeded
    /// Up to three diagnostics; nothing of the faulty statement has taken effect.
    case failed([RenderedDiagnostic])
    case interrupted
  }

  /// Checks a cell whole, then runs it statement by statement. What it shows goes to the sink; what fails comes back.
  package func execute(_ source: String, sink: any OutputSink, cancellation: Cancellation = Cancellation()) -> Outcome {
    let scalars = Array(source.unicodeScalars)
    let cache = LoadCache(loader: loader, cancellation: cancellation)
    do {
      try readPostponed(scalars, cache)
    } catch is Cancelled {
      return .interrupted
    } catch {
      return failure([(error as? Diagnostic) ?? Diagnostic("E000", "\(error)")], source)
    }
    let parsed = Parser.parse(scalars, Lexer.read(scalars), names: scope(cache, scalars).parserNames)
    guard parsed.diagnostics.isEmpty else { return failure(parsed.diagnostics, source) }
    var checker = CellChecker(scope(cache, scalars))
    _ = checker.check(parsed.cell)
    if cancellation.isCancelled { return .interrupted }
    guard checker.diagnostics.isEmpty else { return failure(checker.diagnostics, source) }
    for statement in parsed.cell.statements {
      do {
        try cancellation.check()
        do {
          try run(statement, source: scalars, cache: cache, sink: sink, cancellation: cancellation)
        } catch is FileScan.Drift {
          // A late row widens a column, or is in another encoding: the whole file decides, and nothing was shown yet.
          cache.refuseScans()
          try run(statement, source: scalars, cache: cache, sink: sink, cancellation: cancellation)
        }
      } catch is Cancelled {
        return .interrupted
      } catch let error as Diagnostic {
        if cancellation.isCancelled { return .interrupted }
        return failure([error], source)
      } catch let error as QueryError {
        return failure([.query(error, at: nil)], source)
      } catch let error as SourceError {
        return failure([.source(error, at: nil)], source)
      } catch {
        return failure([Diagnostic("E000", "\(error)")], source)
      }
    }
    return .succeeded
  }

  /// Computes one expression, for a front end that shows values beside a cell. A table's name gives its size.
  package func evaluate(_ source: String, cancellation: Cancellation = Cancellation()) -> Result<
    Output, RenderedDiagnostic
  > {
    let scalars = Array(source.unicodeScalars)
    let cache = LoadCache(loader: loader, cancellation: cancellation)
    let scope = scope(cache, scalars)
    let parsed = Parser.parse(scalars, Lexer.read(scalars), names: scope.parserNames)
    func fail(_ diagnostic: Diagnostic) -> Result<Output, RenderedDiagnostic> {
      .failure(RenderedDiagnostic(diagnostic, source: source))
    }
    if let first = parsed.diagnostics.first { return fail(first) }
    guard let statement = parsed.cell.statements.first, parsed.cell.statements.count == 1 else {
      return fail(.expected("one expression", found: nil, at: SourceRange(0, scalars.count)))
    }
    if case .body(.pipeline(let pipeline)) = statement.kind, pipeline.stages.isEmpty,
      case .table(let name) = pipeline.source,
      let table = snapshot.table(name.text)
    {
      return .success(.receipt(Receipt(ReceiptText.table(name.text, table.table))))
    }
    guard case .body(let body) = statement.kind else {
      return fail(.expected("an expression", found: scope.text(statement.range), at: statement.range))
    }
    let syntax: ExprSyntax
    switch body {
    case .expr(let value): syntax = value
    case .pipeline(let pipeline):
      guard pipeline.stages.isEmpty, case .table(let name) = pipeline.source else {
        return fail(.expected("an expression", found: scope.text(statement.range), at: statement.range))
      }
      syntax = ExprSyntax(.name(name.text), name.range)
    }
    do {
      var resolver = Resolver(scope, nil, verb: "this")
      let (value, measure) = try resolver.constant(syntax)
      return .success(.value(value.withoutPassword, measure))
    } catch {
      return fail(error)
    }
  }

  private func failure(_ diagnostics: [Diagnostic], _ source: String) -> Outcome {
    let sorted = diagnostics.enumerated().sorted { a, b in
      let (x, y) = (a.element.range?.start ?? 0, b.element.range?.start ?? 0)
      return x == y ? a.offset < b.offset : x < y
    }
    return .failed(sorted.prefix(3).map { RenderedDiagnostic($0.element, source: source) })
  }

  // MARK: Postponed files

  /// Reads the files whose names stand in some text, or are meant by it.
  private func readPostponed(_ text: [Unicode.Scalar], _ cache: LoadCache) throws {
    let current = state.withLock { $0 }
    guard !current.postponed.isEmpty else { return }
    var named: Set<String> = []
    for token in Lexer.read(text).tokens { if case .name(let name, _) = token.kind { named.insert(name) } }
    if let used = current.usedTable { named.insert(used) }
    let showsAll = named.contains("tables")
    for (name, postponed) in current.postponed where showsAll || named.contains(name) {
      var request = postponed.request
      request.range = nil
      guard let loaded = try cache.load(request).first else { continue }
      var info = TableInfo(name: name, schema: loaded.table.schema)
      info.schema = MeasureInference.infer(info, currency: current.settings.currency)
      let table = SessionTable(
        info: info, table: loaded.table.with(schema: info.schema), origin: "load \"\(request.source)\"")
      state.withLock { $0.define(table) }
    }
  }

  // MARK: One statement

  /// Checks a statement against the session as it is now, and runs it. The session changes only when all went well.
  private func run(
    _ statement: StatementSyntax, source: [Unicode.Scalar], cache: LoadCache, sink: any OutputSink,
    cancellation: Cancellation
  ) throws {
    if statement.range.start >= 0, statement.range.start < statement.range.end, statement.range.end <= source.count {
      try readPostponed(Array(source[statement.range.start..<statement.range.end]), cache)
    }
    var scope = scope(cache, source)
    let answers = AnswerBox()
    scope.services.ask = { prompt, password in answers.ask(sink, prompt, password) }
    var checker = CellChecker(scope)
    let checked: CheckedStatement
    do {
      checked = try checker.check(statement)
    } catch {
      if let failure = answers.failure { throw failure }
      throw error
    }
    if let failure = answers.failure { throw failure }
    switch checked {
    case .parameter(let parameter, let isDeclaration):
      state.withLock { $0.define(parameter) }
      if isDeclaration { sink.emit(.receipt(Receipt(ReceiptText.parameter(parameter)))) }
    case .value(let value, let measure): sink.emit(.value(value.withoutPassword, measure))
    case .define(let definition): state.withLock { $0.definitions[definition.syntax.name.text] = definition }
    case .include(let parameters, let definitions, let settings):
      state.withLock { state in
        for parameter in parameters { state.define(parameter) }
        for definition in definitions { state.definitions[definition.syntax.name.text] = definition }
        state.settings = settings
      }
    case .pipeline(let pipeline, let target):
      let text = scope.text(statement.range)
      try run(pipeline, target: target?.text, origin: text, sink: sink, cancellation: cancellation)
    }
  }

  private func run(
    _ pipeline: CheckedPipeline, target: String?, origin: String, sink: any OutputSink, cancellation: Cancellation
  ) throws {
    let before = state.withLock { $0 }
    let context = CommandContext(
      engine: engine, cancellation: cancellation, settings: before.settings, loader: loader, sink: sink,
      session: before.snapshot)
    let result = try PipelineRunner(context: context).run(pipeline, target: target, origin: origin)
    try cancellation.check()
    state.withLock { state in
      for effect in pipeline.effects {
        switch effect {
        case .use(let name): state.usedTable = name
        case .settings(let settings): state.settings = settings
        case .define: break
        }
      }
      for table in result.postponed { state.define(table) }
      for table in result.tables { state.define(table) }
    }
    for output in result.outputs { sink.emit(output) }
  }

  // MARK: Scope

  /// What a cell that is checked now can see.
  func scope(_ cache: LoadCache, _ source: [Unicode.Scalar]) -> Scope {
    let current = state.withLock { $0 }
    let engine = engine
    let tables = current.snapshot
    var scope = Scope(
      services: ScopeServices(
        evaluate: { expr in ConstantEvaluator.value(of: expr, engine) },
        occurrences: { table, column, text in tables.table(table)?.table[column]?.occurrences(of: text) ?? 0 },
        load: { try cache.load($0) }, scan: { try cache.scan($0) },
        readText: { FileText.read($0) }))
    scope.source = source
    scope.settings = current.settings
    scope.usedTable = current.usedTable
    scope.parameters = current.parameters
    scope.definitions = current.definitions
    for name in current.tableOrder {
      if let table = current.tables[name] { scope.define(name, table.info) }
    }
    for (name, table) in current.postponed.sorted(by: { $0.key < $1.key }) { scope.define(name, table.info) }
    return scope
  }
}
