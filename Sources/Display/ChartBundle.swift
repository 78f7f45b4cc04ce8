import Charts

/// A chart in all forms that frontends know: interactive, printed, and in words.
package enum ChartBundle {
  /// Pixels of the image per pixel of the chart.
  static let scale = 2.0

  /// The forms of a chart.
  ///
  /// Vega-Lite 5 for JupyterLab and VS Code, a PNG image for GitHub, print and notebooks that are not trusted, and words. There
  /// is no SVG among them, since untrusted notebooks refuse it and LaTeX export fails over it, and no HTML beside Vega-Lite,
  /// since it would win. Cards are words and small pictures, so they are HTML instead.
  package static func bundle(_ chart: Chart) -> DisplayBundle {
    var parts: [DisplayBundle.Part] = []
    if chart.cards.isEmpty {
      parts.append(DisplayBundle.Part("application/vnd.vegalite.v5+json", .json(chart.vegaLite)))
    } else {
      let title = chart.title.map(HTMLText.title) ?? ""
      parts.append(DisplayBundle.Part("text/html", .text(title + HTMLCards.markup(chart.cards))))
    }
    var metadata = JSON.object([])
    if let image = try? chart.png(scale: scale) {
      let size = chart.pictureSize
      parts.append(DisplayBundle.Part("image/png", .base64(Base64.encode(image))))
      metadata = .of([
        "image/png": .of([
          "width": .number(size.width.rounded()), "height": .number(size.height.rounded()), "alt": .text(chart.altText),
        ])
      ])
    }
    parts.append(DisplayBundle.Part("text/plain", .text(chart.plainText)))
    return DisplayBundle(parts, metadata: metadata)
  }

  /// What to install when charts have no image; nil when they have.
  package static var missingImages: String? {
    Rasterizer.isAvailable
      ? nil
      : "charts have no image for print and GitHub because librsvg is missing: install librsvg2-2 (apt) or librsvg (brew)"
  }
}
