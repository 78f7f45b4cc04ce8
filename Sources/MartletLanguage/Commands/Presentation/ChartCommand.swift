import Charts
import Columnar

/// Says which chart is drawn above the table.
struct ChartCommand: Command {
  static let spec = CommandSpec(
    "chart",
    summary: "Says which chart is drawn above the table.",
    doc: """
      The chart shows what is displayed: the summary of an analysis that has one, unless a column is named that only the \
      rows have. Channels that are left out are filled from the columns' types, in the order of the columns; a mapping that \
      is impossible is an error and never an empty plot. Rows that a column `complete` calls unfinished are drawn \
      dashed. Bars and columns add up rows with the same category, and the note says so. `chart none` draws nothing.
      """,
    subject: SubjectSpec(
      .words(ChartKind.requestable.map(\.rawValue) + ["none"]), 1...1, placeholder: "KIND", doc: "The kind of chart."),
    options: [
      OptionSpec("x", .shown(.any), doc: "Across: dates, periods, numbers or categories."),
      OptionSpec("y", .shown(.any), doc: "Upwards: one number column, or several for lines, areas, bars and columns."),
      OptionSpec("color", .shown(.any), doc: "One colour for each value; for a heatmap the number that is shown."),
      OptionSpec("size", .shown(.number), doc: "The areas of a scatter plot's points."),
      OptionSpec("facet", .shown(.any), doc: "One panel for each value, at most twelve."),
      OptionSpec("labels", .shown(.any), doc: "Words beside the points of a scatter plot."),
      OptionSpec("title", .text, doc: "The line above the chart."),
      OptionSpec("log", .flag, default: "false", doc: "Logarithmic number axes of a line, scatter or box plot."),
      OptionSpec(
        "stacked", .flag, doc: "Whether the colours of bars and columns continue each other; true by default."),
      OptionSpec(
        "order", .word(ChartOrder.allCases.map(\.rawValue)),
        doc: "The order of bars and columns: descending by default for bars, as given for columns."),
      OptionSpec("target", .number(-1e15...1e15), doc: "A value that a dashed line marks in lines, bars and columns."),
    ],
    examples: [
      Example(
        "Columns with a title.",
        "sales | summarize revenue = sum(amount) per month | chart column title=\"Revenue per month\""),
      Example(
        "One line a country.",
        "sales | summarize revenue = sum(amount) by country per month | chart line x=period y=revenue color=country"),
      Example("The table alone.", "sales | count by country | chart none"),
    ],
    searchWords: ["plot", "graph", "picture", "visualize", "diagram"],
    synonyms: [.init("render", "KQL"), .init("plot", "pandas"), .init("graph", "Stata"), .init("ggplot", "R")])

  let output: TableInfo?
  private let request: ChartRequest

  /// The options that each kind understands, beside the title.
  static func channels(of kind: ChartKind) -> Set<String> {
    switch kind {
    case .line: ["x", "y", "color", "facet", "log", "target"]
    case .area: ["x", "y", "color", "facet"]
    case .bar, .column: ["x", "y", "color", "facet", "stacked", "order", "target"]
    case .scatter: ["x", "y", "color", "size", "labels", "facet", "log"]
    case .histogram: ["x", "y", "facet"]
    case .box: ["x", "y", "facet", "log"]
    case .heatmap, .treemap: ["x", "y", "color"]
    case .pareto, .waterfall, .pie, .cards: ["x", "y"]
    case .intervals, .fan, .anomalies, .profiles, .growth, .quadrants, .panels: []
    }
  }

  init(checking arguments: Arguments) throws(Diagnostic) {
    output = arguments.table
    let word = try arguments.labels().first ?? ""
    var request = ChartRequest(ChartKind(rawValue: word))
    request.range = arguments.syntax.items.first?.range ?? arguments.range
    request.title = arguments.text("title")
    guard let kind = request.kind else {
      self.request = request
      return
    }
    let known = ChartCommand.channels(of: kind)
    for option in arguments.syntax.options where option.name.text != "title" {
      guard known.contains(option.name.text) else {
        throw .chartChannel(option.name.text, kind: kind, known: known.sorted(), at: option.name.range)
      }
    }
    request.mapping = ChartMapping(
      x: arguments.texts("x"), y: arguments.texts("y"), color: arguments.texts("color").first,
      size: arguments.texts("size").first, labels: arguments.texts("labels").first,
      facet: arguments.texts("facet").first, log: arguments.flag("log"),
      stacked: arguments.isGiven("stacked") ? arguments.flag("stacked") : nil,
      order: arguments.text("order").flatMap(ChartOrder.init(rawValue:)), target: arguments.real("target"))
    let named = ["x", "y", "color", "size", "labels", "facet"].flatMap { arguments.texts($0) }
    let summary = arguments.table.summary
    request.drawsDetail = summary.map { schema in !named.allSatisfy { schema[$0] != nil } } ?? false
    let schema = request.drawsDetail ? arguments.table.schema : summary ?? arguments.table.schema
    if let stray = named.first(where: { schema[$0] == nil }) {
      throw .chartAcrossTables(stray, at: arguments.range)
    }
    self.request = request
    try check(kind, schema, arguments)
  }

  /// Finds mappings that no rows could make possible, before anything runs.
  private func check(_ kind: ChartKind, _ schema: Schema, _ arguments: Arguments) throws(Diagnostic) {
    let range = arguments.syntax.items.first?.range ?? arguments.range
    do {
      let mapping = try request.mapping.completed(for: kind, schema)
      // A table of no rows has all types; that it has no rows is the one fault that does not count here.
      let empty = Table(schema: schema, columns: schema.fields.map { Column.of($0.type, []) })
      _ = try ChartDrawing(kind, mapping, empty).chart()
    } catch {
      if case .noRows = error { return }
      throw .chart(error, kind: kind, at: ChartCommand.range(of: error, arguments) ?? range)
    }
  }

  /// The option that a fault is about.
  private static func range(of error: ChartError, _ arguments: Arguments) -> SourceRange? {
    let column: String? =
      switch error {
      case .wrongType(_, let column, _, _), .unknownColumn(let column): column
      default: nil
      }
    guard let column else { return nil }
    return ["x", "y", "color", "size", "labels", "facet"].first { arguments.texts($0).contains(column) }
      .map { arguments.range(of: $0) }
  }

  func run(_ flow: Flow, _ context: CommandContext) throws -> Flow {
    var next = flow
    // A default chart of this kind knows more about its analysis than the table says, so it stays.
    if let kind = request.kind, request.mapping.named.isEmpty, let chart = flow.presentation.chart?.chart,
      chart.kind == kind
    {
      next.presentation.chart = DefaultChart(made: chart.titled(request.title))
      return next
    }
    next.presentation.chart = nil
    next.presentation.request = request
    return next
  }
}
