import Columnar
import Query

/// What was written behind a verb, checked against the command's spec and resolved against the incoming table.
///
/// The options and constants have been converted to their declared types before a command sees them; the accessors that
/// throw resolve names, and their diagnostics point into the cell.
public struct Arguments: Sendable {
  public let spec: CommandSpec
  /// The command as it was written.
  public let syntax: CommandSyntax
  /// The incoming table; without columns for a command that needs none.
  public let table: TableInfo
  /// Names of the session and what they stand for.
  let scope: Scope

  /// The verb in the source, for carets.
  public var range: SourceRange { syntax.verb.range }
}

/// A row expression with the column that it makes.
public struct ResolvedItem: Sendable {
  public var expr: Expr
  /// The column: its name was given, or is the column's own, or follows from the source text.
  public var field: Field
  public var isNamed: Bool
  public var descending: Bool
  public var range: SourceRange
  /// The role that the item was written as, when it was.
  public var role: Role?

  /// The column's name.
  public var name: String { field.name }
  /// The expression with its name, for a plan.
  public var named: NamedExpr { NamedExpr(field.name, expr, measure: field.measure, format: field.format) }
}

/// One number for a group of rows: what the engine has to aggregate, and the value made of that.
public struct ResolvedMeasure: Sendable {
  /// The aggregates, with names that are unique in their command.
  public var aggregates: [NamedAggregate]
  /// The value over the aggregates' columns; just a column when there is one aggregate.
  public var value: Expr
  public var field: Field
  public var range: SourceRange
  /// Whether values of parts add up to that of the whole: sums and counts do, means and ratios do not.
  public var isAdditive: Bool
  /// What was assumed when no aggregate was written: `sum` or `mean`.
  public var assumed: AggregateFunction?

  /// The column's name.
  public var name: String { field.name }
}

/// `per month`, `per 2 weeks`.
public struct PerClause: Hashable, Sendable {
  public var grain: Grain
  public var count: Int
  public var range: SourceRange
}

/// `vs last year`, `vs previous`.
public struct ComparisonClause: Hashable, Sendable {
  public var word: String
  public var grain: Grain?
  public var range: SourceRange
}

/// Names of the session and what they stand for while a cell is checked.
struct Scope: Sendable {
  var tables: [String: TableInfo] = [:]
  var parameters: [String: SessionParameter] = [:]
}

extension Arguments {
  // MARK: Subject

  /// The subject as columns of the table; `*` stands for all columns of the kind. Empty when nothing was written.
  public func columns(_ kind: ColumnKind = .any) throws(Diagnostic) -> [ResolvedItem] { throw Diagnostic("E000", "") }

  /// The subject as row expressions.
  public func expressions() throws(Diagnostic) -> [ResolvedItem] { throw Diagnostic("E000", "") }

  /// The subject as measures.
  public func measures() throws(Diagnostic) -> [ResolvedMeasure] { throw Diagnostic("E000", "") }

  /// The subject as bare words or texts: `rfm`; `"At Risk", Lost`.
  public func labels() throws(Diagnostic) -> [String] { throw Diagnostic("E000", "") }

  /// The subject as constants.
  public func constants() throws(Diagnostic) -> [Value] { throw Diagnostic("E000", "") }

  // MARK: Clauses

  /// Whether the clause was written.
  public func has(_ clause: ClauseKind) -> Bool { syntax.clauses.contains { $0.kind == clause } }

  /// `per month`; nil when it was not written.
  public var per: PerClause? { nil }

  /// `vs last year`; nil when it was not written or names something else.
  public var comparison: ComparisonClause? { nil }

  /// The columns or expressions of `by`, `on`, `from`; empty when the clause was not written.
  public func items(_ clause: ClauseKind) throws(Diagnostic) -> [ResolvedItem] { throw Diagnostic("E000", "") }

  /// The names or texts of a clause: `into Bronze, Silver`, `from "At Risk"`.
  public func labels(_ clause: ClauseKind) throws(Diagnostic) -> [String] { throw Diagnostic("E000", "") }

  /// The values of a clause: `for 7 days`, `into 4`.
  public func constants(_ clause: ClauseKind) throws(Diagnostic) -> [Value] { throw Diagnostic("E000", "") }

  /// The duration of `for` or `after`: `90 days`.
  public func duration(_ clause: ClauseKind) throws(Diagnostic) -> CalendarDuration? { throw Diagnostic("E000", "") }

  // MARK: Options. The type was checked and the default applied: nil means that there is no value.

  /// Whether the option was written in the cell.
  public func isGiven(_ option: String) -> Bool { syntax.options.contains { $0.name.text == option } }

  /// Where the option's value was written, for a caret; the verb when it was not.
  public func range(of option: String) -> SourceRange {
    syntax.options.first { $0.name.text == option }?.range ?? range
  }

  /// An option as a constant.
  public func value(_ option: String) -> Value? { nil }
  /// An option of type number or share; nil when one of the words of `either` was chosen.
  public func real(_ option: String) -> Double? { value(option)?.number }
  /// An option of type integer.
  public func integer(_ option: String) -> Int? { if case .integer(let i)? = value(option) { Int(i) } else { nil } }
  /// An option of type flag.
  public func flag(_ option: String) -> Bool { value(option) == .boolean(true) }
  /// An option of type text or word.
  public func text(_ option: String) -> String? { if case .text(let t)? = value(option) { t } else { nil } }
  /// An option of type duration.
  public func duration(_ option: String) -> CalendarDuration? {
    if case .duration(let d)? = value(option) { d } else { nil }
  }
  /// An option of type date.
  public func date(_ option: String) -> CivilDate? {
    switch value(option) {
    case .date(let d): d
    case .datetime(let t): t.date
    default: nil
    }
  }
  /// An option of type words or texts.
  public func texts(_ option: String) -> [String] {
    switch value(option) {
    case .text(let t): [t]
    case .list(let values): values.compactMap { if case .text(let t) = $0 { t } else { nil } }
    default: []
    }
  }
  /// An option of type numbers.
  public func reals(_ option: String) -> [Double] {
    switch value(option) {
    case .list(let values): values.compactMap(\.number)
    case let value?: value.number.map { [$0] } ?? []
    case nil: []
    }
  }
  /// An option of type column or expression.
  public func column(_ option: String) throws(Diagnostic) -> ResolvedItem? { throw Diagnostic("E000", "") }

  // MARK: Tables and roles

  /// The description of a table of the session that the subject or a clause names.
  public func tables(_ clause: ClauseKind? = nil) throws(Diagnostic) -> [TableInfo] { throw Diagnostic("E000", "") }

  /// The column that plays a role: the option of that name when written, else as set by `roles`, else inferred.
  /// Throws E401 when the table has none and E402 when two fit equally well.
  public func role(_ role: Role) throws(Diagnostic) -> RoleBinding { throw Diagnostic("E000", "") }

  /// The same, but nil when the table has none.
  public func roleIfAny(_ role: Role) throws(Diagnostic) -> RoleBinding? { throw Diagnostic("E000", "") }

  /// The `Assumed: customer = CustomerID · …` note for bindings that nobody wrote.
  public func assumed(_ bindings: [RoleBinding], _ more: String...) -> Note { Note(.assumed, "") }
}
