import Columnar

/// A resolved axis: its domain, its ticks, and where a value lies between its two ends.
enum Scale: Sendable {
  case continuous(ContinuousScale)
  case band(BandScale)

  /// The labelled places in order.
  var ticks: [Tick] {
    switch self {
    case .continuous(let scale): scale.ticks
    case .band(let scale): scale.ticks
    }
  }

  /// Where a row of a channel lies, 0…1: the centre of a category's band.
  func fraction(_ channel: Channel, _ row: Int) -> Double? {
    switch self {
    case .continuous(let scale): channel.number(row).flatMap(scale.fraction)
    case .band(let scale): channel.category(row).flatMap(scale.center)
    }
  }

  /// The share of the axis that one band has; nil for a continuous axis.
  var bandShare: Double? {
    guard case .band(let scale) = self else { return nil }
    return scale.share
  }
}

/// Numbers or days in proportion, or numbers by their logarithm.
struct ContinuousScale: Sendable {
  enum Transform: String, Sendable {
    case linear, log, time
  }

  var transform: Transform
  var lower: Double
  var upper: Double
  var ticks: [Tick]

  /// The share of the way from the lower to the upper end; nil where the logarithm has no value.
  func fraction(_ value: Double) -> Double? {
    guard transform == .log else { return (value - lower) / (upper - lower) }
    guard value > 0 else { return nil }
    return (logarithm(value) - logarithm(lower)) / (logarithm(upper) - logarithm(lower))
  }

  /// Where bars begin: zero, or the lower end where there is no zero.
  var baseline: Double { transform == .log ? lower : min(max(0, lower), upper) }
}

/// Categories at equal distances.
struct BandScale: Sendable {
  var categories: [String]
  var positions: [String: Int]
  var ticks: [Tick]

  init(_ categories: [String], labels: [String]) {
    self.categories = categories
    positions = Dictionary(categories.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    ticks = labels.enumerated().map { Tick(value: Double($0), label: $1) }
  }

  /// The share of the axis that one band has.
  var share: Double { 1 / Double(max(1, categories.count)) }

  /// The middle of a category's band.
  func center(_ category: String) -> Double? {
    positions[category].map { (Double($0) + 0.5) * share }
  }
}
