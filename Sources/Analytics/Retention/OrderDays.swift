import Columnar
import Query

/// The orders of each customer on the calendar: for each customer the days of their orders, rising.
package struct OrderDays: Sendable {
  /// One day an order, customer after customer.
  package let days: [Int32]
  /// Customer `i` has `days[offsets[i] ..< offsets[i + 1]]`.
  package let offsets: [Int]

  /// The number of customers.
  package var count: Int { offsets.count - 1 }

  /// Asks for the first day of each order of each customer; without order numbers each row is an order.
  package init(_ source: TransactionSource, engine: any QueryEngine, cancellation: Cancellation) throws {
    let keys = [NamedExpr("customer", source.customer)]
    let plan: LogicalPlan
    if let order = source.order {
      plan = .aggregate(
        source.complete, keys: keys + [NamedExpr("order", order)], [NamedAggregate("day", .min, [source.date])])
    } else {
      plan = .project(source.complete, keys + [NamedExpr("day", source.date)])
    }
    let table = try engine.run(plan, cancellation: cancellation).table
    let codes = KeyCodes(try table.require("customer"))
    let day = try table.require("day").days()
    var starts = [Int](repeating: 0, count: codes.count + 1)
    for code in codes.codes { starts[Int(code) + 1] += 1 }
    for i in 0..<codes.count { starts[i + 1] += starts[i] }
    var heads = starts
    var grouped = [Int32](repeating: 0, count: day.count)
    for row in day.indices {
      let code = Int(codes.codes[row])
      grouped[heads[code]] = day[row]
      heads[code] += 1
    }
    var offsets = [0]
    for code in 0..<codes.count where starts[code + 1] > starts[code] {
      grouped[starts[code]..<starts[code + 1]].sort()
      offsets.append(starts[code + 1])
    }
    days = grouped
    self.offsets = offsets
  }

  /// The days of one customer's orders, rising.
  package subscript(customer: Int) -> ArraySlice<Int32> { days[offsets[customer]..<offsets[customer + 1]] }

  /// The days between consecutive order days of a customer, of all customers, rising. Orders of one day count as one.
  package var gaps: [Double] {
    var gaps: [Double] = []
    for customer in 0..<count {
      let own = self[customer]
      for (before, after) in zip(own, own.dropFirst()) where after > before { gaps.append(Double(after - before)) }
    }
    return gaps.sorted()
  }

  /// The gap that a share of all gaps does not exceed, in whole days rounded up; nil when nobody has come back.
  package func gap(quantile: Double) -> Int? {
    SampleQuantile.linear(gaps, quantile).flatMap { Int(exactly: $0.rounded(.up)) }
  }
}
