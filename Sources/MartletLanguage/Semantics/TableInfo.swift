import Columnar
import Query

/// What is known of a table before it is computed: its columns, what they mean, and where it comes from.
package struct TableInfo: Sendable {
  /// The name that it has in the session, or that of the table the pipeline began with.
  package var name: String
  package var schema: Schema
  /// The roles that were set by the `roles` command; the others are inferred from the schema.
  package var setRoles: [Role: String]
  /// The analysis that made the table and what that was made from, when it came out of one.
  package var lineage: Lineage?
  /// The columns of the summary that is displayed on top of it; an analysis that has one says so when it is checked.
  package var summary: Schema?

  /// Describes a table.
  package init(
    name: String, schema: Schema, setRoles: [Role: String] = [:], lineage: Lineage? = nil,
    summary: Schema? = nil
  ) {
    self.name = name
    self.schema = schema
    self.setRoles = setRoles
    self.lineage = lineage
    self.summary = summary
  }

  /// The same table with other columns. Set roles stay as long as their column does.
  package func with(schema: Schema) -> TableInfo {
    var copy = self
    copy.schema = schema
    copy.summary = nil
    copy.setRoles = setRoles.filter { schema.index(of: $0.value) != nil }
    return copy
  }
}

/// Where the rows of an analysis came from, so that a later command can go back to the transactions.
///
/// A class because a relation describes its own lineage in turn.
package final class Lineage: Sendable {
  /// The command that made the table, such as `segment`.
  package let command: String
  /// What it looked at.
  package let input: Relation

  /// Remembers an analysis.
  package init(command: String, input: Relation) {
    self.command = command
    self.input = input
  }
}

/// A table that need not have been computed yet: a plan and what is known of its answer.
package struct Relation: Sendable {
  package var plan: LogicalPlan
  package var info: TableInfo

  /// Pairs a plan with its description; the schema must be the plan's.
  package init(_ plan: LogicalPlan, _ info: TableInfo) {
    self.plan = plan
    self.info = info
  }
}
