/// A colour as three parts of 0…255.
public struct RGB: Hashable, Sendable {
  /// Red.
  public var red: Double
  /// Green.
  public var green: Double
  /// Blue.
  public var blue: Double

  /// Takes the three parts, each 0…255.
  public init(_ red: Double, _ green: Double, _ blue: Double) {
    (self.red, self.green, self.blue) = (red, green, blue)
  }

  /// Reads `#rrggbb`; black when it is not one.
  public init(hex: String) {
    let value = UInt32(hex.dropFirst(), radix: 16) ?? 0
    self.init(Double(value >> 16 & 255), Double(value >> 8 & 255), Double(value & 255))
  }

  /// `#rrggbb`.
  public var hex: String {
    "#"
      + [red, green, blue].map { part in
        let digits = String(UInt8(max(0, min(255, part.rounded()))), radix: 16)
        return digits.count == 1 ? "0" + digits : digits
      }.joined()
  }

  /// Relative luminance, 0 (black) to 1 (white), as WCAG 2 defines it.
  public var luminance: Double {
    func linear(_ part: Double) -> Double {
      let share = part / 255
      return share <= 0.04045 ? share / 12.92 : power((share + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }

  /// The contrast ratio of two colours, 1…21 (WCAG 2).
  public func contrast(with other: RGB) -> Double {
    let (a, b) = (luminance, other.luminance)
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
  }

  /// The colour at a share of the way along equally spaced stops.
  static func interpolate(_ stops: [String], at share: Double) -> RGB {
    guard let first = stops.first, stops.count > 1 else { return RGB(hex: stops.first ?? "#000000") }
    guard share.isFinite, share > 0 else { return RGB(hex: first) }
    let position = min(1, share) * Double(stops.count - 1)
    let low = min(stops.count - 2, Int(position))
    let (a, b, t) = (RGB(hex: stops[low]), RGB(hex: stops[low + 1]), position - Double(low))
    return RGB(a.red + (b.red - a.red) * t, a.green + (b.green - a.green) * t, a.blue + (b.blue - a.blue) * t)
  }
}
