/// Named typed columns of one length. A value: an operation makes a new table and shares the columns that it did not change.
public struct Table: Sendable {
  /// Names and meanings of the columns.
  public let schema: Schema
  /// The columns in the schema's order.
  public let columns: [Column]
  /// The number of rows.
  public let rowCount: Int

  /// Takes columns in the schema's order; they must have one length and the schema's types.
  public init(schema: Schema, columns: [Column], rowCount: Int? = nil) {
    precondition(schema.fields.count == columns.count, "one column for each field")
    precondition(zip(schema.fields, columns).allSatisfy { $0.type == $1.type }, "columns have the schema's types")
    let rows = rowCount ?? columns.first?.count ?? 0
    precondition(columns.allSatisfy { $0.count == rows }, "columns of one table have one length")
    self.schema = schema
    self.columns = columns
    self.rowCount = rows
  }

  /// Takes fields with their columns.
  public init(_ pairs: [(Field, Column)]) {
    self.init(schema: Schema(pairs.map(\.0)), columns: pairs.map(\.1))
  }

  /// A table without columns or rows.
  public static let empty = Table(schema: Schema([]), columns: [])

  /// The column with this exact name.
  public subscript(name: String) -> Column? { schema.index(of: name).map { columns[$0] } }

  /// Gives codes to texts that have none yet. Throws when the flag is raised before all have one.
  public func code(_ cancellation: Cancellation) throws(Cancelled) {
    for column in columns { try column.code(cancellation) }
  }

  /// The table with these of its columns, in its own order.
  public func keeping(_ names: Set<String>) -> Table {
    let kept = schema.fields.indices.filter { names.contains(schema.fields[$0].name) }
    return Table(schema: Schema(kept.map { schema.fields[$0] }), columns: kept.map { columns[$0] }, rowCount: rowCount)
  }

  /// The same table with other names, measures or formats; the types must stay.
  public func with(schema: Schema) -> Table { Table(schema: schema, columns: columns, rowCount: rowCount) }
}
