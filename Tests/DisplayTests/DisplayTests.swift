import Charts
import Columnar
import Display
import MartletLanguage
import Testing

/// What a cell's outputs become.
@Suite struct DisplayTests {
  static let sales: Table = {
    let starts = (0..<3).map { CivilDate(days: CivilDate.days(year: 2010, month: 12, day: 1)).adding(months: $0) }
    return Table([
      (Field("period", .period(.month)), .period(starts, .month)),
      (Field("Country", .text), .text(["France <b>", nil, "東京"])),
      (Field("amount", .real, measure: .currency("£")), .real([9_747_748.25, 1.5, nil])),
      (Field("share", .real, measure: .percent), .real([0.334, 1, 0])),
      (Field("rate", .real), .real([1234.5, -0.25, 3])),
      (Field("p", .real, format: .pValue), .real([0.00001, 0.04321, 1])),
      (Field("orders", .integer, measure: .count), .integer([22_064, 1, 0] as [Int64])),
      (Field("CustomerID", .integer, measure: .identifier), .integer([17_850, 13_047, 12_583] as [Int64])),
      (Field("complete", .boolean), .boolean([true, true, false])),
    ])
  }()

  func bundles(_ output: Output, _ renderer: DisplayRenderer = DisplayRenderer()) -> [DisplayBundle] {
    renderer.messages(output).compactMap { if case .display(let bundle, _) = $0 { bundle } else { nil } }
  }

