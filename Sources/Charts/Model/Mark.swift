/// The primitive shapes; every chart is composed of these.
public enum MarkShape: String, Hashable, Sendable {
  /// A rectangle: over the whole band of a category, between `x` and `x2`, or from the zero line to `y`.
  case bar
  /// Points of one colour value joined in row order; a missing value breaks the line.
  case line
  /// The space between `y` and `y2`, or the zero line.
  case area
  /// A disc, whose area is in proportion to `size`.
  case point
  /// A straight line: from (`x`, `y`) to (`x2`, `y2`); through the whole plot where one dimension has no channel.
  case rule
  /// A short line across a band, at a value.
  case tick
  /// Words at a place.
  case text
  /// A slice of a pie, as large as its `size`.
  case arc
}

/// A shape and the channels that place, size and colour it, one mark a row.
public struct Mark: Sendable {
  /// What is drawn.
  public var shape: MarkShape
  /// The place, or where a bar ends.
  public var x: Channel?
  /// Where a bar, band or line begins.
  public var x2: Channel?
  /// The place, or where a bar ends.
  public var y: Channel?
  /// Where a bar, band or line begins.
  public var y2: Channel?
  /// The category or number that the chart's colour scale maps.
  public var color: Channel?
  /// The number that the area of a point, or the angle of a slice, is in proportion to.
  public var size: Channel?
  /// The words of a text mark.
  public var text: Channel?
  /// Side-by-side placement within a band.
  public var dodge: Channel?
  /// Rows that stand for something unfinished: drawn hatched or dashed.
  public var incomplete: [Bool]?
  /// What a pointer over the mark is told, in order.
  public var tooltip: [Channel]
  /// What does not depend on the row.
  public var style: MarkStyle

  /// Assembles a mark.
  public init(
    _ shape: MarkShape, x: Channel? = nil, x2: Channel? = nil, y: Channel? = nil, y2: Channel? = nil,
    color: Channel? = nil, size: Channel? = nil, text: Channel? = nil, dodge: Channel? = nil,
    incomplete: [Bool]? = nil, tooltip: [Channel] = [], style: MarkStyle = MarkStyle()
  ) {
    self.shape = shape
    self.x = x
    self.x2 = x2
    self.y = y
    self.y2 = y2
    self.color = color
    self.size = size
    self.text = text
    self.dodge = dodge
    self.incomplete = incomplete
    self.tooltip = tooltip
    self.style = style
  }

  /// The number of rows: that of the shortest channel.
  public var count: Int {
    [x, x2, y, y2, color, size, text, dodge].compactMap { $0?.count }.min() ?? 0
  }
}

/// A mark's fixed looks.
public struct MarkStyle: Hashable, Sendable {
  /// A fixed colour, which the colour channel overrides.
  public var color: Ink
  /// 0 (invisible) to 1.
  public var opacity: Double
  /// Pixels.
  public var strokeWidth: Double
  /// Lengths of dashes and gaps in pixels; empty for a solid line.
  public var dash: [Double]
  /// Type size of a text in pixels.
  public var fontSize: Double
  /// Whether a text is bold.
  public var isBold: Bool
  /// Where a text stands relative to its place.
  public var anchor: Anchor
  /// Pixels to the right.
  public var dx: Double
  /// Pixels down.
  public var dy: Double
  /// The area of a point in square pixels, when no channel says it.
  public var pointArea: Double
  /// How much of its band a bar fills, 0…1.
  public var bandFill: Double
  /// The radius of a pie's hole, as a share of the outer radius.
  public var hole: Double

  /// Describes looks.
  public init(
    color: Ink = .series(0), opacity: Double = 1, strokeWidth: Double = 2, dash: [Double] = [], fontSize: Double = 11,
    isBold: Bool = false, anchor: Anchor = .middle, dx: Double = 0, dy: Double = 0, pointArea: Double = 36,
    bandFill: Double = 0.78, hole: Double = 0.58
  ) {
    self.color = color
    self.opacity = opacity
    self.strokeWidth = strokeWidth
    self.dash = dash
    self.fontSize = fontSize
    self.isBold = isBold
    self.anchor = anchor
    self.dx = dx
    self.dy = dy
    self.pointArea = pointArea
    self.bandFill = bandFill
    self.hole = hole
  }
}

/// Which end of a text stands at its place.
public enum Anchor: String, Hashable, Sendable {
  case start, middle, end
}
