import Columnar
import Query

extension Resolver {
  /// A bare name: argument of a definition, column, parameter or role.
  mutating func lookUp(_ name: String, _ range: SourceRange) throws(Diagnostic) -> TypedExpr {
    if let bound = scope.locals[name] {
      let outer = scope.locals
      scope.locals = bound.locals
      defer { scope.locals = outer }
      var value = try resolve(bound.syntax)
      value.range = range
      return value
    }
    let field = table?.schema[name]
    if field != nil, scope.parameters[name] != nil {
      throw .columnAndParameter(name, table: tableName, comparesItself: false, at: range)
    }
    if let field { return try column(field, range) }
    if let parameter = scope.parameters[name] { return literal(parameter, range) }
    if let role = Role(rawValue: name), let table {
      if case .found(let binding) = try self.role(role, in: table, range) {
        guard mode != .group else { throw .columnOutsideAggregate(name, at: range) }
        var value = TypedExpr(binding.expr, binding.field.type, binding.field.measure, at: range)
        value.format = binding.field.format
        value.role = role
        return value
      }
    }
    throw unknownName(name, range)
  }

  private func role(_ role: Role, in table: TableInfo, _ range: SourceRange) throws(Diagnostic)
    -> RoleInference.Outcome
  {
    if let column = roleColumns[role], let field = table.schema[column] {
      return .found(RoleBinding(role, .column(column), name: column, field: field, origin: .option))
    }
    let outcome = RoleInference.binding(role, in: table, currency: scope.settings.currency)
    if case .tie(let columns) = outcome { throw .roleTie(role, columns, at: range, fix: nil) }
    return outcome
  }

  private func column(_ field: Field, _ range: SourceRange) throws(Diagnostic) -> TypedExpr {
    if mode == .group, !keys.contains(field.name) { throw .columnOutsideAggregate(field.name, at: range) }
    return TypedExpr(.column(field.name), .value(field.type, field.measure), at: range, format: field.format)
  }

  private func literal(_ parameter: SessionParameter, _ range: SourceRange) -> TypedExpr {
    TypedExpr(parameter.value, parameter.measure, at: range)
  }

  var tableName: String { table?.name ?? "the table" }

  /// `column.x`, `param.x`, or `t.x` with the pipeline's own table.
  mutating func member(_ space: NameSyntax, _ name: NameSyntax, _ range: SourceRange) throws(Diagnostic) -> TypedExpr {
    switch space.text {
    case "param":
      guard let parameter = scope.parameters[name.text] else {
        throw .unknownParameter(name.text, among: Array(scope.parameters.keys), at: name.range)
      }
      return literal(parameter, range)
    case "column", table?.name ?? "column":
      guard let table else { throw .columnWithoutTable(name.text, at: range) }
      guard let field = table.schema[name.text] else { throw unknownColumn(name.text, name.range) }
      return try column(field, range)
    case "role":
      guard let table, let role = Role(rawValue: name.text),
        case .found(let binding) = try self.role(role, in: table, range)
      else { throw unknownName(name.text, name.range) }
      return TypedExpr(binding.expr, .value(binding.field.type, binding.field.measure), at: range, role: role)
    default: throw .unknownNamespace(space.text, at: space.range)
    }
  }

  /// The diagnostic for a column that the table does not have.
  func unknownColumn(_ name: String, _ range: SourceRange) -> Diagnostic {
    .unknownColumn(name, table: tableName, among: table?.schema.names ?? [], at: range)
  }

  /// The diagnostic for a name that is nothing.
  func unknownName(_ name: String, _ range: SourceRange) -> Diagnostic {
    if scope.siblings.contains(name) { return .siblingName(name, verb: verb, at: range) }
    guard let table else {
      return .unknownValue(name, among: Array(scope.parameters.keys), isTable: scope.tables[name] != nil, at: range)
    }
    let candidates = table.schema.names + Array(scope.parameters.keys) + Role.allCases.map(\.rawValue)
    if Nearest.name(to: name, in: candidates) != nil || Role(rawValue: name) != nil {
      return unknownColumn(name, range)
    }
    if let function = FunctionTable.function(name) {
      return .functionWithoutCall(name, signature: function.signature.usage, at: range)
    }
    return .unknownName(name, columns: table.schema.names, at: range)
  }

  /// The diagnostic for an unknown name that is compared with a column of text: the analyst forgot the quotes.
  func unquotedText(_ name: String, comparedWith other: TypedExpr, _ range: SourceRange) -> Diagnostic? {
    guard case .column(let column) = other.expr, other.isText, let table,
      table.schema[name] == nil, scope.parameters[name] == nil, scope.locals[name] == nil, Role(rawValue: name) == nil,
      !scope.siblings.contains(name)
    else { return nil }
    let count = scope.services.occurrences(table.name, column, name)
    if count == 0, Nearest.name(to: name, in: table.schema.names) != nil { return nil }
    return .unquotedText(name, column: column, occurrences: count, at: range)
  }
}
