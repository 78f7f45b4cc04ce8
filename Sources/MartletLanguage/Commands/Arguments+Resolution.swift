import Columnar
import Query

extension Arguments {
  /// A resolver over the incoming table.
  func resolver(_ mode: Resolver.Mode = .row) -> Resolver {
    var resolver = Resolver(scope, hasTable || spec.input == .table ? table : nil, verb: syntax.verb.text, mode: mode)
    resolver.roleColumns = roleColumns
    return resolver
  }

  /// Items as columns; `*` stands for all columns of the kind.
  func columns(_ items: [ItemSyntax], _ kind: ColumnKind) throws(Diagnostic) -> [ResolvedItem] {
    var columns: [ResolvedItem] = []
    for item in items {
      if item.value.isStar {
        for field in table.schema.fields where kind.fits(field) && (kind == .any || field.measure != .identifier) {
          columns.append(
            ResolvedItem(
              expr: .column(field.name), field: field, isNamed: false, descending: false, range: item.range))
        }
        continue
      }
      var resolver = resolver()
      let value = try resolver.resolve(item.value)
      guard case .column = value.expr else { throw .notAColumn(verb: spec.name, at: item.value.range) }
      let resolved = named(value, item)
      guard kind.fits(resolved.field) else {
        var fault = Diagnostic.wrongType(
          "`\(spec.name)`", needs: "a \(kind.rawValue) column", found: value.type.displayName, at: item.value.range)
        if kind == .date || kind == .number, resolved.field.type == .text {
          let name = Words.quotedName(resolved.field.name)
          fault.hint =
            "`convert \(name) = \(kind.rawValue)` reads it; a value that is no \(kind.rawValue) becomes missing and is counted"
        }
        throw fault
      }
      columns.append(resolved)
    }
    return columns
  }

  /// Items as row expressions.
  func expressions(_ items: [ItemSyntax]) throws(Diagnostic) -> [ResolvedItem] {
    var resolved: [ResolvedItem] = []
    for item in items {
      if item.value.isStar {
        resolved += try columns([item], .any)
        continue
      }
      if let own = ownMissing(item) {
        resolved.append(own)
        continue
      }
      var resolver = resolver()
      resolved.append(named(try resolver.resolve(item.value), item))
    }
    return resolved
  }

  /// A bare `missing` means the column of that name, such as that of `describe`, where there is one.
  private func ownMissing(_ item: ItemSyntax) -> ResolvedItem? {
    guard item.name == nil, case .literal(.missing, _) = item.value.kind, let field = table.schema["missing"] else {
      return nil
    }
    return ResolvedItem(
      expr: .column(field.name), field: field, isNamed: false, descending: item.descending ?? false,
      range: item.value.range, role: nil)
  }

  /// The column that an item makes.
  func named(_ value: TypedExpr, _ item: ItemSyntax) -> ResolvedItem {
    let name: String
    if let given = item.name {
      name = given.text
    } else if let role = value.role {
      name = role.rawValue
    } else if case .column(let column) = value.expr, !column.hasPrefix("#") {
      name = column
    } else {
      name = scope.text(item.value.range)
    }
    let field = Field(name, value.dataType ?? .real, measure: value.measure, format: value.format)
    return ResolvedItem(
      expr: value.expr, field: field, isNamed: item.name != nil, descending: item.descending ?? false,
      range: item.value.range, role: value.role)
  }

  /// Items as measures. `keys` may be named beside aggregates, as they have one value a group.
  func measures(_ items: [ItemSyntax], keys: [ResolvedItem]) throws(Diagnostic) -> [ResolvedMeasure] {
    var resolver = resolver(.group)
    resolver.keys = Set(keys.map(\.name))
    var measures: [ResolvedMeasure] = []
    let items = items.flatMap { $0.value.isStar ? allMeasures($0, but: keys) : [$0] }
    for (position, item) in items.enumerated() {
      resolver.scope.siblings = Set(items[..<position].compactMap { $0.name?.text })
      resolver.aggregates = []
      resolver.windows = []
      measures.append(
        try item.value.usesAggregate(scope) ? aggregated(item, &resolver) : summed(item, &resolver))
    }
    return measures
  }

  /// What `*` stands for: the number columns that are no labels.
  private func allMeasures(_ star: ItemSyntax, but keys: [ResolvedItem]) -> [ItemSyntax] {
    table.schema.fields.compactMap { field in
      guard ColumnKind.number.fits(field), field.measure != .identifier,
        !keys.contains(where: { $0.name == field.name })
      else { return nil }
      return ItemSyntax(name: nil, value: ExprSyntax(.name(field.name), star.range), range: star.range)
    }
  }

  /// A measure that is written with aggregates.
  private func aggregated(_ item: ItemSyntax, _ resolver: inout Resolver) throws(Diagnostic) -> ResolvedMeasure {
    let value = try resolver.resolve(item.value)
    var field = named(value, item).field
    if item.name == nil { field.name = scope.text(item.value.range) }
    // A lone aggregate gets the measure's name, so that no projection is needed.
    if resolver.windows.isEmpty, resolver.aggregates.count == 1, case .column(let hidden) = value.expr,
      resolver.aggregates[0].name == hidden
    {
      var only = resolver.aggregates[0]
      only.name = field.name
      let additive = only.function == .sum || only.function == .count
      return ResolvedMeasure(
        aggregates: [only], value: .column(field.name), field: field, range: item.value.range, isAdditive: additive)
    }
    return ResolvedMeasure(
      aggregates: resolver.aggregates, windows: resolver.windows.map(\.window), value: value.expr, field: field,
      range: item.value.range, isAdditive: false)
  }

