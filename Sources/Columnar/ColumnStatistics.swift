import Synchronization

/// What has been found out about the values of a column, kept for the next question. Shared by all copies of the column.
public final class ColumnStatistics: Sendable {
  private let known = Mutex<ClosedRange<Int64>??>(nil)

  /// Nothing is known yet.
  public init() {}

  /// The smallest and largest whole number, day or moment, nil when no row has a value; found by the closure once.
  public func range(_ find: () throws -> ClosedRange<Int64>?) rethrows -> ClosedRange<Int64>? {
    if let range = known.withLock({ $0 }) { return range }
    let found = try find()
    known.withLock { $0 = .some(found) }
    return found
  }
}
