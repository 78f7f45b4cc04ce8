import Analytics
import Columnar

/// Sentences about who comes back.
enum CohortNarrative {
  /// How many come back one and two periods after the first order, over complete periods only.
  static func headline(_ result: CohortRetention) -> String {
    let grain = result.grain.rawValue
    let later = result.pooled.filter { $0.offset > 0 }
    let customers = Words.count(result.customers, "customer")
    guard let first = later.first, let rate = first.retention.rate else {
      return "\(customers); no complete \(grain) after a first order yet."
    }
    var sentence = "Of \(customers), \(NumberWords.share(rate)) order again in \(grain) \(first.offset)"
    guard later.count > 1, let next = later[1].retention.rate else { return sentence + " (complete \(grain)s only)." }
    sentence += ", \(NumberWords.share(next)) in \(grain) \(later[1].offset) (complete \(grain)s only)"
    return sentence + drop(from: rate, to: next)
  }

  /// What was lost between two shares; a difference that would be written as 0.0 is none to speak of.
  static func drop(from rate: Double, to next: Double) -> String {
    if next >= rate { return "; no drop between them." }
    return rate - next < 0.0005 ? "; hardly a drop between them." : "; a drop of \(points(rate - next))."
  }

  /// A difference of shares: `1.3 points`.
  private static func points(_ difference: Double) -> String {
    "\(ValueFormat.number(1).text(difference * 100)) percentage points"
  }

  /// What the data do not cover yet.
  static func notes(_ result: CohortRetention) -> [Note] {
    let open = result.cells.filter { !$0.complete }
    guard let last = result.coverage.lastDay, let cell = open.first else { return [] }
    let period = cell.cohort.advanced(by: cell.offset)
    return [
      Note(
        .remark,
        "\(period) ends at \(last) in the data: its \(Words.count(open.count, "cell")) "
          + "\(open.count == 1 ? "is" : "are") incomplete, drawn dashed, and left out of the summary")
    ]
  }

  /// All cohorts together: period, cohorts, customers, retained, retention, lower, upper.
  static func pooledTable(_ result: CohortRetention) -> Table {
    let intervals = result.pooled.map { $0.retention.interval() }
    return Table(
      schema: Schema([
        Field("period", .integer), Field("cohorts", .integer, measure: .count),
        Field("customers", .integer, measure: .count), Field("retained", .integer, measure: .count),
        Field("retention", .real, measure: .percent), Field("lower", .real, measure: .percent),
        Field("upper", .real, measure: .percent),
      ]),
      columns: [
        .integer(result.pooled.map { Int64($0.offset) }), .integer(result.pooled.map { Int64($0.cohorts) }),
        .integer(result.pooled.map { Int64($0.retention.trials) }),
        .integer(result.pooled.map { Int64($0.retention.successes) }), .real(result.pooled.map(\.retention.rate)),
        .real(intervals.map { $0?.lowerBound }), .real(intervals.map { $0?.upperBound }),
      ])
  }
}
