import Analytics
import Foundation

/// Baskets of item names, for comparing with somebody else's item sets.
struct NamedBaskets {
  var names: [String] = []
  var transactions: Transactions

  /// One basket a line, items split at commas or blanks.
  init(_ text: String, separator: Character) throws {
    var codes: [String: UInt32] = [:]
    var orders: [UInt32] = []
    var items: [UInt32] = []
    var names: [String] = []
    let lines = text.split(separator: "\n")
    for (order, line) in lines.enumerated() {
      for part in line.split(separator: separator) {
        let name = part.trimmingCharacters(in: .whitespaces)
        if name.isEmpty { continue }
        let code = codes[name] ?? UInt32(names.count)
        if codes.updateValue(code, forKey: name) == nil { names.append(name) }
        orders.append(UInt32(order))
        items.append(code)
      }
    }
    self.names = names
    transactions = try Transactions(
      orders: orders, orderCodeCount: lines.count, items: items, itemCodeCount: names.count)
  }

  /// A set's names in the order of their bytes, joined by `|`, as the reference script writes them.
  func label(_ codes: [UInt32]) -> String {
    codes.map { names[Int($0)] }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined(separator: "|")
  }

  func setLines(_ sets: FrequentItemSets) -> [String] {
    (0..<sets.count).map { "\(sets.counts[$0])\t\(label(sets.items($0)))" }
  }

  func ruleLines(_ rules: AssociationRules) -> [String] {
    rules.rules.map { rule in
      let left = label(rules.sets.items(Int(rule.antecedent)))
      let right = label(rules.sets.items(Int(rule.consequent)))
      return "\(rules.sets.counts[Int(rule.union)])\t\(left)\t\(right)"
    }
  }
}

/// The sum of the lines' FNV-1a hashes: the same whatever the order of the lines.
func checksum(_ lines: [String]) -> UInt64 {
  lines.reduce(0) { sum, line in
    sum &+ line.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}

/// The threshold written in a test; tests write no negative ones.
func threshold(_ value: Double) throws -> DecimalThreshold {
  guard let threshold = DecimalThreshold(value) else { throw CocoaError(.formatting) }
  return threshold
}
