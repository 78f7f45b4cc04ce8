import Analytics
import Foundation
import TestSupport
import Testing

/// Item sets and rules of public data, against mlxtend's (`Tests/Reference/basket_reference.py`).
@Suite struct BasketReferenceTests {
  @Test(.enabled(if: SharedData.isPresent("groceries"), "needs ../shared/data/groceries"))
  func groceriesEqualMlxtendLineByLine() throws {
    let baskets = try NamedBaskets(SharedData.text("groceries/groceries.csv"), separator: ",")
    #expect(baskets.transactions.count == 9835)
    #expect(baskets.transactions.itemCount == 169)
    let sets = try FrequentItemSets.mine(
      baskets.transactions, minimumCount: threshold(0.01).leastCount(of: 9835), maxItems: 8)
    let rules = try AssociationRules.find(in: sets, confidence: threshold(0.3), lift: threshold(0))
    let reference = try SharedData.referenceLines("basket/groceries_1pct.txt")
    let expectedSets = reference.filter { $0[0] == "set" }.map { $0[1...].joined(separator: "\t") }
    #expect(Set(baskets.setLines(sets)) == Set(expectedSets))
    #expect(sets.count == 333)

    let expectedRules = Dictionary(
      reference.filter { $0[0] == "rule" }.map { (key: "\($0[3])\t\($0[1])\t\($0[2])", value: $0) },
      uniquingKeysWith: { first, _ in first })
    #expect(rules.rules.count == 125)
    #expect(expectedRules.count == 125)
    for (line, rule) in zip(baskets.ruleLines(rules), rules.rules) {
      let theirs = try #require(expectedRules[line], "\(line)")
      let ours = rules.measures(rule)
      let numbers = try theirs[4...7].map { try #require(Double($0)) }
      #expect(abs(ours.confidence - numbers[0]) < 1e-14)
      #expect(abs(ours.lift - numbers[1]) < 1e-13)
      #expect(abs(ours.leverage - numbers[2]) < 1e-15)
      #expect(abs(try #require(ours.conviction) - numbers[3]) < 1e-12)
    }
  }

  @Test(
    .enabled(if: SharedData.isPresent("basket-ref"), "needs ../shared/data/basket-ref"),
    arguments: try SharedData.referenceLines("basket/checksums.txt").map { $0[0].components(separatedBy: " ") })
  func setsAndRulesEqualMlxtend(line: [String]) throws {
    let baskets = try NamedBaskets(SharedData.text(line[0]), separator: line[0].hasPrefix("groceries") ? "," : " ")
    let support = try threshold(#require(Double(line[1])))
    let sets = try FrequentItemSets.mine(
      baskets.transactions, minimumCount: support.leastCount(of: baskets.transactions.count), maxItems: 30)
    #expect(sets.count == Int(line[3]))
    #expect(checksum(baskets.setLines(sets)) == UInt64(line[4]))
    let rules = try AssociationRules.find(
      in: sets, confidence: threshold(#require(Double(line[2]))), lift: threshold(0))
    #expect(rules.rules.count == Int(line[5]))
    #expect(rules.rules.filter { sets.size(Int($0.consequent)) == 1 }.count == Int(line[6]))
    #expect(checksum(baskets.ruleLines(rules)) == UInt64(line[7]))
  }
}
