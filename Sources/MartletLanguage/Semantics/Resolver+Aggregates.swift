import Columnar
import Query

extension Resolver {
  /// An aggregate: collected, and in the expression a column of its result.
  mutating func aggregate(_ spec: FunctionSpec, _ name: NameSyntax, _ arguments: [ExprSyntax], _ range: SourceRange)
    throws(Diagnostic) -> TypedExpr
  {
    guard let function = AggregateFunction(rawValue: spec.name) else {
      throw .unknownFunction(spec.name, among: FunctionTable.names, at: name.range)
    }
    guard mode != .row else { throw .aggregateInRow(name.text, verb: verb, at: range) }
    let outer = mode
    mode = .row
    defer { mode = outer }
    var typed: [TypedExpr] = []
    if !(arguments.count == 1 && arguments[0].isStar) {
      for argument in arguments { typed.append(try resolve(argument)) }
    }
    let type: ExprType
    do {
      type = try function.resultType(typed.map(\.type), in: name.text)
    } catch {
      throw .call(error, spec.signature, typed.map { ($0.type.displayName, $0.range) }, at: range)
    }
    let expressions = typed.map(\.expr)
    if outer == .window {
      let name = windowColumn(.aggregate(function), expressions, order: [], isAfterGrouping: false)
      return TypedExpr(.column(name), type, at: range)
    }
    if let same = aggregates.first(where: { $0.function == function && $0.arguments == expressions }) {
      return TypedExpr(.column(same.name), type, at: range)
    }
    let column = hiddenName()
    aggregates.append(NamedAggregate(column, function, expressions, measure: type.measure))
    return TypedExpr(.column(column), type, at: range)
  }

  // MARK: Window functions

  mutating func window(
    _ spec: FunctionSpec, _ name: NameSyntax, _ arguments: [ArgumentSyntax], _ range: SourceRange
  ) throws(Diagnostic) -> TypedExpr {
    guard mode != .row else { throw .windowInRow(name.text, verb: verb, at: name.range) }
    let isAfterGrouping = mode == .group
    let plain = arguments.filter { $0.name == nil }.map(\.value)
    let outer = mode
    if mode == .window { mode = .row }
    defer { mode = outer }
    // `ntile(4)` has no value to look at; `ntile(x, 4)` orders by x.
    let hasValue = spec.name == "ntile" ? plain.count > 1 : !plain.isEmpty && spec.name != "row_number"
    var typed: TypedExpr?
    if hasValue, let first = plain.first { typed = try resolve(first) }
    let descending = try direction(arguments, function: spec.name)
    let collected = try windowFunction(spec.name, hasValue ? Array(plain.dropFirst()) : plain, arguments)
    let isRank = ["rank", "dense_rank", "percent_rank", "ntile"].contains(spec.name)
    let type: ExprType
    do {
      type = try collected.resultType(isRank ? [] : typed.map { [$0.type] } ?? [], in: name.text)
    } catch {
      throw .call(error, spec.signature, typed.map { [($0.type.displayName, $0.range)] } ?? [], at: range)
    }
    var order: [SortKey]?
    if isRank, let typed {
      let byDefault = spec.name == "rank" || spec.name == "dense_rank"
      order = [SortKey(typed.expr, descending: descending ?? byDefault)]
    }
    let column = windowColumn(
      collected, isRank ? [] : typed.map { [$0.expr] } ?? [], order: order, isAfterGrouping: isAfterGrouping)
    return TypedExpr(.column(column), type, at: range)
  }

  private func direction(_ arguments: [ArgumentSyntax], function: String) throws(Diagnostic) -> Bool? {
    for argument in arguments {
      guard let name = argument.name else { continue }
      if name.text == "direction", case .literal(.text(let word), _) = argument.value.kind { return word == "desc" }
      guard function == "rolling", name.text == "partial" else {
        throw .unknownArgument(name.text, function: function, at: name.range)
      }
    }
    return nil
  }

  /// The function with its own numbers; `rest` is what stands behind the value.
  private mutating func windowFunction(_ name: String, _ rest: [ExprSyntax], _ arguments: [ArgumentSyntax])
    throws(Diagnostic) -> WindowFunction
  {
    switch name {
    case "lag": return .lag(try count(rest, or: 1, 0...1_000_000))
    case "lead": return .lead(try count(rest, or: 1, 0...1_000_000))
    case "row_number": return .rowNumber
    case "rank": return .rank
    case "dense_rank": return .denseRank
    case "percent_rank": return .percentRank
    case "ntile": return .ntile(try count(rest, or: 4, 1...1_000_000))
    case "cumulative": return .cumulative
    case "change": return .change
    case "growth": return .growth
    case "share": return .share
    default:
      let rows = try count(rest, or: 7, 1...1_000_000)
      var function = AggregateFunction.mean
      if rest.count > 1 {
        guard case .name(let word) = rest[1].kind, let named = AggregateFunction(rawValue: word) else {
          throw .rollingAggregate(at: rest[1].range)
        }
        function = named
      }
      var partial = false
      if let argument = arguments.first(where: { $0.name?.text == "partial" }) {
        partial = try constant(argument.value).value == .boolean(true)
      }
      return .rolling(rows: rows, function, partial: partial)
    }
  }

  private mutating func count(_ arguments: [ExprSyntax], or other: Int, _ bounds: ClosedRange<Int>) throws(Diagnostic)
    -> Int
  {
    guard let first = arguments.first else { return other }
    guard case .integer(let i) = try constant(first).value, let n = Int(exactly: i), bounds.contains(n) else {
      throw .wholeNumber(bounds, at: first.range)
    }
    return n
  }

  private mutating func windowColumn(
    _ function: WindowFunction, _ arguments: [Expr], order: [SortKey]?, isAfterGrouping: Bool
  ) -> String {
    let name = hiddenName()
    windows.append(
      CollectedWindow(window: NamedWindow(name, function, arguments), order: order, isAfterGrouping: isAfterGrouping))
    return name
  }
}

extension ExprSyntax {
  /// Whether this is a lone `*`.
  var isStar: Bool { if case .star = kind { true } else { false } }
}
