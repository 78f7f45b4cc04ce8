import Columnar
import Query

extension Resolver {
  /// A function call: one of the language, or one that a cell has defined.
  mutating func call(_ name: NameSyntax, _ arguments: [ArgumentSyntax], _ range: SourceRange) throws(Diagnostic)
    -> TypedExpr
  {
    if let definition = scope.definitions[name.text] { return try expand(definition, name, arguments, range) }
    let candidates = FunctionTable.functions(name.text)
    guard !candidates.isEmpty else {
      throw .unknownFunction(name.text, among: FunctionTable.names.union(scope.definitions.keys), at: name.range)
    }
    // `share` and `growth` are window functions; `first`, `rank` … exist once.
    guard let function = candidates.first else { throw .unknownFunction(name.text, among: [], at: name.range) }
    let plain = arguments.filter { $0.name == nil }
    guard function.arity.contains(plain.count) else {
      throw .argumentCount(function, found: plain.count, at: name.range)
    }
    switch function.kind {
    case .scalar: return try scalar(function, arguments, range)
    case .aggregate: return try aggregate(function, name, plain.map(\.value), range)
    case .window: return try window(function, name, arguments, range)
    case .input: return try ask(arguments, range)
    }
  }

  /// Puts the arguments in place of the parameters of a definition.
  private mutating func expand(
    _ definition: Scope.Definition, _ name: NameSyntax, _ arguments: [ArgumentSyntax], _ range: SourceRange
  ) throws(Diagnostic) -> TypedExpr {
    guard case .expr(let body) = definition.syntax.body else { throw .fragmentAsFunction(name.text, at: name.range) }
    let bound = try scope.bind(definition.syntax, arguments, at: name.range)
    let outer = scope
    scope.locals = bound
    scope.expansion += 1
    defer {
      scope.locals = outer.locals
      scope.expansion = outer.expansion
    }
    guard scope.expansion <= 50 else { throw .endlessDefinition(name.text, at: name.range) }
    do {
      var value = try resolve(body)
      value.range = range
      return value
    } catch {
      throw error.inside(definition: name.text, at: range)
    }
  }

  private mutating func ask(_ arguments: [ArgumentSyntax], _ range: SourceRange) throws(Diagnostic) -> TypedExpr {
    var prompt = ""
    var isPassword = false
    for argument in arguments {
      let value = try constant(argument.value).value
      if let name = argument.name {
        guard name.text == "password" else { throw .unknownArgument(name.text, function: "ask", at: name.range) }
        isPassword = value == .boolean(true)
      } else {
        prompt = ValueText.plain(value)
      }
    }
    guard let answer = scope.services.ask(prompt, isPassword) else { throw .nobodyAnswers(at: range) }
    return TypedExpr(.literal(.text(answer)), .text, at: range)
  }

  // MARK: Scalar functions

  private mutating func scalar(_ spec: FunctionSpec, _ arguments: [ArgumentSyntax], _ range: SourceRange)
    throws(Diagnostic) -> TypedExpr
  {
    if let named = arguments.first(where: { $0.name != nil }), let name = named.name {
      throw .unknownArgument(name.text, function: spec.name, at: name.range)
    }
    guard let function = ScalarFunction(rawValue: spec.name) else {
      throw .unknownFunction(spec.name, among: FunctionTable.names, at: range)
    }
    let syntax = arguments.map(\.value)
    var typed: [TypedExpr] = []
    for (position, argument) in syntax.enumerated() {
      if let grain = grainWord(function, position, argument) {
        typed.append(TypedExpr(.literal(.text(grain.rawValue)), .text, at: argument.range))
      } else {
        let value = try resolve(argument)
        try check(value, function, position)
        typed.append(value)
      }
    }
    var (type, measure) = result(function, typed)
    if function == .period || function == .startOf || function == .endOf {
      guard typed.count == 2, case .text(let word)? = typed[1].literal, let grain = Grain(rawValue: word) else {
        throw .unknownGrain(nil, at: syntax.last?.range ?? range)
      }
      if function == .period { type = .period(grain) }
    }
    if function == .band { try checkBands(typed) }
    if function == .number, typed[0].type.isNumeric { return typed[0] }
    if function == .text, typed[0].type.isText { return typed[0] }
    if function == .concat {
      let parts = typed.map { $0.type.isText ? $0.expr : Expr.call(.text, [$0.expr]) }
      return TypedExpr(.call(.concat, parts), .text, at: range)
    }
    if measure == .identifier { measure = .plain }
    return TypedExpr(.call(function, typed.map(\.expr)), type, measure, at: range)
  }

  /// The unit word of `period(d, month)`, `start_of(d, week)`.
  private func grainWord(_ function: ScalarFunction, _ position: Int, _ argument: ExprSyntax) -> Grain? {
    guard function == .period || function == .startOf || function == .endOf, position == 1 else { return nil }
    switch argument.kind {
    case .name(let word): return CalendarWords.grain(word)
    case .literal(.text(let word), _): return CalendarWords.grain(word)
    default: return nil
    }
  }

