import Analytics
import Charts
import Columnar
import Query

/// `anomalies amount per day`, `anomalies * method=iqr`.
package struct AnomaliesCommand: AnalysisCommand {
  package static let spec = CommandSpec(
    "anomalies", summary: "Finds unusual values in columns, or unusual periods of a series.",
    doc: """
      Without `per`, each value of a column is held against the others: `auto` takes the z-score 3 when |skewness| < 1, else 1.5 \
      interquartile ranges. With `per`, each period is held against its trend and season: the remainder of a robust \
      decomposition (STL) beyond 3.5 robust standard deviations. Without two seasons of history it is held against the median, \
      by the rule `mad`. The last period is left out when the data do not cover it. \
      Counts are of values, never of columns.
      """,
    subject: SubjectSpec(
      .measures, 1...100_000, placeholder: "COLUMN", doc: "Number columns, or measures with `per`.", star: true),
    clauses: [
      ClauseSpec(.by, .expressions, count: 1...3, placeholder: "GROUP", doc: "Each group has limits of its own."),
      ClauseSpec(.per, placeholder: "GRAIN", doc: "Look at a series of such periods."),
    ],
    options: [
      OptionSpec(
        "method", .word(["auto", "iqr", "zscore", "mad", "stl"]), default: "auto", doc: "The rule; stl needs `per`."),
      OptionSpec(
        "threshold", .number(0.1...1000),
        doc: "Interquartile ranges, or deviations; when left out 1.5, 3, and 3.5 for stl."),
      OptionSpec(
        "season", .either(["auto"], .integer(1...10_000)), default: "auto", doc: "Periods after which things repeat."),
      OptionSpec("date", .column(.date), doc: "The date column."),
    ],
    output: [
      OutputColumn("column", "The column or measure."), OutputColumn("value", "The unusual value."),
      OutputColumn("score", "How far it is from the middle, in the rule's scale."),
      OutputColumn("low", "The lower end of the usual values."), OutputColumn("high", "The upper end."),
      OutputColumn("direction", "high or low."),
    ],
    chart: "Bars of each column's share of unusual values; with `per`, the line with the unusual points marked.",
    examples: [
      Example("Unusual days.", "sales | anomalies amount per day"),
      Example("Unusual values of every number column, counted.", "sales | anomalies * method=iqr | summary"),
    ],
    searchWords: ["outliers", "unusual", "spikes", "detect"], synonyms: [.init("outliers", "R")])

  private let arguments: Arguments
  private let series: SeriesInput?
  private let columns: [ResolvedItem]
  private let groups: [ResolvedItem]
  package let output: TableInfo?

  package init(checking arguments: Arguments) throws(Diagnostic) {
    self.arguments = arguments
    let table = arguments.table
    if arguments.per != nil {
      let input = try SeriesInput(arguments)
      series = input
      columns = []
      groups = input.groups
      let fields = input.groups.map(\.field) + [input.period] + Self.resultFields(input.commonMeasure)
      output = TableInfo(name: table.name, schema: Schema(fields), summary: Self.summarySchema)
      return
    }
    series = nil
    if arguments.text("method") == "stl" {
      throw Diagnostic(
        "E345", "method=stl needs a series", at: arguments.range(of: "method"), hint: "add `per day`, or use method=mad"
      )
    }
    let chosen = try arguments.columns(.number)
    // Numbers that are labels have no unusual values.
    columns = chosen.filter { chosen.count == 1 || $0.field.measure != .identifier }
    groups = try arguments.items(.by)
    let measures = Set(columns.map(\.field.measure))
    let taken = Set(table.schema.names)
    let added = Self.resultFields(measures.count == 1 ? measures.first ?? .plain : .plain).map { field -> Field in
      var field = field
      if taken.contains(field.name) { field.name = "anomaly_\(field.name)" }
      return field
    }
    output = TableInfo(
      name: table.name, schema: Schema(table.schema.fields + added), setRoles: table.setRoles,
      summary: Self.summarySchema)
  }

  private static func resultFields(_ measure: Measure) -> [Field] {
    let unit = measure == .count ? .plain : measure
    return [
      Field("column", .text), Field("value", .real, measure: unit), Field("score", .real),
      Field("low", .real, measure: unit), Field("high", .real, measure: unit), Field("direction", .text),
    ]
  }

  private static let summarySchema = Schema([
    Field("table", .text), Field("column", .text), Field("method", .text), Field("rows", .integer, measure: .count),
    Field("anomalies", .integer, measure: .count), Field("rate", .real, measure: .percent), Field("low", .real),
    Field("high", .real), Field("samples", .text),
  ])

  package func analyse(_ input: Relation, _ context: CommandContext) throws -> AnalysisResult {
    try explaining(arguments) {
      if let series { return try analyse(series, input, context) }
      return try analyseColumns(input, context)
    }
  }

  private static func table(_ schema: Schema, _ rows: [[Value]]) -> Table {
    Table(
      schema: schema,
      columns: schema.fields.enumerated().map { place, field in Column.of(field.type, rows.map { $0[place] }) })
  }

  // MARK: A series

  private func analyse(_ input: SeriesInput, _ relation: Relation, _ context: CommandContext) throws -> AnalysisResult {
    let (byMeasure, _) = try input.series(relation, context)
    var rows: [[Value]] = []
    var summary: [[Value]] = []
    var shown: [[Value]] = []
    var notes = input.notes(byMeasure)
    var total = 0
    var unseasoned = 0
    let word = arguments.text("method") ?? "auto"
    let method = word == "auto" ? OutlierRule.Method.stl : OutlierRule.Method(rawValue: word) ?? .stl
    for (measure, all) in zip(input.measures, byMeasure) {
      for series in all {
        try context.cancellation.check()
        let y = series.completeValues
        let rule = OutlierRule(method, threshold: arguments.real("threshold"))
        let season = arguments.integer("season") ?? RegularSeries.seasons(input.grain).first ?? 1
        let rest = series.restDays
        let atRest = series.periods.prefix(y.count).map { rest.contains($0.isoWeekday) }
        let trend = OutlierRule.trendSpan(input.grain)
        guard let found = SeriesOutliers(y, season: season, trend: trend, rule: rule, atRest: atRest) else { continue }
        if method == .stl, found.season == 1 { unseasoned += 1 }
        let name = input.name(measure, series)
        // The strongest first in the samples; the rows stay in the order of time.
        let unusual = y.indices.filter { found.isUnusual[$0] }
        for i in unusual {
          rows.append(
            series.group + [
              .period(Period(input.grain, containing: series.periods[i])), .text(measure.name), .real(y[i]),
              .real(found.scores[i]), .real(found.low[i]), .real(found.high[i]),
              .text(y[i] > found.expected[i] ? "high" : "low"),
            ])
        }
        for i in y.indices {
          shown.append([
            .text(name), .period(Period(input.grain, containing: series.periods[i])), .real(y[i]), .real(found.low[i]),
            .real(found.high[i]), .boolean(found.isUnusual[i]),
          ])
        }
        let samples = unusual.sorted { abs(found.scores[$0]) > abs(found.scores[$1]) }.prefix(3).map {
          "\(Period(input.grain, containing: series.periods[$0])): \(NumberWords.amount(y[$0], measure.field.measure))"
        }
        total += unusual.count
        let label =
          found.season > 1
          ? "\(method.rawValue) (season \(found.season))"
          : found.season == 1 && method == .stl ? "mad" : method.rawValue
        summary.append([
          .text(relation.info.name), .text(name), .text(label), .integer(Int64(y.count)),
          .integer(Int64(unusual.count)),
          .real(Double(unusual.count) / Double(max(1, y.count))), .missing, .missing,
          samples.isEmpty ? .missing : .text(samples.joined(separator: "; ")),
        ])
      }
    }
    guard !summary.isEmpty else {
      throw Diagnostic(
        "E516", "`anomalies` finds fewer than 3 complete \(input.grain.rawValue)s", at: arguments.range,
        hint: "use a shorter period, such as per day")
    }
    if unseasoned > 0 {
      notes.append(Note(.assumed, "no season, or fewer than two of it, in the history: held against the median"))
    }
    let looked = summary.reduce(0) { if case .integer(let n) = $1[3] { $0 + Int(n) } else { $0 } }
    // What had no season was judged by another rule.
    var used: [OutlierRule.Method] = unseasoned < summary.count ? [method] : []
    if unseasoned > 0 { used.append(.mad) }
    for method in used {
      notes.append(Note(.definition, AnomalyNarrative.definition(method, arguments.real("threshold"))))
    }
    let plot = Self.table(
      Schema([
        Field("series", .text), input.period, Field("value", .real, measure: input.commonMeasure), Field("low", .real),
        Field("high", .real), Field("unusual", .boolean),
      ]), shown)
    let isSplit = summary.count > 1
    let chart = DefaultChart { () throws(ChartError) in
      try Chart.anomalies(
        plot, x: "period", y: "value", flag: "unusual", lower: "low", upper: "high", by: isSplit ? "series" : nil)
    }
    let detail = Self.table(output?.schema ?? Schema([]), rows)
    return AnalysisResult(
      detail, summary: Self.table(Self.summarySchema, summary),
      headline: AnomalyNarrative.series(unusual: total, of: looked, grain: input.grain, names: summary.count),
      chart: chart,
      notes: notes, appendices: rows.isEmpty ? [] : [CaptionedTable("Unusual \(input.grain.rawValue)s", detail)])
  }

  // MARK: Columns

  private func analyseColumns(_ input: Relation, _ context: CommandContext) throws -> AnalysisResult {
    let table = try context.run(input.plan)
    let groupOf = try groupNumbers(table, input, context)
    let word = arguments.text("method") ?? "auto"
    let threshold = arguments.real("threshold")
    let rule = OutlierRule.Method(rawValue: word).map { OutlierRule($0, threshold: threshold) }
    let found = columns.compactMap { item in table[item.name].map { (item: item, column: $0) } }
    let scans = ColumnOutliers.scan(
      found.map(\.column), groups: groupOf?.numbers, groupCount: groupOf?.count ?? 1, rule: rule, threshold: threshold,
      context.cancellation)
    try context.cancellation.check()
    var summary: [[Value]] = []
    for ((item, _), scan) in zip(found, scans) {
      let isOne = scan.limits.count == 1
      let only = isOne ? scan.limits[0] : nil
      let samples = scan.samples.map { NumberWords.amount($0, item.field.measure) }
      summary.append([
        .text(input.info.name), .text(item.name), .text(scan.rule.method.rawValue), .integer(Int64(scan.presentCount)),
        .integer(Int64(scan.unusualCount)), .real(Double(scan.unusualCount) / Double(max(1, scan.presentCount))),
        only.map { .real($0.low) } ?? .missing, only.map { .real($0.high) } ?? .missing,
        samples.isEmpty ? .missing : .text(samples.joined(separator: "; ")),
      ])
    }
    let detail = UnusualRows(
      table, zip(found, scans).map { ($0.item.name, $1) }, schema: output?.schema ?? Schema([]))
    let methods = Set(scans.map(\.rule.method))
    let withGaps = scans.count { $0.presentCount < table.rowCount }
    let unusual = scans.count { $0.unusualCount > 0 }
    var notes: [Note] = []
    if word == "auto" { notes.append(Note(.assumed, "method by shape: zscore when |skewness| < 1, else iqr")) }
    if withGaps > 0 { notes.append(Note(.leftOut, "missing values of \(Words.count(withGaps, "column"))")) }
    for method in methods.sorted(by: { $0.rawValue < $1.rawValue }) {
      notes.append(Note(.definition, AnomalyNarrative.definition(method, threshold)))
    }
    let counts = Self.table(Self.summarySchema, summary)
    let chart = DefaultChart { () throws(ChartError) in try Chart.bar(counts, category: "column", value: ["rate"]) }
    return AnalysisResult(
      .scan(detail, detail.schema, name: input.info.name), summary: counts,
      headline: AnomalyNarrative.columns(
        unusual: scans.reduce(0) { $0 + $1.unusualCount }, columns: unusual, of: columns.count),
      chart: chart, notes: notes)
  }

  /// A number for each row's group; nil without groups.
  private func groupNumbers(_ table: Table, _ input: Relation, _ context: CommandContext) throws
    -> (numbers: [Int], count: Int)?
  {
    guard !groups.isEmpty else { return nil }
    let keys = try context.run(.project(.table(table, name: input.info.name), groups.map(\.named)))
    return KeyCodes.numbers(keys.columns)
  }
}
