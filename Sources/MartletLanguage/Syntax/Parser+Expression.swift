import Columnar
import Query

extension Parser {
  /// A whole expression.
  mutating func expression() throws(Diagnostic) -> ExprSyntax {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Parser.maximumDepth else {
      throw .nestedTooDeep(Parser.maximumDepth, at: current?.range ?? endRange)
    }
    guard let first = current, first.isWord("if") else { return try logical() }
    index += 1
    let condition = try expression()
    guard takeWord("then") else { throw .expected("`then`", found: current.map(text), at: current?.range ?? endRange) }
    let yes = try expression()
    guard takeWord("else") else { throw .expected("`else`", found: current.map(text), at: current?.range ?? endRange) }
    let no = try expression()
    return ExprSyntax(.conditional(condition, then: yes, else: no), first.range.union(no.range))
  }

  private mutating func logical() throws(Diagnostic) -> ExprSyntax {
    let first = try conjunction()
    var links: [ExprSyntax.ChainLink] = []
    while let token = current, token.isWord("or") {
      index += 1
      links.append(ExprSyntax.ChainLink(op: .or, range: token.range, operand: try conjunction()))
    }
    return chain(first, links)
  }

  private mutating func conjunction() throws(Diagnostic) -> ExprSyntax {
    let first = try negation()
    var links: [ExprSyntax.ChainLink] = []
    while let token = current, token.isWord("and") {
      index += 1
      links.append(ExprSyntax.ChainLink(op: .and, range: token.range, operand: try negation()))
    }
    return chain(first, links)
  }

  private func chain(_ first: ExprSyntax, _ links: [ExprSyntax.ChainLink]) -> ExprSyntax {
    guard let last = links.last else { return first }
    return ExprSyntax(.chain(first, links), first.range.union(last.operand.range))
  }

  private mutating func negation() throws(Diagnostic) -> ExprSyntax {
    var count = 0
    let start = current?.range ?? endRange
    while takeWord("not") { count += 1 }
    let operand = try comparison()
    // Two `not` cancel each other, so that a thousand of them are no deep tree.
    guard count > 0 else { return operand }
    let inner = ExprSyntax(.not(operand), start.union(operand.range))
    return count % 2 == 1 ? inner : ExprSyntax(.not(inner), inner.range)
  }

  private static let comparisons: [Token.Symbol: ComparisonOperator] = [
    .assign: .equal, .equal: .equal, .notEqual: .notEqual, .lessGreater: .notEqual, .less: .less,
    .lessOrEqual: .lessOrEqual, .greater: .greater, .greaterOrEqual: .greaterOrEqual,
  ]

  private mutating func comparison() throws(Diagnostic) -> ExprSyntax {
    let left = try additive()
    guard let token = current else { return left }
    if case .symbol(let symbol) = token.kind, let op = Parser.comparisons[symbol] {
      index += 1
      let right = try additive()
      if let next = current, case .symbol(let symbol) = next.kind, Parser.comparisons[symbol] != nil {
        throw .chainedComparison(at: next.range)
      }
      return ExprSyntax(.comparison(op, left, right), left.range.union(right.range))
    }
    guard let word = token.word else { return left }
    if word == "is" {
      index += 1
      let negated = takeWord("not")
      guard let end = current, takeWord("missing") else {
        throw .expected("`missing`", found: current.map(text), at: current?.range ?? endRange)
      }
      return ExprSyntax(.isMissing(left, negated: negated), left.range.union(end.range))
    }
    var negated = false
    var test = word
    if word == "not", let next = peek(1)?.word, Parser.tests.contains(next) {
      negated = true
      test = next
      index += 1
    }
    guard Parser.tests.contains(test) else { return left }
    index += 1
    return try wordTest(test, left, negated)
  }

  private static let tests: Set<String> = ["in", "contains", "matches", "starts", "ends", "between"]

