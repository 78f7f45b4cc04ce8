import Columnar
import MartletLanguage
import Query
import Synchronization

/// Collects what a cell shows.
final class RecordingSink: OutputSink {
  private let store = Mutex<[Output]>([])
  private let answers = Mutex<[String]>([])

  init(answers: [String] = []) { self.answers.withLock { $0 = answers } }

  var outputs: [Output] { store.withLock { $0 } }

  func emit(_ output: Output) { store.withLock { $0.append(output) } }

  func ask(_ prompt: String, password: Bool) throws -> String? {
    answers.withLock { $0.isEmpty ? nil : $0.removeFirst() }
  }
}

/// Refuses every plan: for cells that must fail before anything runs.
struct NoEngine: QueryEngine {
  func run(_ plan: LogicalPlan, cancellation: Cancellation) throws -> QueryAnswer {
    throw QueryError.other("nothing may run here")
  }
}

/// Knows no file.
struct NoLoader: TableLoader {
  func load(_ request: LoadRequest, cancellation: Cancellation) throws -> [LoadedTable] {
    throw Diagnostic("E601", "there is no file `\(request.source)`", at: request.range)
  }

  func completions(of path: String) -> [String] { ["data/", "sales.csv"].filter { $0.hasPrefix(path) } }
}

/// Small tables with the columns of the data sets that the language page talks about.
enum SmallTables {
  /// A few lines with the columns of the UCI Online Retail data.
  static let retail = Table([
    (Field("InvoiceNo", .text), .text(["536365", "536365", "C536379", "536370", "536371"])),
    (Field("StockCode", .text), .text(["85123A", "71053", "D", "22728", "22728"])),
    (Field("Description", .text), .text(["HEART HOLDER", "METAL LANTERN", "Discount", "ALARM CLOCK", nil])),
    (Field("Quantity", .integer), .integer([6, 6, -1, 24, 12] as [Int64])),
    (
      Field("InvoiceDate", .datetime),
      Column(
        .datetime([1_291_191_960, 1_291_191_960, 1_291_196_460, 1_291_193_100, 1_323_418_800].map { $0 * 1_000_000 }))
    ),
    (Field("UnitPrice", .real), .real([2.55, 3.39, 27.5, 3.75, 3.75] as [Double])),
    (Field("CustomerID", .integer), .integer([17850, 17850, 14527, 12583, nil] as [Int64?])),
    (Field("Country", .text), .text(["United Kingdom", "United Kingdom", "United Kingdom", "France", "France"])),
  ])

  /// Customers without any date.
  static let customerProfiles = Table([
    (Field("customer_id", .text), .text(["C1", "C2", "C3"])),
    (Field("industry", .text), .text(["Retail", "Tech", "Retail"])),
    (Field("employee_count", .integer), .integer([10, 250, 40] as [Int64])),
    (Field("lifetime_value", .real), .real([1000, 2500.5, 400] as [Double])),
  ])

  /// Transactions with two dates.
  static let transactions = Table([
    (Field("transaction_id", .text), .text(["T1", "T2", "T3"])),
    (Field("customer_id", .text), .text(["C1", "C2", "C1"])),
    (Field("product_id", .text), .text(["P1", "P1", "P2"])),
    (Field("order_date", .date), .date([day(2024, 1, 5), day(2024, 2, 7), day(2024, 2, 9)])),
    (Field("ship_date", .date), .date([day(2024, 1, 7), day(2024, 2, 9), day(2024, 2, 10)])),
    (Field("net_amount", .real), .real([100, 50.5, 20] as [Double])),
  ])

  static func day(_ year: Int, _ month: Int, _ day: Int) -> CivilDate {
    CivilDate(days: CivilDate.days(year: year, month: month, day: day))
  }
}

extension Session {
  /// A session with the small tables.
  static func small(engine: any QueryEngine = NoEngine()) -> Session {
    let session = Session(engine: engine, loader: NoLoader())
    session.define(SmallTables.retail, named: "sales", origin: "online_retail.csv")
    session.define(SmallTables.customerProfiles, named: "customer_profiles", origin: "company/customer_profiles.csv")
    session.define(SmallTables.transactions, named: "sales_transactions", origin: "company/sales_transactions.csv")
    return session
  }

  /// The diagnostics of a cell as plain text; empty when it has none.
  func faults(_ cell: String) -> String {
    guard case .failed(let all) = execute(cell, sink: RecordingSink()) else { return "" }
    return all.map { DiagnosticRenderer().render($0) }.joined(separator: "\n\n")
  }
}
