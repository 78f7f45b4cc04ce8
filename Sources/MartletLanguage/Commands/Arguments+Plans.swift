import Columnar
import Query

extension Arguments {
  /// What comes out when a step is put on top of the incoming table; the engines' own rules tell its columns.
  package func output(of step: (LogicalPlan) -> LogicalPlan) throws(Diagnostic) -> TableInfo {
    do {
      return table.with(schema: try step(.placeholder(table.schema)).schema())
    } catch {
      throw .query(error, at: range)
    }
  }

  /// The column `period` of a `per` clause over a date.
  package func periodKey(_ per: PerClause, of date: RoleBinding) -> NamedExpr {
    NamedExpr("period", .call(.period, [date.expr, .literal(.text(per.grain.rawValue))]))
  }
}

extension LogicalPlan {
  /// A table without rows that stands for one whose rows are not known yet.
  static func placeholder(_ schema: Schema) -> LogicalPlan {
    .table(Table(schema: schema, columns: schema.fields.map { Column.of($0.type, []) }), name: "")
  }
}

/// A step on a plan, as a value that a checked command can keep.
package typealias PlanStep = @Sendable (LogicalPlan) -> LogicalPlan

/// Percentages in notes: `24.9 %`.
package enum ShareText {
  /// The share of a whole in percent with one decimal; `0.0 %` of nothing.
  package static func percent(_ part: Int, of whole: Int) -> String {
    ValueFormat.percent(1).text(whole == 0 ? 0 : Double(part) / Double(whole))
  }
}
