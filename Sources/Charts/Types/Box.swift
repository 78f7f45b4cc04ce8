import Columnar

extension Chart {
  /// Median, quartiles and whiskers of a number, one box a category.
  ///
  /// The whiskers reach to the last value within 1.5 times the distance of the quartiles (Tukey, "Exploratory Data Analysis", 1977);
  /// quartiles interpolate between order statistics. Values beyond are points, at most sixty a box.
  ///
  /// - Parameters:
  ///   - value: a number column.
  ///   - category: a column whose values become one box each, at most twenty; nil for one box.
  public static func box(
    _ table: Table, value: String, by category: String? = nil, log: Bool = false
  ) throws(ChartError) -> Chart {
    let numbers = try Channel.number(table, value, as: "y")
    let labels = try category.map { name throws(ChartError) in try Channel.label(table, name) }
    var samples: [String: [Double]] = [:]
    var names: [String] = []
    for row in 0..<numbers.count {
      guard let number = numbers.number(row) else { continue }
      if log, number <= 0 { throw .notPositive(column: value, rows: 1) }
      let name = labels.map { $0.category(row) ?? CrossTab.missingName } ?? numbers.title
      if samples[name] == nil { names.append(name) }
      samples[name, default: []].append(number)
    }
    guard !names.isEmpty else { throw .noRows(kind: .box) }
    if names.count > 20 {
      throw .tooManyGroups(channel: "x", column: category ?? "", distinct: names.count, limit: 20)
    }
    let boxes = names.map { FiveNumbers(samples[$0] ?? []) }
    let band = Channel(labels?.title ?? "", .categories(names))
    // Quartiles of whole numbers may lie between them.
    let isBetween = boxes.contains { box in [box.q1, box.median, box.q3].contains { $0.rounded() != $0 } }
    let format = isBetween && numbers.format.isWhole ? ValueFormat.number(2) : numbers.format
    func channel(_ title: String, _ take: (FiveNumbers) -> Double) -> Channel {
      Channel(title, .numbers(boxes.map(take)), format: format)
    }
    let (low, q1, median) = (
      channel("low whisker", \.low), channel("lower quartile", \.q1), channel("median", \.median)
    )
    let (q3, high) = (channel("upper quartile", \.q3), channel("high whisker", \.high))
    let rows = Channel("rows", .numbers(boxes.map { Double($0.count) }), format: .number(0))
    let tooltip = [band, high, q3, median, q1, low, rows]
    let thin = MarkStyle(color: .series(0), strokeWidth: 1.5)
    var marks = [
      Mark(.rule, x: band, y: low, y2: q1, tooltip: tooltip, style: thin),
      Mark(.rule, x: band, y: q3, y2: high, tooltip: tooltip, style: thin),
      Mark(.bar, x: band, y: q3, y2: q1, tooltip: tooltip, style: MarkStyle(opacity: 0.45, bandFill: 0.5)),
      Mark(.tick, x: band, y: median, tooltip: tooltip, style: MarkStyle(strokeWidth: 2.5, bandFill: 0.5)),
    ]
    let far = zip(names, boxes).flatMap { name, box in box.drawnOutliers.map { (name, $0) } }
    if !far.isEmpty {
      let value = Channel(numbers.title, .numbers(far.map(\.1)), format: numbers.format)
      let place = Channel(band.title, .categories(far.map(\.0)))
      marks.append(
        Mark(.point, x: place, y: value, tooltip: [place, value], style: MarkStyle(opacity: 0.5, pointArea: 14)))
    }
    let panel = Panel(
      x: Axis(.band(names), title: labels?.title, isVisible: labels != nil),
      y: Axis(log ? .log : .linear(zero: false), title: numbers.title, format: numbers.format, hasGrid: true),
      marks: marks)
    let hidden = boxes.reduce(0) { $0 + $1.outliers.count - $1.drawnOutliers.count }
    let notes =
      hidden == 0
      ? [] : ["\(ValueFormat.number(0).text(Double(hidden))) of the values beyond the whiskers are not drawn"]
    let medians = zip(names, boxes).prefix(6).map { "\($0) \(numbers.format.text($1.median))" }
    return Chart(
      .box, panels: [panel],
      altText: "Box plot of \(numbers.title)\(labels.map { " by \($0.title)" } ?? ""), medians: "
        + medians.joined(separator: ", "), notes: notes)
  }
}

/// What a box shows of a sample.
struct FiveNumbers {
  var low = 0.0
  var q1 = 0.0
  var median = 0.0
  var q3 = 0.0
  var high = 0.0
  var outliers: [Double] = []
  var count = 0

  init(_ values: [Double]) {
    let sorted = values.sorted()
    count = sorted.count
    (q1, median, q3) = (Sample.quantile(sorted, 0.25), Sample.quantile(sorted, 0.5), Sample.quantile(sorted, 0.75))
    let fence = 1.5 * (q3 - q1)
    let inside = sorted.filter { $0 >= q1 - fence && $0 <= q3 + fence }
    low = min(inside.first ?? q1, q1)
    high = max(inside.last ?? q3, q3)
    outliers = sorted.filter { $0 < q1 - fence || $0 > q3 + fence }
  }

  /// At most sixty outliers, spread over their order, always with the two ends.
  var drawnOutliers: [Double] {
    guard outliers.count > 60 else { return outliers }
    return (0..<60).map { outliers[$0 * (outliers.count - 1) / 59] }
  }
}
