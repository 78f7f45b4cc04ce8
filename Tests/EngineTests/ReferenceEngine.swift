import Columnar
import Query

/// A naive engine, one boxed value at a time, written for nothing but to be obviously right.
struct ReferenceEngine: QueryEngine {
  typealias Row = [Value]

  func run(_ plan: LogicalPlan, cancellation: Cancellation) throws -> QueryAnswer {
    let schema = try plan.schema()
    let rows = try rows(plan)
    let columns = schema.fields.indices.map { index in
      Column.of(schema.fields[index].type, rows.map { ReferenceEngine.cast($0[index], schema.fields[index].type) })
    }
    return QueryAnswer(Table(schema: schema, columns: columns, rowCount: rows.count))
  }

  static func cast(_ value: Value, _ type: DataType) -> Value {
    switch (value, type) {
    case (.integer(let i), .real): .real(Double(i))
    case (.date(let d), .datetime): .datetime(Timestamp(d))
    default: value
    }
  }

  private func rows(_ plan: LogicalPlan) throws -> [Row] {
    switch plan {
    case .scan(let scan, let schema, _):
      let table = try scan.table(schema.names, Cancellation())
      return (0..<table.rowCount).map { row in table.columns.map { $0[row] } }
    case .table(let table, _): return (0..<table.rowCount).map { row in table.columns.map { $0[row] } }
    case .filter(let input, let predicate, _):
      let schema = try input.schema()
      return try rows(input).filter { try evaluate(predicate, $0, schema) == .boolean(true) }
    case .project(let input, let items):
      let schema = try input.schema()
      return try rows(input).map { row in try items.map { try evaluate($0.expr, row, schema) } }
    case .aggregate(let input, let keys, let aggregates):
      let schema = try input.schema()
      let groups = try grouped(rows(input), keys.map(\.expr), schema)
      let all = keys.isEmpty && groups.isEmpty ? [([], [])] : groups
      return try all.map { key, members in
        try key + aggregates.map { try aggregate($0.function, $0.arguments, members, schema) }
      }
    case .window(let input, let windows, let partition, let order):
      return try window(rows(input), windows, partition, order, input.schema())
    case .join(let left, let right, let spec):
      return try join(rows(left), left.schema(), rows(right), right.schema(), spec)
    case .append(let inputs):
      let names = try plan.schema().names
      return try inputs.flatMap { input -> [Row] in
        let schema = try input.schema()
        return try rows(input).map { row in names.map { schema.index(of: $0).map { row[$0] } ?? .missing } }
      }
    case .sort(let input, let keys):
      let schema = try input.schema()
      return try sorted(rows(input), keys, schema)
    case .limit(let input, let count): return Array(try rows(input).prefix(max(0, count)))
    case .distinct(let input, let names):
      let schema = try input.schema()
      let places = (names.isEmpty ? schema.names : names).compactMap { schema.index(of: $0) }
      var seen: Set<Row> = []
      return try rows(input).filter { row in seen.insert(places.map { normal(row[$0]) }).inserted }
    }
  }

  /// Zero and minus zero are one key.
  private func normal(_ value: Value) -> Value { value == .real(0) ? .real(0) : value }

  private func grouped(_ rows: [Row], _ keys: [Expr], _ schema: Schema) throws -> [(key: Row, rows: [Row])] {
    var places: [Row: Int] = [:]
    var groups: [(key: Row, rows: [Row])] = []
    for row in rows {
      let key = try keys.map { normal(try evaluate($0, row, schema)) }
      if let place = places[key] {
        groups[place].rows.append(row)
      } else {
        places[key] = groups.count
        groups.append((key, [row]))
      }
    }
    return groups
  }

  private func sorted(_ rows: [Row], _ keys: [SortKey], _ schema: Schema) throws -> [Row] {
    let keyed = try rows.enumerated().map { place, row in
      (place: place, key: try keys.map { try evaluate($0.expr, row, schema) }, row: row)
    }
    return keyed.sorted { a, b in
      for (number, key) in keys.enumerated() {
        let (x, y) = (a.key[number], b.key[number])
        if x == y { continue }
        if x == .missing { return false }
        if y == .missing { return true }
        let order = ReferenceEngine.order(x, y)
        if order != 0 { return key.descending ? order > 0 : order < 0 }
      }
      return a.place < b.place
    }.map(\.row)
  }

