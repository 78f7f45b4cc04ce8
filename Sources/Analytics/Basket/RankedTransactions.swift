import Columnar

/// The orders reduced to their frequent items, as rising ranks, and for each item where it stands.
struct RankedTransactions {
  /// Ranks of all orders with two or more frequent items, rising within an order; there may be unused places between orders.
  let ranks: [UInt32]
  /// For each item the orders that hold it after at least one more frequent item.
  let occurrences: [Occurrence]
  /// Item `r` has `occurrences[offsets[r] ..< offsets[r + 1]]`.
  let offsets: [Int]
  /// The number of frequent items.
  let itemCount: Int

  /// The part of an order before an item: `ranks[start ..< start + length]`.
  struct Occurrence {
    var start: UInt32
    var length: UInt32
  }

  /// Ranks the items of each order on all cores, then lists each item's orders.
  init(_ transactions: Transactions, frequent: [Int], cancellation: Cancellation) throws(Cancelled) {
    var table = [UInt32](repeating: .max, count: transactions.itemCodeCount)
    for (rank, item) in frequent.enumerated() { table[item] = UInt32(truncatingIfNeeded: rank) }
    let rankOf = table
    let itemCount = frequent.count
    let chunks = min(ParallelTasks.workerCount, transactions.count / 1000 + 1)
    let bounds = (0...chunks).map { transactions.count * $0 / chunks }

    // A chunk writes its orders where their items stood before, as no order grows; and counts where each item stands.
    var ends = [UInt32](repeating: 0, count: transactions.count)
    var heads = [Int](repeating: 0, count: chunks * itemCount)
    let ranks = [UInt32](unsafeUninitializedCapacity: transactions.items.count) { ranks, count in
      ranks.initialize(repeating: 0)
      ends.withUnsafeMutableBufferPointer { ends in
        heads.withUnsafeMutableBufferPointer { heads in
          nonisolated(unsafe) let (ranks, ends, heads) = (ranks, ends, heads)
          ParallelTasks.run(tasks: chunks) { _, queue in
            while let chunk = queue.next(), !cancellation.isCancelled {
              let own = UnsafeMutableBufferPointer(rebasing: heads[chunk * itemCount..<(chunk + 1) * itemCount])
              RankedTransactions.rank(
                transactions, bounds[chunk]..<bounds[chunk + 1], rankOf, into: ranks, ends: ends, counts: own)
            }
          }
        }
      }
      count = transactions.items.count
    }
    try cancellation.check()

    let orderEnds = ends
    var offsets = [Int](repeating: 0, count: itemCount + 1)
    var total = 0
    for item in 0..<itemCount {
      offsets[item] = total
      for chunk in 0..<chunks {
        let place = chunk * itemCount + item
        let count = heads[place]
        heads[place] = total
        total += count
      }
    }
    offsets[itemCount] = total
    occurrences = [Occurrence](unsafeUninitializedCapacity: total) { occurrences, count in
      occurrences.initialize(repeating: Occurrence(start: 0, length: 0))
      heads.withUnsafeMutableBufferPointer { heads in
        nonisolated(unsafe) let (occurrences, heads) = (occurrences, heads)
        ParallelTasks.run(tasks: chunks) { _, queue in
          while let chunk = queue.next(), !cancellation.isCancelled {
            let own = UnsafeMutableBufferPointer(rebasing: heads[chunk * itemCount..<(chunk + 1) * itemCount])
            for order in bounds[chunk]..<bounds[chunk + 1] {
              let begin = transactions.offsets[order]
              for i in begin + 1..<max(Int(orderEnds[order]), begin + 1) {
                let rank = Int(ranks[i])
                occurrences[own[rank]] = Occurrence(
                  start: UInt32(truncatingIfNeeded: begin), length: UInt32(truncatingIfNeeded: i - begin))
                own[rank] &+= 1
              }
            }
          }
        }
      }
      count = total
    }
    try cancellation.check()
    self.ranks = ranks
    self.offsets = offsets
    self.itemCount = itemCount
  }

  /// Writes the sorted ranks of some orders, and counts for each item the orders in which it is not the first.
  private static func rank(
    _ transactions: Transactions, _ orders: Range<Int>, _ rankOf: [UInt32],
    into ranks: UnsafeMutableBufferPointer<UInt32>,
    ends: UnsafeMutableBufferPointer<UInt32>, counts: UnsafeMutableBufferPointer<Int>
  ) {
    transactions.items.withUnsafeBufferPointer { items in
      rankOf.withUnsafeBufferPointer { rankOf in
        for order in orders {
          let begin = transactions.offsets[order]
          var end = begin
          for i in begin..<transactions.offsets[order + 1] {
            let rank = rankOf[Int(items[i])]
            if rank == .max { continue }
            ranks[end] = rank
            end &+= 1
          }
          sort(UnsafeMutableBufferPointer(rebasing: ranks[begin..<end]))
          ends[order] = UInt32(truncatingIfNeeded: end)
          for i in begin + 1..<max(end, begin + 1) { counts[Int(ranks[i])] &+= 1 }
        }
      }
    }
  }

  /// Insertion sort for the short baskets that most orders are, the standard sort for long ones.
  private static func sort(_ values: UnsafeMutableBufferPointer<UInt32>) {
    guard values.count > 1 else { return }
    var values = values
    guard values.count <= 40 else { return values.sort() }
    for i in 1..<values.count {
      let value = values[i]
      var slot = i
      while slot > 0, values[slot - 1] > value {
        values[slot] = values[slot - 1]
        slot -= 1
      }
      values[slot] = value
    }
  }
}
