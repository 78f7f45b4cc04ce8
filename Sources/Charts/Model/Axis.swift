import Columnar

/// How one dimension of a panel is mapped to pixels, before the marks' values are known.
public struct Axis: Sendable {
  /// The kinds of mapping.
  public enum Kind: Hashable, Sendable {
    /// Numbers in proportion. With `zero` the axis begins at 0, as it must wherever length stands for a value.
    case linear(zero: Bool)
    /// Equal ratios are equal distances; values must be positive.
    case log
    /// Days and instants.
    case time
    /// One band a category, in the order given; categories that the list lacks follow in order of appearance.
    case band([String])
  }

  /// Words for the categories of a band axis, in their order, where they differ from the categories.
  public var labels: [String]?
  /// The words beside the axis; nil for none.
  public var title: String?
  /// The mapping.
  public var kind: Kind
  /// How its numbers are written.
  public var format: ValueFormat
  /// Whether ticks and labels are drawn.
  public var isVisible: Bool
  /// Whether lines run through the plot at the ticks.
  public var hasGrid: Bool
  /// Ends of a numeric axis that are known beforehand, such as 0 and 1 of a share.
  public var domain: ClosedRange<Double>?
  /// Values of other panels that the axis must have room for as well.
  var shared: ClosedRange<Double>?
  /// The periods' length when a time axis counts in periods; it decides the words of the ticks.
  public var grain: Grain?

  /// Describes an axis.
  public init(
    _ kind: Kind, title: String? = nil, format: ValueFormat = ValueFormat(.plain), isVisible: Bool = true,
    hasGrid: Bool = false, domain: ClosedRange<Double>? = nil, grain: Grain? = nil, labels: [String]? = nil
  ) {
    self.kind = kind
    self.title = title
    self.format = format
    self.isVisible = isVisible
    self.hasGrid = hasGrid
    self.domain = domain
    self.grain = grain
    self.labels = labels
  }

  /// An axis without ticks from 0 to 1, for pictures that place everything themselves.
  public static let unit = Axis(.linear(zero: true), isVisible: false, domain: 0...1)
}
