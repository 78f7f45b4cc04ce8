import Columnar
import Query

/// After how many orders customers come back with a wished-for probability.
package struct LoyaltyThreshold: Sendable {
  /// The customers who placed at least `purchases` orders.
  package struct Step: Hashable, Sendable {
    package let purchases: Int
    /// How many of them there are, and how many ordered once more.
    package let returned: Proportion
  }

  /// One step for each number of orders that at least 30 customers reached.
  package let steps: [Step]
  /// The place in `steps` of the first rate at the target; nil when none is.
  package let threshold: Int?
  /// The places of later steps with a rate below the target.
  package let dips: [Int]
  /// The first place from which on all rates are at the target; nil when the last step is below it.
  package let stableFrom: Int?

  /// The fewest customers that a rate is given for.
  package static let fewestCustomers = 30

  /// The columns of the result.
  package static let fields = [
    Field("purchases", .integer), Field("customers", .integer, measure: .count),
    Field("returned", .integer, measure: .count), Field("return_rate", .real, measure: .percent),
    Field("lower", .real, measure: .percent), Field("upper", .real, measure: .percent),
    Field("is_threshold", .boolean),
  ]

  /// Counts customers by their number of orders.
  ///
  /// - Parameters:
  ///   - target: the wished-for return rate; a rate exactly at it counts as reached
  ///   - within: only returns within so many days count, and only customers who were observed that long after the order
  ///   - asOf: the day after the last one that is observed
  package init(_ orders: OrderDays, target: DecimalThreshold, within: Int? = nil, asOf: CivilDate) {
    var reached: [Int] = []
    var returned: [Int] = []
    for customer in 0..<orders.count {
      let days = Array(orders[customer])
      for place in days.indices {
        if place == reached.count {
          reached.append(0)
          returned.append(0)
        }
        guard let within else {
          reached[place] += 1
          if place + 1 < days.count { returned[place] += 1 }
          continue
        }
        guard Int(days[place]) + within < Int(asOf.days) else { continue }
        reached[place] += 1
        if place + 1 < days.count, Int(days[place + 1]) - Int(days[place]) <= within { returned[place] += 1 }
      }
    }
    let counted = reached.prefix { $0 >= LoyaltyThreshold.fewestCustomers }
    let steps = counted.indices.map { Step(purchases: $0 + 1, returned: Proportion(returned[$0], of: reached[$0])) }
    func isAtTarget(_ step: Step) -> Bool {
      target.isReached(by: UInt128(step.returned.successes), of: UInt128(step.returned.trials))
    }
    let first = steps.firstIndex(where: isAtTarget)
    let stable = (steps.lastIndex { !isAtTarget($0) } ?? -1) + 1
    self.steps = steps
    threshold = first
    dips = first.map { first in steps.indices.filter { $0 > first && !isAtTarget(steps[$0]) } } ?? []
    stableFrom = stable < steps.count ? stable : nil
  }

  /// The steps as a table.
  package var table: Table {
    let intervals = steps.map { $0.returned.interval() }
    return Table(
      schema: Schema(Self.fields),
      columns: [
        .integer(steps.map { Int64($0.purchases) }), .integer(steps.map { Int64($0.returned.trials) }),
        .integer(steps.map { Int64($0.returned.successes) }), .real(steps.map(\.returned.rate)),
        .real(intervals.map { $0?.lowerBound }), .real(intervals.map { $0?.upperBound }),
        .boolean(steps.indices.map { $0 == threshold }),
      ])
  }
}
