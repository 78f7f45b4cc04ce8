import Columnar
import Query

/// What was written behind a verb, checked against the command's spec and resolved against the incoming table.
///
/// Clauses and options have been compared with the spec, and options converted to their types, before a command sees
/// them. The accessors that throw resolve names; their diagnostics point into the cell.
package struct Arguments: Sendable {
  package let spec: CommandSpec
  /// The command as it was written.
  package let syntax: CommandSyntax
  /// The incoming table; without columns for a command that needs none.
  package let table: TableInfo
  /// Names of the session and what they stand for.
  package let scope: Scope
  /// The options that were written or have a default.
  var options: [String: OptionValue] = [:]
  /// Roles that an option such as `date=` has given a column.
  var roleColumns: [Role: String] = [:]

  /// The verb in the source, for carets.
  package var range: SourceRange { syntax.verb.range }

  /// The settings that hold for the command.
  package var settings: Settings { scope.settings }

  /// Whether the analyst has written a table or one is in use.
  package var hasTable: Bool { !table.schema.fields.isEmpty }
}

/// An option's value after its type was checked.
enum OptionValue: Sendable {
  case constant(Value, Measure)
  case item(ResolvedItem)
  case measure(ResolvedMeasure)
}

extension Arguments {
  // MARK: Subject

  /// The subject as columns of the table; `*` stands for all columns of the kind. Empty when nothing was written.
  package func columns(_ kind: ColumnKind = .any) throws(Diagnostic) -> [ResolvedItem] {
    try columns(syntax.items, kind)
  }

  /// The subject as row expressions. `windows` allows window functions, which are collected by the caller's own resolver.
  package func expressions() throws(Diagnostic) -> [ResolvedItem] { try expressions(syntax.items) }

  /// The subject as row expressions that are true or false.
  package func conditions() throws(Diagnostic) -> [ResolvedItem] {
    var items: [ResolvedItem] = []
    for item in syntax.items {
      var resolver = resolver()
      items.append(named(try resolver.condition(item.value), item))
    }
    return items
  }

  /// The subject as measures.
  package func measures() throws(Diagnostic) -> [ResolvedMeasure] { try measures(syntax.items, keys: []) }

  /// The subject as bare words or texts: `rfm`; `"At Risk", Lost`.
  package func labels() throws(Diagnostic) -> [String] { try labels(syntax.items) }

  /// The subject as constants.
  package func constants() throws(Diagnostic) -> [Value] { try constants(syntax.items) }

  // MARK: Clauses

  /// The clause as it was written.
  package func clause(_ kind: ClauseKind) -> ClauseSyntax? { syntax.clauses.first { $0.kind == kind } }

  /// Whether the clause was written.
  package func has(_ kind: ClauseKind) -> Bool { clause(kind) != nil }

  /// Where the clause stands; the verb when it was not written.
  package func range(of kind: ClauseKind) -> SourceRange { clause(kind)?.range ?? range }

  /// `per month`; nil when it was not written.
  package var per: PerClause? {
    guard let clause = clause(.per), let grain = clause.grain else { return nil }
    return PerClause(grain: grain, count: clause.count, range: clause.range)
  }

  /// `vs last year`; nil when it was not written or names something else.
  package var comparison: ComparisonClause? {
    guard let clause = clause(.vs), let word = clause.comparison else { return nil }
    return ComparisonClause(word: word.text, grain: clause.grain, range: clause.range)
  }

  /// The columns or expressions of `by`, `on`, `from`; empty when the clause was not written.
  package func items(_ kind: ClauseKind) throws(Diagnostic) -> [ResolvedItem] {
    try expressions(clause(kind)?.items ?? [])
  }

  /// The names or texts of a clause: `into Bronze, Silver`, `from "At Risk"`.
  package func labels(_ kind: ClauseKind) throws(Diagnostic) -> [String] { try labels(clause(kind)?.items ?? []) }

  /// The values of a clause: `for 7 days`, `into 4`.
  package func constants(_ kind: ClauseKind) throws(Diagnostic) -> [Value] { try constants(clause(kind)?.items ?? []) }

  /// The duration of `for` or `after`: `90 days`. A bare number counts units of `per`, or days without it.
  package func duration(_ kind: ClauseKind) throws(Diagnostic) -> CalendarDuration? {
    guard let item = clause(kind)?.items.first else { return nil }
    var resolver = resolver()
    let value = try resolver.constant(item.value).value
    switch value {
    case .duration(let duration): return duration
    case .integer(let n):
      guard let count = Int(exactly: n), let duration = CalendarDuration(checked: count, per?.grain ?? .day), n > 0
      else {
        throw .wholeNumber(1...10_000_000, at: item.range)
      }
      return duration
    default:
      throw .wrongType(
        "`\(kind.rawValue)`", needs: "a duration such as 7 days", found: ExprType(literal: value).displayName,
        at: item.range)
    }
  }

  // MARK: Options. The type was checked and the default applied: nil means that there is no value.

  /// Whether the option was written in the cell.
  package func isGiven(_ option: String) -> Bool { syntax.options.contains { $0.name.text == option } }

  /// Where the option's value was written, for a caret; the verb when it was not.
  package func range(of option: String) -> SourceRange {
    syntax.options.first { $0.name.text == option }?.value.range ?? range
  }

  /// An option as a constant.
  package func value(_ option: String) -> Value? {
    if case .constant(let value, _)? = options[option] { value } else { nil }
  }

  /// An option of type number or share; nil when one of the words of `either` was chosen.
  package func real(_ option: String) -> Double? { value(option)?.number }

  /// An option of type integer.
  package func integer(_ option: String) -> Int? {
    if case .integer(let i)? = value(option) { Int(exactly: i) } else { nil }
  }

