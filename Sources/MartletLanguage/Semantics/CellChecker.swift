import Columnar
import Query

/// Checks a whole cell before any of it runs: statement after statement, each seeing the tables that those before it
/// will have made.
struct CellChecker {
  var scope: Scope
  /// What is wrong, in the order of the cell.
  var diagnostics: [Diagnostic] = []
  /// Names whose assignment is faulty; what uses them is not reported again.
  private var poisoned: Set<String> = []

  init(_ scope: Scope) { self.scope = scope }

  /// Checks all statements; afterwards the scope holds what they will have defined.
  mutating func check(_ cell: CellSyntax) -> [CheckedStatement] {
    var checked: [CheckedStatement] = []
    for statement in cell.statements {
      do {
        let result = try check(statement)
        apply(result)
        checked.append(result)
      } catch {
        guard error.code != CellChecker.silent else { continue }
        diagnostics.append(error)
        if case .assignment(let name, _) = statement.kind { poisoned.insert(name.text) }
      }
    }
    return checked
  }

  private static let silent = "E000"

  /// Checks one statement.
  mutating func check(_ statement: StatementSyntax) throws(Diagnostic) -> CheckedStatement {
    switch statement.kind {
    case .param(let name, let value, let choices, let label):
      return .parameter(try parameter(name, value, choices, label), isDeclaration: true)
    case .assignment(let name, .expr(let value)): return try assign(value, to: name)
    case .assignment(let name, .pipeline(let pipeline)):
      if pipeline.stages.isEmpty, case .table(let other) = pipeline.source, scope.tables[other.text] == nil,
        !poisoned.contains(other.text), CommandTable.command(other.text) == nil || scope.parameters[other.text] != nil
      {
        return try assign(ExprSyntax(.name(other.text), other.range), to: name)
      }
      try refuseTaken(name)
      let checked: CheckedPipeline
      do {
        checked = try self.pipeline(pipeline)
      } catch {
        if error.code == CellChecker.silent { poisoned.insert(name.text) }
        throw error
      }
      guard checked.output != nil else { throw .nothingToName(name.text, at: name.range) }
      return .pipeline(checked, target: name)
    case .body(.expr(let value)):
      let (value, measure) = try constant(value)
      return .value(value, measure)
    case .body(.pipeline(let pipeline)):
      if pipeline.stages.isEmpty, case .table(let name) = pipeline.source, scope.tables[name.text] == nil,
        let parameter = scope.parameters[name.text]
      {
        return .value(parameter.value, parameter.measure)
      }
      return .pipeline(try self.pipeline(pipeline), target: nil)
    case .define(let definition): return .define(Scope.Definition(syntax: definition, source: sourceText))
    case .include(let path, let range): return try include(path, range)
    }
  }

  /// Lets the statements behind see what this one will have defined.
  mutating func apply(_ statement: CheckedStatement) {
    switch statement {
    case .parameter(let parameter, _): define(parameter)
    case .value: break
    case .pipeline(let pipeline, let target):
      for effect in pipeline.effects { scope.apply(effect) }
      if let target, var info = pipeline.output {
        info.name = target.text
        poisoned.remove(target.text)
        scope.define(target.text, info)
      }
    case .define(let definition): scope.definitions[definition.syntax.name.text] = definition
    case .include(let parameters, let definitions, let settings):
      for parameter in parameters { define(parameter) }
      for definition in definitions { scope.definitions[definition.syntax.name.text] = definition }
      scope.settings = settings
    }
  }

  private mutating func define(_ parameter: SessionParameter) {
    scope.parameters[parameter.name] = parameter
    scope.tables[parameter.name] = nil
    scope.tableOrder.removeAll { $0 == parameter.name }
    poisoned.remove(parameter.name)
  }

