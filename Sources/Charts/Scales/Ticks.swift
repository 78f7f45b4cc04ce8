import Columnar

/// A labelled place on an axis.
struct Tick: Hashable, Sendable {
  var value: Double
  var label: String
}

/// Where ticks of number axes stand.
enum Ticks {
  /// Steps of 1, 2 or 5 times a power of ten, about `count` of them (Heckbert, "Nice Numbers for Graph Labels", 1990).
  static func step(_ lower: Double, _ upper: Double, count: Int) -> Double {
    let raw = (upper - lower) / Double(max(1, count))
    guard raw > 0, raw.isFinite else { return 1 }
    let scale = power(10, logarithm(raw).rounded(.down))
    guard scale > 0, scale.isFinite else { return raw }
    let mantissa = raw / scale
    return scale * (mantissa < 1.5 ? 1 : mantissa < 3.5 ? 2 : mantissa < 7.5 ? 5 : 10)
  }

  /// The multiples of a step within the range.
  static func multiples(of step: Double, from lower: Double, to upper: Double) -> [Double] {
    guard step > 0, step.isFinite else { return [] }
    let first = (lower / step - 1e-9).rounded(.up)
    let last = (upper / step + 1e-9).rounded(.down)
    guard last >= first, let count = Int(exactly: last - first), count < 1000 else { return [] }
    return (0...count).map { (first + Double($0)) * step }.map { $0 == 0 ? 0 : $0 }
  }

  /// Powers of ten; with some numbers in between when there are few of them. More than eight decades are thinned out.
  static func logarithmic(_ lower: Double, _ upper: Double) -> [Double] {
    guard lower > 0, upper > lower, let first = Int(exactly: logarithm(lower).rounded(.down)),
      let last = Int(exactly: logarithm(upper).rounded(.up))
    else { return [] }
    let stride = max(1, (last - first) / 8)
    let factors: [Double] = upper / lower < 8 ? [1, 1.5, 2, 3, 4, 5, 6, 8] : last - first <= 3 ? [1, 2, 5] : [1]
    var ticks: [Double] = []
    for exponent in Swift.stride(from: first, through: last, by: stride) {
      for factor in factors {
        // Powers below one are quotients, since 10^-3 has no exact double and 1/1000 is the nearest one.
        let value = exponent < 0 ? factor / power(10, Double(-exponent)) : factor * power(10, Double(exponent))
        if value >= lower * (1 - 1e-9), value <= upper * (1 + 1e-9) { ticks.append(value) }
      }
    }
    return ticks
  }
}
