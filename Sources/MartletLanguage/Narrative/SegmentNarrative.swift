import Analytics
import Columnar

/// Sentences about segments of customers.
enum SegmentNarrative {
  /// What the best and the most endangered RFM segments mean for the amount.
  static func rfm(_ result: Segmentation, amount: Measure) -> String {
    let total = result.segments.reduce(0.0) { $0 + $1.amount }
    var parts: [String] = []
    if let best = result.segments.max(by: { ($0.amount, $1.name) < ($1.amount, $0.name) }), best.customers > 0 {
      parts.append(sentencePart(best))
    }
    if let risk = result.segments.first(where: { $0.name == "At Risk" }), risk.customers > 0, parts.count == 1,
      risk.name != result.segments.max(by: { $0.amount < $1.amount })?.name
    {
      parts.append(sentencePart(risk))
    }
    let whole = "\(Words.count(result.customers, "customer")) spent \(NumberWords.amount(total, amount))"
    return parts.isEmpty ? whole + "." : "\(whole): \(parts.joined(separator: "; "))."
  }

  private static func sentencePart(_ segment: SegmentFacts) -> String {
    let share = segment.amountShare.map { " bring \(NumberWords.share($0)) of the amount" } ?? ""
    return "\(Words.grouped(segment.customers)) \(segment.name) (\(NumberWords.share(segment.share)))\(share)"
  }

  /// What the highest tier brings.
  static func tiers(_ result: Segmentation, amount: Measure) -> String {
    let filled = result.segments.filter { $0.customers > 0 }
    guard let top = filled.last else { return "No customer is in any segment." }
    let share = top.amountShare.map { ", \(NumberWords.share($0)) of all" } ?? ""
    return
      "\(Words.count(top.customers, "customer")) in \(top.name) spent \(NumberWords.amount(top.amount, amount))\(share)."
  }

  /// How many customers buy how often.
  static func volume(_ result: Segmentation) -> String {
    let parts = result.segments.map { "\(Words.grouped($0.customers)) \($0.name)" }
    return "\(Words.count(result.customers, "customer")) by number of orders: \(NumberWords.list(parts))."
  }
}
