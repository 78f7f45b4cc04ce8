import Columnar

/// Rules "orders with A also hold B" over frequent item sets, with every split of a set into A and B.
package struct AssociationRules: Sendable {
  /// One rule: three frequent sets, by their numbers.
  package struct Rule: Hashable, Sendable {
    /// The items of the rule's left side.
    package var antecedent: Int32
    /// The items of the rule's right side.
    package var consequent: Int32
    /// All items of the rule.
    package var union: Int32
  }

  /// The sets that the rules are about.
  package let sets: FrequentItemSets
  /// The rules in the order of their item sets.
  package let rules: [Rule]

  /// Finds all rules (Agrawal and Srikant 1994); thresholds are compared with counts, so a rule that stands exactly at one is in.
  ///
  /// - Parameters:
  ///   - confidence: least share of the orders with A that also hold B
  ///   - lift: least ratio of the confidence to the share of all orders that hold B
  ///   - limit: beyond this number of rules `BasketError.tooManyRules` is thrown
  package static func find(
    in sets: FrequentItemSets, confidence: DecimalThreshold, lift: DecimalThreshold, limit: Int = 5_000_000,
    cancellation: Cancellation = Cancellation()
  ) throws -> AssociationRules {
    let index = ItemSetIndex(sets)
    let total = UInt128(sets.transactionCount)
    var rules: [Rule] = []
    var subsets: [Int32] = []
    for set in sets.codes.count..<max(sets.count, sets.codes.count) {
      if set & 0x3FF == 0 { try cancellation.check() }
      index.fillSubsets(of: set, into: &subsets)
      let all = subsets.count - 1
      let count = UInt128(sets.counts[set])
      for mask in 1..<all {
        guard subsets[mask] >= 0, subsets[all ^ mask] >= 0 else { continue }
        let left = UInt128(sets.counts[Int(subsets[mask])])
        guard confidence.isReached(by: count, of: left) else { continue }
        let right = UInt128(sets.counts[Int(subsets[all ^ mask])])
        guard lift.isReached(by: count * total, of: left * right) else { continue }
        rules.append(Rule(antecedent: subsets[mask], consequent: subsets[all ^ mask], union: Int32(set)))
      }
      if rules.count > limit { throw BasketError.tooManyRules(limit: limit) }
    }
    return AssociationRules(sets: sets, rules: rules)
  }

  /// The measures of one rule.
  package func measures(_ rule: Rule) -> RuleMeasures {
    RuleMeasures(
      orders: sets.counts[Int(rule.union)], antecedent: sets.counts[Int(rule.antecedent)],
      consequent: sets.counts[Int(rule.consequent)], total: sets.transactionCount)
  }
}

/// How strong a rule is, from four counts.
package struct RuleMeasures: Hashable, Sendable {
  /// Orders with all items of the rule.
  package let orders: Int
  /// Share of all orders that hold all items of the rule, 0…1.
  package let support: Double
  /// Share of the orders with the antecedent that hold the consequent too, 0…1.
  package let confidence: Double
  /// Confidence over the share of all orders that hold the consequent; 1 when the sides are independent.
  package let lift: Double
  /// Support minus what independent sides would have (Piatetsky-Shapiro 1991).
  package let leverage: Double
  /// How much more often the rule would fail if its sides were independent (Brin et al. 1997); nil when it never fails.
  package let conviction: Double?

  init(orders: Int, antecedent: Int, consequent: Int, total: Int) {
    let (both, left, right, all) = (Double(orders), Double(antecedent), Double(consequent), Double(total))
    self.orders = orders
    support = both / all
    confidence = both / left
    lift = both * all / (left * right)
    leverage = (both * all - left * right) / (all * all)
    conviction = orders == antecedent ? nil : left * (all - right) / (all * (left - both))
  }
}

/// Finds a frequent set's number from its items.
struct ItemSetIndex {
  private let sets: FrequentItemSets
  private var slots: [Int32]
  private let mask: Int

  init(_ sets: FrequentItemSets) {
    self.sets = sets
    var capacity = 16
    while capacity < sets.count * 2 { capacity *= 2 }
    mask = capacity - 1
    slots = [Int32](repeating: -1, count: capacity)
    for set in 0..<sets.count {
      var hash: UInt64 = 0
      for i in sets.offsets[set]..<sets.offsets[set + 1] { hash &+= ItemSetIndex.mix(sets.ranks[i]) }
      var slot = Int(truncatingIfNeeded: hash) & mask
      while slots[slot] >= 0 { slot = (slot + 1) & mask }
      slots[slot] = Int32(set)
    }
  }

  /// For each subset of the set's items, as a bit mask over their places, the subset's number; −1 for the empty set.
  func fillSubsets(of set: Int, into result: inout [Int32]) {
    let begin = sets.offsets[set]
    let size = sets.offsets[set + 1] - begin
    result.removeAll(keepingCapacity: true)
    result.append(-1)
    for mask in 1..<(1 << size) {
      if mask & (mask - 1) == 0 {
        result.append(Int32(truncatingIfNeeded: sets.ranks[begin + mask.trailingZeroBitCount]))
      } else if mask == 1 << size - 1 {
        result.append(Int32(set))
      } else {
        result.append(find(mask, from: begin))
      }
    }
  }

  private func find(_ subset: Int, from begin: Int) -> Int32 {
    var hash: UInt64 = 0
    var bits = subset
    while bits != 0 {
      hash &+= ItemSetIndex.mix(sets.ranks[begin + bits.trailingZeroBitCount])
      bits &= bits - 1
    }
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] >= 0 {
      if isEqual(Int(slots[slot]), subset, from: begin) { return slots[slot] }
      slot = (slot + 1) & mask
    }
    return -1
  }

  private func isEqual(_ candidate: Int, _ subset: Int, from begin: Int) -> Bool {
    guard sets.size(candidate) == subset.nonzeroBitCount else { return false }
    var bits = subset
    var place = sets.offsets[candidate]
    while bits != 0 {
      guard sets.ranks[place] == sets.ranks[begin + bits.trailingZeroBitCount] else { return false }
      bits &= bits - 1
      place += 1
    }
    return true
  }

  /// Spreads an item's rank over 64 bits (the finalizer of Steele, Lea and Flood 2014, SplitMix).
  private static func mix(_ rank: UInt32) -> UInt64 {
    var z = UInt64(rank) &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
