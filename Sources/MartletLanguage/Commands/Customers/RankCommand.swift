import Analytics
import Charts
import Columnar
import Query

/// `rank`: items by what they bring, with ABC classes.
package struct RankCommand: AnalysisCommand {
  package static let spec = CommandSpec(
    "rank", summary: "Ranks items by a measure, with running shares and ABC classes.",
    doc: """
      An item is in class A while the running share up to it does not exceed the first limit of `abc`, in B up to the \
      second, else in C; the first item is always in A. Shares are of all items, also when `top` shows only some. `others` \
      merges what `top` cuts off, or without `top` all of class C, into one row.
      """,
    subject: SubjectSpec(.expressions, 1...1, placeholder: "ITEM", doc: "What is ranked."),
    clauses: [
      ClauseSpec(
        .by, .measures, placeholder: "M", doc: "The measure, summed for each item.", default: "the amount role")
    ],
    options: [
      OptionSpec("abc", .numbers, default: "[80%, 95%]", doc: "The running shares at which classes A, B … end."),
      OptionSpec("others", .flag, default: "false", doc: "Merge the items at the end into one row."),
      OptionSpec("top", .integer(1...10_000_000), doc: "Show this many items."),
    ],
    output: [
      OutputColumn("rank", "1 for the greatest value; missing for the merged row."), OutputColumn("ITEM", "The item."),
      OutputColumn("M", "Its value."), OutputColumn("share", "Value over the total."),
      OutputColumn("cumulative_share", "Share of all items up to this one."), OutputColumn("class", "A, B or C."),
    ],
    chart: "A Pareto chart.",
    examples: [
      Example("Which products make most of the revenue?", "sales | rank product by amount"),
      Example("The class A products only.", "sales | rank product by amount others=true | where class = \"A\""),
    ],
    searchWords: ["abc analysis", "pareto", "80/20", "best sellers"])

  private let arguments: Arguments
  private let item: ResolvedItem
  private let measure: ResolvedMeasure
  private let limits: [DecimalThreshold]
  private let assumed: Note?
  package let output: TableInfo?

  package init(checking arguments: Arguments) throws(Diagnostic) {
    self.arguments = arguments
    guard let item = try arguments.expressions().first else {
      throw .missingSubject(arguments.spec, at: arguments.range)
    }
    self.item = item
    if let written = try arguments.measures(arguments.clause(.by)?.items ?? [], keys: [item]).first {
      measure = written
      assumed = nil
    } else {
      let amount = try arguments.role(.amount)
      measure = ResolvedMeasure(
        aggregates: [NamedAggregate("amount", .sum, [amount.expr], measure: amount.field.measure)],
        value: .column("amount"), field: Field("amount", .real, measure: amount.field.measure), range: arguments.range,
        isAdditive: true)
      assumed = arguments.assumed([amount])
    }
    guard measure.field.type.isNumeric else {
      throw .wrongType(
        "`rank`", needs: "a number", found: measure.field.type.displayName, at: measure.range)
    }
    var limits: [DecimalThreshold] = []
    for share in arguments.reals("abc") {
      guard (0...1).contains(share), let limit = DecimalThreshold(share) else {
        throw .shareRange("abc", .real(share), at: arguments.range(of: "abc"))
      }
      if let last = limits.last, last.value >= limit.value { throw .cutsNotRising(at: arguments.range(of: "abc")) }
      limits.append(limit)
    }
    self.limits = limits
    let fields = ParetoRanking.fields(item: item.field, measure: measure.field)
    for (position, field) in fields.enumerated() where fields[..<position].contains(where: { $0.name == field.name }) {
      throw .columnTwice(field.name, verb: "rank", at: field.name == item.name ? item.range : measure.range)
    }
    output = TableInfo(name: arguments.table.name, schema: Schema(fields))
  }

  package func analyse(_ input: Relation, _ context: CommandContext) throws -> AnalysisResult {
    let sums = try context.run(input.plan.measured(by: [item.named], [measure]))
    guard let items = sums[item.name], let values = sums[measure.name] else {
      throw Diagnostic.analysis(
        .engineLeftOut(column: measure.name), verb: "rank", table: input.info.name, at: arguments.range)
    }
    let result = ParetoRanking(
      item: (item.field, items), measure: (measure.field, values), limits: limits, top: arguments.integer("top"),
      others: arguments.flag("others"))
    var notes: [Note] = assumed.map { [$0] } ?? []
    if isProduct(input.info), let shown = result.table[item.name],
      let warning = RankingNarrative.services(shown)
    {
      notes.append(warning)
    }
    if result.negativeItems > 0 {
      notes.append(
        Note(.remark, "\(Words.count(result.negativeItems, "value")) below zero; shares are of the net total"))
    }
    if result.merged > 0 {
      notes.append(Note(.remark, "`\(ParetoRanking.othersName)` stands for \(Words.count(result.merged, "item"))"))
    } else if result.table.rowCount < result.items {
      notes.append(
        Note(.remark, "top \(Words.grouped(result.table.rowCount)) of \(Words.count(result.items, "item"))"))
    }
    notes.append(Note(.definition, Definitions.pareto))
    let (table, total) = (result.table, result.total)
    let (category, value, marks) = (item.name, measure.name, limits.map(\.value))
    let chart = DefaultChart { () throws(ChartError) in
      try Chart.pareto(
        table, category: category, value: value, marks: marks, rest: ParetoRanking.othersName, whole: total)
    }
    return AnalysisResult(
      result.table, headline: RankingNarrative.headline(result, item: item.name, measure: measure.field), chart: chart,
      notes: notes)
  }

  /// Whether the ranked items are products, among which a postage booking would be out of place.
  private func isProduct(_ info: TableInfo) -> Bool {
    if item.role == .product || item.role == .productName { return true }
    guard case .column(let name) = item.expr, let role = RoleInference.role(of: name, in: info) else { return false }
    return role == .product || role == .productName
  }
}
