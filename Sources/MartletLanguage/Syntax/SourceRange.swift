/// A stretch of a cell's source, counted in Unicode scalars from its start.
public struct SourceRange: Hashable, Sendable {
  public var start: Int
  /// One past the last scalar.
  public var end: Int

  /// The range from `start` up to, not including, `end`.
  public init(_ start: Int, _ end: Int) {
    self.start = start
    self.end = max(start, end)
  }

  /// The smallest range that holds both.
  public func union(_ other: SourceRange) -> SourceRange {
    SourceRange(min(start, other.start), max(end, other.end))
  }

  /// Whether the position lies in the range or at its end, where a cursor stands after typing it.
  public func touches(_ position: Int) -> Bool { start <= position && position <= end }
}
