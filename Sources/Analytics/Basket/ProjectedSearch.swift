/// One core's search below one item: the orders that hold the item, cut to the more frequent items that stand with it often.
struct ProjectedSearch {
  private let minimumCount: Int
  private let maxItems: Int
  private let control: SearchControl
  /// A zeroed counter for each frequent item.
  private var counter: [UInt32]
  /// A frequent item's number within the projection, plus one; 0 for items that are not frequent in it.
  private var local: [UInt32]

  init(itemCount: Int, minimumCount: Int, maxItems: Int, control: SearchControl) {
    self.minimumCount = minimumCount
    self.maxItems = maxItems
    self.control = control
    counter = [UInt32](repeating: 0, count: itemCount)
    local = [UInt32](repeating: 0, count: itemCount)
  }

  /// All frequent sets of two and more items whose rarest item is `rank`.
  mutating func sets(endingIn rank: Int, of database: RankedTransactions) -> ItemSetBuffer {
    var result = ItemSetBuffer()
    let occurrences = database.offsets[rank]..<database.offsets[rank + 1]
    guard occurrences.count >= minimumCount else { return result }
    count(occurrences, of: database)
    var partners: [UInt32] = []
    for other in 0..<rank {
      if counter[other] >= minimumCount {
        partners.append(UInt32(truncatingIfNeeded: other))
        result.append(prefix: [UInt32(rank)], last: UInt32(other), count: Int(counter[other]))
      }
    }
    let total = partners.reduce(0) { $0 + Int(counter[Int($1)]) }
    for other in 0..<rank { counter[other] = 0 }
    guard control.add(partners.count), partners.count > 1, maxItems > 2 else { return result }
    let projected = project(occurrences, of: database, to: partners, total: total)
    let context = SearchContext(
      partners: partners, minimumCount: minimumCount, maxItems: maxItems, control: control)
    // Counting pairs costs (density × items)² an order by lists and items² / 64 by bitmaps.
    if total * 8 > occurrences.count * partners.count, projected.ends.count >= 64 {
      BitmapSearch(context).run(projected, prefix: [UInt32(rank)], into: &result)
    } else {
      ListSearch(context).run(projected, prefix: [UInt32(rank)], into: &result)
    }
    return result
  }

  private mutating func count(_ occurrences: Range<Int>, of database: RankedTransactions) {
    database.ranks.withUnsafeBufferPointer { ranks in
      database.occurrences.withUnsafeBufferPointer { all in
        counter.withUnsafeMutableBufferPointer { counter in
          for i in occurrences {
            let start = Int(all[i].start)
            for k in start..<(start + Int(all[i].length)) { counter[Int(ranks[k])] &+= 1 }
          }
        }
      }
    }
  }

  /// The orders' parts with two or more partners, as the partners' numbers, rising; `total` of them at most.
  private mutating func project(
    _ occurrences: Range<Int>, of database: RankedTransactions, to partners: [UInt32], total: Int
  )
    -> ProjectedOrders
  {
    for (number, partner) in partners.enumerated() { local[Int(partner)] = UInt32(number + 1) }
    var result = ProjectedOrders()
    var orderEnds: [Int] = []
    orderEnds.reserveCapacity(occurrences.count)
    result.items = [UInt32](unsafeUninitializedCapacity: total) { items, count in
      database.ranks.withUnsafeBufferPointer { ranks in
        database.occurrences.withUnsafeBufferPointer { all in
          local.withUnsafeBufferPointer { local in
            for i in occurrences {
              let begin = count
              let start = Int(all[i].start)
              for k in start..<(start + Int(all[i].length)) {
                let number = local[Int(ranks[k])]
                guard number > 0 else { continue }
                items.initializeElement(at: count, to: number &- 1)
                count &+= 1
              }
              if count - begin >= 2 { orderEnds.append(count) } else { count = begin }
            }
          }
        }
      }
    }
    result.ends = orderEnds
    for partner in partners { local[Int(partner)] = 0 }
    return result
  }
}

/// The orders below one item: partner numbers, rising within an order.
struct ProjectedOrders {
  var items: [UInt32] = []
  /// Where each order ends; it begins where the one before ends.
  var ends: [Int] = []
}

/// What both searches below one item need to know.
struct SearchContext {
  /// The rank of each partner number.
  let partners: [UInt32]
  let minimumCount: Int
  let maxItems: Int
  let control: SearchControl
}
