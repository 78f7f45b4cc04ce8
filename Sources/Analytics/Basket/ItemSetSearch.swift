import Columnar
import Synchronization

/// The search for all frequent sets of two and more items, one projection for each frequent item.
struct ItemSetSearch {
  let database: RankedTransactions
  let minimumCount: Int
  let maxItems: Int
  let limit: Int
  let cancellation: Cancellation

  /// Sets in the order of their greatest rank, whichever core found them.
  func run() throws -> ItemSetBuffer {
    let control = SearchControl(limit: limit, cancellation: cancellation)
    let found = Mutex<[Int: ItemSetBuffer]>([:])
    ParallelTasks.run(tasks: database.itemCount - 1) { _, queue in
      var projection = ProjectedSearch(
        itemCount: database.itemCount, minimumCount: minimumCount, maxItems: maxItems, control: control)
      while let task = queue.next(), control.mayGoOn {
        // The rarest items have the longest prefixes; they go first so that no core is left with a long one at the end.
        let rank = database.itemCount - 1 - task
        let sets = projection.sets(endingIn: rank, of: database)
        if !sets.counts.isEmpty { found.withLock { $0[rank] = sets } }
      }
    }
    try cancellation.check()
    if control.isExceeded { throw BasketError.tooManySets(limit: limit) }
    var result = ItemSetBuffer()
    let sets = found.withLock { $0 }
    for rank in 0..<database.itemCount {
      if let part = sets[rank] { result.append(contentsOf: part) }
    }
    return result
  }
}

/// What the cores share: how many sets there are so far, and whether to stop.
final class SearchControl: Sendable {
  private let found = Atomic<Int>(0)
  private let limit: Int
  private let cancellation: Cancellation

  init(limit: Int, cancellation: Cancellation) {
    self.limit = limit
    self.cancellation = cancellation
  }

  var isExceeded: Bool { found.load(ordering: .relaxed) > limit }
  var mayGoOn: Bool { !isExceeded && !cancellation.isCancelled }

  /// Counts new sets; says whether the search may go on.
  func add(_ count: Int) -> Bool {
    found.wrappingAdd(count, ordering: .relaxed).newValue <= limit && !cancellation.isCancelled
  }
}
