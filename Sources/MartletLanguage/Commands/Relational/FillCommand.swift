import Columnar
import Query

/// Fills in missing values.
struct FillCommand: Command {
  static let spec = CommandSpec(
    "fill",
    summary: "Fills in missing values: `fill COLUMN = VALUE`.",
    doc: """
      The value is an expression; `previous` repeats the last value above, `linear` draws a straight line between the \
      values above and below, by row. Both go by the order of the rows, so `sort` first. The note counts what was filled.
      """,
    subject: SubjectSpec(
      .syntax, placeholder: "COLUMN = VALUE", doc: "A column, and an expression, `previous` or `linear`.", defines: true
    ),
    examples: [Example("Gives anonymous buyers a number.", "sales | fill customer = 0 | count by customer | take 3")],
    searchWords: ["impute", "missing", "replace", "interpolate", "default"],
    synonyms: [
      .init("fillna", "pandas"), .init("replace_na", "dplyr"), .init("coalesce", "SQL"), .init("interpolate", "pandas"),
    ])

  private enum Filling: Sendable {
    case value(Expr)
    case previous
    case linear
  }

  let output: TableInfo?
  private let fillings: [(column: String, filling: Filling)]

  init(checking arguments: Arguments) throws(Diagnostic) {
    var fillings: [(column: String, filling: Filling)] = []
    var fields = arguments.table.schema.fields
    for item in arguments.syntax.items {
      guard let name = item.name else { throw .fillNeedsColumn(at: item.range) }
      guard let position = arguments.table.schema.index(of: name.text) else {
        throw .unknownColumn(
          name.text, table: arguments.table.name, among: arguments.table.schema.names, at: name.range)
      }
      let field = fields[position]
      if case .name(let word) = item.value.kind, word == "previous" || word == "linear",
        arguments.table.schema[word] == nil, arguments.scope.parameters[word] == nil
      {
        if word == "linear" {
          guard field.type.isNumeric else {
            throw .wrongType("`linear`", needs: "a number", found: field.type.displayName, at: name.range)
          }
          fields[position].type = .real
        }
        fillings.append((name.text, word == "linear" ? .linear : .previous))
        continue
      }
      var resolver = arguments.resolver()
      let value = try resolver.resolve(item.value)
      let own = TypedExpr(.column(field.name), field.type, field.measure, at: name.range)
      if let type = try resolver.either(own, value).dataType { fields[position].type = type }
      fillings.append((name.text, .value(value.expr)))
    }
    self.fillings = fillings
    output = arguments.table.with(schema: Schema(fields))
  }

  func run(_ flow: Flow, _ context: CommandContext) throws -> Flow {
    guard let output else { return flow }
    let before = try context.run(flow.relation.plan)
    // Expressions see the table as it came in, like the items of any other command.
    let computed = fillings.compactMap { entry -> NamedExpr? in
      guard case .value(let value) = entry.filling else { return nil }
      return NamedExpr(entry.column, .coalesce(.column(entry.column), value))
    }
    let values = computed.isEmpty ? .empty : try context.run(.project(.table(before, name: output.name), computed))
    var pairs = zip(before.schema.fields, before.columns).map { ($0, $1) }
    var notes: [String] = []
    for (name, filling) in fillings {
      guard let position = before.schema.index(of: name) else { continue }
      let column = before.columns[position]
      let filled: Column =
        switch filling {
        case .value: values[name] ?? column
        case .previous: GapFilling.previous(column)
        case .linear: GapFilling.linear(column)
        }
      pairs[position].0.type = filled.type
      pairs[position].1 = filled
      notes.append("filled \(Words.count(column.missingCount - filled.missingCount, "value")) of \(name)")
    }
    var next = flow
    next.presentation.changeRows()
    next.presentation.notes.append(Note(.step, notes.joined(separator: ", ")))
    next.relation = Relation(.table(Table(pairs), name: output.name), output)
    return next
  }
}

/// Fills gaps by the rows around them.
enum GapFilling {
  /// Each missing value becomes the last present one above; those before the first stay missing.
  static func previous(_ column: Column) -> Column {
    guard let validity = column.validity else { return column }
    var source = Array(0..<column.count)
    var last: Int?
    var bits = validity
    for row in 0..<column.count {
      if validity[row] {
        last = row
      } else if let last {
        source[row] = last
        bits[row] = true
      }
    }
    func gather<T>(_ values: [T]) -> [T] { source.map { values[$0] } }
    let storage: Column.Storage =
      switch column.storage {
      case .integer(let v): .integer(gather(v))
      case .real(let v): .real(gather(v))
      case .text(let codes, let dictionary): .text(codes: gather(codes), dictionary)
      case .boolean(let v): .boolean(gather(v))
      case .date(let v): .date(gather(v))
      case .datetime(let v): .datetime(gather(v))
      case .period(let v, let grain): .period(gather(v), grain)
      }
    return Column(storage, validity: bits)
  }

  /// Missing numbers between two present ones lie on the straight line between them; those at the ends stay missing.
  static func linear(_ column: Column) -> Column {
    var values: [Double]
    switch column.storage {
    case .integer(let v): values = v.map(Double.init)
    case .real(let v): values = v
    default: return column
    }
    guard let validity = column.validity else { return Column(.real(values)) }
    var bits = validity
    var last: Int?
    for row in values.indices where validity[row] {
      if let last, row - last > 1 {
        let step = (values[row] - values[last]) / Double(row - last)
        for gap in (last + 1)..<row {
          values[gap] = values[last] + step * Double(gap - last)
          bits[gap] = true
        }
      }
      last = row
    }
    return Column(.real(values), validity: bits)
  }
}
