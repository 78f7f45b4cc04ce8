import Columnar

/// The order of bars and slices.
public enum ChartOrder: String, CaseIterable, Hashable, Sendable {
  /// Largest first.
  case descending
  /// Smallest first.
  case ascending
  /// As the rows of the table stand.
  case given
}

/// Sums of one number over a category and, where there is one, a group: what bars, columns and slices are made of.
struct CrossTab {
  /// The categories, in order of first appearance until they are sorted.
  var categories: [String] = []
  /// The groups in order of first appearance; one empty name without a group column.
  var groups: [String] = []
  /// The sums, category by category and in each group by group; nil where there is no row.
  private var sums: [Double?] = []
  /// For each category whether every row of it is complete.
  var complete: [Bool] = []
  /// How many rows were added to another row of the same category and group.
  var merged = 0
  /// How many rows have no number.
  var missing = 0

  /// Adds up the rows of a table. Rows without a number are left out, and counted.
  init(_ category: Channel, _ value: Channel, group: Channel?, complete flags: [Bool]? = nil) {
    var (rows, numbers) = ([Int](), [Double]())
    for row in 0..<value.count {
      guard let number = value.number(row) else {
        missing += 1
        continue
      }
      rows.append(row)
      numbers.append(number)
    }
    var places: [Int]
    var columns: [Int]?
    (categories, places) = CrossTab.numbered(category, rows)
    groups = [""]
    if let group { (groups, columns) = CrossTab.numbered(group, rows) }
    complete = [Bool](repeating: true, count: categories.count)
    sums = [Double?](repeating: nil, count: categories.count * groups.count)
    for (index, number) in numbers.enumerated() {
      let cell = places[index] * groups.count + (columns?[index] ?? 0)
      if let sum = sums[cell] {
        sums[cell] = sum + number
        merged += 1
      } else {
        sums[cell] = number
      }
      if let flags, flags.indices.contains(rows[index]), !flags[rows[index]] { complete[places[index]] = false }
    }
  }

  /// The distinct names of some rows in order of first appearance, and the number of each row's name.
  private static func numbered(_ channel: Channel, _ rows: [Int]) -> (names: [String], numbers: [Int]) {
    var index: [String: Int] = [:]
    index.reserveCapacity(rows.count)
    var names: [String] = []
    var numbers: [Int] = []
    for row in rows {
      let name = channel.category(row) ?? missingName
      if let known = index[name] {
        numbers.append(known)
        continue
      }
      index[name] = names.count
      numbers.append(names.count)
      names.append(name)
    }
    return (names, numbers)
  }

  /// The sums of a category, one for each group.
  func parts(_ place: Int) -> ArraySlice<Double?> { sums[place * groups.count..<(place + 1) * groups.count] }

  /// The name of the category of rows without one.
  static let missingName = "(missing)"

  /// The sum of a category in one group.
  func part(_ place: Int, _ group: Int) -> Double? { sums[place * groups.count + group] }

  /// The sum of a category over its groups.
  func total(_ place: Int) -> Double { parts(place).reduce(0) { $0 + ($1 ?? 0) } }

  /// Sorts the categories by their total; equal totals keep their order.
  mutating func sort(_ order: ChartOrder) {
    guard order != .given else { return }
    let totals = categories.indices.map(total)
    let places = categories.indices.sorted { a, b in
      let (x, y) = (totals[a], totals[b])
      if x == y { return a < b }
      return order == .descending ? x > y : x < y
    }
    take(places)
  }

  /// Keeps the categories at these places, in this order.
  mutating func take(_ places: [Int]) {
    sums = places.flatMap(parts)
    categories = places.map { categories[$0] }
    complete = places.map { complete[$0] }
  }

  /// Keeps the first categories and says how many there were.
  mutating func limit(_ count: Int) -> Int? {
    guard categories.count > count else { return nil }
    let all = categories.count
    take(Array(0..<count))
    return all
  }

  /// The notes that adding up and leaving out call for.
  func notes(_ category: Channel, _ value: Channel) -> [String] {
    var notes: [String] = []
    if merged > 0 { notes.append("\(value.title) of rows with the same \(category.title) are added up in the chart") }
    if missing > 0 {
      notes.append("the chart leaves out \(ValueFormat.number(0).text(Double(missing))) rows without \(value.title)")
    }
    return notes
  }
}

/// Sentences about what a chart does not draw.
enum DrawnNote {
  /// `2nd`, `3rd`, `11th`.
  static func ordinal(_ number: Int) -> String {
    switch (number % 10, number % 100) {
    case (1, let rest) where rest != 11: "\(number)st"
    case (2, let rest) where rest != 12: "\(number)nd"
    case (3, let rest) where rest != 13: "\(number)rd"
    default: "\(number)th"
    }
  }

  /// `the chart draws the 25 largest of 3,812 Description`.
  static func limited(to shown: Int, of all: Int, _ what: String, order: ChartOrder) -> String {
    let which = order == .given ? "first" : order == .descending ? "largest" : "smallest"
    return "the chart draws the \(shown) \(which) of \(ValueFormat.number(0).text(Double(all))) \(what)"
  }
}
