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
    guard mode != .row else { throw .aggregateInRow(name.text, verb: verb, at: name.range) }
    let outer = mode
    mode = .row
    defer { mode = outer }
    var typed: [TypedExpr] = []
    if !(arguments.count == 1 && arguments[0].isStar) {
      for argument in arguments { typed.append(try resolve(argument)) }
    }
    try check(function, typed)
    let (type, measure) = try Resolver.result(of: function, typed.first, at: range)
    let expressions = function == .quantile ? try quantile(typed, arguments) : typed.map(\.expr)
    if outer == .window {
      let name = windowColumn(.aggregate(function), expressions, order: [], isAfterGrouping: false)
      return TypedExpr(.column(name), type, measure, at: range)
    }
    if let same = aggregates.first(where: { $0.function == function && $0.arguments == expressions }) {
      return TypedExpr(.column(same.name), type, measure, at: range)
    }
    let column = hiddenName()
    aggregates.append(NamedAggregate(column, function, expressions, measure: measure))
    return TypedExpr(.column(column), type, measure, at: range)
  }

  private mutating func quantile(_ typed: [TypedExpr], _ syntax: [ExprSyntax]) throws(Diagnostic) -> [Expr] {
    guard typed.count == 2, syntax.count == 2 else { return typed.map(\.expr) }
    guard let share = try constant(syntax[1]).value.number, (0...1).contains(share) else {
      throw .shareRange("quantile", typed[1].literal, at: syntax[1].range)
    }
    return [typed[0].expr, .literal(.real(share))]
  }

  private func check(_ function: AggregateFunction, _ arguments: [TypedExpr]) throws(Diagnostic) {
    for argument in arguments where argument.dataType == nil {
      throw .wrongType(
        "`\(function.rawValue)`", needs: "a column", found: argument.type.displayName, at: argument.range)
    }
    switch function {
    case .sum, .mean, .median, .sd, .variance, .quantile, .weightedMean:
      for argument in arguments where !argument.type.isNumeric {
        throw .wrongType(
          "`\(function.rawValue)`", needs: "a number", found: argument.type.displayName, at: argument.range)
      }
    case .count, .countDistinct, .min, .max, .mode, .first, .last: return
    }
  }

  /// The type and the measure of an aggregate's value.
  static func result(of function: AggregateFunction, _ argument: TypedExpr?, at range: SourceRange) throws(Diagnostic)
    -> (DataType, Measure)
  {
    let type = argument?.dataType ?? .real
    let measure = argument?.measure ?? .plain
    switch function {
    case .count, .countDistinct: return (.integer, .count)
    case .sum: return (type == .integer ? .integer : .real, measure == .identifier ? .plain : measure)
    case .mean, .median, .sd, .quantile, .weightedMean:
      return (.real, measure == .identifier || measure == .count ? .plain : measure)
    case .variance: return (.real, .plain)
    case .min, .max, .mode, .first, .last: return (type, measure)
    }
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
    var typed: TypedExpr?
    if let first = plain.first { typed = try resolve(first) }
    let descending = try direction(arguments, function: spec.name)
    let collected = try windowFunction(spec.name, plain, arguments, range)
    if let typed {
      let needsNumber = ["cumulative", "rolling", "change", "growth", "share"].contains(spec.name)
      guard typed.dataType != nil, !needsNumber || typed.type.isNumeric else {
        throw .wrongType("`\(spec.name)`", needs: "a number", found: typed.type.displayName, at: typed.range)
      }
    }
    let (type, measure) = windowResult(collected, typed)
    var order: [SortKey]?
    if let typed, ["rank", "dense_rank", "percent_rank", "ntile"].contains(spec.name) {
      let byDefault = spec.name == "rank" || spec.name == "dense_rank"
      order = [SortKey(typed.expr, descending: descending ?? byDefault)]
    }
    let column = windowColumn(
      collected, order == nil ? typed.map { [$0.expr] } ?? [] : [], order: order, isAfterGrouping: isAfterGrouping)
    return TypedExpr(.column(column), type, measure, at: range)
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

  private mutating func windowFunction(
    _ name: String, _ plain: [ExprSyntax], _ arguments: [ArgumentSyntax], _ range: SourceRange
  ) throws(Diagnostic) -> WindowFunction {
    switch name {
    case "lag": return .lag(try count(plain, 1, or: 1, 0...1_000_000))
    case "lead": return .lead(try count(plain, 1, or: 1, 0...1_000_000))
    case "row_number": return .rowNumber
    case "rank": return .rank
    case "dense_rank": return .denseRank
    case "percent_rank": return .percentRank
    case "ntile": return .ntile(try count(plain, 1, or: 4, 1...1_000_000))
    case "cumulative": return .cumulative
    case "change": return .change
    case "growth": return .growth
    case "share": return .share
    default:
      let rows = try count(plain, 1, or: 7, 1...1_000_000)
      var function = AggregateFunction.mean
      if plain.count > 2 {
        guard case .name(let word) = plain[2].kind, let named = AggregateFunction(rawValue: word) else {
          throw .rollingAggregate(at: plain[2].range)
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

  private mutating func count(_ arguments: [ExprSyntax], _ position: Int, or other: Int, _ bounds: ClosedRange<Int>)
    throws(Diagnostic) -> Int
  {
    guard position < arguments.count else { return other }
    guard case .integer(let i) = try constant(arguments[position]).value, let n = Int(exactly: i), bounds.contains(n)
    else {
      throw .wholeNumber(bounds, at: arguments[position].range)
    }
    return n
  }

  private func windowResult(_ function: WindowFunction, _ argument: TypedExpr?) -> (DataType, Measure) {
    let type = argument?.dataType ?? .real
    let measure = argument?.measure ?? .plain
    switch function {
    case .lag, .lead: return (type, measure)
    case .rowNumber, .rank, .denseRank, .ntile: return (.integer, .plain)
    case .percentRank, .growth, .share: return (.real, .percent)
    case .cumulative, .change: return (type, measure == .identifier ? .plain : measure)
    case .rolling(_, let function, _):
      switch function {
      case .count, .countDistinct: return (.integer, .count)
      case .sum, .min, .max, .first, .last, .mode: return (type, measure)
      default: return (.real, measure == .count ? .plain : measure)
      }
    case .aggregate: return (type, measure)
    }
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
