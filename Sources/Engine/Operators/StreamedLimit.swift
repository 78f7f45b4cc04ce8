import Columnar
import Query
import Synchronization

/// The first rows of what flows from a file. Reading ends as soon as there are enough, unless a step is to report on all rows.
struct StreamedLimit {
  private let input: ScannedInput
  private let count: Int

  /// Nil unless the input is filters and projections over a scan.
  init?(_ input: LogicalPlan, _ count: Int) {
    guard let input = ScannedInput(input) else { return nil }
    (self.input, self.count) = (input, max(0, count))
  }

  /// The rows with the given columns.
  func run(_ answer: Schema, _ context: ExecutionContext) throws -> Table {
    let count = count
    let found = Mutex(0)
    let isEnough = { @Sendable (table: Table) in
      found.withLock { found in
        found += table.rowCount
        return found >= count
      }
    }
    let parts = try input.tables(Set(answer.names), context, until: input.isReported ? nil : isEnough) {
      .limit($0, count)
    }
    var (left, first) = (count, [Table]())
    for part in parts where left > 0 || first.isEmpty {
      first.append(part.rowCount > left ? Slicing.prefix(part, left) : part)
      left -= min(left, part.rowCount)
    }
    return try Concatenation.tables(first, answer, context)
  }
}
