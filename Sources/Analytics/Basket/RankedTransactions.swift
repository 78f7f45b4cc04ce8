import Columnar

/// The orders reduced to their frequent items, as rising ranks, and for each item where it stands.
struct RankedTransactions {
  /// Ranks of all orders with two or more frequent items, rising within an order.
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

  init(_ transactions: Transactions, frequent: [Int], cancellation: Cancellation) throws(Cancelled) {
    let none = UInt32.max
    var rankOf = [UInt32](repeating: none, count: transactions.itemCodeCount)
    for (rank, item) in frequent.enumerated() { rankOf[item] = UInt32(truncatingIfNeeded: rank) }
    var ranks: [UInt32] = []
    ranks.reserveCapacity(transactions.items.count)
    var ends: [Int] = []
    ends.reserveCapacity(transactions.count)
    for order in 0..<transactions.count {
      let begin = ranks.count
      for i in transactions.offsets[order]..<transactions.offsets[order + 1] {
        let rank = rankOf[Int(transactions.items[i])]
        if rank != none { ranks.append(rank) }
      }
      if ranks.count - begin < 2 {
        ranks.removeLast(ranks.count - begin)
        continue
      }
      RankedTransactions.sort(&ranks, from: begin)
      ends.append(ranks.count)
      if order & 0xFFFF == 0 { try cancellation.check() }
    }

    var offsets = [Int](repeating: 0, count: frequent.count + 1)
    var begin = 0
    for end in ends {
      for i in (begin + 1)..<end { offsets[Int(ranks[i]) + 1] += 1 }
      begin = end
    }
    for i in 0..<frequent.count { offsets[i + 1] += offsets[i] }
    try cancellation.check()
    var heads = offsets
    var occurrences = [Occurrence](repeating: Occurrence(start: 0, length: 0), count: offsets[frequent.count])
    begin = 0
    for end in ends {
      for i in (begin + 1)..<end {
        let rank = Int(ranks[i])
        occurrences[heads[rank]] = Occurrence(
          start: UInt32(truncatingIfNeeded: begin), length: UInt32(truncatingIfNeeded: i - begin))
        heads[rank] += 1
      }
      begin = end
    }
    self.ranks = ranks
    self.occurrences = occurrences
    self.offsets = offsets
    itemCount = frequent.count
  }

  /// Insertion sort for the short baskets that most orders are, the standard sort for long ones.
  private static func sort(_ values: inout [UInt32], from begin: Int) {
    guard values.count - begin <= 40 else { return values[begin...].sort() }
    for i in (begin + 1)..<values.count {
      let value = values[i]
      var slot = i
      while slot > begin, values[slot - 1] > value {
        values[slot] = values[slot - 1]
        slot -= 1
      }
      values[slot] = value
    }
  }
}
