/// The decomposition for several seasons at once: STL is applied to each period in turn, shortest first, on what the other
/// seasons leave (Bandara, Hyndman and Bergmeir, "MSTL", 2021).
package struct MSTL: Sendable {
  /// Periods in rising order; those longer than half the series are left out.
  package var periods: [Int]
  /// The seasonal spans; the authors' 7, 11, 15 … when nil.
  package var spans: [Int]?
  /// Rounds over all periods.
  package var rounds: Int
  package var robust: Bool

  /// Describes a decomposition.
  package init(periods: [Int], spans: [Int]? = nil, rounds: Int = 2, robust: Bool = false) {
    self.periods = Array(Set(periods.filter { $0 > 1 })).sorted()
    self.spans = spans
    self.rounds = max(1, rounds)
    self.robust = robust
  }

  /// Takes the series apart; nil when no period fits twice.
  package func decompose(_ y: [Double]) -> Decomposition? {
    let fitting = periods.filter { 2 * $0 < y.count }
    guard !fitting.isEmpty else { return nil }
    var seasonal = fitting.map { _ in [Double](repeating: 0, count: y.count) }
    var rest = y
    var result: Decomposition?
    for _ in 0..<(fitting.count == 1 ? 1 : rounds) {
      for (k, period) in fitting.enumerated() {
        for i in rest.indices { rest[i] += seasonal[k][i] }
        let span = spans.flatMap { k < $0.count ? $0[k] : nil } ?? 7 + 4 * (k + 1)
        let jump = period > 60 ? max(1, period / 30) : 1
        var stl = STL(period: period, seasonal: span, robust: robust)
        stl.trend.jump = jump
        stl.lowPass.jump = jump
        guard let parts = stl.decompose(rest) else { return nil }
        seasonal[k] = parts.seasonal[0]
        for i in rest.indices { rest[i] -= seasonal[k][i] }
        result = parts
      }
    }
    guard var parts = result else { return nil }
    parts.seasonal = seasonal
    for i in rest.indices { parts.remainder[i] = rest[i] - parts.trend[i] }
    return parts
  }
}
