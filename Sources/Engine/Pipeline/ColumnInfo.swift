import Columnar
import Query

/// What is known about one column of a pipeline before its rows flow.
struct ColumnInfo {
  var field: Field
  /// The texts that the codes stand for; one dictionary for all batches. Nil for other types.
  var dictionary: TextDictionary?
  /// Bounds of the values of a column of whole numbers, days or moments, when they can be known; may cost a pass over data.
  var range: () throws -> ClosedRange<Int64>?
  /// Whether all moments are whole seconds, as those of a packed column are.
  var hasWholeSeconds = false
  /// Whether it is known that no row is without a value.
  var isComplete = false
  /// What a join looks up for this column.
  var partner: PartnerColumn?

  init(
    _ field: Field, dictionary: TextDictionary? = nil, hasWholeSeconds: Bool = false, isComplete: Bool = false,
    partner: PartnerColumn? = nil, range: @escaping () throws -> ClosedRange<Int64>? = { nil }
  ) {
    self.field = field
    self.dictionary = dictionary
    self.hasWholeSeconds = hasWholeSeconds
    self.isComplete = isComplete
    self.partner = partner
    self.range = range
  }
}

/// A column that a join adds: one of the right table's.
struct PartnerColumn {
  let partners: JoinPartners
  /// The column's place in the right table.
  let column: Int
}

/// The columns of a pipeline at one of its stages.
struct Layout {
  let columns: [ColumnInfo]
  let schema: Schema

  init(_ columns: [ColumnInfo]) {
    self.columns = columns
    schema = Schema(columns.map(\.field))
  }
}
