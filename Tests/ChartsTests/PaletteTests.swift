import Charts
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Colours must stay apart for readers who see fewer of them, and stand out on white and on black paper.
@Suite struct PaletteTests {
  /// What the three kinds of colour blindness make of linear red, green and blue (Machado, Oliveira and Fernandes, "A
  /// Physiologically-based Model for Simulation of Color Vision Deficiency", 2009, severity 1).
  static let visions: [(name: String, matrix: [[Double]])] = [
    ("full colour", [[1, 0, 0], [0, 1, 0], [0, 0, 1]]),
    (
      "protanopia",
      [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    (
      "deuteranopia",
      [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    (
      "tritanopia",
      [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
  ]

  @Test(arguments: 0..<4) func firstSixColoursStayApart(_ index: Int) {
    let vision = Self.visions[index]
    let seen = Palette.series.prefix(6).map { lab(simulate(RGB(hex: $0), vision.matrix)) }
    for a in seen.indices {
      for b in seen.indices where a < b {
        let distance = zip(seen[a], seen[b]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
        #expect(distance > 15, "\(Palette.series[a]) and \(Palette.series[b]) with \(vision.name)")
      }
    }
  }

  @Test func seriesStandOutOnLightAndDarkPages() {
    for color in Palette.series.prefix(6) + [Palette.muted, Palette.alert, Palette.gain, Theme.transparent.faint] {
      #expect(RGB(hex: color).contrast(with: RGB(hex: "#ffffff")) > 2.5, "\(color) on white")
      #expect(RGB(hex: color).contrast(with: RGB(hex: "#111111")) > 3, "\(color) on black")
    }
  }

  @Test func contrastIsThatOfTheGuideline() {
    // Black on white is 21 : 1 by definition, and #767676 is the lightest grey with 4.5 : 1 on white.
    #expect(abs(RGB(hex: "#000000").contrast(with: RGB(hex: "#ffffff")) - 21) < 1e-9)
    #expect(RGB(hex: "#767676").contrast(with: RGB(hex: "#ffffff")) > 4.5)
    #expect(RGB(hex: "#777777").contrast(with: RGB(hex: "#ffffff")) < 4.5)
  }

  private func simulate(_ color: RGB, _ matrix: [[Double]]) -> [Double] {
    let linear = [color.red, color.green, color.blue].map { part in
      let share = part / 255
      return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
    }
    return matrix.map { row in max(0, min(1, zip(row, linear).reduce(0) { $0 + $1.0 * $1.1 })) }
  }

  /// CIE L*a*b* under D65.
  private func lab(_ rgb: [Double]) -> [Double] {
    let toXYZ: [[Double]] = [
      [0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041],
    ]
    let white: [Double] = [0.95047, 1, 1.08883]
    let f = zip(toXYZ, white).map { row, whitePart -> Double in
      let part = zip(row, rgb).reduce(0.0) { $0 + $1.0 * $1.1 } / whitePart
      return part > 216.0 / 24389 ? cbrt(part) : (24389.0 / 27 * part + 16) / 116
    }
    return [116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])]
  }
}
