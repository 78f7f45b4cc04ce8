import Columnar
import Query

/// Adds computed columns.
struct AddCommand: RelationalCommand {
  static let spec = CommandSpec(
    "add",
    summary: "Adds computed columns, row by row or looking at neighbouring rows.",
    doc: """
      All items see the table as it came in, so a column made here can be used only by the next command. A name that \
      exists already is replaced. Window functions such as `lag`, `rank`, `cumulative`, `rolling` and `growth` look at \
      the rows of the same `by` group in the order of `sort`; an aggregate such as `sum(x)` is the value of the whole \
      group, on each of its rows.
      """,
    subject: SubjectSpec(.expressions, placeholder: "NAME = EXPR", doc: "The new column and its value.", defines: true),
    clauses: [
      ClauseSpec(
        .by, .expressions, count: 1...100, placeholder: "KEY", doc: "Window functions look at rows of one group."),
      ClauseSpec(
        .sort, .expressions, count: 1...100, placeholder: "COLUMN", doc: "The order in which they look at them."),
    ],
    examples: [
      Example("Computes a column.", "sales | add spent = quantity * price | take 5"),
      Example("Numbers each customer's purchases.", "sales | add n = row_number() by customer sort date | take 5"),
      Example(
        "Compares months.",
        "sales | summarize revenue = sum(amount) per month | add growth = growth(revenue), total = cumulative(revenue) sort period"
      ),
    ],
    searchWords: ["compute", "calculate", "column", "window", "lag", "rolling", "cumulative", "moving average"],
    synonyms: [
      .init("mutate", "dplyr"), .init("derive", "PRQL"), .init("extend", "KQL"), .init("gen", "Stata"),
      .init("generate_column", "Stata"), .init("eval", "SPL"), .init("assign", "pandas"), .init("compute", "SPSS"),
      .init("with_columns", "polars"), .init("egen", "Stata"),
    ])

  let output: TableInfo?
  private let step: PlanStep
  /// What the new columns divide by.
  private let divisors: [(column: String, divisor: Expr)]

  init(checking arguments: Arguments) throws(Diagnostic) {
    var resolver = arguments.resolver(.window)
    var items: [ResolvedItem] = []
    for item in arguments.syntax.items {
      resolver.scope.siblings = Set(items.filter(\.isNamed).map(\.name))
      let value = try resolver.resolve(item.value)
      guard value.dataType != nil else {
        throw .wrongType(
          "a column", needs: "a number, text, bool or date", found: value.type.displayName, at: item.value.range)
      }
      items.append(arguments.named(value, item))
    }
    try ColumnNames.refuseRepeated(items, verb: "add")
    let partition = try arguments.items(.by).map(\.expr)
    let order = zip(try arguments.items(.sort), arguments.clause(.sort)?.items ?? [])
      .map { SortKey($0.expr, descending: $1.descending ?? false) }
    divisors = items.flatMap { item in item.expr.divisors.map { (item.name, $0) } }
    step = WindowPlan.step(
      items, windows: resolver.windows, partition: partition, order: order, incoming: arguments.table.schema)
    output = try arguments.output(of: step)
  }

  func prepare(_ input: Relation, _ context: CommandContext) {
    let divisors = divisors.filter { $0.divisor.columns.allSatisfy { input.info.schema.index(of: $0) != nil } }
    if divisors.isEmpty { return }
    context.noteLater { try ZeroDivision.notes(divisors, input, context) }
  }

  func extend(_ plan: LogicalPlan, label: String) -> LogicalPlan { step(plan) }
}

/// Counts the rows in which a new column divides by zero.
enum ZeroDivision {
  /// A warning for each column that has no value in some rows, because there it divides by zero.
  static func notes(_ divisors: [(column: String, divisor: Expr)], _ input: Relation, _ context: CommandContext) throws
    -> [Note]
  {
    let counts = divisors.enumerated().map { place, item in
      NamedAggregate(
        "#\(place)", .sum,
        [
          .conditional(
            .compare(.equal, item.divisor, .literal(.integer(0))), then: .literal(.integer(1)),
            else: .literal(.integer(0)))
        ])
    }
    let table = try context.run(.aggregate(input.plan, keys: [], counts))
    return divisors.enumerated().compactMap { place, item in
      guard table.rowCount > 0, let rows = table.columns[place][0].number, rows > 0 else { return nil }
      return Note(.warning, "`\(item.column)` divides by zero in \(Words.count(Int(rows), "row")): missing there")
    }
  }
}

extension Expr {
  /// What the expression divides by, at any depth, where that is not a number other than zero.
  fileprivate var divisors: [Expr] {
    let inner = children.flatMap(\.divisors)
    guard case .arithmetic(.divide, _, let divisor) = self else { return inner }
    if case .literal(let value) = divisor, value != .integer(0), value != .real(0) { return inner }
    return inner + [divisor]
  }
}

/// Puts window functions and the expressions over them on a plan.
enum WindowPlan {
  /// All incoming columns, with the items behind them or, where a name exists, in place.
  static func step(
    _ items: [ResolvedItem], windows: [Resolver.CollectedWindow], partition: [Expr], order: [SortKey], incoming: Schema
  ) -> PlanStep {
    let new = Dictionary(items.map { ($0.name, $0.named) }, uniquingKeysWith: { first, _ in first })
    var columns = incoming.fields.map { new[$0.name] ?? NamedExpr($0.name, .column($0.name), format: $0.format) }
    columns += items.filter { incoming.index(of: $0.name) == nil }.map(\.named)
    // Windows that ask for the same order share one pass.
    var groups: [(order: [SortKey], windows: [NamedWindow])] = []
    for collected in windows {
      let wanted = collected.order ?? order
      if let same = groups.firstIndex(where: { $0.order == wanted }) {
        groups[same].windows.append(collected.window)
      } else {
        groups.append((wanted, [collected.window]))
      }
    }
    return { [columns, groups] plan in
      let windowed = groups.reduce(plan) { .window($0, $1.windows, partition: partition, order: $1.order) }
      return .project(windowed, columns)
    }
  }
}
