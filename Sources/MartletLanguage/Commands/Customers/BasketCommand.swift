import Analytics
import Charts
import Columnar
import Query

/// `basket`: which items are bought together.
package struct BasketCommand: AnalysisCommand {
  package static let spec = CommandSpec(
    "basket", summary: "Finds which products are bought together.",
    doc: """
      All rules "orders with A also hold B", from exact frequent item sets; both sides may hold several items, joined by +. \
      A product's name stands for its code when the table has both: items are told apart by code and shown by their most \
      frequent name. Counts are compared exactly, so a rule that stands at a limit is in. `auto` support is 0.5 % of the \
      orders, and at least 10 orders.
      """,
    subject: SubjectSpec(
      .expressions, 0...1, placeholder: "ITEM", doc: "What is bought.", default: "the product role"),
    clauses: [
      ClauseSpec(
        .by, .expressions, placeholder: "ORDER", doc: "What is bought together in.", default: "the order role")
    ],
    options: [
      OptionSpec(
        "support", .either(["auto"], .share), default: "auto", doc: "The least share of orders that hold all items."),
      OptionSpec(
        "confidence", .share, default: "30%", doc: "The least share of the orders with A that also hold B."),
      OptionSpec(
        "lift", .number(0...1_000_000), default: "1", doc: "The least ratio of the confidence to the share of B."),
      OptionSpec("max_items", .integer(2...20), default: "3", doc: "The most items of a rule, both sides together."),
      OptionSpec(
        "max_basket", .integer(2...1_000_000), default: "100", doc: "Orders with more items are left out."),
      OptionSpec("top", .integer(1...10_000_000), doc: "Keep this many rules, by lift."),
    ],
    output: [
      OutputColumn("rule", "A → B."), OutputColumn("antecedent", "The items of A, joined by +."),
      OutputColumn("consequent", "The items of B, joined by +."), OutputColumn("orders", "Orders that hold all items."),
      OutputColumn("support", "Share of all orders that hold all items."),
      OutputColumn("confidence", "Share of the orders with A that also hold B."),
      OutputColumn("lift", "Confidence over the share of all orders that hold B."),
      OutputColumn("leverage", "Support minus what independent sides would have."),
      OutputColumn("conviction", "How much more often the rule would fail by chance; missing when it never fails."),
    ],
    chart: "Bars of the 15 rules with the highest lift.",
    examples: [
      Example("What is bought together?", "sales | basket product_name by invoice support=0.5% confidence=10%"),
      Example("The ten strongest pairs.", "sales | basket support=0.2% confidence=5% max_items=2 top=10"),
    ],
    searchWords: [
      "market basket", "association rules", "apriori", "fpgrowth", "eclat", "bundles", "cross-sell", "bought together",
    ])

  private let arguments: Arguments
  private let analysis: BasketAnalysis
  private let itemName: String
  private let orderName: String
  private let assumptions: [String]
  package let output: TableInfo?

  package init(checking arguments: Arguments) throws(Diagnostic) {
    self.arguments = arguments
    let item = try Self.item(arguments)
    var assumed = item.assumed
    let order: (expr: Expr, name: String)
    if let written = try arguments.items(.by).first {
      order = (written.expr, written.name)
    } else {
      let binding = try arguments.role(.order)
      order = (binding.expr, binding.name)
      if binding.origin == .inferred, binding.name != "order" { assumed.append("order = \(binding.name)") }
    }
    var analysis = BasketAnalysis(
      order: order.expr, item: item.expr, name: item.name, confidence: try Self.threshold("confidence", arguments),
      lift: try Self.threshold("lift", arguments))
    if arguments.text("support") != "auto" {
      analysis.support = .share(try Self.threshold("support", arguments))
    }
    analysis.maxItems = arguments.integer("max_items") ?? 3
    analysis.maxBasket = arguments.integer("max_basket") ?? 100
    analysis.top = arguments.integer("top")
    self.analysis = analysis
    itemName = item.label
    orderName = order.name
    assumptions = assumed
    output = TableInfo(name: arguments.table.name, schema: Schema(BasketAnalysis.fields))
  }

  private static func threshold(_ option: String, _ arguments: Arguments) throws(Diagnostic) -> DecimalThreshold {
    guard let threshold = DecimalThreshold(arguments.real(option) ?? 0) else {
      throw .shareRange(option, arguments.value(option), at: arguments.range(of: option))
    }
    return threshold
  }

  /// What tells items apart, and what they are called when that is another column.
  private static func item(_ arguments: Arguments) throws(Diagnostic)
    -> (expr: Expr, name: Expr?, label: String, assumed: [String])
  {
    let product = try? arguments.roleIfAny(.product)
    let called = try? arguments.roleIfAny(.productName)
    guard let written = try arguments.expressions().first else {
      if let product {
        let assumed = product.name == "product" ? [] : ["product = \(product.name)"]
        guard let called, called.expr != product.expr else { return (product.expr, nil, product.name, assumed) }
        return (product.expr, called.expr, product.name, assumed + ["shown by \(called.name)"])
      }
      let binding = try arguments.role(.productName)
      return (binding.expr, nil, binding.name, ["product = \(binding.name)"])
    }
    if let product, let called, written.expr == called.expr, product.expr != called.expr {
      return (product.expr, called.expr, written.name, ["\(written.name) told apart by \(product.name)"])
    }
    return (written.expr, nil, written.name, [])
  }

  package func analyse(_ input: Relation, _ context: CommandContext) throws -> AnalysisResult {
    try explaining(arguments) {
      var columns = [NamedExpr("order", analysis.order), NamedExpr("item", analysis.item)]
      if let name = analysis.name { columns.append(NamedExpr("name", name)) }
      let table = try context.run(.project(input.plan, columns))
      var local = analysis
      (local.order, local.item, local.name) = (
        .column("order"), .column("item"), analysis.name.map { _ in .column("name") }
      )
      let result = try local.analyse(
        .table(table, name: input.info.name), engine: context, cancellation: context.cancellation)
      return answer(result, context)
    }
  }

  private func answer(_ result: BasketAnalysis.Result, _ context: CommandContext) -> AnalysisResult {
    var notes: [Note] = []
    var assumed = assumptions
    if case .automatic = analysis.support, result.orders > 0 {
      let share = NumberWords.share(Double(result.minimumCount) / Double(result.orders), decimals: 2)
      assumed.append("support = \(share) (\(Words.count(result.minimumCount, "order")))")
    }
    if !assumed.isEmpty { notes.append(Note(.assumed, assumed.joined(separator: " · "))) }
    notes += BasketNarrative.notes(result, item: itemName, order: orderName, maxBasket: analysis.maxBasket)
    if result.rules > result.table.rowCount {
      notes.append(Note(.remark, "top \(Words.grouped(result.table.rowCount)) of \(Words.count(result.rules, "rule"))"))
    }
    notes.append(Note(.definition, Definitions.basket))
    if analysis.name != nil { notes.append(Note(.definition, Definitions.productNames)) }
    if result.rules == 0 {
      let support = arguments.text("support") == "auto" ? nil : arguments.real("support")
      let words = BasketNarrative.noRule(result, support: support)
      warn(
        .noRule(
          words.message, hint: words.hint,
          at: arguments.syntax.options.first { $0.name.text == "support" }?.range ?? arguments.range), context)
    }
    let chart = DefaultChart { [table = result.table] () throws(ChartError) in
      try Chart.bar(table, category: "rule", value: ["lift"], limit: 15)
    }
    return AnalysisResult(result.table, headline: BasketNarrative.headline(result), chart: chart, notes: notes)
  }

  /// Shows a warning that points into the cell, before the result.
  private func warn(_ diagnostic: Diagnostic, _ context: CommandContext) {
    var source = String.UnicodeScalarView()
    source.append(contentsOf: arguments.scope.source)
    context.sink.emit(.diagnostic(RenderedDiagnostic(diagnostic, source: String(source))))
  }
}