  /// A row expression that becomes a measure: amounts and counts are summed, prices and rates averaged.
  private func summed(_ item: ItemSyntax, _ resolver: inout Resolver) throws(Diagnostic) -> ResolvedMeasure {
    resolver.mode = .row
    defer { resolver.mode = .group }
    let value = try resolver.resolve(item.value)
    guard value.type.isNumeric else {
      let isOrders = value.role == .order || value.role == .customer || value.role == .product
      guard isOrders else {
        throw .measureNotNumber(scope.text(item.value.range), value.type.displayName, at: item.value.range)
      }
      return counted(value, item)
    }
    if value.role == .order || value.role == .customer || value.role == .product { return counted(value, item) }
    let field = named(value, item).field
    let function: AggregateFunction = isRate(value, field.name) ? .mean : .sum
    let type = (try? function.resultType([value.type], in: field.name)) ?? .value(.real, field.measure)
    let made = Field(field.name, type.dataType ?? .real, measure: type.measure, format: field.format)
    return ResolvedMeasure(
      aggregates: [NamedAggregate(made.name, function, [value.expr], measure: made.measure)], value: .column(made.name),
      field: made, range: item.value.range, isAdditive: function == .sum, assumed: function)
  }

  /// `customer` as a measure is the number of different customers.
  private func counted(_ value: TypedExpr, _ item: ItemSyntax) -> ResolvedMeasure {
    let name = item.name?.text ?? (value.role.map { $0.rawValue + "s" } ?? scope.text(item.value.range))
    let field = Field(name, .integer, measure: .count)
    return ResolvedMeasure(
      aggregates: [NamedAggregate(name, .countDistinct, [value.expr], measure: .count)], value: .column(name),
      field: field, range: item.value.range, isAdditive: false, assumed: .countDistinct)
  }

  private func isRate(_ value: TypedExpr, _ name: String) -> Bool {
    if value.measure == .percent || value.role == .price { return true }
    let words = RoleInference.normalized(name)
    return ["price", "rate", "ratio", "margin", "average", "avg", "mean", "score", "percent", "pct", "share"].contains {
      words.hasPrefix($0) || words.hasSuffix($0)
    }
  }

  /// Items as words or texts.
  func labels(_ items: [ItemSyntax]) throws(Diagnostic) -> [String] {
    var labels: [String] = []
    for item in items {
      switch item.value.kind {
      case .name(let name):
        // A parameter that holds a text stands for it, unless the clause lists words of the command itself.
        if case .text(let text)? = scope.parameters[name]?.value { labels.append(text) } else { labels.append(name) }
      default:
        var resolver = Resolver(scope, nil, verb: spec.name)
        switch try resolver.constant(item.value).value {
        case .text(let text): labels.append(text)
        case .list(let values): labels += values.map { ValueText.plain($0) }
        case let other: labels.append(ValueText.plain(other))
        }
      }
    }
    return labels
  }

  /// Items as constants.
  func constants(_ items: [ItemSyntax]) throws(Diagnostic) -> [Value] {
    var values: [Value] = []
    for item in items {
      var resolver = Resolver(scope, nil, verb: spec.name)
      values.append(try resolver.constant(item.value).value)
    }
    return values
  }
}

extension ColumnKind {
  /// Whether a column is of this kind.
  func fits(_ field: Field) -> Bool {
    switch self {
    case .any: true
    case .number: field.type.isNumeric
    case .text: field.type == .text
    case .date: field.type.isTemporal
    case .bool: field.type == .boolean
    }
  }
}

extension ExprSyntax {
  /// Whether an aggregate is called anywhere in the expression, also inside a definition that it calls.
  func usesAggregate(_ scope: Scope, depth: Int = 0) -> Bool {
    guard depth < 200 else { return false }
    func any(_ parts: ExprSyntax...) -> Bool { parts.contains { $0.usesAggregate(scope, depth: depth + 1) } }
    switch kind {
    case .literal, .star, .member: return false
    case .name(let name): return scope.locals[name].map { any($0.syntax) } ?? false
    case .interpolation(let parts):
      return parts.contains { if case .expr(let e) = $0 { e.usesAggregate(scope, depth: depth + 1) } else { false } }
    case .list(let items): return items.contains { $0.usesAggregate(scope, depth: depth + 1) }
    case .call(let name, let arguments):
      if arguments.contains(where: { $0.value.usesAggregate(scope, depth: depth + 1) }) { return true }
      if let definition = scope.definitions[name.text], case .expr(let body) = definition.syntax.body {
        return any(body)
      }
      return FunctionTable.function(name.text)?.kind == .aggregate
    case .negate(let e), .not(let e), .isMissing(let e, _): return any(e)
    case .chain(let first, let links):
      return any(first) || links.contains { $0.operand.usesAggregate(scope, depth: depth + 1) }
    case .power(let a, let b), .comparison(_, let a, let b), .membership(let a, let b, _),
      .textTest(_, let a, let b, _):
      return any(a, b)
    case .between(let a, let b, let c, _), .conditional(let a, let b, let c): return any(a, b, c)
    }
  }
}
