import Analytics
import Columnar
import TestSupport
import Testing

/// The search against counting every subset, on small random baskets, sparse and dense.
@Suite struct BruteForceBasketTests {
  struct Case: Sendable {
    var seed: UInt64
    var orders: Int
    var items: Int
    /// The share of an order's possible items that it holds.
    var density: Double
    var minimum: Int
    var maxItems: Int
  }

  static let cases: [Case] = makeCases()

  static func makeCases() -> [Case] {
    var generator = SeededGenerator(seed: 7)
    func pick<T>(_ choices: [T]) -> T { choices[Int.random(in: 0..<choices.count, using: &generator)] }
    var cases: [Case] = []
    for seed in 0..<80 {
      let orders = pick([7, 40, 130, 300])
      let items = pick([3, 6, 9, 11])
      let density = pick([0.08, 0.3, 0.7, 0.95])
      cases.append(
        Case(
          seed: UInt64(seed), orders: orders, items: items, density: density, minimum: pick([1, 2, 5, 20]),
          maxItems: pick([2, 3, 4, 11])))
    }
    return cases
  }

  /// Rows of (order, item) in random order, some of them twice.
  static func rows(_ c: Case) -> (orders: [UInt32], items: [UInt32]) {
    var generator = SeededGenerator(seed: c.seed)
    var rows: [(UInt32, UInt32)] = []
    for order in 0..<UInt32(c.orders) {
      for item in 0..<UInt32(c.items) where Double.random(in: 0..<1, using: &generator) < c.density {
        rows.append((order, item))
        if Int.random(in: 0..<5, using: &generator) == 0 { rows.append((order, item)) }
      }
    }
    rows.shuffle(using: &generator)
    return (rows.map(\.0), rows.map(\.1))
  }

  @Test(arguments: cases) func everySetAndRule(c: Case) throws {
    let (orders, items) = Self.rows(c)
    var masks = [UInt32: Int]()
    for (order, item) in zip(orders, items) { masks[order, default: 0] |= 1 << Int(item) }
    var expected: [Int: Int] = [:]
    for subset in 1..<(1 << c.items) where subset.nonzeroBitCount <= c.maxItems {
      let count = masks.values.count { $0 & subset == subset }
      if count >= c.minimum { expected[subset] = count }
    }

    let transactions = try Transactions(
      orders: orders, orderCodeCount: c.orders, items: items, itemCodeCount: c.items)
    #expect(transactions.count == masks.count)
    let sets = try FrequentItemSets.mine(transactions, minimumCount: c.minimum, maxItems: c.maxItems)
    var found: [Int: Int] = [:]
    for set in 0..<sets.count {
      let mask = sets.items(set).reduce(0) { $0 | 1 << Int($1) }
      #expect(found.updateValue(sets.counts[set], forKey: mask) == nil, "a set twice")
    }
    #expect(found == expected)

    let rules = try AssociationRules.find(in: sets, confidence: threshold(0.6), lift: threshold(1.1))
    var expectedRules = Set<[Int]>()
    for (union, both) in expected {
      for left in 1..<union where left & union == left {
        guard let a = expected[left], let b = expected[union ^ left] else { continue }
        // 60 % and 1.1 in whole numbers.
        if both * 10 >= a * 6, both * masks.count * 10 >= a * b * 11 { expectedRules.insert([left, union ^ left]) }
      }
    }
    let foundRules = rules.rules.map { rule in
      [rule.antecedent, rule.consequent].map { sets.items(Int($0)).reduce(0) { $0 | 1 << Int($1) } }
    }
    #expect(foundRules.count == expectedRules.count)
    #expect(Set(foundRules) == expectedRules)
  }

  @Test func oversizedAndSingleItemOrdersAreCounted() throws {
    // Orders: {0, 1, 2}, {0} (written twice), {1, 2}.
    let transactions = try Transactions(
      orders: [0, 1, 0, 2, 1, 0, 2], orderCodeCount: 3, items: [0, 0, 1, 1, 0, 2, 2], itemCodeCount: 3, largest: 2)
    #expect(transactions.count == 2)
    #expect(transactions.oversizedOrders == 1)
    #expect(transactions.singleItemOrders == 1)
    let sets = try FrequentItemSets.mine(transactions, minimumCount: 1, maxItems: 3)
    #expect(sets.counts == [1, 1, 1, 1])
  }

  @Test func explosionIsStoppedAndInterruptIsHeard() throws {
    // One order of 40 items has a trillion subsets.
    let transactions = try Transactions(
      orders: [UInt32](repeating: 0, count: 40), orderCodeCount: 1, items: Array(0..<40), itemCodeCount: 40)
    #expect(throws: BasketError.tooManySets(limit: 1000)) {
      try FrequentItemSets.mine(transactions, minimumCount: 1, maxItems: 40, limit: 1000)
    }
    let cancellation = Cancellation()
    cancellation.cancel()
    #expect(throws: Cancelled()) {
      try FrequentItemSets.mine(transactions, minimumCount: 1, maxItems: 40, cancellation: cancellation)
    }
  }

  @Test func nothingInNothingOut() throws {
    let empty = try Transactions(orders: [], orderCodeCount: 0, items: [], itemCodeCount: 0)
    let sets = try FrequentItemSets.mine(empty, minimumCount: 1, maxItems: 3)
    #expect(sets.count == 0)
    #expect(try AssociationRules.find(in: sets, confidence: threshold(0), lift: threshold(0)).rules.isEmpty)
  }
}
