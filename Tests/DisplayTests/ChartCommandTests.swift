import Charts
import Columnar
import Display
import MartletLanguage
import Testing

/// The `chart` command, and the charts that commands have without it.
@Suite struct ChartCommandTests {
  let cells = Cells()

  @Test func countsAreBarsAndPeriodsAreLines() throws {
    #expect(try #require(cells.result("sales | count by country")).chart?.kind == .bar)
    let line = try #require(cells.result("sales | summarize revenue = sum(amount), units = sum(quantity) per month"))
    #expect(line.chart?.kind == .line)
    #expect(line.chart?.panels.first?.y.title == "revenue (£)")
    #expect(try #require(cells.result("sales | count")).chart == nil)
  }

  @Test func aChartIsWhatWasAskedFor() throws {
    let pie = try #require(cells.result("sales | count by country | chart pie title=\"Where\""))
    #expect(pie.chart?.kind == .pie)
    #expect(pie.chart?.title == "Where")
    #expect(try #require(cells.result("sales | count by country | chart none")).chart == nil)
    let histogram = try #require(cells.result("sales | chart histogram x=price"))
    #expect(histogram.chart?.panels.first?.x.title == "price (£)")
  }

  @Test func channelsThatAreLeftOutAreFilledInByType() throws {
    let columns = try #require(
      cells.result("sales | summarize revenue = sum(amount) per quarter | chart column"))
    #expect(columns.chart?.altText.hasPrefix("Column chart of revenue (£) by period") == true)
    let bars = try #require(cells.result("sales | count by country | chart bar x=country y=share"))
    #expect(bars.chart?.altText.hasPrefix("Bar chart of share by country") == true)
  }

  @Test func severalColumnsBecomeColours() throws {
    let chart = try #require(
      cells.result("sales | summarize a = sum(amount), b = sum(price) per month | chart line y=[a, b]")?.chart)
    guard case .ordinal(let entries)? = chart.color?.kind else {
      Issue.record("two columns have two colours")
      return
    }
    #expect(entries.map(\.category) == ["a (£)", "b (£)"])
  }

  @Test func theDisplayedSummaryIsDrawnUnlessTheRowsAreMeant() throws {
    let summary = try #require(cells.result("sales | segment rfm | chart column x=segment y=customers"))
    #expect(summary.chart?.altText.contains("by segment") == true)
    let detail = try #require(cells.result("sales | segment rfm | chart scatter x=recency_days y=orders color=segment"))
    #expect(detail.chart?.altText.hasPrefix("Scatter plot of orders against recency days") == true)
  }

  @Test func aChartThatWasAskedForOutlivesLaterCommands() throws {
    let result = try #require(
      cells.result("sales | summarize revenue = sum(amount) by country | chart bar | sort revenue desc | take 3"))
    let marks = try #require(result.chart?.panels.first?.marks.first)
    #expect(marks.count == 3)
  }

  @Test func aNamedTableKeepsItsChart() throws {
    let result = try #require(cells.result("byCountry = sales | count by country | chart pie\nbyCountry"))
    #expect(result.chart?.kind == .pie)
  }

  @Test func impossibleMappingsAreFoundBeforeAnythingRuns() {
    #expect(cells.faults("sales | count by country | chart line x=country y=count") == ["E331"])
    #expect(cells.faults("sales | count by country | chart histogram x=country") == ["E331"])
    #expect(cells.faults("sales | select country | chart bar") == ["E332"])
    #expect(cells.faults("sales | count by country | chart pie target=3") == ["E335"])
    #expect(cells.faults("sales | count by country | chart bar y=cuontry") == ["E101"])
    #expect(cells.faults("sales | count by country | chart pei") == ["E125"])
    #expect(
      cells.faults(
        "sales | summarize a = sum(price), b = sum(price) by country per month | chart line y=[a, b] color=country")
        == ["E333"])
  }

  @Test func whatOnlyTheRowsShowIsSaidToo() {
    #expect(cells.faults("sales | where price < 0 | chart histogram x=price") == ["E521"])
    #expect(cells.faults("sales | chart scatter x=quantity y=price log=true") == ["E523"])
    #expect(cells.faults("sales | chart line x=date y=price color=product") == ["E524"])
    #expect(cells.faults("sales | take 100 | add minus = 0 - price | chart pie x=country y=minus") == ["E522"])
  }

  @Test func everyKindThatCanBeAskedForIsDrawnInAllForms() throws {
    for kind in ChartKind.requestable {
      let cell =
        "sales | summarize revenue = sum(price), units = count() by country per quarter | chart \(kind.rawValue)"
      let result = try #require(cells.result(cell), "\(kind)")
      let chart = try #require(result.chart, "\(kind)")
      #expect(chart.kind == kind)
      let shown = DisplayRenderer().messages(.result(result))
      #expect((2...3).contains(shown.count), "\(kind)")
    }
  }
}
