import Columnar
import Query

/// Comparisons and tests: texts become tests of dictionary entries, periods beside dates become ranges of days.
extension ExprCompiler {
  func comparison(_ op: ComparisonOperator, _ a: Expr, _ b: Expr) throws -> any VectorNode {
    let (x, y) = (try a.type(in: layout.schema), try b.type(in: layout.schema))
    if x.form == .missing || y.form == .missing { return MissingNode(.boolean) }
    guard let left = x.dataType, let right = y.dataType else { return MissingNode(.boolean) }
    if left == .text { return try textComparison(op, compile(a), compile(b)) }
    if left.isTemporal, right.isTemporal, left != right {
      if case .period(let period)? = y.constant { return try periodComparison(op, a, left, period) }
      if case .period(let period)? = x.constant { return try periodComparison(op.mirrored, b, right, period) }
      let common: DataType = left == .datetime || right == .datetime ? .datetime : .date
      return CompareNode(op, try compile(a, as: common), try compile(b, as: common))
    }
    if left.isNumeric, left != right { return CompareNode(op, try compile(a), try compile(b)) }
    return CompareNode(op, try compile(a, as: left), try compile(b, as: left))
  }

  /// A date and a constant period: `=` means within, `<` before it begins, `>` after it ends.
  private func periodComparison(
    _ op: ComparisonOperator, _ date: Expr, _ type: DataType, _ period: Period
  ) throws -> any VectorNode {
    let common: DataType = type == .datetime ? .datetime : .date
    let node = try compile(date, as: common)
    func bound(_ day: CivilDate, _ op: ComparisonOperator) throws -> any VectorNode {
      guard let constant = ConstantNode(.date(day), as: common) else { throw QueryError.other("a day is no date") }
      return CompareNode(op, node, constant)
    }
    let after = period.advanced(by: 1).start
    switch op {
    case .less: return try bound(period.start, .less)
    case .greaterOrEqual: return try bound(period.start, .greaterOrEqual)
    case .lessOrEqual: return try bound(after, .less)
    case .greater: return try bound(after, .greaterOrEqual)
    case .equal: return LogicNode(and: true, try bound(period.start, .greaterOrEqual), try bound(after, .less))
    case .notEqual: return LogicNode(and: false, try bound(period.start, .less), try bound(after, .greaterOrEqual))
    }
  }

  private func textComparison(
    _ op: ComparisonOperator, _ a: any VectorNode, _ b: any VectorNode
  ) throws -> any VectorNode {
    if let constant = b as? ConstantNode, let text = constant.dictionary?[0] {
      return try textComparison(op, a, with: text)
    }
    if let constant = a as? ConstantNode, let text = constant.dictionary?[0] {
      return try textComparison(op.mirrored, b, with: text)
    }
    let (x, y) = TextTable.unified(a, b)
    guard op != .equal, op != .notEqual, let dictionary = x.dictionary else { return CompareNode(op, x, y) }
    let ranks = dictionary.ranks
    return CompareNode(
      op, LookupNode(x, .text, ranks, present: nil, blank: 0, dictionary: dictionary),
      LookupNode(y, .text, ranks, present: nil, blank: 0, dictionary: dictionary))
  }

  private func textComparison(
    _ op: ComparisonOperator, _ a: any VectorNode, with text: String
  ) throws -> any VectorNode {
    guard let dictionary = a.dictionary else { return a }
    switch op {
    case .equal, .notEqual:
      // A text that is no entry gets a code that no row has, so that missing rows stay unknown.
      return EqualCodeNode(a, code: dictionary.code(of: text) ?? .max, isEqual: op == .equal)
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      let wanted = Array(text.utf8)
      return try entryTest(a) { entry in
        let isLess = entry.lexicographicallyPrecedes(wanted)
        let isGreater = wanted.lexicographicallyPrecedes(entry)
        return switch op {
        case .less: isLess
        case .lessOrEqual: !isGreater
        case .greater: isGreater
        default: !isLess
        }
      }
    }
  }

  /// A condition on a text's bytes, decided once for each dictionary entry.
  private func entryTest(
    _ a: any VectorNode, _ test: (UnsafeBufferPointer<UInt8>) throws -> Bool
  ) throws -> any VectorNode {
    guard let dictionary = a.dictionary else { return a }
    var table: [Bool] = []
    table.reserveCapacity(dictionary.count)
    for code in 0..<dictionary.count {
      if code & 1023 == 0 { try cancellation.check() }
      table.append(try dictionary.withBytes(of: code, test))
    }
    return LookupNode(a, .boolean, table, present: nil, blank: false)
  }

  func membership(_ a: Expr, _ items: [Value]) throws -> any VectorNode {
    let node = try compile(a)
    if node is MissingNode { return MissingNode(.boolean) }
    let present = items.filter { $0 != .missing }
    switch node.type {
    case .text:
      let texts = Set(present.compactMap { if case .text(let t) = $0 { t } else { nil } }.map { Array($0.utf8) })
      return try entryTest(node) { texts.contains(Array($0)) }
    case .real: return RealMembershipNode(node, present.compactMap(\.number))
    case .integer:
      let numbers = present.compactMap(\.number)
      return WholeMembershipNode(
        node,
        zip(numbers, present).compactMap { number, value in
          if case .integer(let i) = value { i } else { Int64(exactly: number) }
        })
    case .boolean:
      return WholeMembershipNode(node, present.compactMap { if case .boolean(let b) = $0 { b ? 1 : 0 } else { nil } })
    case .date, .datetime, .period:
      // Items may be days, moments or periods, each with a meaning of its own beside a date.
      var result: (any VectorNode)?
      for item in present {
        let one = try comparison(.equal, a, .literal(item))
        result = result.map { LogicNode(and: false, $0, one) } ?? one
      }
      guard let result else { return WholeMembershipNode(node, []) }
      return result
    }
  }

  func textTest(_ test: TextTest, _ a: Expr, _ b: Expr) throws -> any VectorNode {
    let (text, pattern) = (try compile(a, as: .text), try compile(b, as: .text))
    if text is MissingNode || pattern is MissingNode { return MissingNode(.boolean) }
    guard let constant = pattern as? ConstantNode, let wanted = constant.dictionary?[0] else {
      throw QueryError.other("\(test.rawValue) needs one pattern here")
    }
    let bytes = Array(wanted.utf8)
    switch test {
    case .contains: return try entryTest(text) { TextFunctions.contains($0, bytes) }
    case .startsWith: return try entryTest(text) { TextFunctions.matches($0, bytes, at: 0) }
    case .endsWith: return try entryTest(text) { TextFunctions.matches($0, bytes, at: $0.count - bytes.count) }
    case .matches:
      let regex = try RegexPattern.compile(wanted)
      return try entryTest(text) { try regex.firstMatch(in: String(decoding: $0, as: UTF8.self)) != nil }
    }
  }
}

extension ComparisonOperator {
  /// The operator for swapped sides.
  var mirrored: ComparisonOperator {
    switch self {
    case .equal, .notEqual: self
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    }
  }
}
