import Columnar
import Query

/// Items by their part of a total, and the class that the running share puts them in (ABC analysis, Dickie 1951).
package struct ParetoRanking: Sendable {
  /// What was found of one class.
  package struct ClassFacts: Hashable, Sendable {
    package let name: String
    package let items: Int
    /// Share of the total, 0…1.
    package let share: Double
  }

  /// rank, ITEM, M, share, cumulative_share, class.
  package let table: Table
  /// The total that shares are taken of.
  package let total: Double
  /// The number of items before any were merged or cut off.
  package let items: Int
  package let classes: [ClassFacts]
  /// Items whose value is below zero; their share is negative.
  package let negativeItems: Int
  /// How many items the row "Others" stands for.
  package let merged: Int

  /// The name of the row that stands for the items at the end.
  package static let othersName = "Others"

  /// The columns of the result.
  package static func fields(item: Field, measure: Field) -> [Field] {
    [
      Field("rank", .integer), item, Field(measure.name, .real, measure: measure.measure, format: measure.format),
      Field("share", .real, measure: .percent), Field("cumulative_share", .real, measure: .percent),
      Field("class", .text),
    ]
  }

  /// Ranks the items of a table with one row each.
  ///
  /// An item is in class A while the running share of the items up to it does not exceed the first limit, in class B up to
  /// the second; the item of rank 1 is always in A. Equal values are ranked in the order of the items.
  ///
  /// - Parameters:
  ///   - item: one row an item, any type; a missing item stays an item of its own
  ///   - values: the measure of each item; missing counts as 0
  ///   - limits: the greatest running share of class A, of B …, rising, 0…1
  ///   - top: rows beyond are left out, or merged when `others` is set
  ///   - others: merge what `top` cuts off, or without `top` all of the last class, into one row
  package init(
    item: (field: Field, column: Column), measure: (field: Field, values: Column), limits: [DecimalThreshold],
    top: Int? = nil, others: Bool = false
  ) {
    let values = measure.values.doubles()
    let order = ParetoRanking.order(values, item.column)
    let total = values.reduce(0, +)
    var running = 0.0
    var cumulative: [Double?] = []
    var classOf: [Int] = []
    for (rank, row) in order.enumerated() {
      running += values[row]
      let share = total == 0 ? nil : running / total
      cumulative.append(share)
      let above = limits.count { limit in (share ?? 0) > limit.value * (1 + 1e-12) }
      classOf.append(rank == 0 ? 0 : above)
    }
    self.total = total
    self.items = order.count
    negativeItems = values.count { $0 < 0 }
    classes = (0...limits.count).map { number in
      let rows = classOf.indices.filter { classOf[$0] == number }
      let sum = rows.reduce(0.0) { $0 + values[order[$1]] }
      return ClassFacts(name: ParetoRanking.className(number), items: rows.count, share: total == 0 ? 0 : sum / total)
    }

    var shown = min(top ?? order.count, order.count)
    if others, top == nil { shown = classOf.firstIndex(of: limits.count) ?? order.count }
    let rest = others ? Array(order[shown...]) : []
    merged = rest.count
    let head = Array(order[..<shown])
    var itemColumn = item.column.taking(head)
    var measured = head.map { values[$0] }
    var shownClasses = Array(classOf[..<shown])
    var ranks = head.indices.map { Optional(Int64($0 + 1)) }
    var shares = Array(cumulative[..<shown])
    if !rest.isEmpty {
      let name: Value = item.field.type == .text ? .text(Self.othersName) : .missing
      itemColumn = .of(item.field.type, (0..<itemColumn.count).map { itemColumn[$0] } + [name])
      measured.append(rest.reduce(0.0) { $0 + values[$1] })
      shownClasses.append(limits.count)
      ranks.append(nil)
      shares.append(total == 0 ? nil : 1)
    }
    table = Table(
      schema: Schema(Self.fields(item: item.field, measure: measure.field)),
      columns: [
        .integer(ranks), itemColumn, .real(measured),
        total == 0 ? .real([Double?](repeating: nil, count: measured.count)) : .real(measured.map { $0 / total }),
        .real(shares), ParetoRanking.classColumn(shownClasses),
      ])
  }

  /// The names of these classes. Each is written once, however many items there are.
  private static func classColumn(_ classes: [Int]) -> Column {
    var codes = [UInt32](repeating: 0, count: (classes.max() ?? 0) + 1)
    for number in classes { codes[number] = 1 }
    let known = codes.indices.filter { codes[$0] == 1 }
    for (code, number) in known.enumerated() { codes[number] = UInt32(code) }
    return Column(.text(codes: classes.map { codes[$0] }, TextDictionary(known.map(className))))
  }

  /// A, B, C … Z, and numbers after that.
  static func className(_ number: Int) -> String {
    guard number < 26, let scalar = Unicode.Scalar(UInt32(65 + number)) else { return "\(number + 1)" }
    return String(Character(scalar))
  }

  /// The rows from the largest value to the smallest; equal values in the order of the items.
  private static func order(_ values: [Double], _ items: Column) -> [Int] {
    var order = values.indices.map { (value: values[$0], row: $0) }.sorted { $0.value > $1.value }.map(\.row)
    let key = KeyOrder(items)
    var first = 0
    while first < order.count {
      var end = first + 1
      while end < order.count, values[order[end]] == values[order[first]] { end += 1 }
      if end - first > 1 { order[first..<end].sort(by: key.precedes) }
      first = end
    }
    return order
  }
}

/// The order of the keys of rows: texts by their bytes, missing last; rows of equal keys as they stand.
private struct KeyOrder {
  private enum Keys {
    case texts([UInt32], TextDictionary)
    case numbers([Int])
    case none
  }
  private let keys: Keys
  private let validity: Bitmap?

  init(_ column: Column) {
    validity = column.validity
    keys =
      switch column.storage {
      case .text(let codes, let dictionary): .texts(codes, dictionary)
      case .integer(let v), .datetime(let v): .numbers(v.map { Int($0) })
      case .date(let v), .period(let v, _): .numbers(v.map { Int($0) })
      case .real, .boolean: .none
      }
  }

  func precedes(_ a: Int, _ b: Int) -> Bool {
    let (hasA, hasB) = (validity?[a] ?? true, validity?[b] ?? true)
    if hasA != hasB { return hasA }
    if !hasA { return a < b }
    switch keys {
    case .texts(let codes, let dictionary):
      if codes[a] == codes[b] { return a < b }
      return dictionary.withBytes(of: Int(codes[a])) { x in
        dictionary.withBytes(of: Int(codes[b])) { y in x.lexicographicallyPrecedes(y) }
      }
    case .numbers(let values): return (values[a], a) < (values[b], b)
    case .none: return a < b
    }
  }
}
