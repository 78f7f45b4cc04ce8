import Columnar
import Query

/// Which products are bought together: rules over the items of orders, from a table with one row an order line.
package struct BasketAnalysis: Sendable {
  /// The least share of orders that a rule must hold in.
  package enum Support: Hashable, Sendable {
    /// The greater of 0.5 % and ten orders.
    case automatic
    case share(DecimalThreshold)

    /// The least number of orders.
    func minimumCount(of orders: Int) -> Int {
      switch self {
      case .share(let share): return max(share.leastCount(of: orders), 1)
      case .automatic: return max(DecimalThreshold(0.005)?.leastCount(of: orders) ?? 1, 10)
      }
    }
  }

  /// The order that a row belongs to.
  package var order: Expr
  /// What an item is told by.
  package var item: Expr
  /// What an item is called, when that is another column: its most frequent value is shown.
  package var name: Expr?
  package var support = Support.automatic
  package var confidence: DecimalThreshold
  package var lift: DecimalThreshold
  /// The most items of a rule, both sides together.
  package var maxItems = 3
  /// Orders with more distinct items are left out.
  package var maxBasket = 100
  /// How many of the rules, by falling lift, are kept.
  package var top: Int?

  /// Asks for rules with at least this confidence and lift.
  package init(
    order: Expr, item: Expr, name: Expr? = nil, confidence: DecimalThreshold, lift: DecimalThreshold
  ) {
    self.order = order
    self.item = item
    self.name = name
    self.confidence = confidence
    self.lift = lift
  }

  /// What was found, and out of what.
  package struct Result: Sendable {
    /// rule, antecedent, consequent, orders, support, confidence, lift, leverage, conviction; by falling lift.
    package let table: Table
    /// Orders that were looked at: every share is a share of these.
    package let orders: Int
    package let singleItemOrders: Int
    /// Orders left out because they hold more than `maxBasket` items.
    package let oversizedOrders: Int
    /// Distinct items of the orders.
    package let items: Int
    /// Rows left out because they name no order or no item.
    package let incompleteRows: Int
    /// The least number of orders that was asked for.
    package let minimumCount: Int
    package let frequentItems: Int
    package let itemSets: Int
    /// All rules, also those that `top` cut off.
    package let rules: Int
    /// The two items that most orders hold together, and how many do; nil when no order has two items.
    package let bestPair: (left: String, right: String, orders: Int)?
    /// A lower support that does give rules, and how many; only looked for when there is no rule.
    package let suggestion: (support: Double, rules: Int)?
  }

  /// The columns of the result.
  package static let fields = [
    Field("rule", .text), Field("antecedent", .text), Field("consequent", .text),
    Field("orders", .integer, measure: .count), Field("support", .real, measure: .percent),
    Field("confidence", .real, measure: .percent), Field("lift", .real), Field("leverage", .real),
    Field("conviction", .real),
  ]

  /// Groups rows into orders, finds the frequent item sets and all rules with any split of their items.
  package func analyse(_ plan: LogicalPlan, engine: any QueryEngine, cancellation: Cancellation) throws -> Result {
    let table = try engine.run(
      .project(plan, [NamedExpr("order", order), NamedExpr("item", item)]), cancellation: cancellation
    ).table
    let rows = try OrderLines(table)
    let transactions = try Transactions(
      orders: rows.orders, orderCodeCount: rows.orderCodeCount, items: rows.items, itemCodeCount: rows.itemKeys.count,
      largest: maxBasket, cancellation: cancellation)
    let minimum = support.minimumCount(of: transactions.count)
    let sets = try FrequentItemSets.mine(
      transactions, minimumCount: minimum, maxItems: maxItems, cancellation: cancellation)
    let found = try AssociationRules.find(in: sets, confidence: confidence, lift: lift, cancellation: cancellation)
    let names = try ItemNames(
      self, plan, keys: rows.itemKeys, shown: sets.codes, engine: engine, cancellation: cancellation)
    let ranked = RankedRules(found, names: names, top: top)
    var pair = RankedRules.bestPair(sets, names: names)
    var suggestion: (support: Double, rules: Int)?
    if found.rules.isEmpty {
      (pair, suggestion) = try lookLower(transactions, below: minimum, names: names, cancellation: cancellation)
    }
    return Result(
      table: ranked.table, orders: transactions.count, singleItemOrders: transactions.singleItemOrders,
      oversizedOrders: transactions.oversizedOrders, items: transactions.itemCount,
      incompleteRows: table.rowCount - rows.orders.count, minimumCount: minimum, frequentItems: sets.codes.count,
      itemSets: sets.count, rules: found.rules.count, bestPair: pair, suggestion: suggestion)
  }

  /// Without a rule: the most frequent pair of all, and the first round support below the given one that has rules.
  private func lookLower(
    _ transactions: Transactions, below minimum: Int, names: ItemNames, cancellation: Cancellation
  ) throws -> ((left: String, right: String, orders: Int)?, (support: Double, rules: Int)?) {
    var pair: (left: String, right: String, orders: Int)?
    for share in [0.05, 0.02, 0.01, 0.005, 0.002, 0.001] {
      guard let threshold = DecimalThreshold(share) else { continue }
      let count = max(threshold.leastCount(of: transactions.count), 2)
      guard count < minimum || pair == nil else { continue }
      let sets: FrequentItemSets
      do {
        sets = try FrequentItemSets.mine(
          transactions, minimumCount: count, maxItems: min(maxItems, 3), limit: 200_000, cancellation: cancellation)
      } catch is BasketError { break }
      pair = pair ?? RankedRules.bestPair(sets, names: names)
      let rules = try AssociationRules.find(in: sets, confidence: confidence, lift: lift, cancellation: cancellation)
      if !rules.rules.isEmpty, count < minimum { return (pair, (share, rules.rules.count)) }
    }
    return (pair, nil)
  }
}

