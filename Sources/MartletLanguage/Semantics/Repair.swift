import Columnar

/// Makes the line that an analyst can paste to repair a cell.
enum Repair {
  /// The pipeline with one stretch of it replaced; nil when the stretch stands in another cell.
  static func replacing(_ range: SourceRange, by text: String, _ scope: Scope) -> String? {
    guard let pipeline = pipelineRange(scope), pipeline.start <= range.start, range.end <= pipeline.end else {
      return nil
    }
    let before = scope.text(SourceRange(pipeline.start, range.start))
    let after = scope.text(SourceRange(range.end, pipeline.end))
    return before + text + after
  }

  /// The pipeline with a text put behind a stretch of it; nil when the stretch stands in another cell.
  static func inserting(_ text: String, behind range: SourceRange, _ scope: Scope) -> String? {
    var end = range.end
    while end > range.start, scope.source.indices.contains(end - 1), scope.source[end - 1].properties.isWhitespace {
      end -= 1
    }
    return replacing(SourceRange(end, end), by: text, scope)
  }

  /// The pipeline being checked, as a range of the cell.
  private static func pipelineRange(_ scope: Scope) -> SourceRange? { scope.pipelineRange }

  /// A misspelt command put right. A command that counts periods gets `per day` when the analyst left it out.
  static func corrected(_ stage: CommandSyntax, as name: String, _ scope: Scope) -> String? {
    guard let pipeline = pipelineRange(scope), let spec = CommandTable.command(name)?.spec else { return nil }
    let before = scope.text(SourceRange(pipeline.start, stage.verb.range.start))
    var rest = scope.text(SourceRange(stage.verb.range.end, pipeline.end))
    if spec.clause(.per) != nil, spec.clause(.for) != nil, !rest.contains(" per "),
      let split = rest.firstRange(of: " for ")
    {
      rest.insert(contentsOf: " per day", at: split.lowerBound)
    }
    let line = before + name + rest
    return Parser.parse(line, names: scope.parserNames).diagnostics.isEmpty ? line : nil
  }

  /// Adds a fix where the whole pipeline shows one.
  static func improve(_ diagnostic: Diagnostic, _ stage: CommandSyntax, table: TableInfo?, scope: Scope) -> Diagnostic {
    var better = diagnostic
    guard better.fix == nil, let range = better.range else { return better }
    switch (better.code, stage.verb.text) {
    case ("E302", "where"): better.fix = totalFirst(range, stage, table, scope)
    case ("E106", "add"): better.hint = siblingAdvice(range, stage, scope) ?? better.hint
    default: break
    }
    return better
  }

  /// `where sum(amount) > 1000` becomes `summarize total = sum(amount) by CustomerID | where total > 1000`.
  private static func totalFirst(_ total: SourceRange, _ stage: CommandSyntax, _ table: TableInfo?, _ scope: Scope)
    -> String?
  {
    guard let pipeline = pipelineRange(scope), let table else { return nil }
    var key: String?
    for role in [Role.customer, .product, .region, .category] where key == nil {
      if case .found(let binding) = RoleInference.binding(role, in: table, currency: "") { key = binding.name }
    }
    let call = scope.text(total)
    let grouping = key.map { " by \(Words.quotedName($0))" } ?? ""
    let before = scope.text(SourceRange(pipeline.start, stage.verb.range.start))
    let condition =
      scope.text(SourceRange(stage.verb.range.end, total.start)) + "total"
      + scope.text(SourceRange(total.end, pipeline.end))
    return "\(before)summarize total = \(call)\(grouping) | where\(condition)"
  }

  /// `add net = a, tax = net * 0.2` is two steps.
  private static func siblingAdvice(_ range: SourceRange, _ stage: CommandSyntax, _ scope: Scope) -> String? {
    guard let position = stage.items.firstIndex(where: { $0.range.start <= range.start && range.end <= $0.range.end }),
      position > 0, let first = stage.items.first
    else { return nil }
    let before = scope.text(SourceRange(first.range.start, stage.items[position - 1].range.end))
    let after = scope.text(stage.items[position].range)
    return "use a second step: add \(before) | add \(after)"
  }
}