  private func check(_ value: TypedExpr, _ function: ScalarFunction, _ position: Int) throws(Diagnostic) {
    func need(_ fits: Bool, _ what: String) throws(Diagnostic) {
      guard fits || value.type == .missing else {
        throw .wrongType("`\(function.rawValue)`", needs: what, found: value.type.displayName, at: value.range)
      }
    }
    switch function {
    case .abs, .round, .floor, .ceil, .sqrt, .exp, .ln, .log10, .mod, .clamp, .sign, .ratio, .bin:
      try need(value.type.isNumeric, "a number")
    case .lower, .upper, .title, .trim, .length, .replace, .extract:
      try need(value.type.isText, "text")
    case .left, .right, .mid:
      try need(position == 0 ? value.type.isText : value.type.isNumeric, position == 0 ? "text" : "a number")
    case .split:
      try need(position < 2 ? value.type.isText : value.type.isNumeric, position < 2 ? "text" : "a number")
    case .year, .quarter, .month, .week, .day, .weekday, .hour, .monthName, .startOf, .endOf, .period:
      try need(position == 1 || value.type.isTemporal, "a date")
    case .daysBetween: try need(value.type.isTemporal, "a date")
    case .date:
      try need(position == 1 ? value.type.isText : value.type.isText || value.type.isTemporal, "text or a date")
    case .band:
      try need(position == 0 ? value.type.isNumeric : value.type == .list, position == 0 ? "a number" : "a list")
    case .concat, .text: try need(value.dataType != nil, "a value")
    case .number: try need(value.type.isText || value.type.isNumeric || value.type.isBoolean, "text")
    }
  }

  private func checkBands(_ arguments: [TypedExpr]) throws(Diagnostic) {
    guard arguments.count == 3, case .list(let cuts)? = arguments[1].literal,
      case .list(let labels)? = arguments[2].literal
    else { return }
    let numbers = cuts.compactMap(\.number)
    guard numbers.count == cuts.count, !numbers.isEmpty, zip(numbers, numbers.dropFirst()).allSatisfy({ $0 < $1 })
    else {
      throw .bandCuts(at: arguments[1].range)
    }
    guard labels.count == cuts.count else { throw .bandLabels(cuts.count, labels.count, at: arguments[2].range) }
  }

  /// The type and the measure of a function's value.
  private func result(_ function: ScalarFunction, _ arguments: [TypedExpr]) -> (DataType, Measure) {
    let first = arguments.first
    let numeric: DataType = first?.type == .column(.integer) ? .integer : .real
    switch function {
    case .abs, .clamp:
      return (arguments.allSatisfy { $0.type == .column(.integer) } ? .integer : .real, first?.measure ?? .plain)
    case .round: return (numeric, first?.measure ?? .plain)
    case .floor, .ceil: return (numeric, first?.measure ?? .plain)
    case .mod: return (arguments.allSatisfy { $0.type == .column(.integer) } ? .integer : .real, .plain)
    case .sign: return (.integer, .plain)
    case .sqrt, .exp, .ln, .log10: return (.real, .plain)
    case .ratio: return (.real, .percent)
    case .bin: return (numeric, first?.measure ?? .plain)
    case .lower, .upper, .title, .trim, .left, .right, .mid, .replace, .extract, .split, .concat, .text, .monthName,
      .band:
      return (.text, .plain)
    case .length: return (.integer, .count)
    case .number: return (.real, .plain)
    case .date, .startOf, .endOf: return (.date, .plain)
    case .year: return (.integer, .identifier)
    case .quarter, .month, .week, .day, .weekday, .hour: return (.integer, .plain)
    case .daysBetween: return (.integer, .days)
    case .period: return (.period(.day), .plain)
    }
  }
}

extension Scope {
  /// The arguments of a call by the parameters of the definition.
  func bind(_ definition: DefinitionSyntax, _ arguments: [ArgumentSyntax], at range: SourceRange) throws(Diagnostic)
    -> [String: Bound]
  {
    var bound: [String: Bound] = [:]
    var position = 0
    for argument in arguments {
      if let name = argument.name {
        guard definition.parameters.contains(where: { $0.name.text == name.text }) else {
          throw .unknownArgument(name.text, function: definition.name.text, at: name.range)
        }
        bound[name.text] = Bound(argument.value, locals)
      } else {
        guard position < definition.parameters.count else {
          throw .definitionArguments(definition, found: arguments.count, at: range)
        }
        bound[definition.parameters[position].name.text] = Bound(argument.value, locals)
        position += 1
      }
    }
    for parameter in definition.parameters where bound[parameter.name.text] == nil {
      guard let value = parameter.defaultValue else {
        throw .definitionArguments(definition, found: arguments.count, at: range)
      }
      bound[parameter.name.text] = Bound(value, [:])
    }
    return bound
  }
}
