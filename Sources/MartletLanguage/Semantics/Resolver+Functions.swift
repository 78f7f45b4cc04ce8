import Columnar
import Query

extension Resolver {
  /// A function call: one of the language, or one that a cell has defined.
  mutating func call(_ name: NameSyntax, _ arguments: [ArgumentSyntax], _ range: SourceRange) throws(Diagnostic)
    -> TypedExpr
  {
    if let definition = scope.definitions[name.text] { return try expand(definition, name, arguments, range) }
    guard let function = FunctionTable.function(name.text) else {
      throw .unknownFunction(name.text, among: FunctionTable.names.union(scope.definitions.keys), at: name.range)
    }
    switch function.kind {
    case .scalar: return try scalar(function, arguments, range)
    case .aggregate:
      if let named = arguments.first?.name { throw .unknownArgument(named.text, function: name.text, at: named.range) }
      return try aggregate(function, name, arguments.map(\.value), range)
    case .window: return try window(function, name, arguments, range)
    case .input: return try ask(arguments, range)
    case .session:
      if let extra = arguments.first {
        throw .unknownArgument(scope.text(extra.value.range), function: name.text, at: extra.value.range)
      }
      return TypedExpr(.text(FileText.workingFolder), at: range)
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
    return TypedExpr(.text(answer), at: range)
  }

  // MARK: Scalar functions

  private mutating func scalar(_ spec: FunctionSpec, _ arguments: [ArgumentSyntax], _ range: SourceRange)
    throws(Diagnostic) -> TypedExpr
  {
    guard let function = ScalarFunction(rawValue: spec.name) else {
      throw .unknownFunction(spec.name, among: FunctionTable.names, at: range)
    }
    var values: [TypedExpr] = []
    for (position, argument) in arguments.enumerated() {
      // `round(x, digits=2)`: a name is welcome where it is the parameter's own.
      if let name = argument.name {
        guard position < spec.signature.parameters.count, spec.signature.parameters[position].name == name.text else {
          throw .unknownArgument(name.text, function: spec.name, at: name.range)
        }
      }
      if let grain = grainWord(spec, position, argument.value) {
        values.append(TypedExpr(.text(grain.rawValue), at: argument.value.range))
      } else {
        values.append(try resolve(argument.value))
      }
    }
    // `number(x)` of a number and `text(x)` of a text are the value itself.
    if values.count == 1, let only = values.first {
      if function == .number, only.type.isNumeric { return only }
      if function == .text, only.isText { return only }
    }
    let type: ExprType
    do {
      type = try function.resultType(values.map(\.type), in: spec.name)
    } catch {
      throw .call(error, spec.signature, values.map { ($0.type.displayName, $0.range) }, at: range)
    }
    return TypedExpr(.call(function, values.map(\.expr)), type, at: range)
  }

  /// The unit word of `period(d, month)`, `start_of(d, week)`.
  private func grainWord(_ spec: FunctionSpec, _ position: Int, _ argument: ExprSyntax) -> Grain? {
    guard position < spec.signature.parameters.count, spec.signature.parameters[position].kind == .grain else {
      return nil
    }
    switch argument.kind {
    case .name(let word): return CalendarWords.grain(word)
    case .literal(.text(let word), _): return CalendarWords.grain(word)
    default: return nil
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
