import Columnar

/// A picture of a small table: panels of marks whose channels are mapped through scales.
///
/// A chart is a value that names no renderer. The same chart becomes a Vega-Lite specification, an SVG document,
/// a PNG image and a line of text, all with the same scales, ticks, labels and colours.
public struct Chart: Sendable {
  /// What kind of chart it is.
  public var kind: ChartKind
  /// The line above the chart.
  public var title: String?
  /// A smaller line below the title.
  public var subtitle: String?
  /// The plots, laid out row by row; there is at least one.
  public var panels: [Panel]
  /// How many panels stand in one row.
  public var panelsPerRow: Int
  /// How the values of the marks' colour channels become colours; nil when every mark has a fixed colour.
  public var color: ColorScale?
  /// What the picture shows, in one sentence, for readers who cannot see it.
  public var altText: String
  /// What was cut, added up or thinned out to draw the chart, in sentences for the notes of the result.
  public var notes: [String]
  /// The single numbers of a chart of cards, which a page can show as words instead of a picture.
  public var cards: [Card] = []

  /// Assembles a chart.
  public init(
    _ kind: ChartKind, title: String? = nil, subtitle: String? = nil, panels: [Panel], panelsPerRow: Int = 1,
    color: ColorScale? = nil, altText: String, notes: [String] = []
  ) {
    self.kind = kind
    self.title = title
    self.subtitle = subtitle
    self.panels = panels
    self.panelsPerRow = max(1, panelsPerRow)
    self.color = color
    self.altText = altText
    self.notes = notes
  }

  /// The same chart with another title; nil leaves it as it is.
  public func titled(_ title: String?, subtitle: String? = nil) -> Chart {
    var copy = self
    if let title { copy.title = title }
    if let subtitle { copy.subtitle = subtitle }
    return copy
  }
}

/// One plot: marks over a pair of axes.
public struct Panel: Sendable {
  /// The line above the plot, when a chart has several.
  public var title: String?
  /// The horizontal axis.
  public var x: Axis
  /// The vertical axis.
  public var y: Axis
  /// What is drawn, from back to front.
  public var marks: [Mark]
  /// The height of the plotting area in pixels.
  public var height: Double

  /// Assembles a panel.
  public init(title: String? = nil, x: Axis, y: Axis, marks: [Mark], height: Double = 280) {
    self.title = title
    self.x = x
    self.y = y
    self.marks = marks
    self.height = height
  }
}

/// The kinds of charts that the language knows.
public enum ChartKind: String, CaseIterable, Hashable, Sendable {
  case line, area, bar, column, scatter, histogram, box, heatmap, pareto, waterfall, pie, treemap, cards
  /// Bars with a lower and an upper end.
  case intervals
  /// History, forecast and the band around it.
  case fan
  /// A line with its unusual points marked.
  case anomalies
  /// One small histogram a column.
  case profiles
  /// Columns above the line of their growth.
  case growth
  /// A scatter plot cut into four named fields.
  case quadrants
  /// Several charts below or beside each other.
  case panels

  /// The kinds that the `chart` command can be asked for, in the order in which its help names them.
  public static let requestable: [ChartKind] = [
    .line, .area, .bar, .column, .scatter, .histogram, .box, .heatmap, .pareto, .waterfall, .pie, .treemap, .cards,
  ]
}

/// Why a chart cannot be drawn, as facts; the words are made where the cell is known.
public enum ChartError: Error, Hashable, Sendable {
  /// The table has no such column.
  case unknownColumn(String)
  /// The channel needs values of another type.
  case wrongType(channel: String, column: String, needs: String, is: String)
  /// The kind cannot be drawn without this channel.
  case missingChannel(kind: ChartKind, channel: String, needs: String)
  /// The kind has no such channel.
  case unusedChannel(kind: ChartKind, channel: String)
  /// There is no row with values in all channels.
  case noRows(kind: ChartKind)
  /// The kind shows parts of a whole, and these values are negative.
  case negativeValues(kind: ChartKind, column: String, rows: Int)
  /// A logarithmic axis has no place for zero and below.
  case notPositive(column: String, rows: Int)
  /// A column would need more panels or colours than a reader can tell apart.
  case tooManyGroups(channel: String, column: String, distinct: Int, limit: Int)
}