  @Test func cellsAreWrittenByTheirMeasure() {
    let view = TableView(Self.sales, rows: 20)
    #expect(
      view.rows == [
        ["Dec 2010", "France <b>", "£9,747,748", "33.4 %", "1,234.50", "<0.001", "22,064", "17850", "true"],
        ["Jan 2011", nil, "£2", "100.0 %", "-0.25", "0.043", "1", "13047", "true"],
        ["Feb 2011", "東京", nil, "0.0 %", "3.00", "1.000", "0", "12583", "false"],
      ])
    #expect(view.headings.map(\.isNumber) == [false, false, true, true, true, true, true, true, false])
    #expect(view.isPale == [false, false, true])
  }

  @Test func htmlIsEscapedAndSelfContained() {
    let html = HTMLTable.markup(TableView(Self.sales, rows: 20))
    #expect(html.contains("France &lt;b&gt;"))
    #expect(!html.contains("<style") && !html.contains("<script") && !html.contains("class="))
    #expect(html.contains("text-align:right"))
    #expect(html.contains("3 rows"))
    // A fixed colour of words would vanish on one of the two themes.
    #expect(!html.contains("color:#") && !html.contains(";color:"))
  }

  @Test func scriptsInDataStayText() {
    let table = Table([
      (Field("<img src=x onerror=alert(1)>", .text), .text(["<script>alert('x')</script>", "\" onmouseover=\"x"]))
    ])
    for bundle in bundles(
      .result(ResultOutput(title: "<i>", headline: "a<b", table: table, notes: [Note(.remark, "<u>")])))
    {
      let html = bundle["text/html"] ?? ""
      #expect(!html.contains("<script") && !html.contains("<img") && !html.contains("<i>") && !html.contains("<u>"))
      #expect(html.contains("&quot; onmouseover=&quot;x"))
    }
  }

  @Test func rowsAreCappedAndTheTrueCountIsSaid() {
    let many = Table([(Field("n", .integer), .integer((0..<397_884).map { Int64($0) }))])
    #expect(TableView(many, rows: 20).countLine == "20 of 397,884 rows")
    #expect(TableView(many, rows: 100_000).rows.count == 60)
    #expect(TableView(many, rows: -5).rows.isEmpty)
  }

  @Test func htmlStaysBelowItsLimit() {
    let text = String(repeating: "<", count: 240)
    let wide = Table(
      (0..<40).map { (Field("c\($0)", .text), Column.text([String?](repeating: text, count: 60))) })
    let html = HTMLTable.markup(TableView(wide, rows: 60))
    #expect(html.utf8.count <= HTMLTable.mostBytes)
    #expect(html.contains(" of 60 rows"))
  }

  @Test func textIsAlignedAlsoWithWideLetters() {
    let table = Table([
      (Field("city", .text), .text(["東京", "Paris"])), (Field("n", .integer), .integer([1, 12_345] as [Int64])),
    ])
    #expect(
      TextTable.markup(TableView(table, rows: 20)) == """
        city        n
        ─────  ──────
        東京        1
        Paris  12,345
        2 rows

        """)
  }

  @Test func latexIsEscaped() {
    let table = Table([(Field("a_b", .text), .text(["50% & $5 #1 {x} \\ ~ ^ <"]))])
    let latex = bundles(.result(ResultOutput(table: table)))[0]["text/latex"] ?? ""
    #expect(latex.contains("\\textbf{a\\_b}"))
    #expect(
      latex.contains(
        "50\\% \\& \\$5 \\#1 \\{x\\} \\textbackslash{} \\textasciitilde{} \\textasciicircum{} \\textless{}"))
  }

  @Test func aResultWithAChartIsThreeOutputsAtMost() throws {
    let chart = try Chart.column(Self.sales, x: "period", y: ["orders"], complete: "complete")
    let result = ResultOutput(
      title: "Orders", headline: "Orders fell.", chart: chart, table: Self.sales,
      appendices: [CaptionedTable("Log", Self.sales)], notes: [Note(.assumed, "customer = CustomerID")])
    let shown = bundles(.result(result))
    #expect(shown.count == 3)
    #expect(shown[0]["text/plain"] == "Orders\nOrders fell.")
    let types = shown[1].parts.map(\.type)
    #expect(types.first == "application/vnd.vegalite.v5+json")
    #expect(types.contains("image/png") == Rasterizer.isAvailable)
    #expect(types.last == "text/plain")
    #expect(!types.contains("text/html") && !types.contains("image/svg+xml"))
    #expect(shown[2]["text/plain"]?.hasSuffix("Assumed: customer = CustomerID") == true)
    #expect(shown.allSatisfy { $0["application/json"] == nil })
    if Rasterizer.isAvailable {
      #expect(shown[1].metadata.serialized.contains("\"alt\":\"Column chart of orders by period"))
      #expect(shown[1]["image/png"]?.hasPrefix("iVBORw0KGgo") == true)
    }
  }

  @Test func cardsAreWordsAndNeverVegaLite() throws {
    let chart = try Chart.cards([
      Card(label: "Revenue", value: "£9,747,748", change: "+12.3 %", trend: .better, history: [1, 3, 2])
    ])
    let bundle = ChartBundle.bundle(chart)
    #expect(bundle["application/vnd.vegalite.v5+json"] == nil)
    let html = try #require(bundle["text/html"])
    #expect(html.contains("£9,747,748") && html.contains("src=\"data:image/svg+xml;base64,"))
  }

  @Test func notesStandInOrderAndAreSaidOnce() {
    let notes = [
      Note(.leftOut, "135,080 rows without CustomerID (24.9 %)"), Note(.assumed, "a"), Note(.assumed, "b"),
      Note(.assumed, "a"), Note(.warning, "w"),
    ]
    #expect(
      NoteLine.lines(notes).map(\.plain) == [
        "Warning: w", "Assumed: a · b", "Left out: 135,080 rows without CustomerID (24.9 %)",
      ])
  }

  @Test func hiddenTableLeavesTheRest() {
    let result = ResultOutput(headline: "Seven rules.", table: Self.sales, rows: 0)
    #expect(bundles(.result(result)).map { $0["text/plain"] } == ["Seven rules."])
    #expect(bundles(.result(ResultOutput(table: Self.sales, rows: 0))).isEmpty)
  }

  @Test func progressReplacesItself() {
    let renderer = DisplayRenderer()
    let first = renderer.messages(.progress(Progress(id: 3, label: "Reading", fraction: 0.5)))
    let second = renderer.messages(.progress(Progress(id: 3, label: "Reading", fraction: .nan)))
    guard case .display(let bundle, let id?) = first.first, case .update(_, let again) = second.first else {
      Issue.record("a progress bar is displayed once and updated afterwards")
      return
    }
    #expect(id == again)
    #expect(bundle["text/plain"] == "Reading ████████████░░░░░░░░░░░░ 50 %")
  }

  @Test func valuesAreOneLine() {
    #expect(bundles(.value(.real(0.334), .percent))[0]["text/plain"] == "33.4 %")
    #expect(bundles(.value(.list([.integer(1), .text("a")]), .plain))[0]["text/plain"] == "[1, a]")
    #expect(
      bundles(.value(.duration(CalendarDuration(months: 3, days: 1)), .plain))[0]["text/plain"] == "3 months 1 day")
  }

  @Test func base64IsThatOfTheStandard() {
    // The test vectors of RFC 4648, section 10.
    let vectors = [
      "": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg==", "fooba": "Zm9vYmE=", "foobar": "Zm9vYmFy",
    ]
    for (plain, encoded) in vectors { #expect(Base64.encode(Array(plain.utf8)) == encoded) }
  }
}
