import Columnar
import Query

/// Makes a table of an invented shop.
struct GenerateCommand: Command {
  static let spec = CommandSpec(
    "generate",
    summary: "Makes a table of an invented shop, for trying things out.",
    doc: """
      `sales` are order lines of almost two years with returns, missing customers and repeated lines; `products`, \
      `customers` and `daily` belong to them. The same seed gives the same rows.
      """,
    input: .none,
    subject: SubjectSpec(
      .words(["sales", "products", "customers", "daily"]), 1...1, placeholder: "KIND", doc: "Which table."),
    options: [
      OptionSpec("rows", .integer(1...100_000_000), default: "10000", doc: "Order lines of `sales`."),
      OptionSpec("customers", .integer(1...5_000_000), default: "400", doc: "Customers of the shop."),
      OptionSpec("products", .integer(1...100_000), default: "120", doc: "Products of the shop."),
      OptionSpec("seed", .integer(0...Int(Int32.max)), doc: "Another seed, another shop."),
    ],
    output: [
      OutputColumn("invoice", "Of `sales`: the order; returns begin with C."),
      OutputColumn("date", "The moment, or the day."),
      OutputColumn("customer", "The customer's number."), OutputColumn("product", "The product's code."),
      OutputColumn("product_name", "Its name."), OutputColumn("quantity", "Units; below zero for returns."),
      OutputColumn("price", "Price of a unit."), OutputColumn("country", "Where the customer lives."),
    ],
    examples: [
      Example("Makes order lines and looks at them.", "shop = generate sales rows=1000 seed=7\nshop | take 3"),
      Example("Makes the product list.", "generate products | count by category"),
    ],
    searchWords: ["example", "sample", "demo", "random", "data", "synthetic"])

  let output: TableInfo?
  private let kind: String
  private let rows: Int
  private let shop: Shop

  init(checking arguments: Arguments) throws(Diagnostic) {
    kind = try arguments.labels().first ?? "sales"
    rows = arguments.integer("rows") ?? 10_000
    shop = Shop(
      seed: arguments.integer("seed") ?? arguments.settings.seed, customerCount: arguments.integer("customers") ?? 400,
      productCount: arguments.integer("products") ?? 120)
    var info = TableInfo(name: kind, schema: GenerateCommand.schema(kind))
    info.schema = MeasureInference.infer(info, currency: arguments.settings.currency)
    output = info
  }

  private static func schema(_ kind: String) -> Schema {
    switch kind {
    case "products": CompanyGenerator.productSchema
    case "customers": CompanyGenerator.customerSchema
    case "daily": CompanyGenerator.dailySchema
    default: SalesGenerator.schema
    }
  }

  func run(_ flow: Flow, _ context: CommandContext) throws -> Flow {
    guard let info = output else { return flow }
    let company = CompanyGenerator(shop: shop)
    let table =
      switch kind {
      case "products": company.products()
      case "customers": company.customers()
      case "daily": company.daily()
      default: try sales(context)
      }
    try context.cancellation.check()
    var next = flow
    next.relation = Relation(.table(table.with(meaning: info.schema), name: kind), info)
    return next
  }

  /// The order lines; whoever waits longer than a moment sees how far they are.
  private func sales(_ context: CommandContext) throws -> Table {
    let meter = ProgressMeter("Generating \(Words.count(rows, "row"))", sink: context.sink)
    defer { meter.finish() }
    return try SalesGenerator(shop: shop, rows: rows).table(context.cancellation) { meter.report($0) }
  }
}