  private func join(
    _ left: [Row], _ ours: Schema, _ right: [Row], _ theirs: Schema, _ spec: JoinSpec
  ) throws -> [Row] {
    let added = spec.rightColumns(ours, theirs).compactMap { theirs.index(of: $0.source) }
    func matches(_ a: Row, _ b: Row) -> Bool {
      spec.keys.allSatisfy { key in
        guard let i = ours.index(of: key.left), let j = theirs.index(of: key.right) else { return false }
        return a[i] != .missing && b[j] != .missing && ReferenceEngine.order(a[i], b[j]) == 0
      }
    }
    var result: [Row] = []
    var used: Set<Int> = []
    for row in left {
      let partners = right.indices.filter { matches(row, right[$0]) }
      used.formUnion(partners)
      switch spec.kind {
      case .semi: if !partners.isEmpty { result.append(row) }
      case .anti: if partners.isEmpty { result.append(row) }
      case .inner, .left, .full:
        result += partners.map { partner in row + added.map { right[partner][$0] } }
        if partners.isEmpty, spec.kind != .inner { result.append(row + added.map { _ in .missing }) }
      }
    }
    guard spec.kind == .full else { return result }
    for place in right.indices where !used.contains(place) {
      let start = ours.names.map { name -> Value in
        guard spec.keys.contains(where: { $0.left == name && $0.right == name }) else { return .missing }
        return theirs.index(of: name).map { right[place][$0] } ?? .missing
      }
      result.append(start + added.map { right[place][$0] })
    }
    return result
  }

  /// -1, 0 or 1 for two present values of comparable types.
  static func order(_ a: Value, _ b: Value) -> Int {
    func sign<T: Comparable>(_ x: T, _ y: T) -> Int { x < y ? -1 : (x > y ? 1 : 0) }
    if case .integer(let x) = a, case .integer(let y) = b { return sign(x, y) }
    if let x = a.number, let y = b.number { return sign(x, y) }
    switch (a, b) {
    case (.text(let x), .text(let y)):
      return x == y ? 0 : (x.utf8.lexicographicallyPrecedes(y.utf8) ? -1 : 1)
    case (.boolean(let x), .boolean(let y)): return sign(x ? 1 : 0, y ? 1 : 0)
    default: return sign(instant(a), instant(b))
    }
  }

  private static func instant(_ value: Value) -> Int64 {
    switch value {
    case .date(let d): Int64(d.days) * Timestamp.perDay
    case .datetime(let t): t.microseconds
    case .period(let p): Int64(p.start.days) * Timestamp.perDay
    default: 0
    }
  }

  private func window(
    _ rows: [Row], _ windows: [NamedWindow], _ partition: [Expr], _ order: [SortKey], _ schema: Schema
  ) throws -> [Row] {
    // Each row carries its number as a last column that no expression sees.
    let numbered = rows.enumerated().map { $1 + [.integer(Int64($0))] }
    var result = rows
    var extra = [[Value]](repeating: [], count: rows.count)
    for item in windows {
      for group in try grouped(numbered, partition, schema) {
        let ordered = try sorted(group.rows, order, schema)
        let values = try windowValues(item, ordered, order, schema)
        for (row, value) in zip(ordered, values) {
          if case .integer(let number)? = row.last { extra[Int(number)].append(value) }
        }
      }
    }
    for place in result.indices { result[place] += extra[place] }
    return result
  }

