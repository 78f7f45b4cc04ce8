/// A stretch of a cell's source, counted in Unicode scalars from its start.
package struct SourceRange: Hashable, Sendable {
  package var start: Int
  /// One past the last scalar.
  package var end: Int

  /// The range from `start` up to, not including, `end`.
  package init(_ start: Int, _ end: Int) {
    self.start = start
    self.end = max(start, end)
  }

  /// The smallest range that holds both.
  package func union(_ other: SourceRange) -> SourceRange {
    SourceRange(min(start, other.start), max(end, other.end))
  }

  /// Whether the position lies in the range or at its end, where a cursor stands after typing it.
  package func touches(_ position: Int) -> Bool { start <= position && position <= end }
}
