/// Slanted lines for unfinished bars. Vega-Lite has no patterns, but a gradient with hard stops is one.
///
/// A gradient is stretched over the box of its mark, so bars of different sizes or colours need one each.
struct VegaLiteHatch: Hashable {
  /// Pixels, rounded.
  var width: Double
  var height: Double
  /// `#rrggbb`.
  var color: String

  /// Pixels from one line to the next, and the part of them that the line has.
  private static let period = 6.0
  private static let line = 0.36
  /// With more boxes than this the bars are pale without lines.
  static let most = 24

  /// The fill of a bar of this size.
  var gradient: JSON {
    // From the upper left corner at 45 degrees; half of width and height together reach the lower right corner.
    let reach = (width + height) / 2
    let periods = max(1, min(80, (reach * 2.0.squareRoot() / Self.period).rounded()))
    var stops: [JSON] = []
    for index in stride(from: 0.0, to: periods, by: 1) {
      for (offset, opacity) in [
        (0.0, MarkColor.hatchOpacity(color)), (Self.line, MarkColor.hatchOpacity(color)), (Self.line, 0.18), (1, 0.18),
      ] {
        let place = ((index + offset) / periods * 10_000).rounded() / 10_000
        stops.append(.of(["offset": .number(place), "color": .text(rgba(opacity))]))
      }
    }
    return .of([
      "gradient": "linear", "x1": 0, "y1": 0, "x2": .number(share(reach, of: width)),
      "y2": .number(share(reach, of: height)), "stops": .array(stops),
    ])
  }

  private func share(_ reach: Double, of length: Double) -> Double {
    length > 0 ? (reach / length * 10_000).rounded() / 10_000 : 1
  }

  private func rgba(_ opacity: Double) -> String {
    let rgb = RGB(hex: color)
    let parts = [rgb.red, rgb.green, rgb.blue].map(SVGWriter.number)
    return "rgba(\(parts.joined(separator: ",")),\(SVGWriter.number(opacity)))"
  }
}