  private mutating func wordTest(_ word: String, _ left: ExprSyntax, _ negated: Bool) throws(Diagnostic) -> ExprSyntax {
    if word == "starts" || word == "ends" {
      guard takeWord("with") else {
        throw .expected("`with`", found: current.map(text), at: current?.range ?? endRange)
      }
    }
    let right = try additive()
    let range = left.range.union(right.range)
    switch word {
    case "in": return ExprSyntax(.membership(left, right, negated: negated), range)
    case "contains": return ExprSyntax(.textTest(.contains, left, right, negated: negated), range)
    case "matches": return ExprSyntax(.textTest(.matches, left, right, negated: negated), range)
    case "starts": return ExprSyntax(.textTest(.startsWith, left, right, negated: negated), range)
    case "ends": return ExprSyntax(.textTest(.endsWith, left, right, negated: negated), range)
    default:
      guard takeWord("and") else { throw .expected("`and`", found: current.map(text), at: current?.range ?? endRange) }
      let high = try additive()
      return ExprSyntax(.between(left, right, high, negated: negated), left.range.union(high.range))
    }
  }

  /// `+ - ??` over `* /`.
  mutating func additive() throws(Diagnostic) -> ExprSyntax {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Parser.maximumDepth else {
      throw .nestedTooDeep(Parser.maximumDepth, at: current?.range ?? endRange)
    }
    let first = try term()
    var links: [ExprSyntax.ChainLink] = []
    while let token = current, case .symbol(let symbol) = token.kind {
      let op: ExprSyntax.ChainOperator
      switch symbol {
      case .plus: op = .add
      case .minus: op = .subtract
      case .coalesce: op = .coalesce
      default: return chain(first, links)
      }
      index += 1
      links.append(ExprSyntax.ChainLink(op: op, range: token.range, operand: try term()))
    }
    return chain(first, links)
  }

  private mutating func term() throws(Diagnostic) -> ExprSyntax {
    let first = try unary()
    var links: [ExprSyntax.ChainLink] = []
    while let token = current, case .symbol(let symbol) = token.kind, symbol == .star || symbol == .slash {
      index += 1
      let op: ExprSyntax.ChainOperator = symbol == .star ? .multiply : .divide
      links.append(ExprSyntax.ChainLink(op: op, range: token.range, operand: try unary()))
    }
    return chain(first, links)
  }

  private mutating func unary() throws(Diagnostic) -> ExprSyntax {
    var negative = false
    let start = current?.range ?? endRange
    while takeSymbol(.minus) { negative.toggle() }
    let base = try primary()
    var value = base
    if takeSymbol(.caret) {
      depth += 1
      defer { depth -= 1 }
      guard depth <= Parser.maximumDepth else { throw .nestedTooDeep(Parser.maximumDepth, at: base.range) }
      let exponent = try unary()
      value = ExprSyntax(.power(base, exponent), base.range.union(exponent.range))
    }
    return negative ? ExprSyntax(.negate(value), start.union(value.range)) : value
  }

  private mutating func primary() throws(Diagnostic) -> ExprSyntax {
    guard let token = current else { throw .expected("a value", found: nil, at: endRange) }
    switch token.kind {
    case .literal(let value, let measure): return try number(token, value, measure)
    case .text(let text):
      index += 1
      return ExprSyntax(.literal(.text(text), .plain), token.range)
    case .interpolation(let pieces): return try interpolation(token, pieces)
    case .symbol(.leftParenthesis):
      index += 1
      var inner = try expression()
      try expectSymbol(.rightParenthesis, opening: token)
      inner.range = rangeSince(token)
      return inner
    case .symbol(.leftBracket): return try list(token)
    case .name(let name, let quoted): return try named(token, name, quoted)
    case .symbol, .invalid: throw .expected("a value", found: text(token), at: token.range)
    }
  }

  /// A number, perhaps with a unit word behind it: `7 days`.
  private mutating func number(_ token: Token, _ value: Value, _ measure: Measure) throws(Diagnostic) -> ExprSyntax {
    index += 1
    guard measure == .plain, let unit = current, let word = unit.word, let grain = CalendarWords.grain(word),
      current?.isSymbol(.leftParenthesis) != true, value.number != nil, peek(1)?.isSymbol(.assign) != true
    else { return ExprSyntax(.literal(value, measure), token.range) }
    guard case .integer(let integer) = value, let count = Int(exactly: integer),
      let duration = CalendarDuration(checked: count, grain)
    else { throw .durationNotWhole(word, at: token.range.union(unit.range)) }
    index += 1
    return ExprSyntax(.literal(.duration(duration), .plain), token.range.union(unit.range))
  }