  private var sourceText: String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scope.source)
    return String(text)
  }

  // MARK: Values

  private func constant(_ syntax: ExprSyntax) throws(Diagnostic) -> (Value, Measure) {
    if case .name(let name) = syntax.kind, poisoned.contains(name) { throw Diagnostic(CellChecker.silent, "") }
    var resolver = Resolver(scope, nil, verb: "this")
    let (value, measure) = try resolver.constant(syntax)
    return (value, measure)
  }

  private func parameter(_ name: NameSyntax, _ value: ExprSyntax, _ choices: ExprSyntax?, _ label: String?)
    throws(Diagnostic) -> SessionParameter
  {
    try refuseTaken(name)
    let (value, measure) = try constant(ForeignWords.read(value, scope))
    var parameter = SessionParameter(
      name: name.text, value: value, measure: measure, label: label, origin: "param")
    if let choices {
      let (list, _) = try constant(choices)
      guard case .list(let values) = list else {
        throw .wrongType(
          "`in`", needs: "a list such as [7, 14, 28]", found: ExprType(literal: list).displayName, at: choices.range)
      }
      parameter.choices = values
      guard values.contains(value) else {
        throw .choice(
          name.text, value: ValueText.source(value, measure), among: values.map { ValueText.source($0) }, at: name.range
        )
      }
    }
    return parameter
  }

  /// `x = value`: a new variable, or a declared parameter, whose type and choices must hold.
  private func assign(_ syntax: ExprSyntax, to name: NameSyntax) throws(Diagnostic) -> CheckedStatement {
    try refuseTaken(name)
    var (value, measure) = try constant(ForeignWords.read(syntax, scope))
    guard let declared = scope.parameters[name.text], declared.origin != "variable" else {
      return .parameter(
        SessionParameter(name: name.text, value: value, measure: measure, origin: "variable"), isDeclaration: false)
    }
    guard let converted = ParameterConversion.convert(value, like: declared.value) else {
      throw .parameterType(
        name.text, needs: ExprType(literal: declared.value).displayName, found: ValueText.source(value, measure),
        at: syntax.range)
    }
    value = converted
    if measure == .plain { measure = declared.measure }
    if let choices = declared.choices, !choices.contains(value) {
      throw .choice(
        name.text, value: ValueText.source(value, measure), among: choices.map { ValueText.source($0) },
        at: syntax.range)
    }
    var parameter = declared
    parameter.value = value
    parameter.measure = measure
    parameter.origin = "set"
    return .parameter(parameter, isDeclaration: false)
  }

  private func refuseTaken(_ name: NameSyntax) throws(Diagnostic) {
    if ["param", "column", "role", "define", "include"].contains(name.text) { throw .reservedName(name) }
  }

  // MARK: Include

  /// Runs the `param`, `define` and `set` lines of a file.
  private func include(_ path: String, _ range: SourceRange) throws(Diagnostic) -> CheckedStatement {
    guard let text = scope.services.readText(path) else { throw .noFile(path, at: range) }
    let parsed = Parser.parse(text, names: scope.parserNames)
    if let first = parsed.diagnostics.first { throw first.inside(definition: path, at: range) }
    var inner = CellChecker(scope)
    inner.scope.source = Array(text.unicodeScalars)
    var parameters: [SessionParameter] = []
    var definitions: [Scope.Definition] = []
    for statement in parsed.cell.statements {
      let isSet: Bool
      if case .body(.pipeline(let pipeline)) = statement.kind {
        isSet = pipeline.stages.count == 1 && pipeline.stages.first?.verb.text == "set"
      } else {
        isSet = false
      }
      switch statement.kind {
      case .param, .define: break
      case .body where isSet: break
      default: continue
      }
      do {
        let checked = try inner.check(statement)
        inner.apply(checked)
        if case .parameter(let parameter, _) = checked { parameters.append(parameter) }
        if case .define(let definition) = checked { definitions.append(definition) }
      } catch {
        throw error.inside(definition: path, at: range)
      }
    }
    return .include(parameters, definitions, inner.scope.settings)
  }

  // MARK: Pipelines

  /// Checks a pipeline from left to right.
  mutating func pipeline(_ syntax: PipelineSyntax) throws(Diagnostic) -> CheckedPipeline {
    scope.pipelineRange = syntax.range
    defer { scope.pipelineRange = nil }
    return try PipelineChecker(scope: scope, poisoned: poisoned, silent: Diagnostic(CellChecker.silent, "")).check(
      syntax)
  }
}

extension Scope {
  /// The names that the parser needs.
  var parserNames: ParserNames {
    var names = ParserNames(values: Set(parameters.keys))
    for (name, definition) in definitions {
      if case .expr = definition.syntax.body { names.functions.insert(name) } else { names.fragments.insert(name) }
    }
    return names
  }

  /// Takes up what a command will have changed.
  mutating func apply(_ effect: SessionEffect) {
    switch effect {
    case .use(let name): usedTable = name
    case .settings(let new): settings = new
    case .define(let name, var info):
      info.name = name
      define(name, info)
    }
  }
}
