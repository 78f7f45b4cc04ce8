import Analytics
import Columnar

/// Sentences about unusual values.
enum AnomalyNarrative {
  /// `12 unusual values in 3 of 5 columns.` A count says what it counts.
  static func columns(unusual: Int, columns: Int, of all: Int) -> String {
    guard unusual > 0 else { return "No unusual value in \(Words.count(all, "column"))." }
    return "\(Words.count(unusual, "unusual value")) in \(Words.grouped(columns)) of \(Words.count(all, "column"))."
  }

  /// `7 of 305 days are unusual.`
  static func series(unusual: Int, of looked: Int, grain: Grain, names: Int) -> String {
    let what =
      names > 1 ? "\(grain.rawValue)s of \(Words.count(names, "series", plural: "series"))" : "\(grain.rawValue)s"
    guard unusual > 0 else { return "None of \(Words.grouped(looked)) \(what) is unusual." }
    return "\(Words.grouped(unusual)) of \(Words.grouped(looked)) \(what) \(unusual == 1 ? "is" : "are") unusual."
  }

  /// What the rule means.
  static func definition(_ method: OutlierRule.Method, _ threshold: Double?) -> String {
    let value = threshold ?? method.threshold
    let limit = NumberWords.plain(value, decimals: 10 * value == (10 * value).rounded() ? 1 : 2)
    return switch method {
    case .iqr: "iqr: below Q1 − \(limit) × (Q3 − Q1) or above Q3 + \(limit) × (Q3 − Q1)"
    case .zscore: "zscore: more than \(limit) standard deviations from the mean"
    case .mad: "mad: more than \(limit) × 1.4826 median absolute deviations from the median"
    case .stl:
      "stl: what trend and season leave unexplained (robust STL) lies beyond \(limit) robust standard deviations: the larger of "
        + "1.4826 × median absolute deviation and the distance that 90 % of the periods keep ÷ 1.645"
    }
  }
}
