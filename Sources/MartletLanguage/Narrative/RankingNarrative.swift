import Analytics
import Columnar

/// Sentences about items in the order of what they bring.
enum RankingNarrative {
  /// How few items make the first class, and what the first one brings.
  static func headline(_ result: ParetoRanking, item: String, measure: Field) -> String {
    guard let first = result.classes.first, result.items > 0 else { return "There is nothing to rank." }
    let share = Double(first.items) / Double(result.items)
    let verb = first.items == 1 ? "makes" : "make"
    var text =
      "\(Words.grouped(first.items)) of \(Words.grouped(result.items)) values of \(item) (\(NumberWords.share(share))) \(verb) "
      + "\(NumberWords.share(first.share)) of \(measure.name)"
    if let names = result.table[item], let values = result.table[measure.name], let value = values[0].number,
      result.table.rowCount > 0, result.total != 0
    {
      text +=
        "; the first is \(ValueText.plain(names[0])) with \(NumberWords.amount(value, measure.measure)) "
        + "(\(NumberWords.share(value / result.total)))"
    }
    return text + "."
  }

  /// Words and codes of bookings that are no products, in lower case.
  private static let serviceWords = [
    "postage", "shipping", "carriage", "freight", "delivery charge", "bank charges", "amazon fee", "amazonfee",
    "adjust bad debt", "commission", "handling fee", "gift voucher", "gift card",
  ]
  private static let serviceNames: Set<String> = [
    "manual", "post", "dot", "discount", "samples", "sample", "fee", "fees",
  ]

  /// A warning when services stand among the products.
  static func services(_ column: Column) -> Note? {
    guard case .text(let codes, let dictionary) = column.storage else { return nil }
    let names = codes.indices.compactMap { row -> String? in
      let code = Int(codes[row])
      return !column.isMissing(row) && dictionary.withBytes(of: code, isService) ? dictionary[code] : nil
    }
    guard !names.isEmpty else { return nil }
    let what = names.count == 1 ? "does not look like a product" : "do not look like products"
    return Note(.warning, "\(Words.list(names, limit: 5)) \(what); `where` takes out what is none")
  }

  /// How two bytes of ASCII letters are looked up: five bits of each, the same for small and capital ones.
  private static func pair(_ a: UInt8, _ b: UInt8) -> Int { Int(a & 31) << 5 | Int(b & 31) }

  /// Whether some word or name begins with a pair of letters.
  private static let beginnings: [Bool] = {
    var found = [Bool](repeating: false, count: 1024)
    for word in serviceWords + serviceNames {
      let bytes = Array(word.utf8.prefix(2))
      found[pair(bytes[0], bytes[1])] = true
    }
    return found
  }()

  /// Thousands of products are looked at in each ranking: only where two letters are those that a word begins with, the words
  /// are compared.
  private static func isService(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    let isPossible = beginnings.withUnsafeBufferPointer { beginnings in
      var place = 1
      while place < name.count {
        if beginnings[pair(name[place - 1], name[place])] { return true }
        place += 1
      }
      return false
    }
    guard isPossible else { return false }
    let lower = name.map { UInt8(ascii: "A") <= $0 && $0 <= UInt8(ascii: "Z") ? $0 | 0x20 : $0 }
    return serviceNames.contains { lower.elementsEqual($0.utf8) }
      || serviceWords.contains { word in
        let word = word.utf8
        guard let first = word.first, lower.count >= word.count else { return false }
        return (0...lower.count - word.count).contains { lower[$0] == first && lower[$0...].starts(with: word) }
      }
  }

  /// How products stand, and which run out.
  static func products(_ result: ProductPerformance) -> String {
    let stars = result.standings[.star] ?? 0
    let weak = result.standings[.underperformer] ?? 0
    var text =
      "\(Words.count(result.products, "product")): \(Words.grouped(stars)) \(stars == 1 ? "is a Star" : "are Stars"), "
      + "\(Words.count(weak, "Underperformer"))"
    let short = (result.flags[.out] ?? 0) + (result.flags[.low] ?? 0)
    if !result.flags.isEmpty {
      text += "; \(Words.grouped(short)) out of stock or with less than 14 days of cover"
    }
    return text + "."
  }

  /// What lifting segments to the benchmark would bring.
  static func opportunity(_ rows: [Opportunity.Row], versus: [String], reach: Double, amount: Measure) -> String {
    let total = rows.reduce(0.0) { $0 + $1.opportunity }
    let customers = rows.reduce(0) { $0 + $1.customers }
    let part = reach == 1 ? "all" : NumberWords.share(reach, decimals: 0)
    return
      "Lifting \(part) of \(Words.count(customers, "customer")) in \(NumberWords.list(rows.map(\.segment))) to the mean of "
      + "\(NumberWords.list(versus)) would bring up to \(NumberWords.amount(total, amount))."
  }

  /// What could be lost.
  static func risk(_ rows: [AmountAtRisk.Row], span: String, amount: Measure) -> String {
    let total = rows.reduce(0.0) { $0 + $1.atRisk }
    let share = rows.allSatisfy { $0.shareOfTotal != nil } ? rows.reduce(0.0) { $0 + ($1.shareOfTotal ?? 0) } : nil
    let words = share.map { " (\(NumberWords.share($0)) of the amount of all customers)" } ?? ""
    return
      "Up to \(NumberWords.amount(total, amount)) of the last \(span)\(words) is at risk in "
      + "\(NumberWords.list(rows.map(\.segment)))."
  }
}
