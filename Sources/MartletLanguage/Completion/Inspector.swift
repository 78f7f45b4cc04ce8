import Columnar
import Query

/// Says what is known of the word under the cursor.
struct Inspector {
  let scope: Scope
  let session: SessionSnapshot

  /// The word under the cursor, or the function whose parenthesis the cursor stands behind; nil when nothing is known of it.
  func inspect(_ source: [Unicode.Scalar], cursor: Int) -> Inspection? {
    let cursor = min(max(0, cursor), source.count)
    let tokens = Lexer.read(source).tokens
    var token = tokens.last { $0.range.start <= cursor && cursor <= $0.range.end && $0.isWordLike }
    if token == nil, let open = tokens.lastIndex(where: { $0.range.start < cursor && $0.isSymbol(.leftParenthesis) }),
      open > 0
    {
      token = tokens[open - 1].isWordLike ? tokens[open - 1] : nil
    }
    guard let token, case .name(let name, let quoted) = token.kind else { return nil }
    let context = CursorContext(source, cursor: token.range.start, scope: scope)
    if !quoted, let text = word(name, context, followedBy: tokens.first { $0.range.start >= token.range.end }) {
      return Inspection(markdown: text)
    }
    return lookUp(name, context).map { Inspection(markdown: $0) }
  }

  /// A word of the language: a verb, a clause or an option at its place.
  private func word(_ name: String, _ context: CursorContext, followedBy next: Token?) -> String? {
    switch context.position {
    case .verb:
      if let command = CommandTable.command(name) { return page(command.spec, context.table) }
      return context.scope.definitions[name].map { definition(name, $0) }
    case .start:
      if context.scope.tables[name] == nil, context.scope.parameters[name] == nil,
        let command = CommandTable.command(name)
      {
        return page(command.spec, context.table)
      }
      return nil
    case .command(let command, _):
      let spec = command.spec
      if let option = spec.option(name), next?.isSymbol(.assign) == true {
        let standard = option.defaultValue.map { ", default `\($0)`" } ?? ""
        return "**\(option.name)**=\(option.type.words)\(standard)\n\n\(option.doc)"
      }
      if let kind = ClauseKind(rawValue: name), let clause = spec.clause(kind), context.table?.schema[name] == nil {
        let standard = clause.defaultText.map { ", default \($0)" } ?? ""
        return "**\(kind.rawValue)** \(clause.placeholder)\(standard)\n\n\(clause.doc)"
      }
      return nil
    default: return nil
    }
  }

  private func page(_ spec: CommandSpec, _ table: TableInfo?) -> String {
    var text = Reference.page(spec)
    guard let table, spec.input != .none else { return text }
    let roles = Role.allCases.compactMap { role -> String? in
      guard case .found(let binding) = RoleInference.binding(role, in: table, currency: scope.settings.currency) else {
        return nil
      }
      return "\(role.rawValue) = \(binding.name)"
    }
    if !roles.isEmpty { text += "\nIn `\(table.name)`: \(roles.joined(separator: " · "))\n" }
    return text
  }

  private func lookUp(_ name: String, _ context: CursorContext) -> String? {
    if let table = context.table, let field = table.schema[name] { return column(field, table) }
    if let table = context.scope.tables[name] { return self.table(table) }
    if let parameter = context.scope.parameters[name] { return self.parameter(parameter) }
    if let definition = context.scope.definitions[name] { return self.definition(name, definition) }
    if let function = FunctionTable.function(name) { return Reference.page(function) }
    if let role = Role(rawValue: name), let table = context.table,
      case .found(let binding) = RoleInference.binding(role, in: table, currency: scope.settings.currency)
    {
      return
        "**\(role.rawValue)** is a role, played in `\(table.name)` by \(binding.name) (\(binding.origin.rawValue))."
    }
    if let command = CommandTable.command(name) { return page(command.spec, context.table) }
    return nil
  }

  // MARK: Pages

