import Charts
import Columnar
import Testing

/// Every chart type once or more: the gallery is the test suite.
enum Gallery {
  struct Entry: Sendable, CustomTestStringConvertible {
    var name: String
    var make: @Sendable () throws -> Chart
    var testDescription: String { name }

    init(_ name: String, _ make: @escaping @Sendable () throws -> Chart) {
      self.name = name
      self.make = make
    }
  }

  static let all: [Entry] = [
    Entry("line") {
      try Chart.line(GalleryTables.days, x: "date", y: ["amount"]).titled("Daily revenue", subtitle: "one gap")
    },
    Entry("line-groups") {
      try Chart.line(GalleryTables.countries, x: "period", y: ["amount"], color: "Country").titled("Four countries")
    },
    Entry("line-columns-target") {
      try Chart.line(GalleryTables.months, x: "period", y: ["revenue", "cost"], complete: "complete", target: 800_000)
    },
    Entry("line-log") { try Chart.line(GalleryTables.months, x: "period", y: ["revenue"], log: true) },
    Entry("area") { try Chart.area(GalleryTables.months, x: "period", y: ["revenue"]) },
    Entry("area-stacked") { try Chart.area(GalleryTables.countries, x: "period", y: ["amount"], color: "Country") },
    Entry("bar") {
      try Chart.bar(GalleryTables.products, category: "Description", value: ["amount"], limit: 10, target: 100_000)
        .titled("Best sellers by revenue")
    },
    Entry("bar-negative") { try Chart.bar(GalleryTables.products, category: "Description", value: ["change"]) },
    Entry("bar-stacked") {
      try Chart.bar(GalleryTables.countries, category: "Country", value: ["amount"], color: "period", order: .given)
    },
    Entry("bar-pair") {
      try Chart.bar(GalleryTables.segments, category: "segment", value: ["amount_share", "churn_rate"], order: .given)
    },
    Entry("column") {
      try Chart.column(GalleryTables.months, x: "period", y: ["revenue"], complete: "complete").titled(
        "Revenue per month")
    },
    Entry("column-grouped") {
      try Chart.column(GalleryTables.countries, x: "period", y: ["amount"], color: "Country", stacked: false)
    },
    Entry("column-names") { try Chart.column(GalleryTables.products, x: "Description", y: ["amount"]) },
    Entry("scatter") {
      try Chart.scatter(GalleryTables.points, x: "units", y: "amount", color: "class", size: "stock")
        .titled("Products by units and revenue")
    },
    Entry("scatter-log") {
      try Chart.scatter(GalleryTables.points, x: "units", y: "amount", color: "stock", log: true)
    },
    Entry("histogram") { try Chart.histogram(GalleryTables.points, value: "amount") },
    Entry("box") { try Chart.box(GalleryTables.points, value: "amount", by: "class") },
    Entry("heatmap-cohort") {
      try Chart.heatmap(GalleryTables.cohorts, x: "period", y: "cohort", value: "retention", complete: "complete")
        .titled("Who comes back, by month of first purchase")
    },
    Entry("heatmap-correlation") {
      try Chart.heatmap(GalleryTables.correlations, x: "a", y: "b", value: "r", diverging: true)
    },
    Entry("pareto") {
      try Chart.pareto(GalleryTables.products, category: "Description", value: "amount", marks: [0.8, 0.95])
    },
    Entry("pareto-many") {
      try Chart.pareto(GalleryTables.points, category: "name", value: "amount", marks: [0.8, 0.95])
    },
    Entry("waterfall") {
      try Chart.waterfall(
        GalleryTables.products, category: "Description", change: "change", start: ("Last year", 60_000),
        end: "This year")
    },
    Entry("pie") { try Chart.pie(GalleryTables.products, category: "Description", value: "amount", limit: 6) },
    Entry("treemap") {
      try Chart.treemap(GalleryTables.products, category: "Description", value: "amount", color: "group")
    },
    Entry("cards") {
      try Chart.cards([
        Card(
          label: "Revenue", value: "£9,747,748", change: "+12.3 % vs Q3", trend: .better, history: [3, 4, 2, 5, 6, 8]),
        Card(label: "Orders", value: "22,064", change: "-4.0 % vs Q3", trend: .worse, history: [9, 7, 8, 6, 5, 5]),
        Card(label: "Customers", value: "4,372"),
        Card(label: "Order value", value: "£441.80", change: "0.0 %"),
      ]).titled("2011 Q4 to date")
    },
    Entry("intervals") {
      try Chart.intervals(
        GalleryTables.segments, category: "segment", value: "churn_rate", lower: "lower", upper: "upper")
    },
    Entry("intervals-points") {
      try Chart.intervals(
        GalleryTables.segments, category: "segment", value: "churn_rate", lower: "lower", upper: "upper",
        asPoints: true,
        target: 0.334)
    },
    Entry("fan") {
      try Chart.fan(
        [FanMetric(name: "amount", history: GalleryTables.history, forecast: GalleryTables.forecast)], level: 0.8)
    },
    Entry("fan-two") {
      try Chart.fan(
        ["amount", "orders"].map {
          FanMetric(name: $0, history: GalleryTables.history, forecast: GalleryTables.forecast)
        }, level: 0.8)
    },
    Entry("anomalies") {
      try Chart.anomalies(GalleryTables.days, x: "date", y: "amount", flag: "unusual", lower: "low", upper: "high")
    },
    Entry("profiles") { try Chart.profiles(GalleryTables.points) },
    Entry("profiles-dates") { try Chart.profiles(GalleryTables.days) },
    Entry("growth") {
      try Chart.growth(GalleryTables.months, period: "period", value: "revenue", growth: "growth", complete: "complete")
        .titled("Monthly revenue, United Kingdom")
    },
    Entry("quadrants") {
      try Chart.quadrants(GalleryTables.points, x: "units", y: "amount", xCut: 350, yCut: 4000, color: "class")
    },
    Entry("facets") {
      try Chart.facets(GalleryTables.countries, by: "Country") { table throws(ChartError) in
        try Chart.line(table, x: "period", y: ["amount"])
      }
    },
    Entry("panels") {
      try Chart.panels(
        ["revenue", "cost", "growth"].map { name throws(ChartError) in
          try Chart.line(GalleryTables.months, x: "period", y: [name]).titled(name)
        }, height: 90)
    },
  ]
}

extension GalleryTables {
  /// `days` with the names that a forecast's history has.
  static let history = Table([
    (Field("period", .date), days["date"] ?? .date([])),
    (Field("value", .real, measure: pounds), days["amount"] ?? .real([] as [Double])),
  ])
}
