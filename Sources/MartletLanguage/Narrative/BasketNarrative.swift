import Analytics
import Columnar

/// Sentences about rules between products.
enum BasketNarrative {
  /// How many rules there are, and what the strongest says.
  static func headline(_ result: BasketAnalysis.Result) -> String {
    let base = Words.count(result.orders, "order")
    guard result.rules > 0, let antecedent = result.table["antecedent"], let consequent = result.table["consequent"],
      let confidence = result.table["confidence"], let lift = result.table["lift"],
      case .text(let left) = antecedent[0], case .text(let right) = consequent[0],
      let share = confidence[0].number, let factor = lift[0].number
    else { return "No rule holds in \(base)." }
    return
      "\(Words.count(result.rules, "rule")) in \(base); the strongest: of the orders with \(left), "
      + "\(NumberWords.share(share)) also hold \(right), \(NumberWords.plain(factor, decimals: 1)) times as many as of all "
      + "orders."
  }

  /// What was left out of the orders, and what counts although it makes no rule.
  static func notes(_ result: BasketAnalysis.Result, item: String, order: String, maxBasket: Int) -> [Note] {
    var notes: [Note] = []
    if result.incompleteRows > 0 {
      notes.append(Note(.leftOut, "\(Words.count(result.incompleteRows, "row")) without \(item) or \(order)"))
    }
    if result.oversizedOrders > 0 {
      let orders = Words.count(result.oversizedOrders, "order")
      notes.append(Note(.leftOut, "\(orders) with more than \(Words.grouped(maxBasket)) items"))
    }
    if result.singleItemOrders > 0, result.orders > 0 {
      let share = NumberWords.share(Double(result.singleItemOrders) / Double(result.orders))
      let verb = result.singleItemOrders == 1 ? "holds" : "hold"
      notes.append(
        Note(
          .remark,
          "\(Words.count(result.singleItemOrders, "order")) (\(share)) \(verb) a single item: counted among all orders")
      )
    }
    return notes
  }

  /// Why the table is empty, and what would fill it.
  static func noRule(_ result: BasketAnalysis.Result, support: Double?) -> (message: String, hint: String?) {
    let share = { (count: Int) in NumberWords.share(Double(count) / Double(max(result.orders, 1))) }
    guard let pair = result.bestPair else {
      return ("no order holds two items, so the table is empty (columns kept)", nil)
    }
    var hints = [
      "the most frequent pair is in \(Words.count(pair.orders, "order")) (\(share(pair.orders)))"
    ]
    if let suggestion = result.suggestion {
      let percent = ValueText.number((suggestion.support * 1000).rounded() / 10)
      hints.append("support=\(percent)% would give \(Words.count(suggestion.rules, "rule"))")
    }
    let reached = pair.orders >= result.minimumCount
    let asked = support.map { ValueText.number(($0 * 100_000).rounded() / 1000) } ?? share(result.minimumCount)
    let message =
      reached
      ? "no rule has the confidence and lift that were asked for, so the table is empty (columns kept)"
      : "no rule reaches support \(asked)\(support == nil ? "" : " %"), so the table is empty (columns kept)"
    return (message, hints.joined(separator: "; "))
  }
}
