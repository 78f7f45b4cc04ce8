import Columnar

extension LogicalPlan {
  /// The columns of the plan's answer, found without looking at a row.
  ///
  /// Throws the `QueryError` of the first step that has no meaning.
  public func schema() throws(QueryError) -> Schema {
    switch self {
    case .table(let table, _): return table.schema
    case .scan(_, let schema, _): return schema
    case .filter(let input, let predicate, _):
      let schema = try input.schema()
      _ = try ExprType.condition(predicate.type(in: schema), in: predicate.description)
      return schema
    case .project(let input, let items):
      let schema = try input.schema()
      return try LogicalPlan.unique(LogicalPlan.fields(of: items, in: schema))
    case .aggregate(let input, let keys, let aggregates):
      let schema = try input.schema()
      var fields = try LogicalPlan.fields(of: keys, in: schema)
      for item in aggregates { fields.append(try item.field(in: schema)) }
      return try LogicalPlan.unique(fields)
    case .window(let input, let windows, let partition, let order):
      let schema = try input.schema()
      for expr in partition { _ = try expr.type(in: schema) }
      for key in order { try LogicalPlan.checkOrderable(key, in: schema) }
      var fields = schema.fields
      for item in windows { fields.append(try item.field(in: schema)) }
      return try LogicalPlan.unique(fields)
    case .join(let left, let right, let spec): return try spec.schema(left.schema(), right.schema())
    case .append(let inputs):
      var schemas: [Schema] = []
      for input in inputs { schemas.append(try input.schema()) }
      return try LogicalPlan.union(schemas)
    case .sort(let input, let keys):
      let schema = try input.schema()
      for key in keys { try LogicalPlan.checkOrderable(key, in: schema) }
      return schema
    case .limit(let input, _): return try input.schema()
    case .distinct(let input, let names):
      let schema = try input.schema()
      for name in names where schema[name] == nil { throw .unknownColumn(name) }
      return schema
    }
  }

  /// The plans that this step reads, in order.
  public var inputs: [LogicalPlan] {
    switch self {
    case .table, .scan: []
    case .filter(let input, _, _), .project(let input, _), .aggregate(let input, _, _), .window(let input, _, _, _),
      .sort(let input, _), .limit(let input, _), .distinct(let input, _):
      [input]
    case .join(let left, let right, _): [left, right]
    case .append(let inputs): inputs
    }
  }

  /// Whether some rows are read from a file or a database when the plan runs.
  public var readsFiles: Bool {
    if case .scan = self { return true }
    return inputs.contains(where: \.readsFiles)
  }

  /// The same step over other inputs, in the order of `inputs`; unchanged when their number is another.
  public func replacing(inputs: [LogicalPlan]) -> LogicalPlan {
    if case .append = self { return .append(inputs) }
    guard inputs.count == self.inputs.count else { return self }
    switch self {
    case .table, .scan, .append: return self
    case .filter(_, let predicate, let label): return .filter(inputs[0], predicate, label: label)
    case .project(_, let items): return .project(inputs[0], items)
    case .aggregate(_, let keys, let aggregates): return .aggregate(inputs[0], keys: keys, aggregates)
    case .window(_, let windows, let partition, let order):
      return .window(inputs[0], windows, partition: partition, order: order)
    case .join(_, _, let spec): return .join(inputs[0], inputs[1], spec)
    case .sort(_, let keys): return .sort(inputs[0], keys)
    case .limit(_, let count): return .limit(inputs[0], count)
    case .distinct(_, let names): return .distinct(inputs[0], names)
    }
  }

  private static func fields(of items: [NamedExpr], in schema: Schema) throws(QueryError) -> [Field] {
    var fields: [Field] = []
    for item in items { fields.append(try item.field(in: schema)) }
    return fields
  }

  private static func unique(_ fields: [Field]) throws(QueryError) -> Schema {
    var seen: Set<String> = []
    for field in fields where !seen.insert(field.name).inserted { throw .duplicateColumn(field.name) }
    return Schema(fields)
  }

  private static func checkOrderable(_ key: SortKey, in schema: Schema) throws(QueryError) {
    let type = try key.expr.type(in: schema)
    guard type.dataType != nil else {
      throw .typeMismatch(expected: "a column or a value", found: type.displayName, in: key.expr.description)
    }
  }

  /// All columns of all inputs in order of first appearance; types and measures must go together.
  private static func union(_ schemas: [Schema]) throws(QueryError) -> Schema {
    var fields: [Field] = []
    var places: [String: Int] = [:]
    for schema in schemas {
      for field in schema.fields {
        guard let place = places[field.name] else {
          places[field.name] = fields.count
          fields.append(field)
          continue
        }
        let known = fields[place]
        let type = try ExprType.either(
          .value(known.type, known.measure), .value(field.type, field.measure), in: field.name)
        fields[place].type = type.dataType ?? known.type
        fields[place].measure = type.measure
      }
    }
    return Schema(fields)
  }
}

extension JoinSpec {
  /// The right columns that the answer has, with their names there: key columns of the same name on both sides appear
  /// once, and a name that is taken gets the suffix in front.
  public func rightColumns(_ left: Schema, _ right: Schema) -> [(source: String, name: String)] {
    guard kind != .semi, kind != .anti else { return [] }
    let shared = Set(keys.filter { $0.left == $0.right }.map(\.right))
    var taken = Set(left.names)
    return right.names.filter { !shared.contains($0) }.map { source in
      var name = source
      var copy = 1
      while taken.contains(name) {
        name = copy == 1 ? "\(suffix)_\(source)" : "\(suffix)_\(source)_\(copy)"
        copy += 1
      }
      taken.insert(name)
      return (source, name)
    }
  }

  /// The columns of the join of two tables with these schemas.
  public func schema(_ left: Schema, _ right: Schema) throws(QueryError) -> Schema {
    for key in keys {
      guard let a = left[key.left] else { throw .unknownColumn(key.left) }
      guard let b = right[key.right] else { throw .unknownColumn(key.right) }
      let same = a.type == b.type || (a.type.isNumeric && b.type.isNumeric)
      guard same else {
        throw .typeMismatch(
          expected: a.type.displayName, found: b.type.displayName, in: "\(key.left) = \(key.right)")
      }
    }
    var fields = left.fields
    for key in keys where kind == .full && key.left == key.right && left[key.left]?.type != right[key.right]?.type {
      // A whole-number key that takes values from the other side's real one has to be real.
      if let place = left.index(of: key.left) { fields[place].type = .real }
    }
    for column in rightColumns(left, right) {
      guard var field = right[column.source] else { continue }
      field.name = column.name
      fields.append(field)
    }
    return Schema(fields)
  }
}
