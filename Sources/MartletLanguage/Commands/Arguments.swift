import Columnar
import Query

/// What was written behind a verb, checked against the command's spec and resolved against the incoming table.
///
/// The options and constants have been converted to their declared types before a command sees them; the accessors that
/// throw resolve names, and their diagnostics point into the cell.
package struct Arguments: Sendable {
  package let spec: CommandSpec
  /// The command as it was written.
  package let syntax: CommandSyntax
  /// The incoming table; without columns for a command that needs none.
  package let table: TableInfo
  /// Names of the session and what they stand for.
  let scope: Scope

  /// The verb in the source, for carets.
  package var range: SourceRange { syntax.verb.range }
}

/// A row expression with the column that it makes.
package struct ResolvedItem: Sendable {
  package var expr: Expr
  /// The column: its name was given, or is the column's own, or follows from the source text.
  package var field: Field
  package var isNamed: Bool
  package var descending: Bool
  package var range: SourceRange
  /// The role that the item was written as, when it was.
  package var role: Role?

  /// The column's name.
  package var name: String { field.name }
  /// The expression with its name, for a plan.
  package var named: NamedExpr { NamedExpr(field.name, expr, measure: field.measure, format: field.format) }
}

/// One number for a group of rows: what the engine has to aggregate, and the value made of that.
package struct ResolvedMeasure: Sendable {
  /// The aggregates, with names that are unique in their command.
  package var aggregates: [NamedAggregate]
  /// The value over the aggregates' columns; just a column when there is one aggregate.
  package var value: Expr
  package var field: Field
  package var range: SourceRange
  /// Whether values of parts add up to that of the whole: sums and counts do, means and ratios do not.
  package var isAdditive: Bool
  /// What was assumed when no aggregate was written: `sum` or `mean`.
  package var assumed: AggregateFunction?

  /// The column's name.
  package var name: String { field.name }
}

/// `per month`, `per 2 weeks`.
package struct PerClause: Hashable, Sendable {
  package var grain: Grain
  package var count: Int
  package var range: SourceRange
}

/// `vs last year`, `vs previous`.
package struct ComparisonClause: Hashable, Sendable {
  package var word: String
  package var grain: Grain?
  package var range: SourceRange
}

/// Names of the session and what they stand for while a cell is checked.
struct Scope: Sendable {
  var tables: [String: TableInfo] = [:]
  var parameters: [String: SessionParameter] = [:]
}

extension Arguments {
  // MARK: Subject

  /// The subject as columns of the table; `*` stands for all columns of the kind. Empty when nothing was written.
  package func columns(_ kind: ColumnKind = .any) throws(Diagnostic) -> [ResolvedItem] { throw Diagnostic("E000", "") }

  /// The subject as row expressions.
  package func expressions() throws(Diagnostic) -> [ResolvedItem] { throw Diagnostic("E000", "") }

  /// The subject as measures.
  package func measures() throws(Diagnostic) -> [ResolvedMeasure] { throw Diagnostic("E000", "") }

  /// The subject as bare words or texts: `rfm`; `"At Risk", Lost`.
  package func labels() throws(Diagnostic) -> [String] { throw Diagnostic("E000", "") }

  /// The subject as constants.
  package func constants() throws(Diagnostic) -> [Value] { throw Diagnostic("E000", "") }

  // MARK: Clauses

  /// Whether the clause was written.
  package func has(_ clause: ClauseKind) -> Bool { syntax.clauses.contains { $0.kind == clause } }

  /// `per month`; nil when it was not written.
  package var per: PerClause? { nil }

  /// `vs last year`; nil when it was not written or names something else.
  package var comparison: ComparisonClause? { nil }

  /// The columns or expressions of `by`, `on`, `from`; empty when the clause was not written.
  package func items(_ clause: ClauseKind) throws(Diagnostic) -> [ResolvedItem] { throw Diagnostic("E000", "") }

  /// The names or texts of a clause: `into Bronze, Silver`, `from "At Risk"`.
  package func labels(_ clause: ClauseKind) throws(Diagnostic) -> [String] { throw Diagnostic("E000", "") }

  /// The values of a clause: `for 7 days`, `into 4`.
  package func constants(_ clause: ClauseKind) throws(Diagnostic) -> [Value] { throw Diagnostic("E000", "") }

  /// The duration of `for` or `after`: `90 days`.
  package func duration(_ clause: ClauseKind) throws(Diagnostic) -> CalendarDuration? { throw Diagnostic("E000", "") }

  // MARK: Options. The type was checked and the default applied: nil means that there is no value.

  /// Whether the option was written in the cell.
  package func isGiven(_ option: String) -> Bool { syntax.options.contains { $0.name.text == option } }

  /// Where the option's value was written, for a caret; the verb when it was not.
  package func range(of option: String) -> SourceRange {
    syntax.options.first { $0.name.text == option }?.range ?? range
  }

  /// An option as a constant.
  package func value(_ option: String) -> Value? { nil }
  /// An option of type number or share; nil when one of the words of `either` was chosen.
  package func real(_ option: String) -> Double? { value(option)?.number }
  /// An option of type integer.
  package func integer(_ option: String) -> Int? { if case .integer(let i)? = value(option) { Int(i) } else { nil } }
  /// An option of type flag.
  package func flag(_ option: String) -> Bool { value(option) == .boolean(true) }
  /// An option of type text or word.
  package func text(_ option: String) -> String? { if case .text(let t)? = value(option) { t } else { nil } }
  /// An option of type duration.
  package func duration(_ option: String) -> CalendarDuration? {
    if case .duration(let d)? = value(option) { d } else { nil }
  }
  /// An option of type date.
  package func date(_ option: String) -> CivilDate? {
    switch value(option) {
    case .date(let d): d
    case .datetime(let t): t.date
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
  package func column(_ option: String) throws(Diagnostic) -> ResolvedItem? { throw Diagnostic("E000", "") }

  // MARK: Tables and roles

  /// The description of a table of the session that the subject or a clause names.
  package func tables(_ clause: ClauseKind? = nil) throws(Diagnostic) -> [TableInfo] { throw Diagnostic("E000", "") }

  /// The column that plays a role: the option of that name when written, else as set by `roles`, else inferred.
  /// Throws E401 when the table has none and E402 when two fit equally well.
  package func role(_ role: Role) throws(Diagnostic) -> RoleBinding { throw Diagnostic("E000", "") }

  /// The same, but nil when the table has none.
  package func roleIfAny(_ role: Role) throws(Diagnostic) -> RoleBinding? { throw Diagnostic("E000", "") }

  /// The `Assumed: customer = CustomerID · …` note for bindings that nobody wrote.
  package func assumed(_ bindings: [RoleBinding], _ more: String...) -> Note { Note(.assumed, "") }
}
