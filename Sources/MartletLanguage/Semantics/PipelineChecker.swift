import Columnar
import Query

/// Checks the commands of one pipeline, each against the columns that come out of the one before.
struct PipelineChecker {
  var scope: Scope
  let poisoned: Set<String>
  /// Thrown when something before it has been reported already.
  let silent: Diagnostic

  /// How many commands a pipeline may have before a step must get a name.
  static let maximumLength = 100

  /// Checks a pipeline from left to right.
  func check(_ syntax: PipelineSyntax) throws(Diagnostic) -> CheckedPipeline {
    var checked = CheckedPipeline(source: nil, stages: [], output: nil, effects: [])
    var stages = syntax.stages
    switch syntax.source {
    case .table(let name):
      if let info = scope.tables[name.text] {
        checked.source = .table(name.text)
        checked.output = info
      } else if poisoned.contains(name.text) {
        throw silent
      } else if CommandTable.command(name.text) != nil || scope.definitions[name.text] != nil {
        stages.insert(bare(name), at: 0)
      } else {
        throw unknownStart(name, hasStages: !stages.isEmpty)
      }
    case .pipeline(let inner):
      let first = try check(inner)
      checked.source = .pipeline(first)
      checked.output = first.output
      checked.effects = first.effects
      checked.length = first.length
    case .none: break
    }
    var inner = self
    for effect in checked.effects { inner.scope.apply(effect) }
    try inner.check(stages, into: &checked, depth: 0)
    return checked
  }

  private func bare(_ name: NameSyntax) -> CommandSyntax {
    CommandSyntax(verb: name, items: [], clauses: [], options: [], range: name.range)
  }

  private func unknownStart(_ name: NameSyntax, hasStages: Bool) -> Diagnostic {
    let names = scope.tableOrder + (hasStages ? [] : Array(scope.parameters.keys)) + Array(CommandTable.byName.keys)
    if hasStages, scope.parameters[name.text] != nil { return .valueAsTable(name.text, at: name.range) }
    if hasStages { return .unknownTable(name.text, among: scope.tableOrder, at: name.range) }
    return .unknownStart(name.text, among: names, at: name.range)
  }

  /// Checks stages in order, and appends them.
  private mutating func check(_ stages: [CommandSyntax], into checked: inout CheckedPipeline, depth: Int)
    throws(Diagnostic)
  {
    for (place, stage) in stages.enumerated() {
      scope.isFollowed = place + 1 < stages.count
      if let arguments = stage.fragmentArguments, let definition = scope.definitions[stage.verb.text] {
        try expand(definition, stage, arguments, into: &checked, depth: depth)
        continue
      }
      try checkStage(stage, into: &checked)
    }
  }

  /// Puts the stages of a fragment in place of its call.
  private mutating func expand(
    _ definition: Scope.Definition, _ call: CommandSyntax, _ arguments: [ArgumentSyntax],
    into checked: inout CheckedPipeline, depth: Int
  ) throws(Diagnostic) {
    guard case .stages(let stages) = definition.syntax.body else {
      throw .notAFragment(call.verb.text, at: call.verb.range)
    }
    guard depth < 30 else { throw .endlessDefinition(call.verb.text, at: call.verb.range) }
    let outer = scope
    scope.locals = try scope.bind(definition.syntax, arguments, at: call.verb.range)
    scope.source = Array(definition.source.unicodeScalars)
    scope.pipelineRange = nil
    defer {
      scope.locals = outer.locals
      scope.source = outer.source
      scope.pipelineRange = outer.pipelineRange
    }
    do {
      try check(stages, into: &checked, depth: depth + 1)
    } catch {
      throw error.inside(definition: call.verb.text, at: call.range)
    }
  }

  private mutating func checkStage(_ stage: CommandSyntax, into checked: inout CheckedPipeline) throws(Diagnostic) {
    let isFirst = checked.stages.isEmpty && checked.source == nil
    // Each command is a level of the plan, and plans are walked by recursion.
    guard checked.length < PipelineChecker.maximumLength else {
      throw .pipelineTooLong(PipelineChecker.maximumLength, at: stage.verb.range)
    }
    checked.length += 1
    guard let command = CommandTable.command(stage.verb.text) else { throw unknownCommand(stage) }
    let spec = command.spec
    var incoming = checked.output
    switch spec.input {
    case .none where !isFirst: throw .tableIgnored(spec.name, at: stage.verb.range)
    case .table where isFirst:
      guard let used = scope.usedTable, let info = scope.tables[used] else {
        throw .noTable(spec.name, tables: scope.tableOrder, at: stage.verb.range)
      }
      checked.source = .table(used)
      incoming = info
    case .table where incoming == nil: throw .afterTheEnd(spec.name, at: stage.verb.range)
    default: break
    }
    do {
      let arguments = try ArgumentChecker.check(stage, spec, table: incoming, scope: scope)
      let ready = try command.init(checking: arguments)
      checked.stages.append(ready)
      checked.output = ready.output
      checked.effects += ready.effects
      for effect in ready.effects { scope.apply(effect) }
    } catch {
      throw Repair.improve(error, stage, table: incoming, scope: scope)
    }
  }

  private func unknownCommand(_ stage: CommandSyntax) -> Diagnostic {
    let word = stage.verb.text
    if let synonym = CommandTable.synonym(word) {
      return .synonym(
        word, language: synonym.language, command: synonym.command,
        fix: Repair.replacing(stage.verb.range, by: synonym.command, scope), at: stage.verb.range)
    }
    let names = Array(CommandTable.byName.keys) + Array(scope.definitions.keys)
    let nearest = Nearest.name(to: word, in: names)
    let fix = nearest.flatMap { Repair.corrected(stage, as: $0, scope) }
    return .unknownCommand(word, nearest: nearest, fix: fix, at: stage.verb.range)
  }
}
