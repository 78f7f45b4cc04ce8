import Columnar

/// A rule that tells unusual values from usual ones.
package struct OutlierRule: Hashable, Sendable {
  /// How the limits are found.
  package enum Method: String, CaseIterable, Hashable, Sendable {
    /// Beyond the quartiles by a multiple of their distance (Tukey 1977).
    case iqr
    /// Far from the mean in standard deviations.
    case zscore
    /// Far from the median in median absolute deviations, scaled by 1.4826 to the standard deviation of normal values
    /// (Iglewicz and Hoaglin 1993).
    case mad
    /// Far from what trend and season lead to expect: the remainder of a robust decomposition by loess, in deviations that
    /// allow for its tails. They are the larger of the scaled median absolute deviation and of the distance that nine in ten
    /// points keep, by that of a normal sample: days that differ for reasons of their own, such as holidays, widen what is
    /// usual, while up to a tenth of the points may be as odd as they like.
    case stl

    /// The usual threshold: 1.5 interquartile ranges, 3 deviations; 3.5 for the remainder of a series (Iglewicz and Hoaglin
    /// 1993).
    package var threshold: Double {
      switch self {
      case .iqr: 1.5
      case .zscore, .mad: 3
      case .stl: 3.5
      }
    }
  }

  package var method: Method
  package var threshold: Double

  /// A rule with its usual threshold unless another is given.
  package init(_ method: Method, threshold: Double? = nil) {
    self.method = method
    self.threshold = threshold ?? method.threshold
  }

  /// Whether the threshold is the method's usual one.
  package var isUsual: Bool { threshold == method.threshold }

  /// The span of a trend, in points, that does not follow odd weeks: eight weeks of days, eight days of hours; nil, for STL's
  /// own, where a season is a year.
  package static func trendSpan(_ grain: Grain) -> Int? {
    switch grain {
    case .day: 8 * 7 + 1
    case .hour: 8 * 24 + 1
    default: nil
    }
  }

  /// Where the usual values end, and how a value's distance from the middle is scored.
  package struct Limits: Hashable, Sendable {
    package var low: Double
    package var high: Double
    package var center: Double
    package var scale: Double

    /// How far from the center, in scales; 0 when nothing varies.
    package func score(_ value: Double) -> Double { scale > 0 ? (value - center) / scale : 0 }
    /// Whether a value lies outside. Where nothing varies, nothing is unusual.
    package func isUnusual(_ value: Double) -> Bool { scale > 0 && (value < low || value > high) }
  }

  /// The limits of values; nil for fewer than three.
  package func limits(_ values: [Double]) -> Limits? {
    guard values.count >= 3 else { return nil }
    switch method {
    case .iqr:
      return limits(quartiles: OrderStatistics.quantiles([0.25, 0.5, 0.75], of: values))
    case .zscore:
      let center = mean(values)
      let scale = (values.reduce(0) { $0 + ($1 - center) * ($1 - center) } / Double(values.count - 1)).squareRoot()
      return limits(center: center, scale: scale)
    case .mad, .stl:
      let center = median(values)
      let distances = values.map { abs($0 - center) }.sorted()
      var scale = 1.4826 * quantile(sorted: distances, 0.5)
      // Nine in ten values of a normal sample lie within 1.6449 standard deviations.
      if method == .stl { scale = max(scale, quantile(sorted: distances, 0.9) / 1.6449) }
      return limits(center: center, scale: scale)
    }
  }

  /// The limits so many scales from a center.
  func limits(center: Double, scale: Double) -> Limits {
    Limits(low: center - threshold * scale, high: center + threshold * scale, center: center, scale: scale)
  }

  /// The limits of the method `iqr` by the three quartiles.
  func limits(quartiles: [Double]) -> Limits {
    let (q1, q3) = (quartiles[0], quartiles[2])
    return Limits(
      low: q1 - threshold * (q3 - q1), high: q3 + threshold * (q3 - q1), center: quartiles[1], scale: q3 - q1)
  }

  /// The rule for values of an unknown shape: z-score 3 when |skewness| < 1, else 1.5 interquartile ranges.
  package static func automatic(_ values: [Double]) -> OutlierRule {
    automatic(skewness: skewness(values))
  }

  /// The same by the skewness.
  static func automatic(skewness: Double) -> OutlierRule { OutlierRule(abs(skewness) < 1 ? .zscore : .iqr) }

  /// The third standardised moment; 0 when nothing varies.
  package static func skewness(_ values: [Double]) -> Double {
    guard values.count > 2 else { return 0 }
    let center = mean(values)
    var (m2, m3) = (0.0, 0.0)
    for value in values {
      let d = value - center
      m2 += d * d
      m3 += d * d * d
    }
    let n = Double(values.count)
    guard m2 > 0 else { return 0 }
    return (m3 / n) / (m2 / n * (m2 / n).squareRoot())
  }
}

/// Unusual values of a series, against what its trend and season lead to expect.
package struct SeriesOutliers: Sendable {
  /// What was expected at each point.
  package var expected: [Double]
  /// How far each point is from it, in robust standard deviations.
  package var scores: [Double]
  package var low: [Double]
  package var high: [Double]
  package var isUnusual: [Bool]
  /// The season that was taken off; 1 when there were fewer than two.
  package var season: Int

  /// Judges each point by the remainder of a robust STL with the given season, or, with fewer than two seasons of history, by
  /// its distance from the median with the rule `mad`. Nil for fewer than three points.
  ///
  /// The season may change slowly only: its smoother spans 35 cycles, so that one odd week does not become the season. So may
  /// the trend, whose span in points is `trend`: STL's own, one and a half cycles, would follow each odd week of a series of
  /// days (Hochenbaum, Vallis and Kejariwal, "Automatic anomaly detection in the cloud via statistical learning", 2017, take
  /// a stiff trend for the same reason). Points `atRest`, where nothing ever happens, say nothing of how much the others
  /// vary, and are never unusual while they are 0.
  package init?(_ y: [Double], season: Int, trend: Int? = nil, rule: OutlierRule, atRest: [Bool] = []) {
    guard y.count >= 3 else { return nil }
    var base = [Double](repeating: median(y), count: y.count)
    var used = 1
    var rule = rule
    if rule.method == .stl, season > 1,
      let parts = STL(period: season, seasonal: 35, trend: trend, robust: true).decompose(y),
      let seasonal = parts.seasonal.first
    {
      for i in y.indices { base[i] = parts.trend[i] + seasonal[i] }
      used = season
    } else if rule.method == .stl {
      rule = OutlierRule(.mad, threshold: rule.isUsual ? nil : rule.threshold)
    }
    let remainder = zip(y, base).map { $0 - $1 }
    let isResting = y.indices.map { $0 < atRest.count && atRest[$0] && y[$0] == 0 }
    guard let limits = rule.limits(remainder.indices.filter { !isResting[$0] }.map { remainder[$0] }) else {
      return nil
    }
    expected = base
    scores = remainder.map(limits.score)
    low = base.map { $0 + limits.low }
    high = base.map { $0 + limits.high }
    isUnusual = remainder.indices.map { !isResting[$0] && limits.isUnusual(remainder[$0]) }
    self.season = used
  }
}
