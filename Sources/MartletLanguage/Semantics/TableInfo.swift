import Columnar
import Query

/// What is known of a table before it is computed: its columns, what they mean, and where it comes from.
public struct TableInfo: Sendable {
  /// The name that it has in the session, or that of the table the pipeline began with.
  public var name: String
  public var schema: Schema
  /// The roles that were set by the `roles` command; the others are inferred from the schema.
  public var setRoles: [Role: String]
  /// The analysis that made the table and what that was made from, when it came out of one.
  public var lineage: Lineage?

  /// Describes a table.
  public init(name: String, schema: Schema, setRoles: [Role: String] = [:], lineage: Lineage? = nil) {
    self.name = name
    self.schema = schema
    self.setRoles = setRoles
    self.lineage = lineage
  }

  /// The same table with other columns. Set roles stay as long as their column does.
  public func with(schema: Schema) -> TableInfo {
    var copy = self
    copy.schema = schema
    copy.setRoles = setRoles.filter { schema.index(of: $0.value) != nil }
    return copy
  }
}

/// Where the rows of an analysis came from, so that a later command can go back to the transactions.
///
/// A class because a relation describes its own lineage in turn.
public final class Lineage: Sendable {
  /// The command that made the table, such as `segment`.
  public let command: String
  /// What it looked at.
  public let input: Relation

  /// Remembers an analysis.
  public init(command: String, input: Relation) {
    self.command = command
    self.input = input
  }
}

/// A table that need not have been computed yet: a plan and what is known of its answer.
public struct Relation: Sendable {
  public var plan: LogicalPlan
  public var info: TableInfo

  /// Pairs a plan with its description; the schema must be the plan's.
  public init(_ plan: LogicalPlan, _ info: TableInfo) {
    self.plan = plan
    self.info = info
  }
}
