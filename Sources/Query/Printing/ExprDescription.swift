import Columnar

extension Expr: CustomStringConvertible {
  /// The expression as it would be written in a cell.
  public var description: String { text(minimum: 0) }

  /// Parenthesised when the surrounding operator binds tighter than this one.
  private func text(minimum: Int) -> String {
    let own = binding
    return own < minimum ? "(\(plain))" : plain
  }

  /// How tightly the outermost operator binds.
  private var binding: Int {
    switch self {
    case .conditional: 0
    case .or: 1
    case .and: 2
    case .not: 3
    case .compare, .isMissing, .isIn, .textTest: 4
    case .arithmetic(.add, _, _), .arithmetic(.subtract, _, _), .coalesce: 5
    case .arithmetic(.multiply, _, _), .arithmetic(.divide, _, _): 6
    case .negate, .arithmetic(.power, _, _): 7
    case .column, .literal, .call: 8
    }
  }

  private var plain: String {
    switch self {
    case .column(let name): return Expr.quoted(name)
    case .literal(let value): return Expr.literal(value)
    case .negate(let a): return "-" + a.text(minimum: 8)
    case .not(let a): return "not " + a.text(minimum: 4)
    case .arithmetic(.power, let a, let b): return "\(a.text(minimum: 8)) ^ \(b.text(minimum: 7))"
    case .arithmetic(let op, let a, let b):
      return "\(a.text(minimum: binding)) \(op.rawValue) \(b.text(minimum: binding + 1))"
    case .compare(let op, let a, let b): return "\(a.text(minimum: 5)) \(op.rawValue) \(b.text(minimum: 5))"
    case .and(let a, let b): return "\(a.text(minimum: 2)) and \(b.text(minimum: 3))"
    case .or(let a, let b): return "\(a.text(minimum: 1)) or \(b.text(minimum: 2))"
    case .coalesce(let a, let b): return "\(a.text(minimum: 5)) ?? \(b.text(minimum: 6))"
    case .isMissing(let a): return "\(a.text(minimum: 5)) is missing"
    case .isIn(let a, let items): return "\(a.text(minimum: 5)) in \(Expr.literal(.list(items)))"
    case .textTest(let test, let a, let b): return "\(a.text(minimum: 5)) \(test.rawValue) \(b.text(minimum: 5))"
    case .conditional(let condition, let a, let b): return "if \(condition) then \(a) else \(b)"
    case .call(let function, let arguments):
      return "\(function.rawValue)(\(Expr.list(arguments)))"
    }
  }

  /// A name, in backticks when it is not made of letters, digits and `_`.
  static func quoted(_ name: String) -> String {
    let bare = name.first.map { $0.isLetter || $0 == "_" } ?? false
    return bare && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" } ? name : "`\(name)`"
  }

  static func list(_ items: [Expr]) -> String { items.map(\.description).joined(separator: ", ") }

  private static func literal(_ value: Value) -> String {
    switch value {
    case .missing: return "missing"
    case .integer(let i): return String(i)
    case .real(let d): return d.rounded() == d && abs(d) < 1e15 ? String(Int64(d)) : String(d)
    case .text(let t): return "\"\(escaped(t))\""
    case .boolean(let b): return b ? "true" : "false"
    case .date(let d): return d.description
    case .datetime(let t): return t.description
    case .period(let p): return p.description
    case .duration(let d): return ValueFormat.text(d)
    case .list(let items): return "[" + items.map(literal).joined(separator: ", ") + "]"
    }
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension NamedExpr: CustomStringConvertible {
  /// `name = expression`, or the name alone for a column that keeps it.
  public var description: String {
    expr == .column(name) ? Expr.quoted(name) : "\(Expr.quoted(name)) = \(expr)"
  }
}

extension NamedAggregate: CustomStringConvertible {
  /// `name = function(arguments)`.
  public var description: String { "\(Expr.quoted(name)) = \(function.rawValue)(\(Expr.list(arguments)))" }
}

extension NamedWindow: CustomStringConvertible {
  /// `name = function(arguments)`.
  public var description: String {
    let extra: [String]
    let word: String
    switch function {
    case .lag(let n): (word, extra) = ("lag", [String(n)])
    case .lead(let n): (word, extra) = ("lead", [String(n)])
    case .rowNumber: (word, extra) = ("row_number", [])
    case .rank: (word, extra) = ("rank", [])
    case .denseRank: (word, extra) = ("dense_rank", [])
    case .percentRank: (word, extra) = ("percent_rank", [])
    case .ntile(let n): (word, extra) = ("ntile", [String(n)])
    case .cumulative: (word, extra) = ("cumulative", [])
    case .rolling(let rows, let inner, let partial):
      (word, extra) = ("rolling", [String(rows), inner.rawValue] + (partial ? ["partial"] : []))
    case .change: (word, extra) = ("change", [])
    case .growth: (word, extra) = ("growth", [])
    case .share: (word, extra) = ("share", [])
    case .aggregate(let inner): (word, extra) = (inner.rawValue, [])
    }
    let parts = arguments.map(\.description) + extra
    return "\(Expr.quoted(name)) = \(word)(\(parts.joined(separator: ", ")))"
  }
}

extension SortKey: CustomStringConvertible {
  /// The expression, and `desc` when the largest value comes first.
  public var description: String { descending ? "\(expr) desc" : expr.description }
}
