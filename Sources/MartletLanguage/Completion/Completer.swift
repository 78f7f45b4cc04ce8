import Columnar
import Query

/// Finds what can be written at the cursor, from the table of commands and the columns that are known there.
struct Completer {
  let context: CursorContext
  let session: SessionSnapshot
  let loader: any TableLoader

  /// The items that begin with what is typed, the likeliest first.
  func complete() -> Completion {
    switch context.position {
    case .nowhere: return Completion(items: [], range: context.range)
    case .text(let written, let before): return inText(written, before)
    case .start(let isAssignment): return finish(starts(isAssignment))
    case .verb: return finish(verbs())
    case .expression: return finish(values() + columns(.any) + operators())
    case .command(let command, let tail): return finish(inside(command.spec, tail))
    }
  }

  private func finish(_ items: [CompletionItem]) -> Completion {
    let prefix = context.prefix.lowercased()
    var seen: Set<String> = []
    let fitting = items.filter { item in
      let plain = item.text.hasPrefix("`") ? String(item.text.dropFirst()) : item.text
      return plain.lowercased().hasPrefix(prefix) && item.text != "" && seen.insert(item.text).inserted
    }
    let same = fitting.filter { $0.text.hasPrefix(context.prefix) }
    return Completion(items: same + fitting.filter { !$0.text.hasPrefix(context.prefix) }, range: context.range)
  }

  // MARK: Places

  private func starts(_ isAssignment: Bool) -> [CompletionItem] {
    var items = context.scope.tableOrder.map { CompletionItem(Words.quotedName($0), .table, "table") }
    let isUsed = context.scope.usedTable != nil
    for command in CommandTable.all where isUsed || command.spec.input != .table {
      items.append(CompletionItem(command.spec.name, .command, command.spec.summary))
    }
    if !isAssignment {
      items.append(CompletionItem("param", .keyword, "declares a parameter"))
      items.append(CompletionItem("define", .keyword, "defines a function or a piece of a pipeline"))
      items.append(CompletionItem("include", .keyword, "takes over the definitions of a file"))
    }
    items += values()
    // Somebody who begins to type a command should find that it exists, though it needs a table in front.
    if isUsed || context.prefix.isEmpty { return items }
    for command in CommandTable.all where command.spec.input == .table {
      items.append(CompletionItem(command.spec.name, .command, "TABLE | \(command.spec.name): \(command.spec.summary)"))
    }
    return items
  }

  private func verbs() -> [CompletionItem] {
    let hasDate = context.table?.schema.fields.contains { $0.type.isTemporal } ?? true
    let specs = CommandTable.all.map { $0.spec }.filter { $0.input != .none }
    func needsDate(_ spec: CommandSpec) -> Bool { spec.option("date") != nil }
    let first = specs.filter { hasDate || !needsDate($0) }
    let last = specs.filter { !hasDate && needsDate($0) }
    var items = (first + last).map { CompletionItem($0.name, .command, $0.summary) }
    for (name, definition) in context.scope.definitions.sorted(by: { $0.key < $1.key }) {
      if case .stages = definition.syntax.body {
        items.append(CompletionItem("\(name)(", .command, definition.syntax.help))
      }
    }
    return items
  }

  /// Behind a verb: what the subject, a clause or an option takes, and the words that may follow.
  private func inside(_ spec: CommandSpec, _ tail: [Token]) -> [CompletionItem] {
    let place = ArgumentPlace(spec, tail)
    switch place.kind {
    case .item(let kind): return items(kind, spec, place)
    case .optionValue(let option): return values(of: option.type)
    case .grain:
      return Grain.allCases.filter { $0 != .hour }.map { CompletionItem($0.rawValue, .keyword, "calendar unit") }
    case .comparison:
      return ["last", "previous"].map { CompletionItem($0, .keyword, "compares with the period before") }
        + columns(.any)
    case .name: return []
    case .afterOperand: return continuations(spec, place)
    case .insideCall: return columns(.any) + functions() + values()
    }
  }

  private func items(_ kind: ItemKind, _ spec: CommandSpec, _ place: ArgumentPlace) -> [CompletionItem] {
    var found: [CompletionItem] = []
    switch kind {
    case .columns(let column): found = columns(column) + roles()
    case .expressions, .conditions: found = columns(.any) + roles() + functions() + values()
    case .measures: found = roles(of: Role.measures) + columns(.number) + roles() + functions(.aggregate)
    case .words(let words): found = words.map { CompletionItem($0, .value, spec.subject.placeholder.lowercased()) }
    case .labels: found = []
    case .tables: found = context.scope.tableOrder.map { CompletionItem(Words.quotedName($0), .table, "table") }
    case .constants: found = values()
    case .syntax:
      found =
        spec.name == "help"
        ? helpTopics()
        : columns(.any) + context.scope.tableOrder.map { CompletionItem($0, .table, "table") } + functions()
    }
    // Without a subject yet, options and clauses may follow the verb as well.
    if spec.subject.count.lowerBound == 0 || place.isAtVerb { found += place.isAtVerb ? words(spec, place) : [] }
    return found
  }

  private func continuations(_ spec: CommandSpec, _ place: ArgumentPlace) -> [CompletionItem] {
    var found = words(spec, place)
    if place.isSubject, spec.subject.sorts {
      found += [CompletionItem("desc", .keyword, "greatest first"), CompletionItem("asc", .keyword, "least first")]
    }
    switch place.list {
    case .conditions?, .expressions?, .syntax?: found += operators()
    default: break
    }
    return found
  }

