/// Occurrence deliver: each set's orders are handed on as positions in lists of item numbers. Best where orders are sparse.
struct ListSearch {
  private let context: SearchContext

  init(_ context: SearchContext) { self.context = context }

  private typealias Occurrence = RankedTransactions.Occurrence

  /// Appends all frequent sets of three and more items that hold the prefix.
  func run(_ orders: ProjectedOrders, prefix: [UInt32], into result: inout ItemSetBuffer) {
    let itemCount = context.partners.count
    var occurrences: [Occurrence] = []
    occurrences.reserveCapacity(orders.ends.count)
    var begin = 0
    for end in orders.ends {
      occurrences.append(
        Occurrence(start: UInt32(truncatingIfNeeded: begin), length: UInt32(truncatingIfNeeded: end - begin)))
      begin = end
    }
    var counter = [UInt32](repeating: 0, count: itemCount)
    orders.items.withUnsafeBufferPointer { items in
      counter.withUnsafeMutableBufferPointer { counter in
        occurrences.withUnsafeBufferPointer {
          deliver($0, items: items, limit: itemCount, prefix: prefix, isKnown: true, counter: counter, into: &result)
        }
      }
    }
  }

  /// Counts the items below `limit` in the orders of one set and goes on with each frequent one.
  ///
  /// - Parameter isKnown: the sets of prefix and one item have been found already, only longer ones are new
  private func deliver(
    _ occurrences: UnsafeBufferPointer<Occurrence>, items: UnsafeBufferPointer<UInt32>, limit: Int, prefix: [UInt32],
    isKnown: Bool, counter: UnsafeMutableBufferPointer<UInt32>, into result: inout ItemSetBuffer
  ) {
    for occurrence in occurrences {
      let start = Int(occurrence.start)
      for k in start..<(start + Int(occurrence.length)) { counter[Int(items[k])] &+= 1 }
    }
    var frequent: [Int] = []
    var heads: [Int] = []
    var total = 0
    for item in 0..<limit where counter[item] >= context.minimumCount {
      frequent.append(item)
      heads.append(total)
      total += Int(counter[item])
      if !isKnown { result.append(prefix: prefix, last: context.partners[item], count: Int(counter[item])) }
    }
    for item in 0..<limit { counter[item] = 0 }
    guard isKnown || context.control.add(frequent.count), frequent.count > 1, prefix.count + 2 <= context.maxItems
    else { return }

    withUnsafeTemporaryAllocation(of: Occurrence.self, capacity: total) { pool in
      var ends = heads
      for (place, item) in frequent.enumerated() { counter[item] = UInt32(place + 1) }
      for occurrence in occurrences {
        let start = Int(occurrence.start)
        // An item that stands first in what is left of its order has nothing below it.
        for k in 1..<max(1, Int(occurrence.length)) {
          let place = Int(counter[Int(items[start + k])])
          guard place > 0 else { continue }
          pool[ends[place - 1]] = Occurrence(start: occurrence.start, length: UInt32(truncatingIfNeeded: k))
          ends[place - 1] += 1
        }
      }
      for item in frequent { counter[item] = 0 }
      for (place, item) in frequent.enumerated() where ends[place] - heads[place] >= context.minimumCount {
        guard context.control.mayGoOn else { return }
        deliver(
          UnsafeBufferPointer(rebasing: pool[heads[place]..<ends[place]]), items: items, limit: item,
          prefix: prefix + [context.partners[item]], isKnown: false, counter: counter, into: &result)
      }
    }
  }
}
