/// What the figures of an analysis mean, in the words that stand under each result.
enum Definitions {
  static let rfmScore =
    "RFM score = ceil(scores × average rank ÷ n), so equal values always get equal scores; recency_days = as_of − last "
    + "order day; score = r + f + m"
  static let fiveSegments =
    "with FM = (f + m) ÷ 2: r ≥ 4 and FM ≥ 4 Champions; r ≥ 3 and FM ≥ 3 Loyal; r ≥ 3 Potential Loyalists; FM ≥ 2 At "
    + "Risk; else Lost"
  static let elevenSegments = "segments by r and the mean of f and m, rounded up"
  static let valueSegments = "High Value from 12 of 15 points r + f + m, Medium Value from 8, else Low Value"
  static let spendQuantiles = "tier = ceil(tiers × average rank of the amount ÷ n), so equal amounts are in one tier"
  static let share = "share = customers of the segment ÷ all customers; amount_share = their part of the amount"
  static let churn =
    "churned = recency_days > limit; customers younger than the limit count as active; rates with Wilson 95 % interval"
  static let retention = "retention(c, k) = cohort members with an order in period c + k ÷ cohort size"
  static let completePeriod = "a period is complete when its last day ≤ the last date in the data"
  static let returnRate =
    "return_rate(k) = customers with ≥ k + 1 orders ÷ customers with ≥ k orders, to date (recent buyers count as not yet "
    + "returned)"
  static func returnRate(withinDays days: Int) -> String {
    "return_rate(k) = customers with the next order within \(days) days ÷ customers observed for more than \(days) days "
      + "after order k"
  }
  static let churnByPeriod =
    "at the end of each period: customers who had ordered by then, and those of them silent for longer than the limit; "
    + "amount_lost is what the latter had spent up to then"
  static let opportunity = "opportunity = customers × reach × max(0, benchmark mean − own mean); a ceiling"
  static let risk = "at_risk = amount of the months looked at × weight; a ceiling"
  static let basket =
    "support = orders with all items ÷ all orders; confidence = support(A ∪ B) ÷ support(A); lift = confidence ÷ "
    + "support(B); leverage = support − support(A) × support(B); conviction = (1 − support(B)) ÷ (1 − confidence)"
  static let productNames = "items are identified by product code, shown by their most frequent name"
  static let pareto =
    "class A: items up to the first limit of the cumulative share, B up to the second, C the rest; the first item is A"
  static let products =
    "Star: amount and units both at or above the 75th percentile; Volume: units only; Premium: amount only; "
    + "Underperformer: both at or below the 25th; else Core. velocity = units per day of the window; days_cover = stock ÷ "
    + "velocity; stock is Low under 14 days, Excess over 180"
}
