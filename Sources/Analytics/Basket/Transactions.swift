import Columnar

/// Orders as sets of items: for each order the codes of its distinct items, one after another in one buffer.
package struct Transactions: Sendable {
  /// Distinct items of all kept orders, order after order.
  let items: [UInt32]
  /// Order `i` holds `items[offsets[i] ..< offsets[i + 1]]`.
  let offsets: [Int]
  /// Item codes are below this.
  package let itemCodeCount: Int
  /// For each item code the number of kept orders that hold it.
  package let itemCounts: [Int]
  /// Orders with one distinct item: they count in every denominator and make no rule.
  package let singleItemOrders: Int
  /// Orders that were left out because they hold more distinct items than allowed.
  package let oversizedOrders: Int

  /// The number of kept orders.
  package var count: Int { offsets.count - 1 }
  /// The number of distinct items in the kept orders.
  package var itemCount: Int { itemCounts.reduce(0) { $0 + ($1 > 0 ? 1 : 0) } }

  /// Groups rows of (order, item) codes into sets; rows may come in any order and may repeat.
  ///
  /// - Parameters:
  ///   - orders: one order code a row, below `orderCodeCount`
  ///   - items: one item code a row, below `itemCodeCount`; as many as `orders`
  ///   - largest: orders with more distinct items are left out
  package init(
    orders: [UInt32], orderCodeCount: Int, items: [UInt32], itemCodeCount: Int, largest: Int = .max,
    cancellation: Cancellation = Cancellation()
  ) throws(Cancelled) {
    let rows = min(orders.count, items.count)
    var starts = [Int](repeating: 0, count: orderCodeCount + 1)
    var isGrouped = true
    var previous: UInt32 = 0
    for order in orders.prefix(rows) {
      starts[Int(order) + 1] += 1
      isGrouped = isGrouped && order >= previous
      previous = order
    }
    for i in 0..<orderCodeCount { starts[i + 1] += starts[i] }
    try cancellation.check()
    let grouped = isGrouped ? items : Transactions.scatter(orders, items, rows: rows, starts: starts)
    try cancellation.check()

    var kept: [UInt32] = []
    kept.reserveCapacity(rows)
    var offsets = [0]
    offsets.reserveCapacity(orderCodeCount + 1)
    var counts = [Int](repeating: 0, count: itemCodeCount)
    var lastOrder = [UInt32](repeating: .max, count: itemCodeCount)
    var single = 0
    var oversized = 0
    for order in 0..<orderCodeCount where starts[order + 1] > starts[order] {
      let begin = kept.count
      for row in starts[order]..<starts[order + 1] {
        let item = Int(grouped[row])
        if lastOrder[item] != UInt32(truncatingIfNeeded: order) {
          lastOrder[item] = UInt32(truncatingIfNeeded: order)
          kept.append(grouped[row])
        }
      }
      let size = kept.count - begin
      if size > largest {
        oversized += 1
        kept.removeLast(size)
        continue
      }
      if size == 1 { single += 1 }
      for i in begin..<kept.count { counts[Int(kept[i])] += 1 }
      offsets.append(kept.count)
    }
    self.items = kept
    self.offsets = offsets
    self.itemCodeCount = itemCodeCount
    itemCounts = counts
    singleItemOrders = single
    oversizedOrders = oversized
  }

  private static func scatter(_ orders: [UInt32], _ items: [UInt32], rows: Int, starts: [Int]) -> [UInt32] {
    var heads = starts
    var grouped = [UInt32](repeating: 0, count: rows)
    for row in 0..<rows {
      let order = Int(orders[row])
      grouped[heads[order]] = items[row]
      heads[order] += 1
    }
    return grouped
  }
}
