import Columnar
import MartletLanguage
import Testing

/// The erroneous cells of the language page, and the exact text that each must give.
struct ErroneousCellTests {
  private func expect(_ cell: String, _ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(Session.small().faults(cell) == text, sourceLocation: sourceLocation)
  }

  @Test func x1UnknownColumn() {
    expect(
      "sales\n| where Quantty > 0",
      """
      error E101: `sales` has no column `Quantty`
        2 | | where Quantty > 0
          |         ^^^^^^^ did you mean `Quantity`?
        columns: InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID, Country
      """)
  }

  @Test func x2UnknownCommand() {
    expect(
      "sales | forcast amount for 7 days",
      """
      error E102: there is no command `forcast`
        1 | sales | forcast amount for 7 days
          |         ^^^^^^^ did you mean `forecast`?
        fix: sales | forecast amount per day for 7 days
      """)
  }

  @Test func x3OtherLanguagesVerb() {
    expect(
      "sales | project InvoiceNo, amount",
      """
      error E103: `project` is KQL; Martlet says `select`
        1 | sales | project InvoiceNo, amount
          |         ^^^^^^^
        fix: sales | select InvoiceNo, amount
      """)
  }

  @Test func x4UnknownOption() {
    expect(
      "sales | basket Description by InvoiceNo min_support=1%",
      """
      error E104: `basket` has no option `min_support`
        1 | sales | basket Description by InvoiceNo min_support=1%
          |                                         ^^^^^^^^^^^ did you mean `support`?   options: support confidence lift max_items max_basket top
      """)
  }

  @Test func x5OpenText() {
    expect(
      "sales | where Country = \"France",
      """
      error E201: this text is never closed
        1 | sales | where Country = "France
          |                         ^ add a closing " before the end of the line
      """)
  }

  @Test func x6TextWithoutQuotes() {
    expect(
      "sales | where Country = France",
      """
      error E105: `France` is not a column, parameter or role
        1 | sales | where Country = France
          |                         ^^^^^^ text needs quotes: Country = "France" (that value occurs in 2 rows)
      """)
  }

  @Test func x7NumberComparedWithText() {
    expect(
      "sales | where CustomerID = \"17850\"",
      """
      error E301: `CustomerID` is a number, `"17850"` is text
        1 | sales | where CustomerID = "17850"
          |                            ^^^^^^^ drop the quotes, or `convert CustomerID = text` if IDs are labels
      """)
  }

  @Test func x8NoDate() {
    expect(
      "customer_profiles | forecast employee_count for 7 days",
      """
      error E401: `forecast` needs a date column and `customer_profiles` has none
        1 | customer_profiles | forecast employee_count for 7 days
          |                     ^^^^^^^^ rows here are customers, not days; row order is not time. Tables with a date: sales (InvoiceDate)
      """)
  }

  @Test func x9TwoDates() {
    expect(
      "sales_transactions | summarize total = sum(net_amount) per month",
      """
      error E402: two columns could be the date: `order_date`, `ship_date`
        1 | sales_transactions | summarize total = sum(net_amount) per month
          |                      ^^^^^^^^^ say which
        fix: sales_transactions | summarize total = sum(net_amount) per month date=order_date
      """)
  }

  @Test func x10AggregateInWhere() {
    expect(
      "sales | where sum(amount) > 1000",
      """
      error E302: `sum` needs many rows, but `where` looks at one row at a time
        1 | sales | where sum(amount) > 1000
          |               ^^^^^^^^^^^ total first, then filter
        fix: sales | summarize total = sum(amount) by CustomerID | where total > 1000
      """)
  }

  @Test func x11ShareAboveOne() {
    expect(
      "sales | basket Description by InvoiceNo confidence=60",
      """
      error E303: confidence must lie between 0 % and 100 %; 60 means 6,000 %
        1 | sales | basket Description by InvoiceNo confidence=60
          |                                                    ^^ write 60% or 0.6
      """)
  }

  @Test func x13UsesItsSibling() {
    expect(
      "sales | add net = amount * 0.8, tax = net * 0.2",
      """
      error E106: `net` is being made in this same `add`; all items see the table as it came in
        1 | sales | add net = amount * 0.8, tax = net * 0.2
          |                                       ^^^ use a second step: add net = amount * 0.8 | add tax = net * 0.2
      """)
  }

  @Test func x14ColumnAndParameter() {
    expect(
      "param Country = \"France\"\nsales | where Country = Country",
      """
      error E107: `Country` is both a column of `sales` and a parameter, so this compares the column with itself
        2 | sales | where Country = Country
          |                         ^^^^^^^ write param.Country, or rename the parameter (param country = …)
      """)
  }

  @Test func noMoreThanThreeAreShown() {
    let text = Session.small().faults(
      "sales | where a > 1\nsales | where b > 1\nsales | where c > 1\nsales | where d > 1")
    #expect(text.components(of: "error E").count == 3)
  }

  @Test func whatFollowsAFaultyTableIsNotReportedAgain() {
    let text = Session.small().faults(
      "good = sales | wher Quantity > 0\ngood | count by Country\nbetter = good | take 5\nbetter | take 1")
    #expect(text.components(of: "error E").count == 1)
  }
}

extension String {
  /// The places where a piece stands.
  func components(of piece: String) -> [Range<String.Index>] { ranges(of: piece) }
}
