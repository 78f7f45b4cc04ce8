import Columnar
import Query

/// Each customer's first period and, where there are not too many, all periods with an order.
struct Activity {
  /// The customers who have an order with a date.
  let customers: Column
  /// The number of each one's first period.
  let starts: [Int]
  /// Nil when the periods are too many.
  let sets: PeriodSets?

  /// So many periods are kept as bits; more are rare, and their sets would need more memory than counting anew.
  private static let mostBits = 256

  init(
    _ source: TransactionSource, _ calendar: PeriodIndex, periods: Int, _ engine: any QueryEngine,
    _ cancellation: Cancellation
  ) throws {
    let words = periods <= Self.mostBits ? (periods + 63) / 64 : 0
    var aggregates = (0..<words).map { word in
      let first = Expr.literal(.date(calendar.period(word * 64).start))
      return NamedAggregate(
        "periods \(word)", .bitOr,
        [.call(.periodBit, [source.date, .literal(.text(calendar.grain.rawValue)), first])])
    }
    if words == 0 { aggregates = [NamedAggregate("first", .min, [source.date])] }
    let plan = LogicalPlan.aggregate(source.plan, keys: [NamedExpr("customer", source.customer)], aggregates)
    let table = try engine.run(plan, cancellation: cancellation).table
    let customer = try table.require("customer")
    guard words > 0 else {
      let (first, days) = (try table.require("first"), try table.require("first").days())
      let known = (0..<customer.count).filter { !first.isMissing($0) && !customer.isMissing($0) }
      customers = customer.taking(known)
      starts = known.map { calendar.index(of: days[$0]) }
      sets = nil
      return
    }
    let all = PeriodSets(words: try (0..<words).map { try table.require("periods \($0)").integers() })
    let firsts = (0..<customer.count).map { all.first(of: $0) }
    let known = (0..<customer.count).filter { firsts[$0] != nil && !customer.isMissing($0) }
    customers = customer.taking(known)
    starts = known.compactMap { firsts[$0] }
    sets = all.taking(known)
  }
}

/// A set of periods for each of many customers: a bit for each period.
struct PeriodSets {
  /// The bits of 64 consecutive periods for each customer, one array after the other.
  private let words: [[Int]]

  init(words: [[Int]]) { self.words = words }

  func taking(_ rows: [Int]) -> PeriodSets { PeriodSets(words: words.map { word in rows.map { word[$0] } }) }

  /// The first period in a customer's set.
  func first(of row: Int) -> Int? {
    for (place, word) in words.enumerated() where word[row] != 0 { return place * 64 + word[row].trailingZeroBitCount }
    return nil
  }

  /// Adds one to the cell of the customer's cohort for each period less than `width` after the first.
  func count(_ cells: inout [Int], width: Int, starts: [Int]) {
    cells.withUnsafeMutableBufferPointer { cells in
      for (place, word) in words.enumerated() {
        for row in starts.indices {
          let start = starts[row]
          var bits = UInt64(bitPattern: Int64(word[row]))
          while bits != 0 {
            let offset = place * 64 + bits.trailingZeroBitCount - start
            if offset < width { cells[start * width + offset] += 1 }
            bits &= bits &- 1
          }
        }
      }
    }
  }
}
