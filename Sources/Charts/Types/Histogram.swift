import Columnar

extension Chart {
  /// How often a number falls into each of some equal bins.
  ///
  /// - Parameters:
  ///   - value: a number column.
  ///   - bins: about how many bins; nil for the rule of Freedman and Diaconis (1981), at most forty.
  public static func histogram(_ table: Table, value: String, bins: Int? = nil) throws(ChartError) -> Chart {
    let channel = try Channel.number(table, value, as: "x")
    guard let counted = HistogramBins(channel, bins: bins) else { throw .noRows(kind: .histogram) }
    let panel = Panel(
      x: Axis(.linear(zero: false), title: channel.title, format: channel.format, domain: counted.domain),
      y: Axis(.linear(zero: true), title: "rows", format: .number(0), hasGrid: true), marks: [counted.mark(channel)])
    return Chart(
      .histogram, panels: [panel], altText: "Histogram of \(channel.title), \(counted.shape(channel))",
      notes: counted.notes(channel))
  }
}

/// Counts of a sample in equal bins.
struct HistogramBins {
  /// The bins' edges, one more than counts.
  var edges: [Double]
  var counts: [Int]
  /// Values outside of the edges: far tails are not drawn, since they would squeeze all else into one bin.
  var outside: Int
  var total: Int

  /// Nil for a sample without values.
  init?(_ channel: Channel, bins: Int? = nil, most: Int = 40) {
    guard case .numbers(let values) = channel.values else { return nil }
    let sorted = values.compactMap { $0 }.sorted()
    guard let first = sorted.first, let last = sorted.last else { return nil }
    total = sorted.count
    var (lower, upper) = (first, last)
    let inner = (Sample.quantile(sorted, 0.01), Sample.quantile(sorted, 0.99))
    if sorted.count >= 100, inner.1 > inner.0, upper - lower > 4 * (inner.1 - inner.0) { (lower, upper) = inner }
    let spread = Sample.quantile(sorted, 0.75) - Sample.quantile(sorted, 0.25)
    let width = 2 * spread / power(Double(sorted.count), 1.0 / 3)
    let wanted = width > 0 ? Int(exactly: min(Double(most), max(5, ((upper - lower) / width).rounded()))) ?? 10 : 10
    var step = Ticks.step(lower, upper, count: max(1, min(most, bins ?? wanted)))
    let isWhole = sorted.allSatisfy { $0.rounded() == $0 }
    if isWhole { step = max(1, step) }
    if lower == upper { step = isWhole ? 1 : max(abs(lower), 1) / 10 }
    let start = (lower / step).rounded(.down) * step
    let count = max(1, min(200, Int(exactly: ((upper - start) / step).rounded(.down) + 1) ?? 1))
    edges = (0...count).map { start + Double($0) * step }
    counts = [Int](repeating: 0, count: count)
    outside = 0
    for value in sorted {
      let place = ((value - start) / step).rounded(.down)
      guard let bin = Int(exactly: place), counts.indices.contains(bin) else {
        outside += 1
        continue
      }
      counts[bin] += 1
    }
  }

  /// From the first to the last edge.
  var domain: ClosedRange<Double> { (edges.first ?? 0)...(edges.last ?? 1) }

  /// One bar a bin.
  func mark(_ channel: Channel) -> Mark {
    let words = counts.indices.map { "\(channel.format.text(edges[$0])) to \(channel.format.text(edges[$0 + 1]))" }
    let heights = Channel("rows", .numbers(counts.map { Double($0) }), format: .number(0))
    return Mark(
      .bar, x: Channel(channel.title, .numbers(Array(edges.dropLast())), format: channel.format),
      x2: Channel(channel.title, .numbers(Array(edges.dropFirst())), format: channel.format), y: heights,
      y2: Channel("rows", .numbers(counts.map { _ in 0 }), format: .number(0)),
      tooltip: [Channel(channel.title, .categories(words)), heights], style: MarkStyle(opacity: 0.9))
  }

  /// Where most values are, in words.
  func shape(_ channel: Channel) -> String {
    guard let bin = counts.indices.max(by: { counts[$0] < counts[$1] }) else { return "" }
    return "most often \(channel.format.text(edges[bin])) to \(channel.format.text(edges[bin + 1])) "
      + "(\(ValueFormat.number(0).text(Double(counts[bin]))) of \(ValueFormat.number(0).text(Double(total))) rows)"
  }

  /// The note that tails outside of the plot call for.
  func notes(_ channel: Channel) -> [String] {
    guard outside > 0 else { return [] }
    let format = ValueFormat.number(0)
    return [
      "\(format.text(Double(outside))) of \(format.text(Double(total))) values of \(channel.title) lie outside of "
        + "\(channel.format.text(domain.lowerBound)) to \(channel.format.text(domain.upperBound)) and are not drawn"
    ]
  }
}
