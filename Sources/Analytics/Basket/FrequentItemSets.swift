import Columnar

/// All sets of items that stand together in at least a minimum number of orders, with their exact counts.
package struct FrequentItemSets: Sendable {
  /// The number of orders that were looked at.
  package let transactionCount: Int
  /// The least count that is frequent.
  package let minimumCount: Int
  /// The code of each frequent item by its rank; rank 0 is in most orders, ties by code.
  package let codes: [UInt32]
  /// The ranks of all sets, falling within a set; the sets of one item come first, in the order of their ranks.
  let ranks: [UInt32]
  /// Set `i` is `ranks[offsets[i] ..< offsets[i + 1]]`.
  let offsets: [Int]
  /// The number of orders that hold all items of the set.
  package let counts: [Int]

  /// The number of frequent sets.
  package var count: Int { counts.count }

  /// The number of items in one set.
  package func size(_ set: Int) -> Int { offsets[set + 1] - offsets[set] }

  /// The item codes of one set, the rarest item first.
  package func items(_ set: Int) -> [UInt32] { ranks[offsets[set]..<offsets[set + 1]].map { codes[Int($0)] } }

  /// Finds every frequent set: exact, in an order that depends on the data alone.
  ///
  /// Depth-first occurrence deliver (Uno, Kiyomi and Arimura 2004, "LCM ver. 2") on the orders projected to each item in
  /// turn, and vertical bitmaps (Zaki 2000, "Eclat") where a projection is dense. Projections are shared out to all cores.
  ///
  /// - Parameters:
  ///   - minimumCount: the least number of orders, at least 1
  ///   - maxItems: no set has more items
  ///   - limit: the search is given up with `BasketError.tooManySets` beyond this number of sets
  package static func mine(
    _ transactions: Transactions, minimumCount: Int, maxItems: Int, limit: Int = 5_000_000,
    cancellation: Cancellation = Cancellation()
  ) throws -> FrequentItemSets {
    let minimum = max(minimumCount, 1)
    let counts = transactions.itemCounts
    let frequent = counts.indices.filter { counts[$0] >= minimum }
      .sorted { counts[$0] != counts[$1] ? counts[$0] > counts[$1] : $0 < $1 }
    var sets = ItemSetBuffer()
    if maxItems >= 1 {
      for (rank, item) in frequent.enumerated() { sets.append(prefix: [], last: UInt32(rank), count: counts[item]) }
    }
    if maxItems >= 2, frequent.count >= 2 {
      let database = try RankedTransactions(transactions, frequent: frequent, cancellation: cancellation)
      let search = ItemSetSearch(
        database: database, minimumCount: minimum, maxItems: maxItems, limit: limit, cancellation: cancellation)
      sets.append(contentsOf: try search.run())
    }
    return FrequentItemSets(
      transactionCount: transactions.count, minimumCount: minimum, codes: frequent.map { UInt32($0) },
      ranks: sets.ranks, offsets: sets.offsets, counts: sets.counts)
  }
}

/// Why no item sets can be given.
package enum BasketError: Error, Hashable, Sendable {
  /// There are more frequent sets than the limit; a higher support or fewer items in a set would help.
  case tooManySets(limit: Int)
  /// There are more rules than the limit; a higher confidence or support would help.
  case tooManyRules(limit: Int)
}

/// Item sets as they are found: ranks one set after another, and a count for each set.
struct ItemSetBuffer {
  var ranks: [UInt32] = []
  var offsets: [Int] = [0]
  var counts: [Int] = []

  mutating func append(prefix: [UInt32], last: UInt32, count: Int) {
    ranks.append(contentsOf: prefix)
    ranks.append(last)
    offsets.append(ranks.count)
    counts.append(count)
  }

  mutating func append(contentsOf other: ItemSetBuffer) {
    append(contentsOf: other, sets: 0..<other.counts.count)
  }

  mutating func append(contentsOf other: ItemSetBuffer, sets: Range<Int>) {
    guard !sets.isEmpty else { return }
    let begin = other.offsets[sets.lowerBound]
    let shift = ranks.count - begin
    ranks.append(contentsOf: other.ranks[begin..<other.offsets[sets.upperBound]])
    for set in sets { offsets.append(other.offsets[set + 1] + shift) }
    counts.append(contentsOf: other.counts[sets])
  }
}