  private func windowValues(
    _ item: NamedWindow, _ rows: [Row], _ order: [SortKey], _ schema: Schema
  ) throws -> [Value] {
    func value(_ place: Int) throws -> Value {
      rows.indices.contains(place) ? try evaluate(item.arguments[0], rows[place], schema) : .missing
    }
    func isTie(_ a: Int, _ b: Int) throws -> Bool {
      try order.allSatisfy { try evaluate($0.expr, rows[a], schema) == evaluate($0.expr, rows[b], schema) }
    }
    return try rows.indices.map { place -> Value in
      switch item.function {
      case .lag(let n): return try value(place - n)
      case .lead(let n): return try value(place + n)
      case .rowNumber: return .integer(Int64(place + 1))
      case .rank, .percentRank:
        let before = try rows.indices.first { try isTie($0, place) } ?? place
        if case .rank = item.function { return .integer(Int64(before + 1)) }
        return .real(rows.count == 1 ? 0 : Double(before) / Double(rows.count - 1))
      case .denseRank:
        var rank = 1
        for other in 1..<max(1, place + 1) where try !isTie(other, other - 1) { rank += 1 }
        return .integer(Int64(rank))
      case .ntile(let n):
        let sizes = (0..<n).map { rows.count / n + ($0 < rows.count % n ? 1 : 0) }
        var end = 0
        for (part, size) in sizes.enumerated() {
          end += size
          if place < end { return .integer(Int64(part + 1)) }
        }
        return .missing
      case .cumulative: return try aggregate(.sum, item.arguments, Array(rows[...place]), schema)
      case .change:
        guard place > 0 else { return .missing }
        return arithmetic(.subtract, try value(place), try value(place - 1))
      case .growth:
        guard place > 0, let now = try value(place).number, let before = try value(place - 1).number, before != 0 else {
          return .missing
        }
        return .real(now / before - 1)
      case .share:
        let total = try aggregate(.sum, item.arguments, rows, schema)
        return arithmetic(.divide, try value(place), total)
      case .rolling(let size, let function, let partial):
        guard partial || place + 1 >= size else { return .missing }
        return try aggregate(function, item.arguments, Array(rows[max(0, place - size + 1)...place]), schema)
      case .aggregate(let function): return try aggregate(function, item.arguments, rows, schema)
      }
    }
  }
}

extension ReferenceEngine {
  func aggregate(_ function: AggregateFunction, _ arguments: [Expr], _ rows: [Row], _ schema: Schema) throws -> Value {
    guard let first = arguments.first else { return .integer(Int64(rows.count)) }
    let values = try rows.map { try evaluate(first, $0, schema) }.filter { $0 != .missing }
    let numbers = values.map { value -> Double in
      if case .boolean(let b) = value { return b ? 1 : 0 }
      return value.number ?? 0
    }
    let sorted = values.sorted { ReferenceEngine.order($0, $1) < 0 }
    let mean = numbers.reduce(0, +) / Double(numbers.count)
    func real(_ x: Double) -> Value { x.isFinite ? .real(x) : .missing }
    switch function {
    case .count: return .integer(Int64(values.count))
    case .countDistinct: return .integer(Int64(Set(values).count))
    case .sum:
      guard !values.isEmpty else { return .missing }
      let isWhole = values.allSatisfy { if case .real = $0 { false } else { true } }
      return isWhole ? .integer(Int64(numbers.reduce(0, +))) : .real(numbers.reduce(0, +))
    case .mean: return real(mean)
    case .sd, .variance:
      guard numbers.count > 1 else { return .missing }
      let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count - 1)
      return .real(function == .sd ? variance.squareRoot() : variance)
    case .median, .quantile:
      guard !numbers.isEmpty else { return .missing }
      var share = 0.5
      if function == .quantile, case .literal(let constant) = arguments[1] { share = constant.number ?? 0.5 }
      let ordered = numbers.sorted()
      let place = Double(ordered.count - 1) * share
      let (low, high) = (ordered[Int(place)], ordered[min(ordered.count - 1, Int(place) + 1)])
      return .real(low + (place - place.rounded(.down)) * (high - low))
    case .min: return sorted.first ?? .missing
    case .max: return sorted.last ?? .missing
    case .mode:
      let counts = sorted.map { value in sorted.count { $0 == value } }
      return counts.max().flatMap { most in zip(sorted, counts).first { $1 == most }?.0 } ?? .missing
    case .first: return values.first ?? .missing
    case .last: return values.last ?? .missing
    case .weightedMean:
      var (sum, weights) = (0.0, 0.0)
      for row in rows {
        guard let x = try evaluate(first, row, schema).number, let w = try evaluate(arguments[1], row, schema).number
        else { continue }
        sum += x * w
        weights += w
      }
      return real(sum / weights)
    case .bitOr:
      let wholes = values.compactMap { if case .integer(let i) = $0 { i } else { nil } }
      return wholes.isEmpty ? .missing : .integer(wholes.reduce(0, |))
    }
  }
}
