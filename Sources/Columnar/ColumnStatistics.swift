import CScan
import Synchronization

/// What has been found out about the values of a column, kept for the next question. Shared by all copies of the column.
public final class ColumnStatistics: Sendable {
  private let known = Mutex<ValueBounds?>(nil)

  /// Nothing is known yet.
  public init() {}

  /// The bounds of the column's values; found by the closure once.
  public func bounds(_ find: () throws -> ValueBounds) rethrows -> ValueBounds {
    if let bounds = known.withLock({ $0 }) { return bounds }
    let found = try find()
    known.withLock { $0 = found }
    return found
  }

  /// The bounds when somebody has asked for them before.
  public var foundBounds: ValueBounds? { known.withLock { $0 } }
}

/// The smallest and largest values of a column of whole numbers, days or moments: of all rows, and of each block of them.
/// Where neighbouring rows are alike, as in the order of time, a block's bounds spare looking at its rows (Moerkotte 1998).
public struct ValueBounds: Sendable {
  /// Rows of one block; the last one has fewer.
  public static let blockRows = 8_192

  /// Bounds of all values; nil when no row has one.
  public let whole: ClosedRange<Int64>?
  private let blocks: [ClosedRange<Int64>?]

  /// Takes the bounds of the blocks in order, nil for blocks without a value.
  public init(_ blocks: [ClosedRange<Int64>?]) {
    self.blocks = blocks
    whole = blocks.reduce(into: nil) { all, block in
      guard let block else { return }
      all = all.map { min($0.lowerBound, block.lowerBound)...max($0.upperBound, block.upperBound) } ?? block
    }
  }

  /// Bounds of the values of one block; nil when none of its rows has one.
  public subscript(block: Int) -> ClosedRange<Int64>? { blocks.indices.contains(block) ? blocks[block] : nil }
}

extension PackedValues {
  /// The smallest and largest number of some rows, of which the first is a multiple of 64, as they lie packed; nil when none is
  /// valid. For numbers of up to four bytes with a sign.
  public func bounds(_ rows: Range<Int>, _ validity: UnsafePointer<UInt64>?) -> ClosedRange<Int64>? {
    guard rows.lowerBound >= 0, rows.upperBound <= count, [.int8, .int16, .int32].contains(lane) else { return nil }
    var (low, high): (Int32, Int32) = (0, 0)
    martlet_bounds(
      base + rows.lowerBound * lane.width, UInt32(lane.width), rows.count, validity.map { $0 + rows.lowerBound / 64 },
      &low, &high)
    return low <= high ? Int64(low)...Int64(high) : nil
  }
}