/// The rows of a table that name both an order and an item, as codes.
private struct OrderLines {
  let orders: [UInt32]
  let orderCodeCount: Int
  let items: [UInt32]
  let itemKeys: KeyCodes

  init(_ table: Table) throws {
    let orderColumn = try table.require("order")
    let itemColumn = try table.require("item")
    let orderKeys = KeyCodes(orderColumn)
    itemKeys = KeyCodes(itemColumn)
    orderCodeCount = orderKeys.count
    if orderColumn.validity == nil, itemColumn.validity == nil {
      orders = orderKeys.codes
      items = itemKeys.codes
      return
    }
    let complete = (0..<table.rowCount).filter { !orderColumn.isMissing($0) && !itemColumn.isMissing($0) }
    orders = complete.map { orderKeys.codes[$0] }
    let itemCodes = itemKeys.codes
    items = complete.map { itemCodes[$0] }
  }
}

/// What each item code is called.
struct ItemNames: Sendable {
  private let keys: KeyCodes
  private var names: [String]?

  fileprivate init(
    _ analysis: BasketAnalysis, _ plan: LogicalPlan, keys: KeyCodes, shown: [UInt32], engine: any QueryEngine,
    cancellation: Cancellation
  ) throws {
    self.keys = keys
    guard let name = analysis.name else { return }
    let counts = try engine.run(
      .aggregate(
        .filter(plan, .and(.not(.isMissing(analysis.item)), .not(.isMissing(name))), label: nil),
        keys: [NamedExpr("item", analysis.item), NamedExpr("name", name)], [NamedAggregate("rows", .count)]),
      cancellation: cancellation
    ).table
    names = try ItemNames.mostFrequent(counts, keys: keys, shown: shown)
  }

  /// The name of an item.
  func name(_ code: UInt32) -> String {
    if let names { return names[Int(code)] }
    return ItemNames.text(keys.value(Int(code)))
  }

  /// For each item the name of most rows, ties by bytes; names that two shown items share are told apart by their keys.
  private static func mostFrequent(_ counts: Table, keys: KeyCodes, shown: [UInt32]) throws -> [String] {
    let items = try counts.require("item")
    let names = try counts.require("name")
    let rows = try counts.require("rows").integers()
    var best: [Value: (name: String, rows: Int)] = [:]
    for row in 0..<counts.rowCount {
      let name = text(names[row])
      let key = items[row]
      if let known = best[key] {
        let isBetter = rows[row] > known.rows
        let isEarlier = rows[row] == known.rows && name.utf8.lexicographicallyPrecedes(known.name.utf8)
        if !isBetter, !isEarlier { continue }
      }
      best[key] = (name, rows[row])
    }
    var labels = (0..<keys.count).map { code in
      let key = keys.value(code)
      return best[key]?.name ?? text(key)
    }
    var uses: [String: Int] = [:]
    for code in shown { uses[labels[Int(code)], default: 0] += 1 }
    for code in shown.map(Int.init) where uses[labels[code], default: 0] > 1 {
      labels[code] += " (\(text(keys.value(code))))"
    }
    return labels
  }

  private static func text(_ value: Value) -> String {
    switch value {
    case .text(let text): text
    case .integer(let number): "\(number)"
    case .real(let number): "\(number)"
    case .boolean(let flag): flag ? "true" : "false"
    case .date(let day): day.description
    case .datetime(let time): time.description
    case .period(let period): period.description
    case .missing, .duration, .list: ""
    }
  }
}
