import Columnar

/// Rules in the order that they are shown in, as a table.
struct RankedRules {
  let table: Table

  /// Stands between the items of one side.
  static let itemSeparator = " + "
  /// Stands between the sides.
  static let arrow = " → "

  /// Orders rules by lift, then orders, then confidence, then their text, and keeps the first ones.
  init(_ found: AssociationRules, names: ItemNames, top: Int?) {
    let sides = RuleSides(found, names: names)
    let measures = found.rules.map(found.measures)
    var order = Array(found.rules.indices)
    order.sort { a, b in
      let (x, y) = (measures[a], measures[b])
      if x.lift != y.lift { return x.lift > y.lift }
      if x.orders != y.orders { return x.orders > y.orders }
      if x.confidence != y.confidence { return x.confidence > y.confidence }
      let (left, right) = (sides.place(found.rules[a].antecedent), sides.place(found.rules[b].antecedent))
      if left != right { return left < right }
      return sides.place(found.rules[a].consequent) < sides.place(found.rules[b].consequent)
    }
    if let top { order = Array(order.prefix(max(top, 0))) }
    let rules = order.map { found.rules[$0] }
    let kept = order.map { measures[$0] }
    table = Table(
      schema: Schema(BasketAnalysis.fields),
      columns: [
        .text(rules.map { sides.label($0.antecedent) + RankedRules.arrow + sides.label($0.consequent) }),
        sides.column(rules.map(\.antecedent)), sides.column(rules.map(\.consequent)),
        .integer(kept.map { Int64($0.orders) }), .real(kept.map(\.support)), .real(kept.map(\.confidence)),
        .real(kept.map(\.lift)), .real(kept.map(\.leverage)), .real(kept.map(\.conviction)),
      ])
  }

  /// The set of two items with the greatest count; ties by the items' ranks.
  static func bestPair(_ sets: FrequentItemSets, names: ItemNames) -> (left: String, right: String, orders: Int)? {
    var best: Int?
    for set in 0..<sets.count where sets.size(set) == 2 {
      if let known = best, sets.counts[set] <= sets.counts[known] { continue }
      best = set
    }
    guard let best else { return nil }
    let items = sets.items(best).map(names.name).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    return (items[0], items[1], sets.counts[best])
  }
}

/// The words of each item set that stands on a side of a rule, and their places in the order of their bytes.
private struct RuleSides {
  /// The distinct labels, in the order of their bytes.
  private let labels: [String]
  /// For each item set the place of its label; −1 for a set that is on no side.
  private let places: [Int32]

  init(_ found: AssociationRules, names: ItemNames) {
    let itemNames = found.sets.codes.map(names.name)
    let byName = itemNames.indices.sorted { itemNames[$0].utf8.lexicographicallyPrecedes(itemNames[$1].utf8) }
    var nameOrder = [Int](repeating: 0, count: itemNames.count)
    for (place, rank) in byName.enumerated() { nameOrder[rank] = place }
    var isUsed = [Bool](repeating: false, count: found.sets.count)
    for rule in found.rules {
      isUsed[Int(rule.antecedent)] = true
      isUsed[Int(rule.consequent)] = true
    }
    let used = isUsed.indices.filter { isUsed[$0] }
    let written = used.map { set in
      found.sets.ranks[found.sets.offsets[set]..<found.sets.offsets[set + 1]].map { nameOrder[Int($0)] }.sorted()
        .map { itemNames[byName[$0]] }.joined(separator: RankedRules.itemSeparator)
    }
    let sorted = written.indices.sorted { written[$0].utf8.lexicographicallyPrecedes(written[$1].utf8) }
    var labels: [String] = []
    var places = [Int32](repeating: -1, count: found.sets.count)
    for i in sorted {
      if labels.last != written[i] { labels.append(written[i]) }
      places[used[i]] = Int32(labels.count - 1)
    }
    self.labels = labels
    self.places = places
  }

  func place(_ set: Int32) -> Int32 { places[Int(set)] }

  func label(_ set: Int32) -> String { labels[Int(place(set))] }

  /// One label a rule.
  func column(_ sets: [Int32]) -> Column {
    Column(.text(codes: sets.map { UInt32(place($0)) }, TextDictionary(labels)))
  }
}
