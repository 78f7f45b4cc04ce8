import Columnar
import Query

/// Functions that make a text of several columns, or a text of a number: their results belong to no dictionary that is
/// there already.
///
/// Rows are grouped by the arguments, each combination is computed once, and the results become a new dictionary.
struct CombinedFunctions {
  private(set) var table: Table
  private let context: ExecutionContext
  private var made = 0

  init(_ table: Table, _ context: ExecutionContext) {
    self.table = table
    self.context = context
  }

  /// Whether the expression, parts included, has a function of this kind over this schema.
  static func needed(_ expr: Expr, _ schema: Schema) -> Bool {
    var found = false
    expr.visit { if isCombined($0, schema) { found = true } }
    return found
  }

  private static func isCombined(_ expr: Expr, _ schema: Schema) -> Bool {
    func varies(_ part: Expr) -> Bool { (try? part.type(in: schema))?.constant == nil }
    switch expr {
    case .call(.concat, _), .call(.text, _): return true
    case .call(let function, let arguments):
      switch function {
      case .left, .right, .mid, .replace, .split: return arguments.dropFirst().contains(where: varies)
      default: return false
      }
    case .textTest(_, _, let pattern): return varies(pattern)
    default: return false
    }
  }

  /// The expression with each such function replaced by a column that is added to the table.
  mutating func separate(_ expr: Expr) throws -> Expr {
    let inner = expr.replacing(children: try expr.children.map { try separate($0) })
    guard CombinedFunctions.isCombined(inner, table.schema) else { return inner }
    let name = "combined \(made)"
    made += 1
    let column = try evaluate(inner)
    table = Table(
      schema: Schema(table.schema.fields + [Field(name, column.type)]), columns: table.columns + [column],
      rowCount: table.rowCount)
    return .column(name)
  }

  private func evaluate(_ expr: Expr) throws -> Column {
    let arguments = expr.children
    let pipeline = Pipeline(table, context)
    let items = arguments.enumerated().map { NamedExpr("argument \($0)", $1) }
    try pipeline.project(items, context)
    let values = try pipeline.collect(context)
    let groups = try RowGrouping.groups(values, keys: Array(arguments.indices), context)
    let firsts = try Slicing.rows(values, groups.firstRows.map { Int32(bitPattern: $0) }, context)
    let results = try perGroup(expr, firsts)
    let rows = try Slicing.rows(
      Table([(Field("result", results.type), results)]), groups.ids.map { Int32(bitPattern: $0) }, context)
    return rows.columns[0]
  }

  /// The results for the argument combinations, which are the rows of the table.
  private func perGroup(_ expr: Expr, _ arguments: Table) throws -> Column {
    let count = arguments.rowCount
    if case .textTest(let test, _, _) = expr {
      var cache: [String: Regex<AnyRegexOutput>] = [:]
      let flags = try (0..<count).map { row -> Value in
        try checkNow(row)
        guard case .text(let text) = arguments.columns[0][row], case .text(let wanted) = arguments.columns[1][row]
        else {
          return .missing
        }
        return .boolean(try TextPredicate.test(test, text, wanted, &cache))
      }
      return .of(.boolean, flags)
    }
    guard case .call(let function, _) = expr else { return .text(Array(repeating: nil, count: count)) }
    var interner = TextInterner(capacity: count)
    var codes = [UInt32](repeating: 0, count: count)
    var present = [Bool](repeating: false, count: count)
    var buffer: [UInt8] = []
    let columns = arguments.columns.map(\.unpacked)
    for row in 0..<count {
      try checkNow(row)
      guard columns.allSatisfy({ !$0.isMissing(row) }) else { continue }
      buffer.removeAll(keepingCapacity: true)
      if function == .concat || function == .text {
        for column in columns { ValueText.append(column, row, to: &buffer) }
      } else {
        guard let text = CombinedFunctions.text(function, arguments.columns.map { $0[row] }) else { continue }
        buffer.append(contentsOf: text.utf8)
      }
      codes[row] = buffer.withUnsafeBufferPointer { interner.intern($0) }
      present[row] = true
    }
    if interner.count == 0 { _ = interner.intern("") }
    return Column(.text(codes: codes, interner.dictionary), validity: Bitmap(present))
  }

  private func checkNow(_ row: Int) throws {
    if row & 1023 == 0 { try context.cancellation.check() }
  }

  private static func text(_ function: ScalarFunction, _ values: [Value]) -> String? {
    guard case .text(let text) = values[0] else { return nil }
    func whole(_ place: Int) -> Int { values[place].number.map { $0.clampedToInt } ?? 0 }
    func word(_ place: Int) -> String { if case .text(let t) = values[place] { t } else { "" } }
    switch function {
    case .left: return String(text.prefix(max(0, whole(1))))
    case .right: return String(text.suffix(max(0, whole(1))))
    case .mid: return TextFunctions.mid(text, whole(1), whole(2))
    case .replace: return TextFunctions.replace(text, word(1), word(2))
    case .split: return TextFunctions.part(text, word(1), whole(2))
    default: return text
    }
  }
}

/// Tests of one text with another one.
enum TextPredicate {
  static func test(
    _ test: TextTest, _ text: String, _ wanted: String, _ cache: inout [String: Regex<AnyRegexOutput>]
  ) throws -> Bool {
    let part = Array(wanted.utf8)
    var text = text
    switch test {
    case .contains: return text.withUTF8 { TextFunctions.contains($0, part) }
    case .startsWith: return text.withUTF8 { TextFunctions.matches($0, part, at: 0) }
    case .endsWith: return text.withUTF8 { TextFunctions.matches($0, part, at: $0.count - part.count) }
    case .matches:
      let regex: Regex<AnyRegexOutput>
      if let known = cache[wanted] { regex = known } else { regex = try RegexPattern.compile(wanted) }
      cache[wanted] = regex
      return try regex.firstMatch(in: text) != nil
    }
  }
}

/// How `text` and `concat` write a value.
enum ValueText {
  /// Whole numbers by their digits, others by the fewest digits that give them back, dates in ISO 8601.
  static func append(_ column: Column, _ row: Int, to buffer: inout [UInt8]) {
    switch column.storage {
    case .text(let codes, let dictionary): dictionary.withBytes(of: Int(codes[row])) { buffer.append(contentsOf: $0) }
    case .integer(let values): buffer.append(contentsOf: String(values[row]).utf8)
    case .real(let values):
      let value = values[row]
      let isWhole = value.rounded() == value && Swift.abs(value) < 1e15
      buffer.append(contentsOf: (isWhole ? String(Int64(value)) : String(value)).utf8)
    case .boolean(let values): buffer.append(contentsOf: (values[row] ? "true" : "false").utf8)
    case .date(let days): buffer.append(contentsOf: CivilDate(days: days[row]).description.utf8)
    case .datetime(let moments): buffer.append(contentsOf: Timestamp(microseconds: moments[row]).description.utf8)
    case .period(let starts, let grain):
      buffer.append(contentsOf: Period(grain, containing: CivilDate(days: starts[row])).description.utf8)
    }
  }
}
