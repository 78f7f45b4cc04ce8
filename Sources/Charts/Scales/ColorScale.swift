import Columnar

/// How a colour channel's values become colours, and what the legend says.
public struct ColorScale: Sendable {
  /// The kinds of mapping.
  public enum Kind: Sendable {
    /// One colour a category, in this order.
    case ordinal([(category: String, ink: Ink)])
    /// Small to large in one hue.
    case sequential(ClosedRange<Double>)
    /// Two hues that meet at zero; the ends are ± the number.
    case diverging(Double)
  }

  /// The words above the legend.
  public var title: String?
  /// The mapping.
  public var kind: Kind
  /// How the numbers of the legend are written.
  public var format: ValueFormat
  /// Whether a legend is drawn.
  public var hasLegend: Bool

  /// Describes a colour scale.
  public init(_ kind: Kind, title: String? = nil, format: ValueFormat = ValueFormat(.plain), hasLegend: Bool = true) {
    self.kind = kind
    self.title = title
    self.format = format
    self.hasLegend = hasLegend
  }

  /// One palette colour a category.
  public static func categories(_ names: [String], title: String? = nil, hasLegend: Bool = true) -> ColorScale {
    ColorScale(
      .ordinal(names.enumerated().map { ($1, .series($0)) }), title: title, hasLegend: hasLegend)
  }

  /// The colour of a row of the channel; nil for a missing value or an unknown category.
  func hex(_ channel: Channel, _ row: Int, theme: Theme) -> String? {
    switch kind {
    case .ordinal(let entries):
      guard let category = channel.category(row) else { return nil }
      return entries.first { $0.category == category }.map { theme.hex($0.ink) }
    case .sequential, .diverging:
      return channel.number(row).map(hex(number:))
    }
  }

  /// The colour of a number on a continuous scale.
  func hex(number: Double) -> String {
    let (lower, upper) = ends
    let width = upper - lower
    return RGB.interpolate(stops, at: width > 0 ? (number - lower) / width : 0.5).hex
  }

  /// The numbers that the first and the last colour stand for.
  var ends: (Double, Double) {
    switch kind {
    case .ordinal: (0, 1)
    case .sequential(let range): (range.lowerBound, range.upperBound)
    case .diverging(let limit): (-limit, limit)
    }
  }

  /// The colours of a continuous scale at equal distances.
  var stops: [String] {
    switch kind {
    case .ordinal: []
    case .sequential: Palette.sequential
    case .diverging: Palette.diverging
    }
  }
}