  private mutating func list(_ open: Token) throws(Diagnostic) -> ExprSyntax {
    index += 1
    var values: [ExprSyntax] = []
    while let token = current, !token.isSymbol(.rightBracket) {
      values.append(try expression())
      if !takeSymbol(.comma) { break }
    }
    try expectSymbol(.rightBracket, opening: open)
    return ExprSyntax(.list(values), rangeSince(open))
  }

  private mutating func interpolation(_ token: Token, _ pieces: [Token.Piece]) throws(Diagnostic) -> ExprSyntax {
    index += 1
    var parts: [ExprSyntax.TextPart] = []
    for piece in pieces {
      switch piece {
      case .text(let text): parts.append(.text(text))
      case .source(let range): parts.append(.expr(try inner(range)))
      }
    }
    return ExprSyntax(.interpolation(parts), token.range)
  }

  /// The expression between the braces of an interpolated text.
  private func inner(_ range: SourceRange) throws(Diagnostic) -> ExprSyntax {
    var list = Lexer.read(Array(source[range.start..<range.end]))
    if let first = list.diagnostics.first {
      var moved = first
      moved.range = first.range.map { SourceRange($0.start + range.start, $0.end + range.start) }
      throw moved
    }
    for i in list.tokens.indices {
      let r = list.tokens[i].range
      list.tokens[i].range = SourceRange(r.start + range.start, r.end + range.start)
    }
    var parser = Parser(names: names, source: source)
    parser.tokens = list.tokens
    parser.depth = depth
    guard !list.tokens.isEmpty else {
      throw .expected("a value between the braces", found: nil, at: SourceRange(range.start - 1, range.end + 1))
    }
    let value = try parser.expression()
    if let extra = parser.current { throw parser.unexpected(extra) }
    return value
  }

  /// A word value, a function call, a name, or a member of a namespace.
  private mutating func named(_ token: Token, _ name: String, _ quoted: Bool) throws(Diagnostic) -> ExprSyntax {
    index += 1
    if !quoted {
      switch name {
      case "missing": return ExprSyntax(.literal(.missing, .plain), token.range)
      case "true": return ExprSyntax(.literal(.boolean(true), .plain), token.range)
      case "false": return ExprSyntax(.literal(.boolean(false), .plain), token.range)
      default: break
      }
      if ReservedWords.all.contains(name) { throw .expected("a value", found: name, at: token.range) }
    }
    if current?.isSymbol(.leftParenthesis) == true, !quoted {
      index += 1
      let arguments = try callArguments()
      return ExprSyntax(.call(NameSyntax(name, token.range), arguments), rangeSince(token))
    }
    if current?.isSymbol(.dot) == true {
      index += 1
      let member = try expectName("a name behind the point")
      return ExprSyntax(.member(NameSyntax(name, token.range), member), rangeSince(token))
    }
    return ExprSyntax(.name(name), token.range)
  }

  /// Arguments up to the closing parenthesis; the opening one has been passed.
  mutating func callArguments() throws(Diagnostic) -> [ArgumentSyntax] {
    let open = tokens[index - 1]
    var arguments: [ArgumentSyntax] = []
    while let token = current, !token.isSymbol(.rightParenthesis) {
      if token.isSymbol(.star) {
        index += 1
        arguments.append(ArgumentSyntax(name: nil, value: ExprSyntax(.star, token.range)))
      } else {
        var name: NameSyntax?
        if token.isName, peek(1)?.isSymbol(.assign) == true {
          name = try expectName("a name")
          index += 1
        }
        arguments.append(ArgumentSyntax(name: name, value: try expression()))
        // `rank(x desc)`: a direction inside a call.
        if let word = current?.word, word == "desc" || word == "asc", let direction = current {
          index += 1
          arguments.append(
            ArgumentSyntax(
              name: NameSyntax("direction", direction.range),
              value: ExprSyntax(.literal(.text(word), .plain), direction.range)))
        }
      }
      if !takeSymbol(.comma) { break }
    }
    try expectSymbol(.rightParenthesis, opening: open)
    return arguments
  }
}