  /// An option of type flag.
  package func flag(_ option: String) -> Bool { value(option) == .boolean(true) }

  /// An option of type text, word or table.
  package func text(_ option: String) -> String? { if case .text(let t)? = value(option) { t } else { nil } }

  /// An option of type duration.
  package func duration(_ option: String) -> CalendarDuration? {
    if case .duration(let d)? = value(option) { d } else { nil }
  }

  /// An option of type date; of a period, its first day.
  package func date(_ option: String) -> CivilDate? {
    switch value(option) {
    case .date(let d): d
    case .datetime(let t): t.date
    case .period(let p): p.start
    default: nil
    }
  }

  /// An option of type words or texts.
  package func texts(_ option: String) -> [String] {
    switch value(option) {
    case .text(let t): [t]
    case .list(let values): values.compactMap { if case .text(let t) = $0 { t } else { nil } }
    default: []
    }
  }

  /// An option of type numbers.
  package func reals(_ option: String) -> [Double] {
    switch value(option) {
    case .list(let values): values.compactMap(\.number)
    case let value?: value.number.map { [$0] } ?? []
    case nil: []
    }
  }

  /// An option of type column or expression.
  package func column(_ option: String) -> ResolvedItem? {
    if case .item(let item)? = options[option] { item } else { nil }
  }

  /// An option of type measure.
  package func measure(_ option: String) -> ResolvedMeasure? {
    if case .measure(let measure)? = options[option] { measure } else { nil }
  }

  // MARK: Tables and roles

  /// The descriptions of the tables of the session that the subject, or a clause, names.
  package func tables(_ kind: ClauseKind? = nil) throws(Diagnostic) -> [TableInfo] {
    let items = kind.map { clause($0)?.items ?? [] } ?? syntax.items
    var tables: [TableInfo] = []
    for item in items {
      guard case .name(let name) = item.value.kind else {
        throw .expected("a table's name", found: scope.text(item.value.range), at: item.value.range)
      }
      guard let info = scope.tables[name] else {
        throw .unknownTable(name, among: scope.tableOrder, at: item.value.range)
      }
      tables.append(info)
    }
    return tables
  }

  /// The column that plays a role: the option of that name when written, else as set by `roles`, else inferred.
  /// Throws E401 when the table has none and E402 when two fit equally well.
  package func role(_ role: Role) throws(Diagnostic) -> RoleBinding {
    if let binding = try roleIfAny(role) { return binding }
    throw missingRole(role)
  }

  /// The same, but nil when the table has none.
  package func roleIfAny(_ role: Role) throws(Diagnostic) -> RoleBinding? {
    if let column = roleColumns[role], let field = table.schema[column] {
      return RoleBinding(role, .column(column), name: column, field: field, origin: .option)
    }
    switch RoleInference.binding(role, in: table, currency: settings.currency) {
    case .found(let binding): return binding
    case .none: return nil
    case .tie(let columns):
      throw .roleTie(
        role, columns, at: range,
        fix: columns.first.flatMap {
          Repair.inserting(" \(role.rawValue)=\(Words.quotedName($0))", behind: syntax.range, scope)
        })
    }
  }

  /// The date of the orders: where several columns hold dates, the one that is named after orders is the better guess.
  package func orderDate() throws(Diagnostic) -> RoleBinding {
    guard roleColumns[.date] == nil,
      case .tie(let columns) = RoleInference.binding(.date, in: table, currency: settings.currency)
    else { return try role(.date) }
    let ordered = columns.filter(RoleInference.soundsLikeOrder)
    guard ordered.count == 1, let column = ordered.first, let field = table.schema[column] else {
      return try role(.date)
    }
    return RoleBinding(.date, .column(column), name: column, field: field, origin: .inferred)
  }

  private func missingRole(_ role: Role) -> Diagnostic {
    var hint: String?
    if role == .date {
      let others = scope.tableOrder.compactMap { name -> String? in
        guard let info = scope.tables[name],
          case .found(let binding) = RoleInference.binding(.date, in: info, currency: settings.currency)
        else { return nil }
        return "\(name) (\(binding.name))"
      }
      let rows = RoleInference.rowNoun(table).map { "rows here are \($0), not days; " } ?? ""
      hint = "\(rows)row order is not time."
      if let text = table.schema.fields.first(where: { $0.type == .text && RoleInference.soundsLikeDate($0.name) }) {
        hint = "`\(text.name)` is text: `convert \(text.name) = date` reads it"
      } else if !others.isEmpty {
        hint = "\(rows)row order is not time. Tables with a date: \(others.joined(separator: ", "))"
      }
    }
    return .noRole(role, verb: spec.name, table: table.name, hint: hint, at: range)
  }

  /// The `Assumed: customer = CustomerID · …` note for bindings that nobody wrote; nil when there is nothing to say.
  package func assumed(_ bindings: [RoleBinding?], _ more: [String] = []) -> Note? {
    var parts: [String] = []
    for case let binding? in bindings where binding.origin == .inferred && binding.name != binding.role.rawValue {
      parts.append("\(binding.role.rawValue) = \(binding.name)")
    }
    parts += more
    return parts.isEmpty ? nil : Note(.assumed, parts.joined(separator: " · "))
  }

  /// Opens a file without reading its rows, when commands behind `load` will say which of them are needed.
  package func scan(_ request: LoadRequest) throws -> ScannedTable? {
    scope.isFollowed ? try scope.services.scan(request) : nil
  }

  /// Reads files for `load`; what was read while the cell was checked is used again when it runs.
  package func load(_ request: LoadRequest) throws -> [LoadedTable] { try scope.services.load(request) }
}
