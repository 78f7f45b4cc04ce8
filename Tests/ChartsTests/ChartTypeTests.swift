import Charts
import Columnar
import Testing

/// What charts refuse, add up, cut and say.
@Suite struct ChartTypeTests {
  let empty = Table([(Field("name", .text), .text([])), (Field("value", .real), .real([] as [Double]))])

  @Test func unknownColumnIsNamed() {
    #expect(throws: ChartError.unknownColumn("Amuont")) {
      try Chart.bar(GalleryTables.products, category: "Description", value: ["Amuont"])
    }
  }

  @Test func textHasNoLength() {
    #expect(throws: ChartError.wrongType(channel: "x", column: "group", needs: "number", is: "text")) {
      try Chart.bar(GalleryTables.products, category: "Description", value: ["group"])
    }
  }

  @Test func emptyTableIsAnErrorAndNotAnEmptyPlot() {
    #expect(throws: ChartError.noRows(kind: .bar)) { try Chart.bar(empty, category: "name", value: ["value"]) }
    #expect(throws: ChartError.noRows(kind: .histogram)) { try Chart.histogram(empty, value: "value") }
    #expect(throws: ChartError.noRows(kind: .heatmap)) {
      try Chart.heatmap(empty, x: "name", y: "name", value: "value")
    }
    #expect(throws: ChartError.noRows(kind: .cards)) { try Chart.cards([]) }
  }

  @Test func partsOfAWholeCannotBeNegative() {
    #expect(throws: ChartError.negativeValues(kind: .pie, column: "change", rows: 7)) {
      try Chart.pie(GalleryTables.products, category: "Description", value: "change")
    }
  }

  @Test func logarithmOfZeroIsRefused() {
    let table = Table([(Field("x", .real), .real([1, 2, 3])), (Field("y", .real), .real([0.0, 5, -1]))])
    #expect(throws: ChartError.notPositive(column: "y", rows: 2)) { try Chart.line(table, x: "x", y: ["y"], log: true) }
  }

  @Test func moreGroupsThanColoursAreRefused() {
    let names: [String?] = (0..<13).map { "g\($0)" }
    let table = Table([
      (Field("x", .real), .real(names.indices.map { Double($0) })), (Field("g", .text), .text(names)),
    ])
    #expect(throws: ChartError.tooManyGroups(channel: "color", column: "g", distinct: 13, limit: 12)) {
      try Chart.line(table, x: "x", y: ["x"], color: "g")
    }
  }

  @Test func repeatedCategoriesAreAddedUpAndSaidSo() throws {
    let table = Table([
      (Field("name", .text), .text(["a", "b", "a", nil])), (Field("value", .real), .real([1, 2, 4, 0.5])),
    ])
    let chart = try Chart.bar(table, category: "name", value: ["value"])
    #expect(chart.notes == ["value of rows with the same name are added up in the chart"])
    #expect(chart.plainText.contains("a         ████████████████████████ 5.00"))
    #expect(chart.plainText.contains("(missing)"))
  }

  @Test func cutBarsAreCounted() throws {
    let chart = try Chart.bar(GalleryTables.products, category: "Description", value: ["amount"], limit: 3)
    #expect(chart.notes == ["the chart draws the 3 largest of 15 Description"])
  }

  @Test func longLinesKeepTheirExtremes() throws {
    let count = 20_000
    let values = (0..<count).map { $0 == 7777 ? 500.0 : $0 == 12_345 ? -500 : Double($0 % 10) }
    let table = Table([
      (Field("x", .real), .real((0..<count).map { Double($0) })), (Field("y", .real), .real(values)),
    ])
    let chart = try Chart.line(table, x: "x", y: ["y"])
    let line = try #require(chart.panels[0].marks.first { $0.shape == .line })
    let drawn = (0..<line.count).compactMap { line.y?.number($0) }
    #expect(drawn.count <= 1600)
    #expect(drawn.max() == 500)
    #expect(drawn.min() == -500)
    #expect(chart.notes.first?.contains("of 20,000 points") == true)
  }

  @Test func histogramCountsEveryValueOrSaysHowManyItLeavesOut() throws {
    let values = (0..<1000).map { Double($0 % 50) } + [1_000_000, -1_000_000]
    let table = Table([(Field("v", .real), .real(values))])
    let chart = try Chart.histogram(table, value: "v")
    let bars = try #require(chart.panels[0].marks.first)
    let counted = (0..<bars.count).compactMap { bars.y?.number($0) }.reduce(0, +)
    #expect(counted == 1000)
    #expect(chart.notes == ["2 of 1,002 values of v lie outside of 0 to 50 and are not drawn"])
  }

  @Test func boxHasTukeysFences() throws {
    // numpy.percentile([1,2,3,4,5,6,7,8,9,40], [25, 50, 75]) = 3.25, 5.5, 7.75; fences -3.5 and 14.5.
    let table = Table([(Field("v", .real), .real([1, 2, 3, 4, 5, 6, 7, 8, 9, 40]))])
    let chart = try Chart.box(table, value: "v")
    let tip = try #require(chart.panels[0].marks.first).tooltip.map { $0.text(0) }
    #expect(
      tip == ["v", "9.00", "7.75", "5.50", "3.25", "1.00", "10"], "quartiles need decimals that the values do not")
    let points = try #require(chart.panels[0].marks.first { $0.shape == .point })
    #expect(points.y?.number(0) == 40)
    #expect(points.count == 1)
  }

  @Test func treemapAreasAreShares() throws {
    // The example of the paper: areas 6, 6, 4, 3, 2, 2, 1 of 24.
    let sizes: [Double] = [6, 6, 4, 3, 2, 2, 1]
    let table = Table([
      (Field("n", .text), .text(sizes.indices.map { "n\($0)" })), (Field("v", .real), .real(sizes)),
    ])
    let bars = try #require(try Chart.treemap(table, category: "n", value: "v").panels[0].marks.first)
    for (row, size) in sizes.enumerated() {
      let width = try #require(bars.x2?.number(row)) - #require(bars.x?.number(row))
      let height = try #require(bars.y?.number(row)) - #require(bars.y2?.number(row))
      #expect(abs(width * height - size / 24) < 1e-12)
    }
  }

  @Test func heatmapColoursIgnoreUnfinishedCells() throws {
    let chart = try Chart.heatmap(
      GalleryTables.cohorts, x: "period", y: "cohort", value: "retention", complete: "complete")
    guard case .sequential(let range)? = chart.color?.kind else {
      Issue.record("a heatmap has a sequential scale")
      return
    }
    // Unfinished cells are near 0.14, and the first period is 1 by definition.
    #expect(range.lowerBound > 0.25)
    #expect(range.upperBound < 0.5)
  }

  @Test func wordsOfTheDataCannotBecomeMarkup() throws {
    let names: [String?] = ["<script>alert(1)</script>", "a & \"b\"", "]]>"]
    let table = Table([(Field("n", .text), .text(names)), (Field("v", .real), .real([3, 2, 1]))])
    let chart = try Chart.bar(table, category: "n", value: ["v"]).titled("</title><script>")
    #expect(!chart.svg().contains("<script"))
    #expect(!chart.vegaLite.contains("<"))
    #expect(chart.svg().contains("a &amp; &quot;b&quot;"))
  }

  @Test func pngIsAnImageOfTheStatedSize() throws {
    guard Rasterizer.isAvailable else {
      #expect(throws: RasterError.self) { try Gallery.all[0].make().png() }
      return
    }
    let chart = try Gallery.all[0].make()
    let image = try chart.png(scale: 2)
    #expect(image.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
    let width = image[16..<20].reduce(0) { $0 << 8 | Int($1) }
    let height = image[20..<24].reduce(0) { $0 << 8 | Int($1) }
    #expect(width == Int((chart.pictureSize.width * 2).rounded()))
    #expect(height == Int((chart.pictureSize.height * 2).rounded()))
  }

  @Test func oneRowIsDrawn() throws {
    let table = Table([
      (Field("period", .period(.month)), .period([GalleryTables.day(2011, 1, 1)], .month)),
      (Field("v", .real), .real([0.0])),
    ])
    for chart in [
      try Chart.line(table, x: "period", y: ["v"]), try Chart.column(table, x: "period", y: ["v"]),
      try Chart.area(table, x: "period", y: ["v"]), try Chart.histogram(table, value: "v"),
      try Chart.box(table, value: "v"), try Chart.scatter(table, x: "period", y: "v"),
    ] {
      let svg = chart.svg()
      #expect(svg.hasSuffix("</svg>\n"))
      #expect(!svg.contains("nan") && !svg.contains("inf"))
    }
  }
}
