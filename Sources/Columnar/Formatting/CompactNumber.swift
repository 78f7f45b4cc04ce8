/// Short numbers for axes and labels: `£1.2M`, `250k`, `12 %`.
extension ValueFormat {
  /// The number in at most three or four digits and a unit of thousands.
  ///
  /// - Parameter step: the distance between neighbouring ticks, which decides the decimals; nil for a number that stands alone.
  public func compact(_ number: Double, step: Double? = nil) -> String {
    switch style {
    case .percent:
      let decimals = step.map { ValueFormat.decimals(forStep: $0 * 100) } ?? (abs(number) < 0.1 ? 1 : 0)
      return FixedPoint.grouped(FixedPoint.digits(number * 100, decimals: decimals)) + " %"
    case .currency(let symbol, _):
      let sign = number < 0 ? "-" : ""
      return sign + symbol + ValueFormat.short(abs(number), step: step)
    case .number(_, grouped: false):
      return FixedPoint.digits(number, decimals: step.map(ValueFormat.decimals(forStep:)) ?? 0)
    case .pValue:
      return text(number)
    case .number, .date, .plain:
      return ValueFormat.short(number, step: step)
    }
  }

  /// Digits and one of the units k, M, B, T.
  private static func short(_ number: Double, step: Double?) -> String {
    let units: [(Double, String)] = [(1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")]
    let size = abs(number)
    guard size < 1e16 else { return "\(number)" }
    for (unit, letter) in units where size >= unit * 0.99995 {
      // Below ten thousand a tick such as 1,500 reads better than 1.5k.
      if unit == 1e3, size < 10_000, step.map({ $0 < 1000 }) ?? true {
        return FixedPoint.grouped(FixedPoint.digits(number, decimals: 0))
      }
      let scaled = number / unit
      let isRound = abs(scaled - scaled.rounded()) < 1e-9
      let decimals = step.map { ValueFormat.decimals(forStep: $0 / unit) } ?? (abs(scaled) < 99.95 && !isRound ? 1 : 0)
      return FixedPoint.grouped(FixedPoint.digits(scaled, decimals: decimals)) + letter
    }
    if let step { return FixedPoint.digits(number, decimals: decimals(forStep: step)) }
    if number.rounded() == number { return FixedPoint.digits(number, decimals: 0) }
    return FixedPoint.digits(
      number, decimals: size >= 100 ? 0 : size >= 1 ? 1 : max(2, 1 - FixedPoint.magnitude(number)))
  }

  /// As many decimals as tell two ticks apart, at most eight.
  private static func decimals(forStep step: Double) -> Int {
    guard step > 0, step.isFinite else { return 0 }
    for places in 0..<8 {
      let scaled = step * power(10, places)
      if abs(scaled - scaled.rounded()) < 1e-6 * max(1, scaled) { return places }
    }
    return 8
  }

  private static func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<max(0, exponent)).reduce(1.0) { product, _ in product * base }
  }
}
