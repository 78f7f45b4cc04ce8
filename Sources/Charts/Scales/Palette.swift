/// A colour by what it means; each renderer's theme gives it its value.
public enum Ink: Hashable, Sendable {
  /// The n-th colour of the palette for categories; it begins again after the last.
  case series(Int)
  /// Something in the background: a reference line, history, a baseline.
  case muted
  /// Something to look at: an anomaly, a target that is missed.
  case alert
  /// A change for the better.
  case gain
  /// A change for the worse.
  case loss
  /// The colour of the chart's words.
  case ink
  /// Words that are read second: subtitles, axis labels.
  case faint
  /// Dark words on a light mark.
  case onLight
  /// Light words on a dark mark.
  case onDark
  /// `#rrggbb`.
  case hex(String)
}

/// The colours of marks. They are of middle lightness, so that they stand out on white and on black paper alike.
public enum Palette {
  /// Colours for categories. The first six stay apart under red-green and blue-yellow colour blindness (a test simulates them);
  /// the others need a reader who sees all colours, or the tooltips.
  public static let series = [
    "#2f6fbf", "#dc9217", "#2cae80", "#ad3f78", "#8458e8", "#7d5f22", "#56b4d9", "#c44e52", "#7cb342", "#ef6f9f",
    "#5b62b8", "#00838f",
  ]
  /// A reference line, history, the rest.
  public static let muted = "#8b949e"
  /// An anomaly, a missed target.
  public static let alert = "#d1495b"
  /// A change for the better.
  public static let gain = "#2cae80"
  /// A change for the worse.
  public static let loss = "#d1495b"
  /// Small to large in one hue.
  public static let sequential = ["#d9e8f5", "#b0d0ea", "#7fb2dc", "#4f91c9", "#3273b3", "#22568f"]
  /// Below the middle, the middle, above it.
  public static let diverging = ["#a8501a", "#dd8f4f", "#f1cfae", "#f2f2f0", "#b4d1e7", "#5f9dcd", "#23639b"]

  /// Whether white words are easy to read on the colour; dark ones are otherwise.
  static func needsLightWords(_ hex: String) -> Bool { RGB(hex: hex).contrast(with: RGB(hex: "#ffffff")) >= 3.2 }

  /// The colour of the n-th category.
  public static func series(_ index: Int) -> String {
    series[((index % series.count) + series.count) % series.count]
  }
}

/// What depends on the paper that a chart is drawn on.
public struct Theme: Hashable, Sendable {
  /// The paper, or nil when it is the reader's page.
  public var background: String?
  /// Titles and values.
  public var ink: String
  /// Axis labels and subtitles.
  public var faint: String
  /// Axis lines.
  public var line: String
  /// Grid lines.
  public var grid: String
  /// How strong grid lines are, 0…1.
  public var gridOpacity: Double

  /// White paper: print, PNG, GitHub.
  public static let paper = Theme(
    background: "#ffffff", ink: "#24292f", faint: "#57606a", line: "#8b949e", grid: "#8b949e", gridOpacity: 0.25)
  /// Whatever is behind the chart, light or dark.
  public static let transparent = Theme(
    background: nil, ink: "#7d8793", faint: "#7d8793", line: "#8b949e", grid: "#8b949e", gridOpacity: 0.25)

  /// The value of a colour.
  public func hex(_ ink: Ink) -> String {
    switch ink {
    case .series(let index): Palette.series(index)
    case .muted: Palette.muted
    case .alert: Palette.alert
    case .gain: Palette.gain
    case .loss: Palette.loss
    case .ink: self.ink
    case .faint: faint
    case .onLight: "#24292f"
    case .onDark: "#ffffff"
    case .hex(let value): value
    }
  }
}
