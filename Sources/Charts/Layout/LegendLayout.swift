import Columnar

/// Where the legend's parts stand: swatches with words in rows, or a ramp of colours with the numbers of its ends.
struct LegendLayout {
  struct Entry {
    var x: Double
    var y: Double
    var label: String
    var color: String
  }

  struct Ramp {
    var x: Double
    var y: Double
    var width: Double
    var height: Double
    var stops: [String]
    /// Numbers below the ramp, each with its share of the way.
    var labels: [(share: Double, text: String)]
  }

  var title: (text: String, x: Double, y: Double)?
  var entries: [Entry] = []
  var ramp: Ramp?
  var bottom: Double

  /// Nil when there is nothing to say.
  init?(_ scale: ColorScale, _ theme: Theme, y: Double) {
    let size = ChartLayout.labelSize
    var x = ChartLayout.padding
    if let words = scale.title, !words.isEmpty {
      title = (words, x, y + 10)
      x += TextWidth.of(words, size: size) + 12
    }
    guard case .ordinal(let categories) = scale.kind else {
      let (low, high) = scale.ends
      let step = Ticks.step(low, high, count: 2)
      let labels = [low, (low + high) / 2, high].map { value in
        (share: high > low ? (value - low) / (high - low) : 0, text: scale.format.compact(value, step: step / 10))
      }
      ramp = Ramp(x: x + 4, y: y, width: 180, height: 10, stops: scale.stops, labels: labels)
      bottom = y + 24
      return
    }
    guard !categories.isEmpty else { return nil }
    let start = x
    var line = y
    for (name, ink) in categories {
      let label = TextWidth.cut(name, size: size, to: 180)
      let width = 16 + TextWidth.of(label, size: size) + 14
      if x + width > ChartLayout.usualWidth - ChartLayout.padding, x > start {
        x = start
        line += 18
      }
      entries.append(Entry(x: x, y: line, label: label, color: theme.hex(ink)))
      x += width
    }
    bottom = line + 14
  }
}
