import Analytics
import Charts
import Columnar
import Query

/// `segment rfm`, `segment spend`, `segment volume`: customers in named groups.
package struct SegmentCommand: AnalysisCommand {
  package static let spec = CommandSpec(
    "segment", summary: "Puts customers into named segments.",
    doc: """
      `rfm` scores each customer by recency, frequency (orders) and amount, and names what the scores mean. `spend` makes \
      tiers by amount: of equal size, or with the limits of `at`. `volume` makes tiers by number of orders: none, below the \
      second limit, up to the third, above; `all` names a table of customers so that those without orders count too. The \
      result has one row a customer; its summary, one row a segment, is what is shown, and what `| summary` gives.
      """,
    subject: SubjectSpec(
      .words(["rfm", "spend", "volume"]), 1...1, placeholder: "KIND", doc: "How customers are told apart."),
    clauses: [
      ClauseSpec(
        .by, .expressions, placeholder: "CUSTOMER", doc: "Who or what is segmented.", default: "the customer role"),
      ClauseSpec(
        .into, .labels, count: 1...26, placeholder: "NAMES", doc: "The tiers of `spend`, the lowest first.",
        default: "Bronze, Silver, Gold, Platinum"),
    ],
    options: [
      OptionSpec("scores", .integer(2...20), default: "5", doc: "Scores of `rfm` run from 1 to this number."),
      OptionSpec(
        "scheme", .either(["value"], .integer(5...11)), default: "5",
        doc: "How `rfm` scores become segments: 5, 11 or value."),
      OptionSpec(
        "at", .either(["quantiles"], .numbers),
        doc: "Limits between the tiers: of `spend`, one fewer than names; of `volume`, three (1, 10, 30)."),
      OptionSpec("all", .table, doc: "A table with all customers, for those without orders (`volume`)."),
      OptionSpec("date", .column(.date), doc: "The date column."),
      OptionSpec("as_of", .date, doc: "The day that recency is counted from; by default the day after the last date."),
    ],
    output: [
      OutputColumn("customer", "The customer."), OutputColumn("last_date", "The day of the last order."),
      OutputColumn("recency_days", "Days from the last order to as_of."),
      OutputColumn("orders", "Number of different orders."),
      OutputColumn("units", "Sum of quantities (spend, volume)."),
      OutputColumn("amount", "Sum of amounts."), OutputColumn("r", "Recency score, high is recent (rfm)."),
      OutputColumn("f", "Frequency score (rfm)."), OutputColumn("m", "Amount score (rfm)."),
      OutputColumn("score", "r + f + m (rfm)."), OutputColumn("segment", "The name of the segment."),
    ],
    chart: "Bars of each segment's share of customers and of the amount.",
    examples: [
      Example("Who are the best customers, and who is slipping away?", "sales | segment rfm"),
      Example("Four tiers by what customers spent.", "sales | segment spend into Bronze, Silver, Gold, Platinum"),
      Example("Tiers with limits of your own.", "sales | segment spend into Small, Large at=[1000]"),
      Example(
        "How many customers buy how often, also those who never did.", "sales | segment volume all=customers"),
    ],
    searchWords: ["rfm", "tiers", "loyalty", "clusters", "customer groups"])

  private enum Kind: Sendable {
    case rfm(RecencyFrequencyAmount)
    case spend(names: [String], CustomerTiers.Cuts)
    case volume(limits: [Double], all: AllCustomers?)
  }

  /// The table that `all=` names, and its column of customers.
  private struct AllCustomers: Sendable {
    var table: String
    var column: String
  }

  private let arguments: Arguments
  private let roles: CustomerTransactions
  private let kind: Kind
  package let output: TableInfo?

  package init(checking arguments: Arguments) throws(Diagnostic) {
    self.arguments = arguments
    roles = try CustomerTransactions(arguments)
    let word = try arguments.labels().first ?? ""
    if arguments.has(.into), word != "spend" {
      throw .noClause("into", verb: arguments.spec, at: arguments.range(of: .into))
    }
    switch word {
    case "spend": kind = try Self.spend(arguments)
    case "volume": kind = try Self.volume(arguments, roles)
    default:
      kind = .rfm(RecencyFrequencyAmount(scheme: try Self.scheme(arguments), scores: arguments.integer("scores") ?? 5))
    }
    let fields: [Field]
    switch kind {
    case .rfm: fields = RecencyFrequencyAmount.fields(customer: roles.customer, amount: roles.amountMeasure)
    case .spend, .volume:
      fields = CustomerTiers.fields(customer: roles.customer, amount: roles.amountMeasure, units: roles.unitsType)
    }
    output = TableInfo(
      name: arguments.table.name, schema: Schema(fields),
      setRoles: [.customer: "customer", .date: "last_date", .amount: "amount"],
      summary: Schema(SegmentSummary.fields(amount: roles.amountMeasure)))
  }

  private static func scheme(_ arguments: Arguments) throws(Diagnostic) -> RecencyFrequencyAmount.Scheme {
    if arguments.text("scheme") == "value" { return .value }
    switch arguments.integer("scheme") {
    case 5: return .five
    case 11: return .eleven
    default:
      throw .choice(
        "scheme", value: "\(arguments.integer("scheme") ?? 0)", among: ["5", "11", "value"],
        at: arguments.range(of: "scheme"))
    }
  }

  private static func spend(_ arguments: Arguments) throws(Diagnostic) -> Kind {
    let written = try arguments.labels(.into)
    let names = written.isEmpty ? ["Bronze", "Silver", "Gold", "Platinum"] : written
    let limits = arguments.reals("at")
    if limits.isEmpty { return .spend(names: names, .quantiles) }
    if limits.count != names.count - 1 {
      throw .cutsAndNames(names: names.count, cuts: limits.count, at: arguments.range(of: "at"))
    }
    try checkRising(limits, arguments)
    return .spend(names: names, .amounts(limits))
  }

  private static func volume(_ arguments: Arguments, _ roles: CustomerTransactions) throws(Diagnostic) -> Kind {
    let written = arguments.reals("at")
    let limits = written.isEmpty ? [1, 10, 30] : written
    if limits.count != 3 {
      throw .cutsAndNames(names: CustomerTiers.volumeNames.count, cuts: limits.count, at: arguments.range(of: "at"))
    }
    try checkRising(limits, arguments)
    guard let table = arguments.text("all"), let info = arguments.scope.tables[table] else {
      return .volume(limits: limits, all: nil)
    }
    var column = info.schema[roles.customerName].map(\.name)
    if column == nil, case .found(let binding) = RoleInference.binding(.customer, in: info, currency: "") {
      column = binding.name
    }
    let range = arguments.range(of: "all")
    guard let column, let field = info.schema[column] else {
      throw .noRole(.customer, verb: "all", table: table, hint: nil, at: range)
    }
    if field.type != roles.customer.type {
      throw .keyTypes(
        column, field.type.displayName, other: roles.customerName, otherType: roles.customer.type.displayName, at: range
      )
    }
    return .volume(limits: limits, all: AllCustomers(table: table, column: column))
  }

  private static func checkRising(_ limits: [Double], _ arguments: Arguments) throws(Diagnostic) {
    if zip(limits, limits.dropFirst()).contains(where: { $0 >= $1 }) {
      throw .cutsNotRising(at: arguments.range(of: "at"))
    }
  }

  package var inputRoles: [Role: String] { roles.columns }

  package func analyse(_ input: Relation, _ context: CommandContext) throws -> AnalysisResult {
    try explaining(arguments) {
      var source = try roles.source(input, context)
      if case .rfm = kind { source.quantity = nil }
      let history = try CustomerHistory(
        source, asOf: arguments.date("as_of"), engine: context, cancellation: context.cancellation)
      switch kind {
      case .rfm(let method): return rfm(method, history)
      case .spend(let names, let cuts):
        let result = CustomerTiers.bySpend(
          history, into: names, cuts: cuts, customer: roles.customer, amount: roles.amountMeasure,
          units: roles.unitsType)
        let definition =
          cuts == .quantiles ? Definitions.spendQuantiles : "a customer at a limit is in the tier above it"
        return assemble(result, SegmentNarrative.tiers(result, amount: roles.amountMeasure), [definition])
      case .volume(let limits, let all): return try volume(limits, all, history, context)
      }
    }
  }

  private func rfm(_ method: RecencyFrequencyAmount, _ history: CustomerHistory) -> AnalysisResult {
    let result = method.analyse(history, customer: roles.customer, amount: roles.amountMeasure)
    let scheme =
      switch method.scheme {
      case .five: Definitions.fiveSegments
      case .eleven: Definitions.elevenSegments
      case .value: Definitions.valueSegments
      }
    return assemble(
      result, SegmentNarrative.rfm(result, amount: roles.amountMeasure), [Definitions.rfmScore, scheme])
  }

  private func volume(
    _ limits: [Double], _ all: AllCustomers?, _ history: CustomerHistory, _ context: CommandContext
  ) throws -> AnalysisResult {
    var others: Column?
    var notes: [Note] = []
    if let all, let table = context.session.table(all.table)?.table, let column = table[all.column] {
      let match = CustomerMatch(known: history.customers, all: column)
      others = match.withoutOrders
      if match.unlisted > 0 {
        notes.append(
          Note(
            .remark, "\(Words.count(match.unlisted, "customer")) with orders are not in `\(all.table)`; they are kept"))
      }
      if match.missing > 0 {
        notes.append(Note(.leftOut, "\(Words.count(match.missing, "row")) of `\(all.table)` without \(all.column)"))
      }
    }
    if all == nil {
      notes.append(Note(.remark, "only customers with orders are counted; `all=TABLE` adds those without"))
    }
    let result = CustomerTiers.byVolume(
      history, limits: limits, others: others, customer: roles.customer, amount: roles.amountMeasure,
      units: roles.unitsType)
    let (low, mid, high) = (limits[0], limits[1], limits[2])
    let words =
      "orders: below \(NumberWords.plain(low)) No Orders; below \(NumberWords.plain(mid)) Low; up to "
      + "\(NumberWords.plain(high)) Mid; above High"
    var answer = assemble(result, SegmentNarrative.volume(result), [words])
    answer.notes += notes
    return answer
  }

  private func assemble(_ result: Segmentation, _ headline: String, _ definitions: [String]) -> AnalysisResult {
    var notes: [Note] = []
    if let assumed = roles.assumed(asOf: arguments.isGiven("as_of") ? nil : result.asOf) { notes.append(assumed) }
    notes += roles.leftOut(result.coverage)
    notes += (definitions + [Definitions.share]).map { Note(.definition, $0) }
    let chart = DefaultChart { [summary = result.summary] () throws(ChartError) in
      try Chart.bar(summary, category: "segment", value: ["share", "amount_share"], order: .given)
    }
    return AnalysisResult(result.table, summary: result.summary, headline: headline, chart: chart, notes: notes)
  }
}

/// Customers of a full list held against those who ordered.
struct CustomerMatch {
  /// Keys of the list that never ordered, each once, in the order of the list.
  let withoutOrders: Column
  /// Customers who ordered and are not in the list.
  let unlisted: Int
  /// Rows of the list without a key.
  let missing: Int

  init(known: Column, all: Column) {
    var ordered: Set<Value> = []
    for row in 0..<known.count { ordered.insert(known[row]) }
    var listed: Set<Value> = []
    var keys: [Value] = []
    for row in 0..<all.count where !all.isMissing(row) {
      let key = all[row]
      if listed.insert(key).inserted, !ordered.contains(key) { keys.append(key) }
    }
    withoutOrders = .of(all.type, keys)
    unlisted = ordered.subtracting(listed).count
    missing = all.missingCount
  }
}
