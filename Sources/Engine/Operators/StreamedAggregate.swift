import Columnar
import Query

/// Aggregates rows that are read from a file, part after part: each part is grouped while it is in the cache, and only its
/// groups are kept.
struct StreamedAggregate {
  private let input: ScannedInput
  private let keys: [NamedExpr]
  private let parts: [PartialAggregate]

  /// Nil unless the input is filters and projections over a scan, and the groups of parts can be put together.
  init?(_ input: LogicalPlan, _ keys: [NamedExpr], _ aggregates: [NamedAggregate]) throws {
    guard let scanned = ScannedInput(input) else { return nil }
    let incoming = try input.schema()
    var parts: [PartialAggregate] = []
    for (place, aggregate) in aggregates.enumerated() {
      guard let part = try PartialAggregate(aggregate, place, incoming) else { return nil }
      parts.append(part)
    }
    (self.input, self.keys, self.parts) = (scanned, keys, parts)
  }

  /// The extremes of columns of the whole file, when a pass over it has found them already.
  private func known(_ answer: Schema) -> Table? {
    guard keys.isEmpty, input.isBare else { return nil }
    var columns: [Column] = []
    for (part, field) in zip(parts, answer.fields) {
      guard let aggregate = part.partial.first, part.partial.count == 1,
        case .column(let name)? = aggregate.arguments.first, let (low, high) = input.scan.extremes(name)
      else { return nil }
      switch aggregate.function {
      case .min: columns.append(.of(field.type, [low]))
      case .max: columns.append(.of(field.type, [high]))
      default: return nil
      }
    }
    return Table(schema: answer, columns: columns, rowCount: 1)
  }

  /// The answer with the given columns.
  func run(_ answer: Schema, _ context: ExecutionContext) throws -> Table {
    if let known = known(answer) { return known }
    let partial = parts.flatMap(\.partial)
    let used = Set(keys.flatMap { $0.expr.columns } + partial.flatMap(\.arguments).flatMap(\.columns))
    let results = try input.tables(used, context) { [keys] in .aggregate($0, keys: keys, partial) }
    guard let first = results.first else { return .empty }
    let groups = try Concatenation.tables(results, first.schema, context)
    let whole = LogicalPlan.aggregate(
      .table(groups, name: "groups"), keys: keys.map { NamedExpr($0.name, .column($0.name)) }, parts.flatMap(\.whole))
    let finished = LogicalPlan.project(
      whole, keys.map { NamedExpr($0.name, .column($0.name)) } + parts.map { NamedExpr($0.name, $0.result) })
    let table = try PlanExecutor(context: context).table(finished)
    return Table(schema: answer, columns: table.columns, rowCount: table.rowCount)
  }
}

/// An aggregate as aggregates of parts, aggregates of these, and an expression of those.
struct PartialAggregate {
  let name: String
  var partial: [NamedAggregate] = []
  var whole: [NamedAggregate] = []
  let result: Expr

  /// Nil for aggregates that need all rows at once, such as a median.
  init?(_ aggregate: NamedAggregate, _ place: Int, _ incoming: Schema) throws {
    name = aggregate.name
    let value = "part \(place)"
    switch aggregate.function {
    case .count:
      partial = [NamedAggregate(value, .count, aggregate.arguments)]
      whole = [NamedAggregate(value, .sum, [.column(value)])]
      result = .column(value)
    case .sum, .min, .max, .first, .last, .bitOr:
      partial = [NamedAggregate(value, aggregate.function, aggregate.arguments)]
      whole = [NamedAggregate(value, aggregate.function, [.column(value)])]
      result = .column(value)
    case .mean:
      guard let argument = aggregate.arguments.first, try argument.type(in: incoming).isNumeric else { return nil }
      let count = "count of part \(place)"
      partial = [
        NamedAggregate(value, .sum, [.arithmetic(.multiply, argument, .literal(.real(1)))]),
        NamedAggregate(count, .count, [argument]),
      ]
      whole = [NamedAggregate(value, .sum, [.column(value)]), NamedAggregate(count, .sum, [.column(count)])]
      result = .arithmetic(.divide, .column(value), .column(count))
    case .countDistinct, .median, .sd, .variance, .quantile, .mode, .weightedMean: return nil
    }
  }
}
