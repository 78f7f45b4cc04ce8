import Columnar
import TestSupport
import Testing

/// The real files, with the row counts that their sources state.
struct RealFilesTests {
  func rows(_ name: String, _ change: (inout CSVOptions) -> Void = { _ in }) throws -> Int {
    var options = CSVOptions()
    change(&options)
    return try CSVReader(path: SharedData.path(name), options: options).read().table.rowCount
  }

  @Test(.enabled(if: SharedData.isPresent("online_retail"), "needs ../shared/data/online_retail"))
  func onlineRetail() throws {
    let (table, report) = try CSVReader(path: SharedData.path("online_retail/online_retail.csv.gz")).read()
    #expect(table.rowCount == 541_909)
    #expect(table["CustomerID"]?.missingCount == 135_080)
    #expect(table["Description"]?.missingCount == 1_454)
    #expect(report.dates.first?.reason == .largeValuesSecond)
    guard case .integer(let quantities)? = table["Quantity"]?.storage,
      case .real(let prices)? = table["UnitPrice"]?.storage
    else {
      Issue.record("Quantity and UnitPrice are numbers")
      return
    }
    let net = zip(quantities, prices).reduce(0.0) { $0 + Double($1.0) * $1.1 }
    #expect(abs(net - 9_747_747.934) < 0.001)
  }

  @Test(.enabled(if: SharedData.isPresent("online_retail"), "needs ../shared/data/online_retail"))
  func theSameMonthInThreeDresses() throws {
    let plain = try CSVReader(path: SharedData.path("online_retail/online_retail.csv.gz")).read().table
    for name in ["online_retail_2010-12_eu_cp1252.csv.gz", "online_retail_2010-12_utf16.tsv.gz"] {
      let table = try CSVReader(path: SharedData.path("online_retail/variants/\(name)")).read().table
      #expect(table.rowCount == 42_481)
      for row in stride(from: 0, to: 42_481, by: 97) {
        for column in ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID"] {
          #expect(table[column]?[row] == plain[column]?[row], "\(name) \(column) \(row)")
        }
      }
    }
  }

  @Test(.enabled(if: SharedData.isPresent("groceries"), "needs ../shared/data/groceries"))
  func groceries() throws {
    let table = try CSVReader(path: SharedData.path("groceries/groceries.csv"), options: baskets).read().table
    #expect(table.rowCount == 43_367)
    #expect(table["order"]?[43_366] == .integer(9_835))
  }

  private var baskets: CSVOptions {
    var options = CSVOptions()
    options.baskets = true
    return options
  }

  @Test(
    .enabled(if: SharedData.isPresent("superstore"), "needs the other sets of ../shared/data"),
    arguments: [
      ("superstore/Sample - Superstore.csv", 9_994), ("telco_churn/Telco-Customer-Churn.csv", 7_043),
      ("marketing_campaign/marketing_campaign.tsv", 2_240), ("sales_data_sample/sales_data_sample.csv", 2_823),
      ("complete_journey/transactions_sample.csv.gz", 75_000),
      ("wholesale_customers/Wholesale customers data.csv", 440),
      ("forecasting/example_retail_sales.csv", 293), ("holidays/public.csv", 2_846),
    ])
  func others(name: String, expected: Int) throws { #expect(try rows(name) == expected) }

  /// Each delimited file has as many rows as Python's csv module counts records.
  @Test(.enabled(if: SharedData.isPresent("superstore"), "needs the sets of ../shared/data"))
  func everyDelimitedFile() throws {
    let files = try SharedData.referenceLines("shared_rows.tsv")
    #expect(files.count > 100)
    for file in files where SharedData.isPresent(file[0]) {
      let (table, report) = try CSVReader(path: SharedData.path(file[0])).read()
      #expect(table.rowCount + (report.hasHeader ? 1 : 0) == Int(file[1]), "\(file[0])")
    }
  }
}
