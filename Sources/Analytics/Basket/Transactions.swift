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
    let isGrouped = Transactions.countRows(orders, rows: rows, into: &starts)
    try cancellation.check()
    let grouped = isGrouped ? items : Transactions.scatter(orders, items, rows: rows, starts: starts)
    try cancellation.check()

    var offsets = [0]
    offsets.reserveCapacity(orderCodeCount + 1)
    var counts = [Int](repeating: 0, count: itemCodeCount)
    var lastOrder = [UInt32](repeating: .max, count: itemCodeCount)
    var single = 0
    var oversized = 0
    let kept = [UInt32](unsafeUninitializedCapacity: rows) { kept, keptCount in
      grouped.withUnsafeBufferPointer { grouped in
        lastOrder.withUnsafeMutableBufferPointer { lastOrder in
          var end = 0
          for order in 0..<orderCodeCount where starts[order + 1] > starts[order] {
            let begin = end
            let stamp = UInt32(truncatingIfNeeded: order)
            for row in starts[order]..<starts[order + 1] {
              let item = grouped[row]
              if lastOrder[Int(item)] == stamp { continue }
              lastOrder[Int(item)] = stamp
              kept.initializeElement(at: end, to: item)
              end &+= 1
            }
            if end - begin > largest {
              oversized += 1
              end = begin
              continue
            }
            if end - begin == 1 { single += 1 }
            offsets.append(end)
          }
          keptCount = end
        }
      }
    }
    kept.withUnsafeBufferPointer { kept in
      counts.withUnsafeMutableBufferPointer { counts in for item in kept { counts[Int(item)] &+= 1 } }
    }
    self.items = kept
    self.offsets = offsets
    self.itemCodeCount = itemCodeCount
    itemCounts = counts
    singleItemOrders = single
    oversizedOrders = oversized
  }

  /// Where each order's rows begin once they stand together; says whether they do so already.
  private static func countRows(_ orders: [UInt32], rows: Int, into starts: inout [Int]) -> Bool {
    let isGrouped = orders.withUnsafeBufferPointer { orders in
      starts.withUnsafeMutableBufferPointer { starts in
        var isGrouped = true
        var previous: UInt32 = 0
        for row in 0..<rows {
          let order = orders[row]
          starts[Int(order) + 1] &+= 1
          isGrouped = isGrouped && order >= previous
          previous = order
        }
        return isGrouped
      }
    }
    for i in 1..<max(starts.count, 1) { starts[i] += starts[i - 1] }
    return isGrouped
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
