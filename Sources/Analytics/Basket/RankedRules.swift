import Columnar

/// Rules in the order that they are shown in, as a table.
struct RankedRules {
  let table: Table

  /// Stands between the items of one side.
  static let itemSeparator = " + "
  /// Stands between the sides.
  static let arrow = " → "

  /// Orders rules by lift, then orders, then their text, and keeps the first ones.
  init(_ found: AssociationRules, names: ItemNames, top: Int?) {
    var labels: [Int32: String] = [:]
    func label(_ set: Int32) -> String {
      if let known = labels[set] { return known }
      let label = found.sets.items(Int(set)).map(names.name)
        .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined(separator: RankedRules.itemSeparator)
      labels[set] = label
      return label
    }
    let measures = found.rules.map(found.measures)
    var order = Array(found.rules.indices)
    order.sort { a, b in
      let (x, y) = (measures[a], measures[b])
      if x.lift != y.lift { return x.lift > y.lift }
      if x.orders != y.orders { return x.orders > y.orders }
      if x.confidence != y.confidence { return x.confidence > y.confidence }
      let (left, right) = (label(found.rules[a].antecedent), label(found.rules[b].antecedent))
      if left != right { return left.utf8.lexicographicallyPrecedes(right.utf8) }
      return label(found.rules[a].consequent).utf8.lexicographicallyPrecedes(label(found.rules[b].consequent).utf8)
    }
    if let top { order = Array(order.prefix(max(top, 0))) }
    let sides = order.map { (label(found.rules[$0].antecedent), label(found.rules[$0].consequent)) }
    let kept = order.map { measures[$0] }
    table = Table(
      schema: Schema(BasketAnalysis.fields),
      columns: [
        .text(sides.map { $0.0 + RankedRules.arrow + $0.1 }), .text(sides.map(\.0)), .text(sides.map(\.1)),
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
