import Analytics
import Columnar

/// Sentences about churn and loyalty.
enum RetentionNarrative {
  /// The overall rate, and the groups with the highest and the lowest.
  static func churn(_ result: Churn.Result) -> String {
    let all = result.overall.churned
    guard let rate = all.rate else { return "There are no customers." }
    var text =
      "\(Words.grouped(all.successes)) of \(Words.count(all.trials, "customer")) (\(NumberWords.share(rate))) have not ordered "
      + "for more than \(Words.count(result.limitDays, "day"))"
    let rated = result.groups.compactMap { group in group.churned.rate.map { (group, $0) } }
    guard rated.count > 1, let high = rated.max(by: { $0.1 < $1.1 }), let low = rated.min(by: { $0.1 < $1.1 }),
      high.1 > low.1
    else { return text + "." }
    text += "; most in \(ValueText.plain(high.0.key)) (\(NumberWords.share(high.1)))"
    return text + ", fewest in \(ValueText.plain(low.0.key)) (\(NumberWords.share(low.1)))."
  }

  /// What churned means for this table, in dates.
  static func churnNote(limitDays: Int, asOf: CivilDate) -> Note {
    Note(.remark, "churned = no order in the \(Words.count(limitDays, "day")) to \(asOf)")
  }

  /// The last complete period against the one before.
  static func churnByPeriod(_ states: [Churn.PeriodState], limitDays: Int) -> String {
    let complete = states.filter { $0.complete && $0.churned.trials > 0 }
    guard let last = complete.last, let rate = last.churned.rate else {
      return "No period is complete yet."
    }
    var text =
      "At the end of \(last.period), \(NumberWords.share(rate)) of \(Words.count(last.churned.trials, "customer")) had not "
      + "ordered for more than \(Words.count(limitDays, "day"))"
    if complete.count > 1, let before = complete[complete.count - 2].churned.rate {
      text += ", after \(NumberWords.share(before)) at the end of \(complete[complete.count - 2].period)"
    }
    return text + "."
  }

  /// After how many orders the target is reached, and where the rate falls below it again.
  static func loyalty(_ result: LoyaltyThreshold, target: Double) -> String {
    let wanted = NumberWords.share(target, decimals: target * 100 == (target * 100).rounded() ? 0 : 1)
    guard !result.steps.isEmpty else {
      return "Fewer than \(LoyaltyThreshold.fewestCustomers) customers have ordered, too few for a rate."
    }
    guard let threshold = result.threshold else {
      let best = result.steps.compactMap { step in step.returned.rate.map { (step, $0) } }.max { $0.1 < $1.1 }
      let most = best.map { "; the highest rate is \(NumberWords.share($0.1)) after \(orders($0.0.purchases))" } ?? ""
      return "No number of orders reaches a return rate of \(wanted)\(most)."
    }
    let step = result.steps[threshold]
    var text = "After \(orders(step.purchases)) a customer comes back with at least \(wanted) probability"
    if let rate = step.returned.rate { text += " (\(NumberWords.share(rate)))" }
    if result.dips.isEmpty { return text + "." }
    let dips = result.dips.prefix(3).compactMap { place in
      result.steps[place].returned.rate.map { "\(NumberWords.share($0)) after \(result.steps[place].purchases)" }
    }
    text += "; the rate dips to \(NumberWords.list(dips))"
    if let stable = result.stableFrom { text += " and stays at the target from \(result.steps[stable].purchases)" }
    return text + "."
  }

  private static func orders(_ count: Int) -> String { Words.count(count, "order") }
}