  private func column(_ field: Field, _ table: TableInfo) -> String {
    var lines = ["**\(field.name)** · \(field.type.displayName) · column of `\(table.name)`"]
    if let role = RoleInference.role(of: field.name, in: table) { lines.append("role: \(role.rawValue)") }
    if let stored = session.table(table.name)?.table, let column = stored[field.name], column.type == field.type {
      lines += ColumnDigest(column, field).lines
    }
    return lines.joined(separator: "\n\n")
  }

  private func table(_ info: TableInfo) -> String {
    let stored = session.table(info.name)
    var lines = ["**\(info.name)** · table"]
    if let stored {
      lines[0] +=
        " · \(Words.count(stored.table.rowCount, "row")), \(Words.count(stored.table.columns.count, "column"))"
      lines.append("from: `\(stored.origin.replacing("`", with: "'"))`")
    }
    let roles = RoleInference.roles(in: info)
    lines.append(
      "| column | type | role |\n|---|---|---|\n"
        + info.schema.fields.prefix(60).map { field in
          "| \(Words.quotedName(field.name)) | \(field.type.displayName) | \(roles[field.name]?.rawValue ?? "") |"
        }.joined(separator: "\n"))
    return lines.joined(separator: "\n\n")
  }

  private func parameter(_ parameter: SessionParameter) -> String {
    var lines = ["**\(parameter.name)** = `\(ValueText.source(parameter.value, parameter.measure))`"]
    lines[0] += " · \(ExprType(literal: parameter.value).displayName) · from `\(parameter.origin)`"
    if let label = parameter.label { lines.append(label) }
    if let choices = parameter.choices { lines.append("choices: \(ValueText.plain(.list(choices)))") }
    return lines.joined(separator: "\n\n")
  }

  private func definition(_ name: String, _ definition: Scope.Definition) -> String {
    let parameters = definition.syntax.parameters.map(\.name.text).joined(separator: ", ")
    var lines = ["**\(name)(\(parameters))** · defined in a cell"]
    if !definition.syntax.help.isEmpty { lines.append(definition.syntax.help) }
    return lines.joined(separator: "\n\n")
  }
}

/// A column in a few lines: missing values, range, frequent values.
struct ColumnDigest {
  let lines: [String]

  init(_ column: Column, _ field: Field) {
    var lines: [String] = []
    let missing = column.missingCount
    lines.append(
      "missing: \(Words.grouped(missing)) of \(Words.count(column.count, "row")) (\(ShareText.percent(missing, of: column.count)))"
    )
    let format = ValueFormat(field, nil)
    if let (low, high) = column.extremes { lines.append("range: \(format.text(low)) … \(format.text(high))") }
    let frequent = column.frequentTexts(limit: 5)
    if !frequent.isEmpty {
      lines.append(
        "most frequent: " + frequent.map { "\"\($0.text)\" (\(Words.grouped($0.rows)))" }.joined(separator: ", "))
    }
    self.lines = lines
  }
}

extension Column {
  /// The least and the greatest value of a column of numbers or dates; nil when it has none.
  var extremes: (Value, Value)? {
    func find<T: Comparable>(_ values: [T], _ make: (T) -> Value) -> (Value, Value)? {
      var low: T?
      var high: T?
      for (row, value) in values.enumerated() where !isMissing(row) {
        if low.map({ value < $0 }) ?? true { low = value }
        if high.map({ value > $0 }) ?? true { high = value }
      }
      guard let low, let high else { return nil }
      return (make(low), make(high))
    }
    switch storage {
    case .integer(let v): return find(v) { .integer($0) }
    case .real(let v): return find(v) { .real($0) }
    case .date(let v): return find(v) { .date(CivilDate(days: $0)) }
    case .datetime(let v): return find(v) { .datetime(Timestamp(microseconds: $0)) }
    case .period(let v, let grain): return find(v) { .period(Period(grain, containing: CivilDate(days: $0))) }
    case .text, .boolean: return nil
    }
  }
}

extension Token {
  /// Whether the token is a name or a word of the language.
  fileprivate var isWordLike: Bool { if case .name = kind { true } else { false } }
}