  /// Clause words and options that have not been written yet.
  private func words(_ spec: CommandSpec, _ place: ArgumentPlace) -> [CompletionItem] {
    let clauses = spec.clauses.filter { !place.clauses.contains($0.kind) }
    let options = spec.options.filter { !place.options.contains($0.name) }
    return clauses.map { CompletionItem($0.kind.rawValue, .clause, $0.doc) }
      + options.map { CompletionItem("\($0.name)=", $0.type.isSetting(spec) ? .setting : .option, $0.doc) }
  }

  private func values(of type: OptionType) -> [CompletionItem] {
    switch type {
    case .flag: ["true", "false"].map { CompletionItem($0, .value) }
    case .word(let words), .words(let words): words.map { CompletionItem($0, .value) }
    case .column(let kind), .shown(let kind): columns(kind)
    case .expression: columns(.any) + functions() + values()
    case .measure: roles(of: Role.measures) + columns(.number) + roles() + functions(.aggregate)
    case .table: context.scope.tableOrder.map { CompletionItem(Words.quotedName($0), .table, "table") }
    case .either(let words, let other): words.map { CompletionItem($0, .value) } + values(of: other)
    default: values()
    }
  }

  // MARK: Names

  private func columns(_ kind: ColumnKind) -> [CompletionItem] {
    guard let table = context.table else { return [] }
    let all = table.schema.fields.map { field in
      (field, CompletionItem(Words.quotedName(field.name), .column, field.type.displayName))
    }
    return all.filter { kind.fits($0.0) }.map(\.1) + all.filter { !kind.fits($0.0) }.map(\.1)
  }

  private func roles(of candidates: [Role] = Role.allCases) -> [CompletionItem] {
    guard let table = context.table else { return [] }
    return candidates.compactMap { role in
      guard table.schema[role.rawValue] == nil,
        case .found(let binding) = RoleInference.binding(role, in: table, currency: context.scope.settings.currency)
      else { return nil }
      return CompletionItem(role.rawValue, .role, "here \(binding.name)")
    }
  }

  private func functions(_ kind: FunctionSpec.Kind? = nil) -> [CompletionItem] {
    let own = context.scope.definitions.compactMap { name, definition -> CompletionItem? in
      guard case .expr = definition.syntax.body else { return nil }
      return CompletionItem("\(name)(", .function, definition.syntax.help)
    }.sorted { $0.text < $1.text }
    let all = FunctionTable.all.filter { kind == nil || $0.kind == kind }
    return own + all.map { CompletionItem("\($0.name)(", .function, $0.signature.summary) }
  }

  private func values() -> [CompletionItem] {
    context.scope.parameters.values.sorted { $0.name < $1.name }.map {
      CompletionItem(Words.quotedName($0.name), .parameter, ValueText.source($0.value, $0.measure))
    }
  }

  private func operators() -> [CompletionItem] {
    [
      "and", "or", "in", "not in", "is missing", "is not missing", "between", "contains", "starts with", "ends with",
      "matches",
    ]
    .map { CompletionItem($0, .keyword) }
  }

  private func helpTopics() -> [CompletionItem] {
    CommandTable.all.map { CompletionItem($0.spec.name, .command, $0.spec.summary) }
      + [CompletionItem("functions", .keyword, "all functions")]
      + FunctionTable.all.map { CompletionItem($0.name, .function, $0.signature.summary) }
  }

  // MARK: Quotes

  /// Inside quotes: files behind `load` and `include`, otherwise the frequent values of the column that is compared.
  private func inText(_ written: String, _ before: [Token]) -> Completion {
    if let verb = before.first?.word, verb == "load" || verb == "include", before.count == 1 {
      return Completion(
        items: loader.completions(of: written).map { CompletionItem($0, .file) }, range: context.range)
    }
    guard let column = comparedColumn(before), let table = context.table,
      let values = session.table(table.name)?.table[column]?.frequentTexts(limit: 50)
    else { return Completion(items: [], range: context.range) }
    let prefix = written.lowercased()
    let fitting = values.filter { $0.text.lowercased().hasPrefix(prefix) }
    return Completion(
      items: fitting.map { CompletionItem($0.text.replacing("\"", with: "\\\""), .value, Words.count($0.rows, "row")) },
      range: context.range)
  }

  /// The column in front of `=`, `!=`, `in [` … before an open quote.
  private func comparedColumn(_ before: [Token]) -> String? {
    var rest = before[...]
    while let last = rest.last {
      switch last.kind {
      case .text, .symbol(.comma), .symbol(.leftBracket), .symbol(.assign), .symbol(.equal), .symbol(.notEqual),
        .symbol(.lessGreater):
        rest = rest.dropLast()
      case .name(let word, false) where ["in", "not", "contains", "with", "starts", "ends", "matches"].contains(word):
        rest = rest.dropLast()
      case .name(let name, _):
        if context.table?.schema[name] != nil { return name }
        guard let role = Role(rawValue: name), let table = context.table,
          case .found(let binding) = RoleInference.binding(role, in: table, currency: ""),
          case .column(let column) = binding.expr
        else { return nil }
        return column
      default: return nil
      }
    }
    return nil
  }
}

extension OptionType {
  fileprivate func isSetting(_ spec: CommandSpec) -> Bool { spec.name == "set" }
}

extension Column {
  /// The most frequent texts of the column with their rows; ties in the order of first appearance.
  func frequentTexts(limit: Int) -> [(text: String, rows: Int)] {
    guard case .text(let codes, let dictionary) = storage else { return [] }
    var counts = [Int](repeating: 0, count: dictionary.count)
    for (row, code) in codes.enumerated() where !isMissing(row) && Int(code) < counts.count { counts[Int(code)] += 1 }
    let order = counts.indices.filter { counts[$0] > 0 }.sorted {
      counts[$0] == counts[$1] ? $0 < $1 : counts[$0] > counts[$1]
    }
    return order.prefix(limit).map { (dictionary[$0], counts[$0]) }
  }
}
