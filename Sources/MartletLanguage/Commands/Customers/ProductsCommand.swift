import Analytics
import Charts
import Columnar
import Query

/// `products`: how each product sells, how it stands, and how long its stock lasts.
package struct ProductsCommand: AnalysisCommand {
  package static let spec = CommandSpec(
    "products", summary: "Puts products into quadrants by amount and units, and checks their stock.",
    doc: """
      Star: amount and units both at or above the 75th percentile; Volume: units only; Premium: amount only; \
      Underperformer: both at or below the 25th; else Core. Velocity is units a day over the last days of the data. Stock \
      comes from the stock role, when a `join` has brought it; a product's stock is that of its last row.
      """,
    clauses: [
      ClauseSpec(.by, .expressions, placeholder: "PRODUCT", doc: "What a product is.", default: "the product role")
    ],
    options: [
      OptionSpec("window", .duration, default: "90 days", doc: "The last days that velocity is measured in."),
      OptionSpec("date", .column(.date), doc: "The date column."),
    ],
    output: [
      OutputColumn("product", "The product."), OutputColumn("name", "Its most frequent name."),
      OutputColumn("amount", "Sum of amounts."), OutputColumn("units", "Sum of quantities."),
      OutputColumn("orders", "Number of different orders."), OutputColumn("velocity", "Units a day in the window."),
      OutputColumn("stock", "Units on hand."), OutputColumn("days_cover", "Stock over velocity."),
      OutputColumn("class", "Star, Volume, Premium, Core or Underperformer."),
      OutputColumn("stock_flag", "Out of stock, Low, OK, Excess or No sales."),
    ],
    chart: "A scatter plot of units and amount, cut into quadrants.",
    examples: [
      Example("Which products are stars, and which run out?", "sales | join products on product | products"),
      Example("The underperformers.", "sales | products window=60 days | where class = \"Underperformer\""),
    ],
    searchWords: ["quadrants", "stock", "inventory", "velocity", "bcg"])

  private let arguments: Arguments
  private let product: (expr: Expr, field: Field)
  private let date: RoleBinding
  private let amount: RoleBinding
  private let name: RoleBinding?
  private let order: RoleBinding?
  private let quantity: RoleBinding?
  private let stock: RoleBinding?
  private let window: Int
  private let assumed: Note?
  package let output: TableInfo?

  package init(checking arguments: Arguments) throws(Diagnostic) {
    self.arguments = arguments
    var bindings: [RoleBinding?] = []
    if let written = try arguments.items(.by).first {
      product = (written.expr, written.field)
    } else {
      let binding = try arguments.role(.product)
      product = (binding.expr, binding.field)
      bindings.append(binding)
    }
    date = try arguments.orderDate()
    amount = try arguments.role(.amount)
    order = try arguments.roleIfAny(.order)
    quantity = try arguments.roleIfAny(.quantity)
    stock = try arguments.roleIfAny(.stock)
    let called = try arguments.roleIfAny(.productName)
    name = called?.field.type == .text && called?.expr != product.expr ? called : nil
    guard let days = arguments.duration("window")?.wholeDays, days > 0 else {
      throw .durationInDays("window", at: arguments.range(of: "window"))
    }
    window = days
    let extra = order == nil ? ["each row is an order"] : []
    assumed = arguments.assumed(bindings + [name, date, amount, order, quantity, stock], extra)
    output = TableInfo(
      name: arguments.table.name,
      schema: Schema(
        ProductPerformance.fields(product: product.field, amount: amount.field.measure)))
  }

  package func analyse(_ input: Relation, _ context: CommandContext) throws -> AnalysisResult {
    try explaining(arguments) {
      var columns = [
        NamedExpr("product", product.expr), NamedExpr("date", date.expr), NamedExpr("amount", amount.expr),
      ]
      func add(_ column: String, _ binding: RoleBinding?) -> Expr? {
        guard let binding else { return nil }
        columns.append(NamedExpr(column, binding.expr))
        return .column(column)
      }
      let parts = (add("name", name), add("order", order), add("quantity", quantity), add("stock", stock))
      let table = try context.run(.project(input.plan, columns))
      let source = ProductPerformance.Source(
        .table(table, name: input.info.name), product: .column("product"), date: .column("date"),
        amount: .column("amount"), name: parts.0, order: parts.1, quantity: parts.2, stock: parts.3)
      let result = try ProductPerformance(
        source, window: window, product: product.field, amount: amount.field.measure, engine: context,
        cancellation: context.cancellation)
      return AnalysisResult(
        result.table, headline: RankingNarrative.products(result), chart: chart(result.table), notes: notes(result))
    }
  }

  private func notes(_ result: ProductPerformance) -> [Note] {
    var notes: [Note] = assumed.map { [$0] } ?? []
    if result.coverage.rowsWithoutEntity > 0 {
      notes.append(
        Note(.leftOut, "\(Words.count(result.coverage.rowsWithoutEntity, "row")) without \(product.field.name)"))
    }
    if let last = result.coverage.lastDay {
      notes.append(Note(.remark, "velocity over \(result.windowStart) … \(last)"))
    }
    if stock == nil { notes.append(Note(.remark, "no stock column: join the products' table to see days of cover")) }
    notes.append(Note(.definition, Definitions.products))
    return notes
  }

  private func chart(_ table: Table) -> DefaultChart {
    DefaultChart { () throws(ChartError) in
      func cut(_ column: String) -> Double? {
        table[column].flatMap { column in
          SampleQuantile.linear((0..<column.count).compactMap { column[$0].number }.sorted(), 0.75)
        }
      }
      return try Chart.quadrants(
        table, x: "units", y: "amount", xCut: cut("units"), yCut: cut("amount"), color: "class")
    }
  }
}
